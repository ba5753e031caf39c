"""Asking about connected shops."""

from dataclasses import dataclass

from vafa.data.shops.models import Message, Shop

__all__ = ["Progress", "Shop", "find_by_token", "find_shop", "get_progress", "list_shops"]


@dataclass(frozen=True)
class Progress:
    """How far a shop is: what of it was read and taken, how much there is if the shop says so, messages by state."""

    read: dict[str, int]
    total: dict[str, int]
    rejected: int
    messages: dict[str, int]


def list_shops() -> list[Shop]:
    """All connected shops."""
    return list(Shop.objects.all())


def find_shop(shop_id: int) -> Shop | None:
    """One shop, or None."""
    return Shop.objects.filter(pk=shop_id).first()


def find_by_token(token: str) -> Shop | None:
    """The shop whose webhooks come to the address with this word; None where there is none, or it is switched off."""
    return Shop.objects.filter(token=token, is_on=True).first()


def get_progress(shop: Shop) -> Progress:
    """How far a shop is."""
    from vafa.data.shops.types import PHASES

    rejected = sum(count for name, count in shop.counts.items() if name.endswith(".rejected"))
    states = list(Message.objects.filter(shop=shop).values_list("state", flat=True))
    return Progress(
        {phase: shop.counts.get(phase, 0) for phase in PHASES},
        {phase: shop.totals[phase] for phase in PHASES if phase in shop.totals},
        rejected,
        {state: states.count(state) for state in ("done", "pending", "failed")},
    )
