"""All arms of a trial beside its control, from one value a customer."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vafa.lab.trial_effects import Effect, Share, build_sample, compare_means, compare_shares

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class ArmResult:
    """An arm with its mean (a share where the outcome is yes or no; None of nobody) and its effect against the control;
    `effect` is None for the control, and where one of the two has no values."""

    arm: str
    n: int
    mean: float | None
    effect: Effect | None


def is_yes_or_no(values: Mapping[str, Floats]) -> bool:
    """Whether all values are 0 or 1."""
    return all(bool(((given == 0) | (given == 1)).all()) for given in values.values())


def compare_arms(values: Mapping[str, Floats], control: str) -> list[ArmResult]:
    """Every arm against the control, which comes first, the others in the order given.

    Outcomes of yes or no (0 and 1 only, in all arms) are compared as shares, others as means.
    """
    shares = is_yes_or_no(values)
    names = [control, *(name for name in values if name != control)]
    return [
        _compare(name, values[name], None if name == control else values[control], shares) for name in names
    ]


def _compare(name: str, given: Floats, control: Floats | None, shares: bool) -> ArmResult:
    mean = float(given.mean()) if len(given) else None
    if control is None or not len(given) or not len(control):
        return ArmResult(name, len(given), mean, None)
    if shares:
        effect = compare_shares(_count(given), _count(control))
    else:
        effect = compare_means(build_sample(given), build_sample(control))
    return ArmResult(name, len(given), mean, effect)


def _count(values: Floats) -> Share:
    return Share(int(values.sum()), len(values))
