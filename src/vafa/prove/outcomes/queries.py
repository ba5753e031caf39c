"""DOOR: what a list can prove before anything is sent, and where a trial stands by the facts of now."""

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from vafa.data.consent.types import Purpose
from vafa.lab.rules import ActivityRule
from vafa.measure.metrics.queries import resolve_rule
from vafa.predict.models.queries import get_question
from vafa.predict.scores.queries import get_chances
from vafa.prove.outcomes.computing import get_basis
from vafa.prove.outcomes.following import compute_standing
from vafa.prove.outcomes.rules import PLAUSIBLE, WANTED, decide_proof
from vafa.prove.outcomes.types import Proof
from vafa.warehouse.queries import Snapshot

__all__ = ["PLAUSIBLE", "WANTED", "Proof", "compute_standing", "plan_proof"]

# Below so many customers with a frozen chance nothing is said of how much it foretells.
_LEAST_SCORED = 100


def plan_proof(
    snapshot: Snapshot,
    customer_ids: npt.ArrayLike,
    *,
    purpose: Purpose = Purpose.MARKETING,
    is_apology: bool = False,
    horizon_days: int | None = None,
    shares: Mapping[str, float] | None = None,
) -> Proof:
    """What a list can prove: for the pages of campaigns and automations, before the start.

    `is_apology` is an apology, a notice of payment, or whatever else nobody may be denied. The horizon is that of the
    predictions unless another is given. Ids that don't count any more count as customers all the same.
    """
    question = get_question(snapshot, horizon_days)
    rule = resolve_rule(None, snapshot)
    ids = np.asarray(customer_ids, dtype=np.int64)
    until = snapshot.freshness(rule).data_until
    base = None if until is None else find_base(snapshot, rule, ids, question.horizon_days, until)
    return decide_proof(
        len(ids),
        base,
        question.horizon_days,
        get_basis(rule),
        may_have_control=purpose is not Purpose.SERVICE and not is_apology,
        shares=shares,
        explained=_find_explained(snapshot, ids) if question == get_question(snapshot) else 0.0,
    )


def find_base(
    snapshot: Snapshot, rule: ActivityRule, ids: npt.NDArray[np.int64], horizon_days: int, until: date
) -> float | None:
    """The share of the list that would be kept anyway: of as many days before the end of data. By orders, who bought on
    one of them; with contracts, who of all that ran at their beginning still run at their end. None where the data
    don't reach back so far."""
    first = snapshot.freshness(rule).first_on
    start = until - timedelta(days=horizon_days)
    if first is None or start < first:
        return None
    if rule.kind == "subscription":
        ran = snapshot.active(rule, start)
        return len(ran & snapshot.active(rule, until)) / len(ran) if ran else None
    members = snapshot.ix_set(ids)
    return len(snapshot.buyers(start, until) & members) / len(members) if members else None


def _find_explained(snapshot: Snapshot, ids: npt.NDArray[np.int64]) -> float:
    """Which part of the variance the chances of leaving foretell: that of calibrated chances themselves."""
    chances = get_chances(snapshot)
    if chances is None:
        return 0.0
    numbers = snapshot.list_numbers(ids)
    known = chances[numbers[numbers >= 0]]
    known = known[~np.isnan(known)]
    if len(known) < max(_LEAST_SCORED, 0.8 * len(ids)):
        return 0.0
    mean = float(known.mean())
    return min(0.9, float(known.var()) / (mean * (1 - mean))) if 0 < mean < 1 else 0.0
