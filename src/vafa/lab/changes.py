"""Why a figure is not what it was: a difference taken apart into what each change did, so that the parts add up.

A figure was seen at several states of the records. From one state to the next its steps add up to the whole
difference by themselves. Within a step in which several things happened, the part of each is what leaving it alone out
would take away; what they did only together is what remains, and is told as such.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True)
class Step(Generic[K]):
    """One step of a figure, and what each change of it did alone; None is unknown.

    `together` is what remains: difference = sum of `alone` + together.
    """

    before: float | None
    after: float | None
    alone: Mapping[K, float] = field(default_factory=dict)

    @property
    def difference(self) -> float | None:
        """How the figure moved; None where it was or is unknown."""
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def together(self) -> float | None:
        """What the changes did only together, or by what can't be left out."""
        whole = self.difference
        return None if whole is None else whole - sum(self.alone.values())


def build_step(
    before: float | None, after: float | None, changes: Sequence[K], without: Mapping[K, float | None]
) -> Step[K]:
    """A step in which `changes` happened. `without` is the figure after it with one of them left out; a change that
    can't be left out is absent there, and None is a figure that then is unknown. A single change did it all.
    """
    if before is None or after is None:
        return Step(before, after)
    if len(changes) == 1:
        return Step(before, after, {changes[0]: after - before})
    alone = {change: after - value for change in changes if (value := without.get(change)) is not None}
    return Step(before, after, alone)


def add_up(steps: Sequence[Step[K]]) -> float | None:
    """The difference over all steps; None without any, or where one of its ends is unknown."""
    if not steps or steps[0].before is None or steps[-1].after is None:
        return None
    return steps[-1].after - steps[0].before


def naive_add_up(steps: Sequence[Step[K]]) -> float | None:
    """The slow twin: every part of every step by itself; None where a step in between can't be told."""
    total = 0.0
    for step in steps:
        if step.together is None:
            return None
        total += step.together
        for part in step.alone.values():
            total += part
    return total if steps else None
