"""Whether a text is a header name that some kind of import knows."""

from __future__ import annotations

from ..text import fold_label
from . import customers, interactions, orders, returns, subscriptions

BY_KIND: dict[str, dict[str, tuple[str, ...]]] = {
    "customers": customers.NAMES,
    "orders": orders.NAMES,
    "returns": returns.NAMES,
    "subscriptions": subscriptions.NAMES,
    "interactions": interactions.NAMES,
}

_KNOWN = frozenset(fold_label(name) for fields in BY_KIND.values() for names in fields.values() for name in names)


def is_known_name(text: str) -> bool:
    """Whether the text, folded, is a known header name of any kind of import."""
    return len(text) < 100 and fold_label(text) in _KNOWN
