"""Until when a customer with a contract is likely to stay."""

from datetime import date, timedelta

import numpy as np

from vafa.lab.errors import LabelsAllAlike
from vafa.predict.models.contract_hazard import build_stays, find_half_days, get_tenure_hazard
from vafa.predict.models.contract_members import find_contract_rule
from vafa.predict.models.rules import LEAST_LEAVERS
from vafa.warehouse.queries import Snapshot


def find_half_day(snapshot: Snapshot, as_of: date, customer_id: int) -> date | None:
    """The day by which half of the customers with this plan, who have been there as long, will have left.

    None for who isn't active at the day, where too few have left to tell, and where it lies beyond any stay that was
    seen.
    """
    rule = find_contract_rule(snapshot)
    (number,) = snapshot.list_numbers([customer_id]).tolist()
    if number < 0 or number not in snapshot.active(rule, as_of):
        return None
    try:
        hazard = get_tenure_hazard(snapshot, as_of, rule)
    except LabelsAllAlike:
        return None
    if hazard.leavers < LEAST_LEAVERS:
        return None
    (days,) = find_half_days(hazard, build_stays(snapshot, as_of, rule, np.asarray([number]))).tolist()
    return None if np.isnan(days) else as_of + timedelta(days=round(days))
