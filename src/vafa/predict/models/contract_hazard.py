"""The base model of contracts: how likely customers leave by how long they have been there and by their first plan.

From the spells under the business's rule as they were known at a day: those over by then, and those that ran. It
knows nothing but time and plan, as the purchase model of an orders-only business knows nothing but days.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from vafa.lab.design import Feature
from vafa.lab.errors import LabelsAllAlike
from vafa.lab.hazard import HazardModel, build_cells, fit_hazard
from vafa.lab.rules import ActivityRule
from vafa.lab.sets import build_set
from vafa.lab.spells import OPEN_END
from vafa.warehouse.queries import Query, Snapshot

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Texts = npt.NDArray[np.str_]

PERIOD_DAYS = 30
EDGE = 1e-6
FIRST_PLAN = Feature("first_plan", "contract", "choice")
# Twenty years: who isn't expected to leave within them isn't expected to.
MOST_PERIODS = 243

_STARTS = """
    SELECT customer_ix, started_no, arg_min(plan, row_id) AS plan
    FROM subscriptions SEMI JOIN members ON ix = customer_ix WHERE started_no < ? GROUP BY 1, 2
"""


@dataclass(frozen=True)
class Stays:
    """Customers who are there now: for how many days, and the plan that they began with."""

    days: Floats
    plans: Texts


def build_tenure_odds(
    snapshot: Snapshot, as_of: date, rule: ActivityRule, numbers: Ints, horizon_days: int
) -> Floats:
    """The base model's own log-odds of leaving within the horizon, of customers (by number) who are active at the day;
    while nobody has left, those of half a leaver."""
    try:
        hazard = get_tenure_hazard(snapshot, as_of, rule)
    except LabelsAllAlike:
        chances = np.full(len(numbers), 0.5 / (len(numbers) + 1))
    else:
        chances = find_chances(hazard, build_stays(snapshot, as_of, rule, numbers), horizon_days)
    kept = np.clip(chances, EDGE, 1 - EDGE)
    told: Floats = np.log(kept / (1 - kept))
    return told


def get_tenure_hazard(snapshot: Snapshot, as_of: date, rule: ActivityRule) -> HazardModel:
    """The hazard as of a day, kept for the next who asks. Raises LabelsAllAlike where nobody had left."""
    key = ("tenure_hazard", rule, as_of)
    return snapshot.cached(key, lambda: fit_tenure_hazard(snapshot, as_of, rule))


def fit_tenure_hazard(snapshot: Snapshot, as_of: date, rule: ActivityRule) -> HazardModel:
    """The hazard by 30 days of a spell and its first plan, from spells begun before `as_of`. Raises LabelsAllAlike
    where none was over.

    Whoever still runs counts for the whole periods that are over.
    """
    day = as_of.toordinal()
    spells = snapshot.spells(rule)
    begun = spells.start < day
    starts, ends = spells.start[begun].astype(np.int64), spells.end[begun].astype(np.int64)
    plans = _find_plans(snapshot, day, spells.customer_ix[begun].astype(np.int64), starts)
    left = ends <= day
    # Who leaves after exactly 30 days leaves in the first period.
    lasts = np.where(left, (ends - starts - 1) // PERIOD_DAYS, (day - starts) // PERIOD_DAYS - 1)
    return fit_hazard((FIRST_PLAN,), build_cells((FIRST_PLAN,), {FIRST_PLAN.name: plans}, lasts, left))


def build_stays(snapshot: Snapshot, as_of: date, rule: ActivityRule, numbers: Ints) -> Stays:
    """How long these customers (by number), all active at the day, have been there this time."""
    starts = snapshot.current_spells(rule, as_of).start[numbers].astype(np.int64)
    days = np.where(starts == OPEN_END, 0, as_of.toordinal() - starts).astype(np.float64)
    return Stays(days, _find_plans(snapshot, as_of.toordinal(), numbers, starts))


def find_chances(hazard: HazardModel, stays: Stays, horizon_days: int) -> Floats:
    """The chance of leaving within so many days.

    Within a period the chance to stay is the same each day.
    """
    told = np.zeros(len(stays.days))
    for own, lost in _list_losses(hazard, stays, horizon_days):
        ages = stays.days[own] / PERIOD_DAYS
        told[own] = -np.expm1(_look_up(lost, ages) - _look_up(lost, ages + horizon_days / PERIOD_DAYS))
    return told


def find_expected_days(hazard: HazardModel, stays: Stays, within_days: int) -> Floats:
    """On how many of the next days each is expected to be there still."""
    periods = -(-within_days // PERIOD_DAYS)
    step = within_days / periods
    told = np.zeros(len(stays.days))
    for own, lost in _list_losses(hazard, stays, within_days):
        ages = stays.days[own] / PERIOD_DAYS
        now = _look_up(lost, ages)
        for period in range(periods):
            middle = ages + (period + 0.5) * step / PERIOD_DAYS
            told[own] += np.exp(now - _look_up(lost, middle)) * step
    return told


def find_half_days(hazard: HazardModel, stays: Stays) -> Floats:
    """In how many days half of those like each will have left; NaN where that is farther than MOST_PERIODS, or beyond
    any stay that was seen."""
    told = np.full(len(stays.days), np.nan)
    for own, lost in _list_losses(hazard, stays, MOST_PERIODS * PERIOD_DAYS):
        ages = stays.days[own] / PERIOD_DAYS
        # The losses rise, so where they have risen by log 2 can be looked up the other way round.
        steps = np.arange(len(lost), dtype=np.float64)
        at = np.interp(_look_up(lost, ages) + np.log(2), lost, steps, right=np.nan)
        told[own] = np.where(at <= hazard.longest + 1, (at - ages) * PERIOD_DAYS, np.nan)
    return told


def _find_plans(snapshot: Snapshot, day: int, numbers: Ints, starts: Ints) -> Texts:
    """The plan of the contract with which each spell began."""
    rows = snapshot.run_columns(Query(_STARTS, (day,), build_set(np.unique(numbers))))
    plans = np.append(np.asarray(np.ma.getdata(rows["plan"]), dtype=object), "")
    keys = (rows["customer_ix"].astype(np.int64) << 32) + rows["started_no"]
    order = np.argsort(keys, kind="stable")
    wanted = (numbers << 32) + starts
    place = np.searchsorted(keys, wanted, sorter=order)
    found = np.append(order, len(keys))[place]
    own = np.append(keys, -1)[found] == wanted
    told: Texts = plans[np.where(own, found, len(keys))].astype(np.str_)
    return told


def _list_losses(
    hazard: HazardModel, stays: Stays, ahead_days: int
) -> list[tuple[npt.NDArray[np.bool_], Floats]]:
    """For each plan who began with it, and the sum of the losses of the periods before each: -log of the share that
    outlasts them; as far as the oldest of them will be so many days ahead."""
    told = []
    for plan in np.unique(stays.plans):
        own = stays.plans == plan
        periods = int((stays.days[own].max(initial=0.0) + ahead_days) // PERIOD_DAYS) + 2
        hazards = hazard.hazards({FIRST_PLAN.name: np.asarray([plan])}, periods)[0]
        told.append((own, np.concatenate(([0.0], np.cumsum(-np.log1p(-hazards), dtype=np.float64)))))
    return told


def _look_up(lost: Floats, ages: Floats) -> Floats:
    told: Floats = np.interp(ages, np.arange(len(lost), dtype=np.float64), lost)
    return told
