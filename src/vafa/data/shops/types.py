"""Values and errors that cross the shops' doors."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from vafa.data.intake.types import Thing
from vafa.kit.errors import AskedWrongly, VafaError

WOOCOMMERCE, SHOPIFY = "woocommerce", "shopify"
PROVIDERS = (WOOCOMMERCE, SHOPIFY)
# In this order a shop is asked: who buys and what is sold before the orders that name them.
PHASES = ("customers", "products", "orders")


class ShopUnusable(AskedWrongly):
    """The shop can't be connected as it was given; `field` is what to mend."""

    code = "shop_unusable"

    def __init__(self, message: str, remedy: str = "", *, about: str = "url") -> None:
        super().__init__(message, remedy)
        self.about = about


class ShopBusy(VafaError):
    """The shop asks to be left alone for a while, or can't answer now."""

    code = "shop_busy"

    def __init__(self, message: str, wait: timedelta) -> None:
        super().__init__(message)
        self.wait = wait


class KeyRefused(VafaError):
    """The shop does not take the key, or the key may not read this."""

    code = "key_refused"


@dataclass(frozen=True)
class Page:
    """A page of a shop's answers, where the next begins ("" where it was the last), how many there are in all if the
    shop says so, and how long to wait before the next."""

    items: list[dict[str, Any]]
    cursor: str = ""
    total: int | None = None
    wait: timedelta = timedelta(0)


@dataclass(frozen=True)
class Product:
    """What a shop sells: its code, name and line."""

    code: str
    name: str
    line: str = ""


@dataclass(frozen=True)
class Item:
    """A customer, order or product of a shop, read: when it last changed, and what the intake and the catalogue take of
    it. `gone` says that the shop has it no more."""

    kind: str
    number: str
    changed_at: datetime | None
    customers: Sequence[Thing] = ()
    orders: Sequence[Thing] = ()
    returns: Sequence[Thing] = ()
    products: Sequence[Product] = ()
    gone: bool = False


@dataclass
class Taken:
    """What became of some items."""

    counts: dict[str, int] = field(default_factory=dict)
    problems: list[dict[str, str]] = field(default_factory=list)
