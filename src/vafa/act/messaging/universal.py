"""The universal holdout: set up, ended, taken back; and who is in it.

Who is in it is a hash of the period's key and the customer's id, so that it holds for everybody from the first moment
on, also for who comes later. Who may be written to when it begins is dealt and recorded besides, before anybody is held
back: those are whom its result counts.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from vafa.act.messaging.exposures import declare_trial, end_trial
from vafa.act.messaging.models import Exposure, Holdout, Trial
from vafa.act.messaging.types import UNIVERSAL, HoldoutUnfit
from vafa.data.consent.types import Purpose
from vafa.kit.audit import record
from vafa.lab.trials import CONTROL, arms_of, build_shares

LEAST_SHARE, MOST_SHARE = 0.01, 0.2
LEAST_DAYS, MOST_DAYS = 30, 366
UNDO = timedelta(days=1)
"""So long may what was done be taken back as if it had never been."""
AT_ONCE = 1_000


def build_holdout_key(period: Holdout) -> str:
    """The key of a period's trial."""
    return f"{UNIVERSAL}:holdout:{period.number}"


def find_holdout() -> Holdout | None:
    """The period that runs, or None."""
    return Holdout.objects.filter(state="running").first()


def find_period(key: str) -> Holdout | None:
    """The period of a trial's key; None for trials of one message."""
    start = f"{UNIVERSAL}:holdout:"
    number = key.removeprefix(start)
    return Holdout.objects.filter(number=int(number)).first() if key != number and number.isdigit() else None


def find_dealing_holdout() -> Holdout | None:
    """The period that is to begin as soon as all are dealt, or None."""
    return Holdout.objects.filter(state="dealing").first()


def list_holdouts() -> list[Holdout]:
    """All periods that began, the newest first."""
    return list(Holdout.objects.filter(state__in=("running", "over")))


def list_kept_apart(customer_ids: Collection[int], purpose: str) -> set[int]:
    """Who of these (ids of kept customers) gets no message of this purpose now because of the universal holdout. What
    is owed to everybody, service, is never held back."""
    period = find_holdout() if purpose != Purpose.SERVICE else None
    if period is None or not customer_ids:
        return set()
    ids = list(customer_ids)
    arms = arms_of(ids, build_holdout_key(period), build_shares(period.share))
    return {pk for pk, arm in zip(ids, arms.tolist(), strict=True) if arm == CONTROL}


@transaction.atomic
def set_holdout(share: float, days: int, *, renews: bool, by: Any, now: datetime) -> Holdout:
    """Begin a period as soon as everybody is dealt; what runs holds until then. Where only `renews` is new, the period
    that runs goes on with it. Raises HoldoutUnfit."""
    if not LEAST_SHARE <= share <= MOST_SHARE:
        raise HoldoutUnfit(_("The universal control group can be 1 to 20 percent of the customers."), "share")
    if not LEAST_DAYS <= days <= MOST_DAYS:
        raise HoldoutUnfit(_("A period can be 30 to 366 days long."), "days")
    running = find_holdout()
    Holdout.objects.filter(state="dealing").update(state="withdrawn")
    if running is not None and (running.share, running.days) == (share, days):
        running.renews = renews
        running.save(update_fields=["renews"])
        _record("changed", running, by, now, renews=renews)
        return running
    made = begin_dealing(share, days, renews=renews, by=by, now=now)
    _record("asked", made, by, now, share=share, days=days, renews=renews)
    return made


def begin_dealing(share: float, days: int, *, renews: bool, by: Any, now: datetime) -> Holdout:
    """One more period, to be dealt. Call it in a transaction."""
    newest = Holdout.objects.first()
    return Holdout.objects.create(
        number=(newest.number if newest else 0) + 1, share=share, days=days, renews=renews, asked_at=now,
        by=by if getattr(by, "pk", None) else None,
    )  # fmt: skip


@transaction.atomic
def start_holdout(period: Holdout, *, now: datetime) -> bool:
    """Let a period begin that is dealt; the one that ran is over. Whether it did."""
    if not Holdout.objects.filter(pk=period.pk, state="dealing").exists():
        return False
    Holdout.objects.filter(state="running").update(state="over", ended_at=now)
    period.refresh_from_db()
    period.state, period.began_at, period.ends_at = "running", now, now + timedelta(days=period.days)
    period.save(update_fields=["state", "began_at", "ends_at"])
    key = build_holdout_key(period)
    declare_trial(
        key, origin=key, name="", purpose=Purpose.MARKETING, shares=build_shares(period.share),
        horizon_days=period.days, planned=period.dealt, now=now,
    )  # fmt: skip
    end_trial(key, now=now)
    _record("started", period, period.by, now, count=period.dealt)
    return True


@transaction.atomic
def end_holdout(*, by: Any, now: datetime) -> None:
    """Hold nobody back any more: what has just begun is as if it had never been, else the period ends early."""
    Holdout.objects.filter(state="dealing").update(state="withdrawn")
    period = find_holdout()
    if period is not None:
        _close(period, now)
        _record("ended", period, by, now)


@transaction.atomic
def undo_holdout(*, by: Any, now: datetime) -> bool:
    """Take the last thing back, within a day: a beginning, with which the period before runs again, or an end. Whether
    there was something to take back."""
    dealing, running = find_dealing_holdout(), find_holdout()
    if dealing is not None:
        dealing.state = "withdrawn"
        dealing.save(update_fields=["state"])
        _record("undone", dealing, by, now)
        return True
    if running is not None:
        if not is_fresh(running.began_at, now):
            return False
        _withdraw(running)
        _record("undone", running, by, now)
        before = Holdout.objects.filter(state="over", ended_at=running.began_at).first()
    else:
        before = Holdout.objects.filter(state="over").first()
        before = before if before is not None and is_fresh(before.ended_at, now) else None
    if before is None or before.ends_at is None or before.ends_at <= now:
        return running is not None
    before.state, before.ended_at = "running", None
    before.save(update_fields=["state", "ended_at"])
    _record("undone", before, by, now)
    return True


def can_undo(now: datetime) -> bool:
    """Whether the last thing can be taken back."""
    newest = Holdout.objects.exclude(state="withdrawn").first()
    if newest is None:
        return False
    if newest.state == "over":
        return is_fresh(newest.ended_at, now) and newest.ends_at is not None and newest.ends_at > now
    return newest.state == "dealing" or is_fresh(newest.began_at, now)


def is_fresh(moment: datetime | None, now: datetime) -> bool:
    """Whether something happened so short a while ago that it can be taken back."""
    return moment is not None and now - moment < UNDO


def _close(period: Holdout, now: datetime) -> None:
    period.state, period.ended_at = "over", now
    period.save(update_fields=["state", "ended_at"])


def _withdraw(period: Holdout) -> None:
    period.state = "withdrawn"
    period.save(update_fields=["state"])
    Trial.objects.filter(key=build_holdout_key(period)).delete()


def forget_withdrawn() -> None:
    """Take away what was dealt for periods that were taken back, piece by piece."""
    for period in Holdout.objects.filter(state="withdrawn", place__gt=0):
        own = Exposure.objects.filter(trial_key=build_holdout_key(period))
        while piece := list(own.values_list("pk", flat=True)[:AT_ONCE]):
            Exposure.objects.filter(pk__in=piece).delete()
        Holdout.objects.filter(pk=period.pk).update(place=0)


def _record(what: str, period: Holdout, by: Any, now: datetime, **details: Any) -> None:
    record(f"holdout.{what}", by=by, now=now, subject=f"holdout:{period.number}", **details)
