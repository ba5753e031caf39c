"""The truth of the demo business: how likely its customers are to leave, month by month.

Everything else of the demo is drawn from these numbers, so that what the pages measure can be held against them.
docs/guide/demo.md states them. Shares are fractions 0..1, months are Jalali (1..12).
"""

from dataclasses import dataclass

WINDOW_DAYS = 90
SHOP_RULE = f"purchase:{WINDOW_DAYS}d"
CLUB_RULE = "subscription"
STORY_MONTHS = 36
"""Whole months of history before the month in which the demo is made."""


@dataclass(frozen=True)
class Branch:
    """A location. `opens` is the month of the story, `weight` its share of newcomers, `once_share` of whom so
    many buy once only; the others leave with `leave_rate` in each month after their first window."""

    name: str
    city_code: str
    opens: int
    weight: float
    leave_rate: float
    once_share: float
    online: bool = False


BRANCHES = (
    Branch("تهران، ولیعصر", "021", 0, 24, 0.040, 0.18),
    Branch("تهران، سعادت‌آباد", "021", 5, 16, 0.050, 0.20),
    Branch("اصفهان، چهارباغ", "031", 0, 15, 0.030, 0.15),
    Branch("شیراز، عفیف‌آباد", "071", 8, 12, 0.045, 0.20),
    Branch("مشهد، احمدآباد", "051", 12, 13, 0.085, 0.26),
    Branch("فروشگاه آنلاین", "021", 2, 20, 0.100, 0.32, online=True),
)


@dataclass(frozen=True)
class Taste:
    """What a customer mostly comes for. `leave_factor` multiplies the branch's rate."""

    name: str
    line: str
    weight: float
    leave_factor: float


TASTES = (
    Taste("دانهٔ قهوه", "دانهٔ قهوه", 34, 0.8),
    Taste("قهوهٔ آسیاب‌شده", "قهوهٔ آسیاب‌شده", 26, 1.0),
    Taste("کپسول", "کپسول", 18, 1.4),
    Taste("نوشیدنی و شیرینی", "نوشیدنی و شیرینی", 22, 1.1),
)


@dataclass(frozen=True)
class Plan:
    """A monthly coffee subscription. Members end it with `leave_rate` in each month, wherever they live."""

    name: str
    weight: float
    leave_rate: float
    base_price: int
    """Toman a month at the start of the story."""


PLANS = (
    Plan("اشتراک کشف", 40, 0.070, 390_000),
    Plan("اشتراک خانه", 42, 0.040, 720_000),
    Plan("اشتراک دفتر", 18, 0.020, 2_400_000),
)

# How a rate changes over the Jalali year: Nowruz breaks habits, winter keeps them. The mean is 1.
MONTH_FACTORS = (1.4, 1.1, 1.0, 1.1, 1.1, 1.0, 0.9, 0.9, 0.8, 0.9, 0.9, 0.9)
# How newcomers are spread over the Jalali year: gifts in Esfand, nobody at Nowruz, Yalda in Azar.
ARRIVAL_FACTORS = (0.6, 0.9, 1.0, 0.9, 0.85, 0.95, 1.1, 1.1, 1.25, 1.0, 1.0, 1.5)

RETURN_SHARE = 0.20
"""Of those who left, so many come back, one to eight months later."""
RETURN_MONTHS = (1, 8)
ONCE_AGAIN_SHARE = 0.20
"""Of those who came back, so many buy once only."""
MOST_RETURNS = 2

MEMBER_SHARE = 0.15
"""Of the shops' customers, so many take a subscription one day."""
MEMBER_RETURN_SHARE = 0.12


def get_shop_leave_rate(branch: Branch, taste: Taste, month: int) -> float:
    """The probability that an established customer leaves in a Jalali month (1..12)."""
    return branch.leave_rate * taste.leave_factor * MONTH_FACTORS[month - 1]


def get_club_leave_rate(plan: Plan, month: int) -> float:
    """The probability that a member ends the subscription in a Jalali month (1..12)."""
    return plan.leave_rate * MONTH_FACTORS[month - 1]
