"""Changing webhooks."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from vafa.act.webhooks.delivering import deliver, forget_old
from vafa.act.webhooks.models import Delivery, Hook
from vafa.act.webhooks.types import KINDS, HookUnusable
from vafa.data.log.queries import get_last_number
from vafa.kit.audit import record
from vafa.kit.outbound import NotSent, check_address

__all__ = [
    "add_hook",
    "change_hook",
    "deliver",
    "forget_old",
    "remove_hook",
    "rotate_secret",
    "send_again",
    "switch_hook",
]

# Both secrets sign for as long while one takes the other's place.
ROTATION = timedelta(days=2)


@transaction.atomic
def add_hook(name: str, url: str, kinds: Iterable[str], *, by: Any, now: datetime) -> Hook:
    """A hook that is told of what happens from now on. Raises HookUnusable."""
    chosen = _check(url, kinds)
    hook = Hook.objects.create(
        name=name,
        url=url,
        kinds=chosen,
        secret=f"whsec_{secrets.token_urlsafe(32)}",
        switched_on_at=now,
        followed=get_last_number(),
        by=by if getattr(by, "pk", None) else None,
        created_at=now,
    )
    record("hook.added", by=by, now=now, subject=f"hook:{hook.pk}", kinds=chosen)
    return hook


@transaction.atomic
def change_hook(hook: Hook, name: str, url: str, kinds: Iterable[str], *, by: Any, now: datetime) -> None:
    """Let a hook be told elsewhere or of other things. Raises HookUnusable."""
    hook.name, hook.url, hook.kinds = name, url, _check(url, kinds)
    hook.save(update_fields=["name", "url", "kinds"])
    record("hook.changed", by=by, now=now, subject=f"hook:{hook.pk}", kinds=hook.kinds)


def _check(url: str, kinds: Iterable[str]) -> list[str]:
    wanted = set(kinds)
    chosen = [kind for kind in KINDS if kind in wanted]
    if not chosen:
        raise HookUnusable(_("Choose at least one thing that it is told of."))
    try:
        check_address(url)
    except NotSent as problem:
        raise HookUnusable(problem.message, problem.remedy) from problem
    return chosen


@transaction.atomic
def switch_hook(hook: Hook, is_on: bool, *, by: Any, now: datetime) -> None:
    """Switch a hook off, or on again: what happened meanwhile is not told."""
    if hook.is_on == is_on:
        return
    hook.is_on = is_on
    if is_on:
        hook.switched_on_at, hook.followed = now, get_last_number()
    hook.save(update_fields=["is_on", "switched_on_at", "followed"])
    record("hook.switched", by=by, now=now, subject=f"hook:{hook.pk}", is_on=is_on)


@transaction.atomic
def rotate_secret(hook: Hook, *, by: Any, now: datetime) -> None:
    """Give a hook a new secret; for two days the one before signs as well."""
    hook.old_secret, hook.old_until = hook.secret, now + ROTATION
    hook.secret = f"whsec_{secrets.token_urlsafe(32)}"
    hook.save(update_fields=["secret", "old_secret", "old_until"])
    record("hook.rotated", by=by, now=now, subject=f"hook:{hook.pk}")


@transaction.atomic
def remove_hook(hook: Hook, *, by: Any, now: datetime) -> None:
    """Take a hook away; what waits is not sent any more."""
    hook.is_on, hook.removed_at, hook.secret, hook.old_secret = False, now, "", ""
    hook.save(update_fields=["is_on", "removed_at", "secret", "old_secret"])
    record("hook.removed", by=by, now=now, subject=f"hook:{hook.pk}")


@transaction.atomic
def send_again(delivery_id: int, *, by: Any, now: datetime) -> bool:
    """Let a delivery that has ended be sent once more; whether there was one."""
    ended = Delivery.objects.filter(
        pk=delivery_id, state__in=("delivered", "failed", "pending"), hook__removed_at=None
    )
    changed = ended.update(state="pending", attempts=0, not_before=now, ended_at=None)
    if changed:
        record("hook.sent_again", by=by, now=now, subject=f"delivery:{delivery_id}")
    return bool(changed)
