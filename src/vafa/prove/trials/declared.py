"""Trials as messaging declared them, who was dealt into which arm, and what the messages cost."""

from collections.abc import Iterable, Mapping
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np

from vafa.act.messaging import queries as messaging
from vafa.data.business.queries import get_business
from vafa.prove.trials.types import Exposures, Trial


def list_trials() -> list[Trial]:
    """All trials that were declared, the newest first."""
    cut = _list_cut()
    return [_build(row, cut) for row in messaging.list_trials()]


def find_trial(key: str) -> Trial | None:
    """The trial with a key."""
    row = messaging.find_trial(key)
    return None if row is None else _build(row, _list_cut())


def list_trials_of(customer_ids: Iterable[int]) -> list[str]:
    """The keys of the trials in which these customers are."""
    return messaging.list_trial_keys_of(customer_ids)


def get_exposures(key: str) -> Exposures:
    """Who was dealt into which arm, in the order in which it happened; days are those of the business's zone."""
    zone = ZoneInfo(get_business().zone)
    rows = list(messaging.iterate_exposures(key))
    # Whole audiences are dealt within a few moments, so that few of them have to be brought into the zone.
    days = {at: at.astimezone(zone).date().toordinal() for at in {at for _id, _arm, at, _score in rows}}
    return Exposures(
        np.array([row[0] for row in rows], dtype=np.int64),
        np.array([row[1] for row in rows], dtype=np.str_),
        np.array([days[row[2]] for row in rows], dtype=np.int64),
        np.array([np.nan if row[3] is None else row[3] for row in rows], dtype=np.float64),
    )


def get_spent(key: str) -> float | None:
    """What the messages of a trial cost so far; None where nobody told."""
    spent = messaging.sum_spent(key)
    return None if spent is None else float(spent)


def _list_cut() -> dict[str, date]:
    """The days on which periods of the universal holdout were ended early, by the keys of their trials."""
    zone = ZoneInfo(get_business().zone)
    return {
        messaging.build_holdout_key(period): period.ended_at.astimezone(zone).date()
        for period in messaging.list_holdouts()
        if period.ended_at is not None and period.ends_at is not None and period.ended_at < period.ends_at
    }


def _build(row: messaging.Trial, cut: Mapping[str, date]) -> Trial:
    return Trial(
        key=row.key,
        name=row.name,
        origin=row.origin,
        shares=row.shares,
        horizon_days=row.horizon_days,
        planned=row.planned,
        started_at=row.declared_at,
        is_open=row.ended_at is None,
        cut_on=cut.get(row.key),
    )
