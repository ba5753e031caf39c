"""Activity rules: what makes a customer active.

`subscription` (with days of grace, `subscription+7d`) follows subscriptions; `purchase:90d` calls those
active who bought on one of the 90 days before; `purchase:auto` learns the days from the business's own gaps.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from vafa.lab.errors import ActivityRuleOutOfBounds, ActivityRuleUnknown, ActivityRuleUnsettled

RuleKind = Literal["subscription", "purchase"]

LEAST_WINDOW_DAYS, MOST_WINDOW_DAYS = 1, 3_660
MOST_GRACE_DAYS = 366

LEARNED_SHARE = 0.9
LEAST_GAPS = 30
FALLBACK_WINDOW_DAYS = 90
LEARNED_BOUNDS = (7, 730)

_SUBSCRIPTION = re.compile(r"subscription(?:\+([0-9]{1,6})d)?")
_PURCHASE = re.compile(r"purchase:(?:([0-9]{1,6})d|auto)")


@dataclass(frozen=True)
class ActivityRule:
    """A rule; `days` is the grace of a subscription, or the window of a purchase (None: to be learned).

    Raises ActivityRuleOutOfBounds for a grace outside 0..366 or a window outside 1..3660 days.
    """

    kind: RuleKind
    days: int | None = None

    def __post_init__(self) -> None:
        if self.kind == "subscription" and self.days is None:
            object.__setattr__(self, "days", 0)
        least = LEAST_WINDOW_DAYS if self.kind == "purchase" else 0
        most = MOST_WINDOW_DAYS if self.kind == "purchase" else MOST_GRACE_DAYS
        if self.days is not None and not least <= self.days <= most:
            raise ActivityRuleOutOfBounds(rule=str(self), least=least, most=most)

    def __str__(self) -> str:
        if self.kind == "purchase":
            return "purchase:auto" if self.days is None else f"purchase:{self.days}d"
        return f"subscription+{self.days}d" if self.days else "subscription"

    @property
    def settled_days(self) -> int:
        """Days of grace or window. Raises ActivityRuleUnsettled for `purchase:auto`."""
        if self.days is None:
            raise ActivityRuleUnsettled(rule=str(self))
        return self.days


def parse_rule(text: str) -> ActivityRule:
    """The rule that a text names: the opposite of `str(rule)`.

    Raises ActivityRuleUnknown, or ActivityRuleOutOfBounds for a number of days that makes no sense.
    """
    subscription = _SUBSCRIPTION.fullmatch(text)
    if subscription is not None:
        return ActivityRule("subscription", int(subscription[1] or 0))
    purchase = _PURCHASE.fullmatch(text)
    if purchase is not None:
        return ActivityRule("purchase", int(purchase[1]) if purchase[1] else None)
    raise ActivityRuleUnknown(text=text)


@dataclass(frozen=True)
class LearnedWindow:
    """A purchase window from the business's own gaps between purchases.

    `gaps` is how many gaps were seen, `covered_share` the share of them that are at most `days` (None if
    there are none), `learned` False when there were too few and the fallback was taken.
    """

    days: int
    gaps: int
    covered_share: float | None
    learned: bool


def _find_covering_days(gap_histogram: Mapping[int, int], gaps: int) -> int:
    """The smallest gap that, with all shorter ones, makes up the learned share."""
    seen = 0
    for gap in sorted(gap_histogram):
        seen += gap_histogram[gap]
        if seen >= LEARNED_SHARE * gaps:
            return gap
    return LEARNED_BOUNDS[1]


def learn_window(gap_histogram: Mapping[int, int]) -> LearnedWindow:
    """The window learned from gaps (days between consecutive purchase days of a customer -> how many).

    It is the smallest number of whole weeks within which 90% of the purchases that did follow another one
    came, between 7 and 730 days. In words: nine out of ten who come back, come back within it, so whoever
    stays away longer has probably left. Whole weeks, because buying follows the weekday.

    Only finished gaps count. The open one after a last purchase mostly belongs to people who never return, so
    a survival estimate over both would not reach 90% at all; and gaps longer than the data can't be seen, so
    in a short history the window is rather too small. Frequent buyers weigh more, having more gaps. Fewer
    than 30 gaps teach nothing: then it is 90 days, and `learned` says so.
    """
    counted = {gap: count for gap, count in gap_histogram.items() if gap > 0 and count > 0}
    gaps = sum(counted.values())
    learned = gaps >= LEAST_GAPS
    days = FALLBACK_WINDOW_DAYS
    if learned:
        whole_weeks = -(-_find_covering_days(counted, gaps) // 7) * 7
        days = max(LEARNED_BOUNDS[0], min(LEARNED_BOUNDS[1], whole_weeks))
    covered = sum(count for gap, count in counted.items() if gap <= days)
    return LearnedWindow(days, gaps, covered / gaps if gaps else None, learned)
