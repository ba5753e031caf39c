"""Which groups of reasons weigh how much, and whether those on whom they weigh most towards leaving do leave."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from vafa.lab.rates import Rate, build_proportion
from vafa.predict.models.queries import FactorMean
from vafa.predict.models.types import Scores
from vafa.predict.reasons.types import Driver, Factor

Bools = npt.NDArray[np.bool_]


def tell_drivers(
    now: Scores, before: Scores, chosen_now: Bools, chosen_before: Bools, left: Bools
) -> tuple[Driver, ...]:
    """The groups of the present scores, the weightiest first, of the rows that are chosen.

    `before` are the scores of an earlier day by the same model, `left` tells of its rows who left since. Without
    anybody chosen there is nothing to tell.
    """
    if not chosen_now.any():
        return ()
    told = []
    for place, group in enumerate(now.groups):
        strongest, rest = None, None
        weight_before = None
        if before.groups == now.groups and chosen_before.any():
            pushes = before.contributions[chosen_before, place]
            weight_before = float(np.abs(pushes).mean())
            strongest, rest = _split_thirds(pushes, left[chosen_before])
        told.append(
            Driver(
                group=group,
                weight=float(np.abs(now.contributions[chosen_now, place]).mean()),
                weight_before=weight_before,
                is_stable=now.stable[place],
                strongest=strongest,
                rest=rest,
            )
        )
    return tuple(sorted(told, key=lambda driver: -driver.weight))


def join_factors(
    now: Sequence[FactorMean], before: Sequence[FactorMean], stable: Mapping[str, bool]
) -> tuple[Factor, ...]:
    """The single features, the weightiest first, with what they were on the earlier day. `stable` tells of each group
    of reasons whether its direction is sure."""
    earlier = {one.name: one for one in before}
    told = [
        Factor(
            one.name,
            one.group,
            one.push,
            one.weight,
            one.direction,
            earlier[one.name].push if one.name in earlier else None,
            earlier[one.name].weight if one.name in earlier else None,
            stable.get(one.group, False),
        )
        for one in now
    ]
    return tuple(sorted(told, key=lambda one: (-one.weight, one.name)))


def _split_thirds(pushes: npt.NDArray[np.float64], left: Bools) -> tuple[Rate | None, Rate | None]:
    """The share that left of the third on whom it weighs most towards leaving, and of all others; None for both where
    it weighs alike on all."""
    if len(pushes) < 3 or np.ptp(pushes) < 1e-9:
        return None, None
    third = np.zeros(len(pushes), dtype=np.bool_)
    third[np.argsort(-pushes, kind="stable")[: len(pushes) // 3]] = True
    return (
        build_proportion(int((third & left).sum()), int(third.sum())),
        build_proportion(int((~third & left).sum()), int((~third).sum())),
    )
