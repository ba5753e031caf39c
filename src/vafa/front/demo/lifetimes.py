"""Drawing how long people stay: first the spells, so that the truth is known; purchases are laid into them later.

A spell [start, end) means what the activity rules mean by it: active at a boundary D if start < D < end. A
customer's risk of a month is the probability, given that they are active when it begins, of not being active when
it ends.
"""

from dataclasses import dataclass
from random import Random

from vafa.front.demo.calendar import Month, Story
from vafa.front.demo.rates import (
    MEMBER_RETURN_SHARE,
    MOST_RETURNS,
    ONCE_AGAIN_SHARE,
    RETURN_MONTHS,
    RETURN_SHARE,
    WINDOW_DAYS,
    Branch,
    Plan,
    Taste,
    get_club_leave_rate,
    get_shop_leave_rate,
)

# A single purchase on day d makes a spell that ends on d + this.
LEAST_DAYS = WINDOW_DAYS + 1
# Nobody comes back on the day after leaving.
LEAST_PAUSE_DAYS = 15


@dataclass(frozen=True)
class TrueSpell:
    """A spell [start, end) in ordinals, and the risk that ran in each of the months it met (place -> risk)."""

    start: int
    end: int
    risks: dict[int, float]

    @property
    def last_purchase(self) -> int:
        """The day of the purchase after which nobody came, for spells of purchases."""
        return self.end - LEAST_DAYS


def draw_shop_spells(
    random: Random, story: Story, first_day: int, branch: Branch, taste: Taste
) -> list[TrueSpell]:
    """The spells of a customer of the shops, who first buys on a day."""
    spells: list[TrueSpell] = []
    start: int | None = first_day
    while start is not None and len(spells) <= MOST_RETURNS:
        once_share = ONCE_AGAIN_SHARE if spells else branch.once_share
        spells.append(_draw_shop_spell(random, story, start, branch, taste, once_share))
        start = _draw_return(random, story, spells[-1].end, RETURN_SHARE)
    return spells


def _draw_shop_spell(
    random: Random, story: Story, start: int, branch: Branch, taste: Taste, once_share: float
) -> TrueSpell:
    risks: dict[int, float] = {}
    established = start + LEAST_DAYS
    for place, month in enumerate(story.months):
        if month.end < established or month.start <= start:
            continue
        first_time = established > month.start
        risk = once_share if first_time else get_shop_leave_rate(branch, taste, month.number)
        risks[place] = risk
        if random.random() < risk:
            return TrueSpell(start, established if first_time else _draw_end(random, month), risks)
    return TrueSpell(start, story.months[-1].end + LEAST_DAYS, risks)


def draw_club_spells(random: Random, story: Story, first_day: int, plan: Plan) -> list[TrueSpell]:
    """The spells of a member of the coffee club, who joins on a day."""
    spells: list[TrueSpell] = []
    start: int | None = first_day
    while start is not None and len(spells) <= 1:
        spells.append(_draw_club_spell(random, story, start, plan))
        start = _draw_return(random, story, spells[-1].end, MEMBER_RETURN_SHARE)
    return spells


def _draw_club_spell(random: Random, story: Story, start: int, plan: Plan) -> TrueSpell:
    risks: dict[int, float] = {}
    for place, month in enumerate(story.months):
        if month.start <= start:
            continue
        risks[place] = get_club_leave_rate(plan, month.number)
        if random.random() < risks[place]:
            return TrueSpell(start, _draw_end(random, month), risks)
    return TrueSpell(start, story.months[-1].end + LEAST_DAYS, risks)


def _draw_end(random: Random, month: Month) -> int:
    """A day on which a spell ends so that it is active when the month begins, and not when it is over."""
    return random.randint(month.start + 1, month.end)


def _draw_return(random: Random, story: Story, left: int, share: float) -> int | None:
    """The day of coming back; None for those who don't, or not before the story's end."""
    if random.random() >= share:
        return None
    back = left + LEAST_PAUSE_DAYS + random.randint(RETURN_MONTHS[0] * 15, RETURN_MONTHS[1] * 30)
    return back if back < story.months[-1].start else None
