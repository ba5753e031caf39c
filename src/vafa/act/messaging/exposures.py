"""Trials: declaring them, and writing down who is in which arm, before anything is sent."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from vafa.act.messaging.folding import list_family
from vafa.act.messaging.models import Exposure, Trial
from vafa.act.messaging.types import TrialChanged
from vafa.data.consent.types import Purpose
from vafa.kit.bulk import select_where_in
from vafa.lab.trials import CONTROL, arms_of

AT_ONCE = 1_000


@transaction.atomic
def declare_trial(
    key: str,
    *,
    origin: str,
    name: str,
    purpose: Purpose,
    shares: Mapping[str, float],
    horizon_days: int,
    planned: int,
    now: datetime,
) -> Trial:
    """Declare a trial; declared again with the same shares it stays as it is. Raises TrialChanged."""
    trial, _made = Trial.objects.get_or_create(
        key=key,
        defaults={
            "origin": origin,
            "name": name,
            "purpose": str(purpose),
            "shares": dict(shares),
            "horizon_days": horizon_days,
            "planned": planned,
            "declared_at": now,
        },
    )
    if trial.shares != dict(shares):
        raise TrialChanged(_("This trial has begun with other shares. They can't be changed any more."))
    return trial


def assign(
    trial_key: str,
    customer_ids: Iterable[int],
    shares: Mapping[str, float],
    scores: Mapping[int, float],
    *,
    values: Mapping[int, float] | None = None,
    now: datetime,
) -> int:
    """Write down into which arm each customer is dealt, with the chance of leaving as it is told now; how many are new.
    Who was dealt before stays where they are."""
    ids, worth, added = list(customer_ids), values or {}, 0
    for start in range(0, len(ids), AT_ONCE):
        piece = ids[start : start + AT_ONCE]
        arms = arms_of(piece, trial_key, shares)
        with transaction.atomic():
            known = list_arms(trial_key, piece)
            rows = [
                Exposure(
                    trial_key=trial_key,
                    customer_id=pk,
                    arm=str(arm),
                    at=now,
                    score=scores.get(pk),
                    value=worth.get(pk),
                )
                for pk, arm in zip(piece, arms, strict=True)
                if pk not in known
            ]
            Exposure.objects.bulk_create(rows, ignore_conflicts=True)
        added += len(rows)
    return added


def deal_recorded(trial_key: str, customer_ids: Sequence[int], now: datetime) -> None:
    """Deal those whom nobody has dealt yet, by the shares that the trial was declared with."""
    trial = Trial.objects.filter(key=trial_key, ended_at=None).first()
    if trial is not None:
        assign(trial_key, customer_ids, trial.shares, {}, now=now)


def end_trial(key: str, *, now: datetime) -> bool:
    """Deal nobody into a trial any more, so that its result is due once the days of those in it are over; whether that
    is new. Its control stays held out of its own messages."""
    return bool(Trial.objects.filter(key=key, ended_at=None).update(ended_at=now))


def list_arms(trial_key: str, customer_ids: Iterable[int]) -> dict[int, str]:
    """The recorded arms of these kept customers. Of whom several ids were dealt before they were merged, the control
    group holds: none of the ids gets anything; else the kept one's arm, else the first."""
    family = list_family(set(customer_ids))
    select = f"SELECT customer_id, arm, id FROM {Exposure._meta.db_table}"
    rows = select_where_in(select, "customer_id", family, "trial_key = %s", [trial_key])
    found: dict[int, str] = {}
    for customer, arm, _pk in sorted(
        rows, key=lambda row: (row[1] != CONTROL, family[int(row[0])] != row[0], row[2])
    ):
        found.setdefault(family[int(customer)], str(arm))
    return found
