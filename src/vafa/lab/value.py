"""What customers bring and what they cost: frequency, revenue and margin for each, acquisition, payback.

Sums of money are exact fractions of the currency. A quotient of nothing is unknown, never 0.
"""

import itertools
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from vafa.lab.errors import MarginOutOfBounds

DAYS_A_MONTH = Fraction(3652425, 120000)
"""A twelfth of the Gregorian calendar's mean year, in days (30.436875): the month of figures by month."""

ALWAYS = 0
"""The first day of a margin that holds from the beginning."""


def divide(amount: Fraction | None, count: Fraction | int | None) -> Fraction | None:
    """A quotient; None where either is unknown, or where there is nothing to divide by."""
    return None if amount is None or not count else Fraction(amount) / count


class MarginTable:
    """The share of revenue that is left after the cost of the goods, by day: each holds until the next begins.

    Raises MarginOutOfBounds for a share that isn't above 0 and at most 1.
    """

    def __init__(self, steps: Iterable[tuple[int, Decimal]]) -> None:
        ordered = sorted(steps)
        for _day, share in ordered:
            if not 0 < share <= 1:
                raise MarginOutOfBounds(share=float(share))
        self._days = [day for day, _share in ordered]
        self._shares = [Fraction(share) for _day, share in ordered]

    def __bool__(self) -> bool:
        return bool(self._days)

    def find_share(self, day: int) -> Fraction | None:
        """The margin of a day (ordinal); None before the first."""
        place = bisect_right(self._days, day) - 1
        return None if place < 0 else self._shares[place]

    def list_boundaries(self, start: int, end: int) -> list[tuple[int, int, Fraction | None]]:
        """[start, end) cut where the margin changes: (from, until, margin or None)."""
        cuts = [start, *(day for day in self._days if start < day < end), end]
        return [
            (first, after, self.find_share(first))
            for first, after in itertools.pairwise(cuts)
            if first < after
        ]


@dataclass(frozen=True)
class Spend:
    """Money spent on winning customers over the days [start, end) (ordinals), evenly by day."""

    amount: Fraction
    start: int
    end: int


def spread_spend(spend: Spend, start: int, end: int) -> Fraction:
    """The part of it that falls on the days of [start, end)."""
    days = min(end, spend.end) - max(start, spend.start)
    return spend.amount * days / (spend.end - spend.start) if days > 0 else Fraction(0)


def build_cac(spend: Fraction | None, newcomers: int) -> Fraction | None:
    """Acquisition cost: marketing spend of a period for each customer who came for the first time ever in it."""
    return divide(spend, newcomers)


def build_clv_to_cac(clv: Fraction | None, cac: Fraction | None) -> Fraction | None:
    """How many times a customer has brought in what winning one costs."""
    return divide(clv, cac)


def build_payback_months(
    cac: Fraction | None, margin: Fraction | None, active: Fraction, days: int
) -> Fraction | None:
    """Months until a new customer has earned back what winning one cost: CAC / (margin of an active customer a month).

    `margin` is the period's gross margin, `active` the mean of the customers active at its start and its end, `days`
    its length. None where the margin isn't above 0: then nothing is ever earned back.
    """
    if margin is None or margin <= 0 or active <= 0 or days <= 0:
        return None
    return divide(cac, margin / active / days * DAYS_A_MONTH)


@dataclass(frozen=True)
class OrderRetention:
    """Revenue from the customers who were active at a period's start: in it, in as many days before, and what of the
    former each customer's own latter covers (the smaller of both, customer by customer).

    Sums over customers, in any unit of money; those of two groups without a common customer add up.
    """

    before: int = 0
    now: int = 0
    covered: int = 0
    customers: int = 0

    def __add__(self, other: "OrderRetention") -> "OrderRetention":
        return OrderRetention(
            self.before + other.before,
            self.now + other.now,
            self.covered + other.covered,
            self.customers + other.customers,
        )

    @property
    def net(self) -> Fraction | None:
        """now / before: 1 where as much came from them as before; None where nothing came before."""
        return Fraction(self.now, self.before) if self.before > 0 else None

    @property
    def gross(self) -> Fraction | None:
        """covered / before: nobody's growth makes up for another's loss, so never above 1 or above `net`."""
        return Fraction(self.covered, self.before) if self.before > 0 else None


def build_order_retention(before: Sequence[int], now: Sequence[int]) -> OrderRetention:
    """From each customer's revenue before and in the period, in the same order."""
    covered = sum(min(pair) for pair in zip(before, now, strict=True))
    return OrderRetention(sum(before), sum(now), covered, len(before))


