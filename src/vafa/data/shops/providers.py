"""The kinds of shops, each a module with the same functions."""

from types import ModuleType

from vafa.data.shops import shopify, woocommerce
from vafa.data.shops.types import PHASES, SHOPIFY, WOOCOMMERCE

_MODULES = {WOOCOMMERCE: woocommerce, SHOPIFY: shopify}
# WooCommerce can't be asked which customers have changed; its webhooks and orders tell of it.
_FOLLOWED = {WOOCOMMERCE: ("products", "orders"), SHOPIFY: PHASES}


def get_provider(name: str) -> ModuleType:
    """The functions of a kind of shop."""
    return _MODULES[name]


def list_phases(name: str, *, first_load: bool) -> tuple[str, ...]:
    """What a shop is asked for, in order: everything in the first load, then what may have changed."""
    return PHASES if first_load else _FOLLOWED[name]
