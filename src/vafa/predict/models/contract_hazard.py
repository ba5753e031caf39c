"""The base model of contracts: how likely customers leave by how long they have been there, and when.

From the spells under the business's rule as they were known at a day: those over by then, and those that ran. It
knows nothing but time, as the purchase model of an orders-only business knows nothing but days.
"""

from datetime import date

import numpy as np
import numpy.typing as npt

from vafa.lab.errors import LabelsAllAlike
from vafa.lab.hazard import HazardModel, build_cells, fit_hazard
from vafa.lab.rules import ActivityRule
from vafa.warehouse.queries import Snapshot

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

PERIOD_DAYS = 30
EDGE = 1e-6


def fit_tenure_hazard(snapshot: Snapshot, as_of: date, rule: ActivityRule) -> HazardModel:
    """The hazard by 30 days of a spell, from spells begun before `as_of`. Raises LabelsAllAlike where none was over.

    Whoever still runs counts for the whole periods that are over.
    """
    day = as_of.toordinal()
    spells = snapshot.spells(rule)
    begun = spells.start < day
    starts, ends = spells.start[begun].astype(np.int64), spells.end[begun].astype(np.int64)
    left = ends <= day
    # Who leaves after exactly 30 days leaves in the first period.
    lasts = np.where(left, (ends - starts - 1) // PERIOD_DAYS, (day - starts) // PERIOD_DAYS - 1)
    return fit_hazard((), build_cells((), {}, lasts, left))


def build_tenure_odds(
    snapshot: Snapshot, as_of: date, rule: ActivityRule, spell_days: Floats, horizon_days: int
) -> Floats:
    """The base model's own log-odds of leaving within the horizon; while nobody has left, those of half a leaver."""
    try:
        chances = find_chances(get_tenure_hazard(snapshot, as_of, rule), spell_days, horizon_days)
    except LabelsAllAlike:
        chances = np.full(len(spell_days), 0.5 / (len(spell_days) + 1))
    kept = np.clip(chances, EDGE, 1 - EDGE)
    told: Floats = np.log(kept / (1 - kept))
    return told


def get_tenure_hazard(snapshot: Snapshot, as_of: date, rule: ActivityRule) -> HazardModel:
    """The hazard as of a day, kept for the next who asks. Raises LabelsAllAlike where nobody had left."""
    key = ("tenure_hazard", rule, as_of)
    return snapshot.cached(key, lambda: fit_tenure_hazard(snapshot, as_of, rule))


def find_chances(hazard: HazardModel, spell_days: Floats, horizon_days: int) -> Floats:
    """The chance of leaving within the days after so many days of a spell.

    Within a period the chance to stay is the same each day.
    """
    ages = np.asarray(spell_days, dtype=np.float64) / PERIOD_DAYS
    until = ages + horizon_days / PERIOD_DAYS
    lost = _accumulate(hazard, int(np.ceil(until.max(initial=1))) + 1)
    steps = np.arange(len(lost))
    told: Floats = -np.expm1(np.interp(ages, steps, lost) - np.interp(until, steps, lost))
    return told


def find_expected_days(hazard: HazardModel, spell_days: Floats, within_days: int) -> Floats:
    """On how many of the next days each is expected to be there still."""
    ages = np.asarray(spell_days, dtype=np.float64) / PERIOD_DAYS
    periods = -(-within_days // PERIOD_DAYS)
    lost = _accumulate(hazard, int(np.ceil(ages.max(initial=0))) + periods + 2)
    steps = np.arange(len(lost))
    now = np.interp(ages, steps, lost)
    told = np.zeros(len(ages))
    for period in range(periods):
        middle = ages + (period + 0.5) * within_days / (periods * PERIOD_DAYS)
        told += np.exp(now - np.interp(middle, steps, lost)) * within_days / periods
    return told


def _accumulate(hazard: HazardModel, periods: int) -> Floats:
    """The sum of the losses of the periods before each: -log of the share that outlasts them."""
    return np.concatenate(([0.0], np.cumsum(-np.log1p(-hazard.hazards({}, periods)[0]), dtype=np.float64)))
