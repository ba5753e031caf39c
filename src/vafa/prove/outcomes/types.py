"""What crosses this room's doors: what a list can prove before anything is sent to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from vafa.prove.trials.types import Basis

Reason = Literal["can", "never", "too_few", "no_data"]
"""Why a control is offered or not: the list can prove something; such messages never have one; too few customers to
see a plausible difference; nothing is known of how many stay."""


@dataclass(frozen=True)
class Proof:
    """What can be proven with a list.

    `is_offered`: a control may be chosen at all; `is_suggested`: it is on unless somebody switches it off. `base` is
    the share that is kept without any message, `smallest` the smallest rise of it that would be found with a power of
    80% (None: none would), `needed` how many customers show a rise of `plausible`, and `runs` how many runs of this
    size, pooled, do.
    """

    reason: Reason
    basis: Basis
    horizon_days: int
    shares: Mapping[str, float]
    customers: int
    control: int
    base: float | None
    smallest: float | None
    plausible: float
    needed: int | None
    runs: int | None

    @property
    def is_offered(self) -> bool:
        """Whether a control may be kept at all."""
        return self.reason != "never"

    @property
    def is_suggested(self) -> bool:
        """Whether a control is kept unless somebody says otherwise."""
        return self.reason == "can"
