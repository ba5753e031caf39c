"""The slow twin's reading of the records: whose each row is, what is a purchase, and how far the sources reach.

Plain Python over the rows of the records, straight from the definitions; nothing of the warehouse.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from vafa.data.business.queries import get_business
from vafa.data.customers.models import Customer
from vafa.data.log.models import Feed
from vafa.data.orders.models import OrderLine, ReturnLine
from vafa.data.subscriptions.models import Subscription

ORDER_FIELDS = ("location", "product_line", "product")
LEAST_GAPS, FALLBACK_DAYS = 30, 90


@dataclass(frozen=True)
class Purchase:
    """One line that makes its customer active."""

    customer: int
    day: int
    line: OrderLine


def naive_field(line: OrderLine, field: str) -> str:
    """An order line's value of a field; "" where it is not known."""
    value = getattr(line, field)
    if value is None:
        return ""
    name: str = value.name or value.code if field == "product" else value.name
    return name


class TwinRows:
    """The records as they are now."""

    def __init__(self) -> None:
        self.business = get_business()
        self.customers = {row.pk: row for row in Customer.objects.all()}
        self.lines = list(OrderLine.objects.select_related(*ORDER_FIELDS))
        self.returns = list(ReturnLine.objects.all())
        self.subscriptions = list(Subscription.objects.all())
        self.feeds = list(Feed.objects.all())
        self.roots = {pk: self.naive_root(pk) for pk in self.customers}
        self.counted = {root for root in self.roots.values() if not self.customers[root].excluded}
        self.cancelled = self.naive_cancelled()
        self.purchases = [
            Purchase(self.roots[line.customer_id], line.day.toordinal(), line)
            for line in self.lines
            if self.is_purchase(line) and line.customer_id and self.roots[line.customer_id] in self.counted
        ]

    def naive_root(self, pk: int) -> int:
        """The customer as whom the figures take this one."""
        while (kept := self.customers[pk].kept_id) is not None:
            pk = kept
        return pk

    def is_hidden(self, line: OrderLine) -> bool:
        """Whether the line's customer is excluded from all figures."""
        return line.customer_id is not None and self.roots[line.customer_id] not in self.counted

    def is_purchase(self, line: OrderLine) -> bool:
        """Quantity and amount above zero, of an order that counts and was not taken back whole."""
        order = (line.source_id, line.order_key)
        return line.counts and line.quantity > 0 and line.amount > 0 and order not in self.cancelled

    def naive_cancelled(self) -> set[tuple[int, str]]:
        """The orders of which all that was bought was taken back, by quantity or by amount."""
        bought: dict[tuple[int, str], list[OrderLine]] = defaultdict(list)
        back: dict[tuple[int, str], list[tuple[Decimal, Decimal, str]]] = defaultdict(list)
        for line in self.lines:
            order = (line.source_id, line.order_key)
            if line.counts and line.quantity > 0 and line.amount > 0:
                bought[order].append(line)
            if line.counts and line.quantity < 0:
                back[order].append((-line.quantity, max(-line.amount, Decimal(0)), line.currency))
        for row in self.returns:
            if row.order_key:
                back[row.source_id, row.order_key].append(
                    (abs(row.quantity or Decimal(0)), abs(row.amount or Decimal(0)), row.currency)
                )
        cancelled = set()
        for order, lines in bought.items():
            taken = back.get(order, [])
            every = [
                row.currency for row in self.lines if (row.source_id, row.order_key) == order and row.counts
            ]
            one_currency = len({*every, *(currency for _q, _a, currency in taken)} - {""}) <= 1
            by_quantity = sum(q for q, _a, _c in taken) >= sum(line.quantity for line in lines)
            by_amount = sum(a for _q, a, _c in taken) >= sum(line.amount for line in lines)
            if taken and (by_quantity or (by_amount and one_currency)):
                cancelled.add(order)
        return cancelled

    @staticmethod
    def naive_until(row: Subscription) -> int | None:
        """The first day (ordinal) without a subscription: a pack's last session is used on its last day."""
        ends = [row.ended_on.toordinal()] if row.ended_on else []
        is_used_up = bool(row.sessions) and (row.sessions_used or 0) >= (row.sessions or 0)
        if is_used_up and row.last_visit_on:
            ends.append(max(row.last_visit_on.toordinal() + 1, row.started_on.toordinal()))
        return min(ends, default=None)

    # How far the sources reach

    def naive_end(self, kind: str) -> int | None:
        """The first day (ordinal) of which not every open source of this kind has told."""
        ends = {True: [], False: []}  # type: dict[bool, list[int]]
        for source in {feed.source_id for feed in self.feeds} | {row.source_id for row in self._facts(kind)}:
            feed = next((row for row in self.feeds if (row.source_id, row.kind) == (source, kind)), None)
            last = self._find_last(kind, source, feed)
            if feed is not None and feed.complete_through is not None:
                last = feed.complete_through.toordinal()
            if last is not None:
                ends[feed is not None and feed.closed].append(last + 1)
        return min(ends[False]) if ends[False] else max(ends[True], default=None)

    def naive_first(self, kind: str) -> int | None:
        """The day (ordinal) of the first fact of this kind."""
        return min((self._starts(row) for row in self._facts(kind)), default=None)

    def _facts(self, kind: str) -> list[OrderLine] | list[Subscription]:
        return self.lines if kind == "orders" else self.subscriptions

    @staticmethod
    def _starts(row: OrderLine | Subscription) -> int:
        return (row.day if isinstance(row, OrderLine) else row.started_on).toordinal()

    def _find_last(self, kind: str, source: int, feed: Feed | None) -> int | None:
        received = None
        if feed is not None and feed.last_received_at is not None:
            received = feed.last_received_at.astimezone(ZoneInfo(self.business.zone)).date().toordinal()
        days: list[int] = []
        for row in self._facts(kind):
            if row.source_id != source:
                continue
            told = [self._starts(row)]
            if isinstance(row, Subscription) and row.last_visit_on:
                told.append(row.last_visit_on.toordinal())
            days += [day if received is None else min(day, received) for day in told]
            ended = row.ended_on.toordinal() if isinstance(row, Subscription) and row.ended_on else None
            if ended is not None and received is not None and ended <= received:
                days.append(ended)
        return max(days, default=None)

    # What the gaps teach

    def naive_learned_days(self) -> int:
        """The window of `purchase:auto`: whole weeks that hold nine of ten gaps, between 7 and 730 days."""
        days: dict[int, set[int]] = defaultdict(set)
        for purchase in self.purchases:
            days[purchase.customer].add(purchase.day)
        gaps = Counter(
            later - earlier
            for own in days.values()
            for earlier, later in zip(sorted(own), sorted(own)[1:], strict=False)
        )
        if gaps.total() < LEAST_GAPS:
            return FALLBACK_DAYS
        covering = next(
            gap
            for gap in sorted(gaps)
            if 10 * sum(n for g, n in gaps.items() if g <= gap) >= 9 * gaps.total()
        )
        weeks = next(week for week in range(1, 1000) if 7 * week >= covering)
        return max(7, min(730, 7 * weeks))


def to_day(ordinal: int) -> date:
    """A day from its ordinal."""
    return date(1, 1, 1) + timedelta(days=ordinal - 1)
