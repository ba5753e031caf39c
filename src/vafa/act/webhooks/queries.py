"""Asking about webhooks."""

from vafa.act.webhooks.models import Delivery, Hook
from vafa.act.webhooks.rules import sign
from vafa.act.webhooks.types import KINDS

__all__ = ["KINDS", "Delivery", "Hook", "count_waiting", "find_hook", "list_deliveries", "list_hooks", "sign"]


def list_hooks() -> list[Hook]:
    """All hooks that were not removed."""
    return list(Hook.objects.filter(removed_at=None))


def find_hook(hook_id: int) -> Hook | None:
    """One hook, or None."""
    return Hook.objects.filter(pk=hook_id, removed_at=None).first()


def list_deliveries(hook: Hook, limit: int, *, state: str = "", before: int | None = None) -> list[Delivery]:
    """The deliveries of a hook, the newest first, from one on."""
    found = Delivery.objects.filter(hook=hook)
    if state:
        found = found.filter(state=state)
    if before is not None:
        found = found.filter(pk__lt=before)
    return list(found[:limit])


def count_waiting(hook: Hook) -> int:
    """How many deliveries wait, also for another try."""
    return Delivery.objects.filter(hook=hook, state__in=("pending", "claimed")).count()
