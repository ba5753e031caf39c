"""Look-ups over the tables of names: by a key that case, blanks, punctuation and ي/ك don't change."""

from __future__ import annotations

import re

from vafa.data.intake.reading.text import fold_label

from . import customers, interactions, orders, prices, returns, spend, subscriptions, surveys, tickets
from .systems import SYSTEMS

BY_KIND: dict[str, dict[str, tuple[str, ...]]] = {
    "customers": customers.NAMES,
    "orders": orders.NAMES,
    "returns": returns.NAMES,
    "subscriptions": subscriptions.NAMES,
    "interactions": interactions.NAMES,
    "surveys": surveys.NAMES,
    "tickets": tickets.NAMES,
    "spend": spend.NAMES,
    "prices": prices.NAMES,
}


def key_of(name: str) -> str:
    """A header name as a key: `Order ID`, `order_id`, `OrderID` and `orderid` are the same."""
    return fold_label(name).replace(" ", "")


_REMARK = re.compile(r"[(\[（【][^)\]）】]*[)\]）】]")
_UNIT = re.compile(r" (?:به )?(?:هزار )?(?:ریال|تومان|تومن)$")


def bare_key_of(name: str) -> str:
    """The key without a remark in brackets or the unit of money at the end: `مبلغ (تومان)` and `مبلغ به ریال` are
    `مبلغ`, `Date (UTC)` is `date`."""
    return _UNIT.sub("", fold_label(_REMARK.sub(" ", name)).strip()).replace(" ", "")


_KNOWN = frozenset(
    key_of(name) for fields in BY_KIND.values() for names in fields.values() for name in names
) | frozenset(
    key_of(name) for system in SYSTEMS for names in (system.signs, *system.fields.values()) for name in names
)


def is_known_name(text: str) -> bool:
    """Whether the text is a known header name of any kind of import."""
    return 0 < len(text) < 100 and key_of(text) in _KNOWN
