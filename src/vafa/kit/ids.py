"""Ids of rows as addresses, forms and programs send them."""

_MOST_DIGITS = 18
"""All numbers of so many digits fit into the databases' ids; a longer one is no row's, and could not be asked for."""


def read_id(text: str) -> int | None:
    """The number that a text is, in Latin digits; None for every other text."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None
