"""Following the running trials: a look for each day that every source has told of, and the result when it is due."""

from dataclasses import replace
from datetime import date

import numpy as np

from vafa.data.business.queries import get_business
from vafa.lab.rules import ActivityRule
from vafa.measure.metrics.queries import resolve_rule
from vafa.prove.outcomes.computing import compute_outcomes
from vafa.prove.trials.queries import build_standing, get_exposures, get_gone, get_spent
from vafa.prove.trials.types import Exposures, Standing, Trial
from vafa.warehouse.queries import Snapshot


def find_due(trial: Trial, exposures: Exposures, gone: int = 0) -> int | None:
    """The day (ordinal) at which all days of all who count are over; None while that can't be said.

    Of a trial into which customers still come those count for whom it was planned, those `gone` by an erasure among
    them; without a plan it only ends when it is ended.
    """
    counted = choose_counted(trial, exposures)
    if not len(counted) or (trial.is_open and (not trial.planned or len(counted) + gone < trial.planned)):
        return None
    return int(counted.days.max()) + trial.horizon_days


def choose_counted(trial: Trial, exposures: Exposures) -> Exposures:
    """Who counts: all, or the first so many for whom a trial was planned into which customers come one by one."""
    if trial.is_open and trial.planned and len(exposures) > trial.planned:
        return exposures.choose(np.arange(trial.planned))
    return exposures


def compute_standing(
    snapshot: Snapshot, trial: Trial, rule: ActivityRule | None = None, until: date | None = None
) -> Standing | None:
    """Where a trial stands as of the end of data (or a day before it); None where no source has told of any day of it.

    Days that no source has told of are never used: an order that has not come in yet is not one that wasn't made.
    """
    settled = rule or resolve_rule(None, snapshot)
    told = snapshot.freshness(settled).data_until
    if told is None:
        return None
    as_of = min(day for day in (told, until, trial.cut_on) if day is not None)
    exposures, gone = get_exposures(trial.key), get_gone(trial.key)
    due = find_due(trial, exposures, sum(one.n for one in gone.values()))
    is_final = due is not None and as_of.toordinal() >= due and trial.cut_on is None
    counted = choose_counted(trial, exposures)
    if not len(counted) or int(counted.days.min()) >= as_of.toordinal():
        return None
    outcomes = compute_outcomes(
        snapshot, settled, counted, trial.horizon_days, as_of, with_money=is_final, gone=gone
    )
    dealt = counted.count()
    for arm, told_of in gone.items():
        dealt[arm] = dealt.get(arm, 0) + told_of.n
    planned = replace(trial, planned=trial.planned or len(exposures))
    standing = build_standing(planned, outcomes, dealt, as_of, is_final=is_final)
    return replace(standing, cost=get_spent(trial.key), currency=get_business().currency)
