"""What the data can know of a period.

The end of data, not the clock, is the end of knowledge: a file that ends last year isn't a business that lost
everyone. And what happened before the first fact is unknown, so early newcomers are only "first seen".
"""

from dataclasses import dataclass
from typing import Literal

IncompleteReason = Literal["no_data", "after_the_data", "data_ends_inside", "history_too_short"]


@dataclass(frozen=True)
class Completeness:
    """How a period [start, end) may be told.

    `known` False: give null. `end_boundary`: the boundary at which the end state is taken (the end of data if
    that is inside; None if nothing is known). `first_seen`: its newcomers may be old customers.
    `reasons` tells why it isn't complete, and is empty when it is.
    """

    known: bool
    complete: bool
    end_boundary: int | None
    first_seen: bool
    reasons: tuple[IncompleteReason, ...]


def decide_completeness(
    start: int, end: int, first_fact: int | None, data_until: int | None, rule_days: int
) -> Completeness:
    """What can be told of the period [start, end) (ordinals, as all days here).

    `first_fact` is the first day with a fact and `data_until` the first day without knowledge (None: no data
    at all); `rule_days` is the window or the grace of the activity rule. The state at the start is known
    when all days on which it rests have data: from `first_fact + rule_days` on.
    """
    if first_fact is None or data_until is None:
        return Completeness(False, False, None, False, ("no_data",))
    if start >= data_until:
        return Completeness(False, False, None, False, ("after_the_data",))
    first_seen = start < first_fact + rule_days
    reasons: list[IncompleteReason] = []
    if data_until < end:
        reasons.append("data_ends_inside")
    if first_seen:
        reasons.append("history_too_short")
    return Completeness(True, not reasons, min(end, data_until), first_seen, tuple(reasons))
