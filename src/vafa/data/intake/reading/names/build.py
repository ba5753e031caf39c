"""How the tables of header names are written down: one line a field, names parted by `|`, the surest first."""

from __future__ import annotations


def build_names(text: str) -> dict[str, tuple[str, ...]]:
    """Field -> its header names. A field may go on over several lines that begin with it."""
    fields: dict[str, tuple[str, ...]] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        field, _, names = line.partition(":")
        found = tuple(filter(None, map(str.strip, names.split("|"))))
        fields[field.strip()] = fields.get(field.strip(), ()) + found
    return fields
