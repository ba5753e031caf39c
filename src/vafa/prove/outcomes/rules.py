"""Before the start: whether a control is offered, and what it can prove. Pure decisions."""

import math
from collections.abc import Mapping

from vafa.lab.trial_planning import Sizes, count_needed, find_smallest_share
from vafa.lab.trials import CONTROL, HALVES, suggest_shares
from vafa.prove.outcomes.types import Proof, Reason
from vafa.prove.trials.types import Basis

# No message is believed to keep more than ten of a hundred who would have left; a list that shows less proves nothing.
PLAUSIBLE = 0.10
# What is wanted of repeated runs together.
WANTED = 0.05


def decide_proof(
    customers: int,
    base: float | None,
    horizon_days: int,
    basis: Basis,
    *,
    may_have_control: bool,
    shares: Mapping[str, float] | None = None,
    explained: float = 0.0,
) -> Proof:
    """What a list of so many can prove, of whom the share `base` is kept anyway, with the given or the suggested
    shares.

    A control may never be kept of service messages, apologies and notices of payment (`may_have_control` False).
    """
    chosen = shares or suggest_shares(customers)
    control = round(customers * chosen.get(CONTROL, 0))
    sizes = Sizes(control, customers - control)
    known = base is not None and 0 < base < 1
    smallest = find_smallest_share(base, sizes, explained) if known and base is not None else None
    # A rise by ten points may be more than there is room for.
    plausible = min(PLAUSIBLE, (1 - base) * 0.9) if known and base is not None else PLAUSIBLE
    return Proof(
        reason=_find_reason(smallest, plausible, known=known, may_have_control=may_have_control),
        basis=basis,
        horizon_days=horizon_days,
        shares=chosen,
        customers=customers,
        control=control,
        base=base,
        smallest=smallest,
        plausible=plausible,
        needed=count_needed(base, plausible, HALVES[CONTROL]) if known and base is not None else None,
        runs=None if smallest is None else max(1, math.ceil((smallest / min(WANTED, plausible)) ** 2)),
    )


def _find_reason(smallest: float | None, plausible: float, *, known: bool, may_have_control: bool) -> Reason:
    if not may_have_control:
        return "never"
    if not known:
        return "no_data"
    return "can" if smallest is not None and smallest <= plausible else "too_few"
