"""Changing what is looked at by timetable."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from vafa.data.intake.types import KINDS
from vafa.data.timed.looking import look_at_all
from vafa.data.timed.models import Timed
from vafa.data.timed.places import check_place, is_address
from vafa.data.timed.types import TimedUnusable
from vafa.kit.audit import record

__all__ = ["add_timed", "look_at_all", "look_now", "remove_timed", "switch_timed"]

SHORTEST, LONGEST = 5, 60 * 24 * 7


@transaction.atomic
def add_timed(
    name: str, kind: str, source: str, place: str, every_minutes: int, *, by: Any, now: datetime
) -> Timed:
    """A folder or an address to be looked at every so many minutes. Raises TimedUnusable."""
    if kind not in KINDS or not SHORTEST <= every_minutes <= LONGEST:
        raise TimedUnusable(_("Choose a kind of rows and how often to look."))
    check_place(place)
    timed = Timed.objects.create(
        name=name,
        kind=kind,
        source_name=source,
        place=place,
        is_address=is_address(place),
        every_minutes=every_minutes,
        next_at=now,
        by=by if getattr(by, "pk", None) else None,
        created_at=now,
    )
    record("timed.added", by=by, now=now, subject=f"timed:{timed.pk}", kind=kind)
    return timed


@transaction.atomic
def switch_timed(timed: Timed, is_on: bool, *, by: Any, now: datetime) -> None:
    """Stop looking there, or go on."""
    if Timed.objects.filter(pk=timed.pk).exclude(is_on=is_on).update(is_on=is_on, next_at=now):
        record("timed.switched", by=by, now=now, subject=f"timed:{timed.pk}", is_on=is_on)


@transaction.atomic
def look_now(timed: Timed, *, by: Any, now: datetime) -> None:
    """Let the worker look there at once."""
    Timed.objects.filter(pk=timed.pk).update(next_at=now)
    record("timed.looked_now", by=by, now=now, subject=f"timed:{timed.pk}")


@transaction.atomic
def remove_timed(timed: Timed, *, by: Any, now: datetime) -> None:
    """Look there no more; what came from there stays."""
    record("timed.removed", by=by, now=now, subject=f"timed:{timed.pk}")
    timed.delete()
