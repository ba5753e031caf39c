"""Forgetting a person: in a running trial they stay as one more in the sums of their arm, and as nothing else."""

from collections.abc import Sequence
from datetime import date

import numpy as np

from vafa.kit.erasing import Erased, Holder
from vafa.measure.metrics.queries import resolve_rule
from vafa.prove.outcomes.computing import compute_outcomes
from vafa.prove.trials.actions import add_gone
from vafa.prove.trials.queries import find_trial, get_exposures, has_result, list_trials_of, tally
from vafa.warehouse.queries import open_snapshot


def erase(customer_ids: Sequence[int]) -> Erased:
    """Add what became of a person until now to the sums of the arms of trials that still run. The rooms below take the
    exposures themselves away, so that a second call adds nothing. A result that was told stays as it was told."""
    kept = 0
    for key in list_trials_of(customer_ids):
        if has_result(key):
            continue
        trial = find_trial(key)
        if trial is None:  # a period of the universal holdout that has not begun
            continue
        exposures = get_exposures(key)
        theirs = exposures.choose(np.isin(exposures.ids, list(customer_ids)))
        if not len(theirs):
            continue
        snapshot = open_snapshot()
        rule = resolve_rule(None, snapshot)
        until = snapshot.freshness(rule).data_until
        if until is None:
            continue
        # Who was dealt on a day that nothing is known of yet counts as not kept.
        until = max(until, date.fromordinal(int(theirs.days.max()) + 1))
        outcomes = compute_outcomes(snapshot, rule, theirs, trial.horizon_days, until, with_money=True)
        tallies = {arm: tally(outcomes, outcomes.arms == arm) for arm in np.unique(outcomes.arms).tolist()}
        add_gone(key, tallies)
        kept += sum(told.n for told in tallies.values())
    return Erased(kept={"trials": kept} if kept else {})


HOLDER = Holder(room="outcomes", models=(), erase=erase)