@dataclass(frozen=True)
class ReturnCounts:
    """Goods sold and sent back. Units are whole ten-thousandths of a piece; parts by customer add up.

    `returned` counts all units sent back on a day of the period, whenever they were sold. `orders_returned` are the
    period's `orders` of which anything has been sent back at any time. `unmatched` returns name no order that is
    known: they count in units only. `unmeasured` returns don't say how many units came back.
    """

    sold: int = 0
    returned: int = 0
    orders: int = 0
    orders_returned: int = 0
    returns: int = 0
    unmatched: int = 0
    unmeasured: int = 0

    def __add__(self, other: "ReturnCounts") -> "ReturnCounts":
        return ReturnCounts(
            self.sold + other.sold,
            self.returned + other.returned,
            self.orders + other.orders,
            self.orders_returned + other.orders_returned,
            self.returns + other.returns,
            self.unmatched + other.unmatched,
            self.unmeasured + other.unmeasured,
        )

    @property
    def rate_units(self) -> Fraction | None:
        """Units sent back for each unit sold; above 1 where goods of earlier periods come back. None without sales."""
        return Fraction(self.returned, self.sold) if self.sold > 0 else None


def naive_purchase_frequency(
    orders: Iterable[tuple[int, int]], purchases: Iterable[tuple[int, int]], start: int, end: int
) -> Fraction | None:
    """The slow twin: orders (customer, day of the first purchase) of [start, end) for each customer with a purchase
    (customer, day) in it. Who only adds to an order of an earlier period buys, but places no order."""
    placed = sum(start <= day < end for _customer, day in orders)
    buyers = {customer for customer, day in purchases if start <= day < end}
    return divide(Fraction(placed), len(buyers))


def naive_revenue_per_customer(
    moves: Iterable[tuple[int | None, int, Fraction]], buyers: Iterable[int], start: int, end: int
) -> Fraction | None:
    """Revenue (customer, day, amount) of known customers in [start, end) for each of those who bought in it."""
    amounts = [amount for customer, day, amount in moves if customer is not None and start <= day < end]
    return divide(sum(amounts, Fraction(0)), len(set(buyers)))


def naive_historical_clv(
    moves: Iterable[tuple[int | None, int, Fraction]],
    margins: Sequence[tuple[int, Decimal]],
    first_starts: Mapping[int, int],
    end: int,
) -> Fraction | None:
    """The slow twin: the margin of all revenue (customer, day, amount) of known customers on days before `end`, for
    each customer whose first-ever start is before it. Without any margin it is revenue; before the first it's unknown.
    """
    total = Fraction(0)
    for customer, day, amount in moves:
        if customer is None or day >= end:
            continue
        if not margins:
            total += amount
            continue
        held = [step for step in margins if step[0] <= day]
        if not held:
            return None
        total += amount * Fraction(max(held)[1])
    return divide(total, sum(start < end for start in first_starts.values()))


def naive_spend(spends: Iterable[Spend], start: int, end: int) -> Fraction:
    """The slow twin of the spend of [start, end): day by day."""
    return sum(
        (
            spend.amount / (spend.end - spend.start)
            for spend in spends
            for day in range(spend.start, spend.end)
            if start <= day < end
        ),
        Fraction(0),
    )


def naive_order_retention(
    moves: Iterable[tuple[int | None, int, int]], active: Iterable[int], start: int, end: int
) -> OrderRetention:
    """The slow twin, from revenue (customer, day, units): customer by customer, days [2 start - end, start) against
    [start, end)."""
    told, members = list(moves), sorted(set(active))
    before = [_sum_of(told, customer, 2 * start - end, start) for customer in members]
    now = [_sum_of(told, customer, start, end) for customer in members]
    found = OrderRetention(customers=len(members))
    for earlier, later in zip(before, now, strict=True):
        found += OrderRetention(earlier, later, min(earlier, later))
    return found


def _sum_of(moves: Iterable[tuple[int | None, int, int]], customer: int, start: int, end: int) -> int:
    return sum(units for who, day, units in moves if who == customer and start <= day < end)


def naive_return_counts(
    orders: Iterable[tuple[str, int, int]],
    returns: Iterable[tuple[str, int, int | None]],
    start: int,
    end: int,
) -> ReturnCounts:
    """The slow twin, from orders' lines (order, day, units) and returns (order or "", day, units or None)."""
    sold, sent_back = list(orders), list(returns)
    first_days: dict[str, int] = {}
    for order, day, _units in sold:
        first_days[order] = min(day, first_days.get(order, day))
    placed = {order for order, day in first_days.items() if start <= day < end}
    inside = [(order, units) for order, day, units in sent_back if start <= day < end]
    return ReturnCounts(
        sold=sum(units for _order, day, units in sold if start <= day < end),
        returned=sum(units or 0 for _order, units in inside),
        orders=len(placed),
        orders_returned=len(placed & {order for order, _day, _units in sent_back}),
        returns=len(inside),
        unmatched=sum(order not in first_days for order, _units in inside),
        unmeasured=sum(units is None for _order, units in inside),
    )
