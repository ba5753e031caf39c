"""For how long each kind of data is kept, and removing what has been kept long enough."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vafa.data.consent.actions import set_keeping
from vafa.data.consent.queries import list_keepings
from vafa.data.intake.actions import remove_old_files
from vafa.data.intake.queries import count_old_files
from vafa.front.privacy import inactive
from vafa.kit import clock
from vafa.kit.audit import count_old_entries, forget_entries, record
from vafa.kit.mail import count_old_contents, forget_old_contents

FOREVER = 0
MOST_DAYS = 36_500


@dataclass(frozen=True)
class Kind:
    """A kind of data: what it is called, for how many days it is kept unless set (0: for ever), how what is older
    than a moment is counted, and removed."""

    key: str
    name: Any
    days: int
    count: Callable[[datetime], int]
    remove: Callable[[datetime], int]


def _forget_entries(before: datetime) -> int:
    return forget_entries(before, by=None, now=clock.now())


KINDS = (
    Kind(
        "uploads",
        _("Uploaded files that were never brought in"),
        90,
        lambda before: count_old_files("uploads", before),
        lambda before: remove_old_files("uploads", before),
    ),
    Kind(
        "rejects",
        _("Files of rejected rows"),
        90,
        lambda before: count_old_files("rejects", before),
        lambda before: remove_old_files("rejects", before),
    ),
    Kind("mail", _("Contents of mails to staff"), 30, count_old_contents, forget_old_contents),
    Kind(
        inactive.KIND,
        _("Customers of whom nothing is heard"),
        FOREVER,
        inactive.count_inactive,
        inactive.erase_inactive,
    ),
    Kind("audit", _("Entries of the audit trail"), FOREVER, count_old_entries, _forget_entries),
)


def get_days() -> dict[str, int]:
    """For how many days each kind is kept."""
    known = list_keepings()
    return {kind.key: known.get(kind.key, kind.days) for kind in KINDS}


@transaction.atomic
def keep_for(days: dict[str, int], *, erases_by_itself: bool = False, by: Any, now: datetime) -> None:
    """Set for how many days kinds are kept, and whether customers of whom nothing is heard go without being asked."""
    before = get_days()
    if erases_by_itself != inactive.is_by_itself():
        set_keeping(inactive.BY_ITSELF, int(erases_by_itself))
        record("retention.by_itself_set", by=by, now=now, on=erases_by_itself)
    changed = {key: count for key, count in days.items() if before[key] != count}
    for key, count in changed.items():
        set_keeping(key, count)
    if changed:
        details: dict[str, Any] = dict(changed)
        record("retention.set", by=by, now=now, **details)


def preview(days: dict[str, int], now: datetime) -> dict[str, int]:
    """How much of each kind would go now."""
    return {
        kind.key: kind.count(now - timedelta(days=days[kind.key])) if days[kind.key] else 0 for kind in KINDS
    }


def apply(now: datetime) -> dict[str, int]:
    """Remove what has been kept long enough; how much of each kind."""
    days = get_days()
    removed: dict[str, int] = {}
    for kind in KINDS:
        if days[kind.key] and (count := kind.remove(now - timedelta(days=days[kind.key]))):
            removed[kind.key] = count
    if removed:
        details: dict[str, Any] = dict(removed)
        record("retention.applied", by=None, now=now, **details)
    return removed
