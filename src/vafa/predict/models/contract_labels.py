"""Who of those active at a day was no longer active some days later, by the business's rule of subscriptions."""

from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from vafa.lab.rules import ActivityRule
from vafa.lab.sets import list_members
from vafa.warehouse.queries import Snapshot


def build_contract_labels(
    snapshot: Snapshot, as_of: date, horizon_days: int, ids: npt.NDArray[np.int64], rule: ActivityRule
) -> npt.NDArray[np.bool_]:
    """For each of these ids, all active at `as_of`, whether they had left by the midnight that ends the horizon.

    Known once the data are complete until then; a customer who doesn't count any more has left.
    """
    still = np.zeros(snapshot.numbers + 1, dtype=np.bool_)
    still[list_members(snapshot.active(rule, as_of + timedelta(days=horizon_days)))] = True
    # The number of who doesn't count is -1: the last place, which nobody has.
    told: npt.NDArray[np.bool_] = ~still[snapshot.list_numbers(ids)]
    return told
