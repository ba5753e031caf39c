"""Values and errors that cross the costs room's doors."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from vafa.kit.errors import AskedWrongly
from vafa.lab.prices import PriceIndex


class CostUnusable(AskedWrongly):
    """A margin, a spend or a month of the index can't be kept as it was given."""

    code = "cost_unusable"


@dataclass(frozen=True)
class ToldIndex:
    """The business's index of prices, whose it is, and the months it tells of: [first, until)."""

    index: PriceIndex
    source: str
    first: date
    until: date


@dataclass(frozen=True)
class ToldSpend:
    """A spend as it was told: an amount over the days [start, end)."""

    id: int
    start: date
    end: date
    amount: Decimal
    currency: str
    channel: str
    location: str
    source: str
