"""Money of days in the business's currency: each amount at its own day's rate, exactly, by month of the price index."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from vafa.data.business.queries import get_rate_table
from vafa.kit.fields import from_fixed
from vafa.lab.currencies import RATE_PLACES, RateTable
from vafa.lab.prices import NOMINAL, Money, PriceIndex
from vafa.measure.metrics.day_series import LEAST_DAY, MOST_DAY, ByCurrency, Columns
from vafa.measure.metrics.family import Asked
from vafa.measure.metrics.real_terms import NO_INDEX, NO_INDEX_THEN
from vafa.measure.metrics.types import LeftOutMoney
from vafa.warehouse.types import Query

LeftOut = Mapping[str, tuple[int, int]]
"""Currency -> how many orders, and how much money (ten-thousandths), have no rate."""


class UnpricedDay(Exception):
    """The index of prices does not tell of a day."""


@dataclass(frozen=True)
class Exchange:
    """How money is brought together: the rates, and the index where real terms are asked for."""

    rates: RateTable
    index: PriceIndex | None

    @property
    def fingerprint(self) -> tuple[object, ...]:
        """What tells it from another: sums that are kept for one must not answer for the other."""
        index = None if self.index is None else (self.index.base, self.index.months)
        return self.rates.fingerprint, index

    def find_factor(self, currency: str, day: int) -> Fraction | None:
        """What one unit of a currency on a day is worth in the own one, in real terms where these are asked for.

        None without a rate; UnpricedDay is raised without an index.
        """
        units = self.rates.find_units(currency, day)
        if units is None:
            return None
        rate = Fraction(units, 10**RATE_PLACES)
        if self.index is None:
            return rate
        real = self.index.find_factor(day)
        if real is None:
            raise UnpricedDay
        return rate * real

    def list_cuts(self, currencies: Iterable[str]) -> set[int]:
        """The days on which a rate or the month of the index changes."""
        cuts = {
            first
            for currency in currencies
            for first, _until, _units in self.rates.list_pieces(currency, LEAST_DAY, MOST_DAY)
        }
        if self.index is not None:
            cuts |= {first for first, _until, _key in self.index.list_pieces(LEAST_DAY, MOST_DAY)}
        return cuts


def list_exchange_cuts(asked: Asked, exchange: Exchange) -> set[int]:
    """The days between which money may be summed up before it is brought together."""
    codes = [code for (code,) in asked.snapshot.run(Query("SELECT code FROM currencies"))]
    return exchange.list_cuts(codes)


def get_exchange(asked: Asked) -> Exchange:
    """The rates of the business, and the index that the question asks for."""
    return Exchange(get_rate_table(asked.business.currency), asked.real.index if asked.real else None)


@dataclass(frozen=True)
class Sums:
    """Counted rows and money in the business's currency, and what had to stay out for want of a rate."""

    count: int = 0
    money: Money = field(default_factory=Money)
    left_out: LeftOut = field(default_factory=dict)

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(
            self.count + other.count, self.money + other.money, add_left_out(self.left_out, other.left_out)
        )


def add_left_out(one: LeftOut, other: LeftOut) -> LeftOut:
    """What stayed out of both."""
    if not one or not other:
        return one or other
    found = dict(one)
    for currency, (count, amount) in other.items():
        before = found.get(currency, (0, 0))
        found[currency] = (before[0] + count, before[1] + amount)
    return found


def sum_series(series: ByCurrency, start: int, end: int, exchange: Exchange, columns: Columns) -> Sums:
    """The sums over the days of [start, end) of what is counted, and of money."""
    counted = 0
    units: dict[int, int] = {}
    left: dict[str, tuple[int, int]] = {}
    for currency, days in series.items():
        if not days.sum(columns.rows, start, end):
            continue
        for first, until, rate in exchange.rates.list_pieces(currency, start, end):
            if not days.sum(columns.rows, first, until):
                continue
            found = days.sum(columns.counted, first, until)
            if rate is None:
                before = left.get(currency, (0, 0))
                left[currency] = (before[0] + found, before[1] + days.sum(columns.amount, first, until))
                continue
            counted += found
            for since, to, month in _list_months(exchange.index, first, until):
                if days.sum(columns.rows, since, to):
                    units[month] = units.get(month, 0) + days.sum(columns.amount, since, to) * rate
    return Sums(counted, Money(units), {name: kept for name, kept in left.items() if any(kept)})


def _list_months(index: PriceIndex | None, start: int, end: int) -> list[tuple[int, int, int]]:
    return [(start, end, NOMINAL)] if index is None else index.list_pieces(start, end)


def tell_money(asked: Asked, money: Money) -> tuple[Fraction | None, str | None]:
    """The sum, in real terms where they are asked for; without a value the reason."""
    if asked.lacks_index:
        return None, NO_INDEX
    told = money.tell(asked.real.index if asked.real else None)
    return told, NO_INDEX_THEN if told is None else None


def list_left_out(left_out: LeftOut) -> tuple[LeftOutMoney, ...]:
    """What stayed out, by currency."""
    return tuple(
        LeftOutMoney(currency, from_fixed(amount), orders)
        for currency, (orders, amount) in sorted(left_out.items())
    )
