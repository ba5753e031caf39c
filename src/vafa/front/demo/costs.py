"""What the demo business spends on winning customers, and how prices rise around it, as files."""

from datetime import date
from decimal import Decimal

from vafa.front.demo.calendar import Story
from vafa.front.demo.files import SHOP, DemoFile, Row
from vafa.front.demo.goods import INFLATION_A_MONTH, get_price
from vafa.front.demo.rates import BRANCHES
from vafa.lab.calendars import split_date

# The index is made up, and says so: it rises as the shop's own prices do, so that in real terms they stay the same.
INDEX_SOURCE = "شاخص ساختگی نمایش"
INDEX_AT_FIRST = 100
# Toman a month for each of a branch's hundredths of all newcomers, at the first month's prices, of 5,000 customers.
SPEND_A_WEIGHT = 1_000_000
SPEND_FOR_CUSTOMERS = 5_000
CHANNELS = (("اینستاگرام", 60), ("پیامک", 25), ("گوگل", 15))
# From the beginning, and from which month of the story on.
MARGINS = ((None, Decimal("0.42")), (24, Decimal("0.38")))

SPEND = DemoFile(
    "shop-spend.csv",
    "spend",
    SHOP,
    {"month": "ماه", "channel": "کانال", "location": "شعبه", "amount": "هزینه"},
)
PRICES = DemoFile("price-index.csv", "prices", INDEX_SOURCE, {"month": "ماه", "index": "شاخص"})


def list_spend_rows(story: Story, customers: int) -> list[Row]:
    """Each whole month's spend by branch and channel."""
    return [
        (
            _write_month(month.start),
            channel,
            branch.name,
            get_price(int(SPEND_A_WEIGHT * branch.weight * share / 100), place)
            * customers
            // SPEND_FOR_CUSTOMERS,
        )
        for place, month in enumerate(story.whole_months)
        for branch in BRANCHES
        for channel, share in CHANNELS
        if branch.opens <= place
    ]


def list_price_rows(story: Story) -> list[Row]:
    """The index of each whole month."""
    return [
        (_write_month(month.start), round(INDEX_AT_FIRST * (1 + INFLATION_A_MONTH) ** place, 2))
        for place, month in enumerate(story.whole_months)
    ]


def _write_month(start: int) -> str:
    """A month as 1403/01."""
    day = split_date(date.fromordinal(start), "jalali")
    return f"{day.year}/{day.month:02d}"
