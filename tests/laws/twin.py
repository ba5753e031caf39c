"""The slow twin of every figure: plain Python over the rows of the records, customer by customer, day by day."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from statistics import NormalDist

from tests.laws.twin_rows import ORDER_FIELDS, TwinRows, naive_field, to_day
from vafa.data.business.models import CurrencyRate
from vafa.data.orders.models import OrderLine

SETS = (
    "start",
    "end",
    "kept",
    "lost",
    "new",
    "reactivated",
    "joined_and_left",
    "moved",
    "article_difference",
)
COUNTS = {f"customers_{name}": name for name in ("start", "end", "new", "kept", "lost", "reactivated")}
MEMBERSHIP = (*COUNTS, "crr", "churn_rate", "net_change_rate", "growth_rate")
METRICS = (*MEMBERSHIP, "repeat_purchase_rate", "mean_days_between_purchases", "average_order_value")
By = tuple[str, str] | None
"""A dimension and its value."""


@dataclass(frozen=True)
class NaiveRule:
    """`kind` is "purchase" or "subscription"; `days` the window, or the grace."""

    kind: str
    days: int


@dataclass
class NaiveMoves:
    """Who was active at the ends of a period and at any boundary of it, and who moved."""

    sets: dict[str, set[int]] = field(default_factory=lambda: {name: set() for name in SETS})
    ever: set[int] = field(default_factory=set)


def naive_interval(successes: int, trials: int) -> tuple[float, float]:
    """Wilson's 95% interval as the two roots p of (successes/trials - p)^2 = z^2 p (1 - p) / trials."""
    z, share = NormalDist().inv_cdf(0.975), successes / trials
    a, b, c = 1 + z * z / trials, -(2 * share + z * z / trials), share * share
    root = max(b * b - 4 * a * c, 0) ** 0.5
    return (-b - root) / (2 * a), (-b + root) / (2 * a)


class Twin(TwinRows):
    """Every figure, straight from its definition."""

    def __init__(self) -> None:
        super().__init__()
        self._active: dict[tuple[NaiveRule, By], dict[int, set[int]]] = {}
        self._horizon = max([self.naive_end(kind) or 0 for kind in ("orders", "subscriptions")]) + 1

    def naive_rule(self, text: str) -> NaiveRule:
        """A rule from its text."""
        if text == "purchase:auto":
            return NaiveRule("purchase", self.naive_learned_days())
        kind, _mark, days = text.replace("+", ":").partition(":")
        return NaiveRule(kind, int(days.rstrip("d") or 0))

    # Groups

    def naive_values(self, dimension: str) -> list[str]:
        """The values of a dimension that have a customer; "" is "not known"."""
        if dimension in ORDER_FIELDS:
            return sorted({naive_field(purchase.line, dimension) for purchase in self.purchases})
        if dimension == "plan":
            own = [row for row in self.subscriptions if self.roots[row.customer_id] in self.counted]
            return sorted({row.plan for row in own})
        return sorted({self._trait(customer, dimension) for customer in self.counted})

    def _trait(self, customer: int, dimension: str) -> str:
        row = self.customers[customer]
        if dimension == "customer_location":
            return row.location
        return str(row.custom.get(dimension.removeprefix("custom:"), ""))

    def _has_trait(self, customer: int, by: By) -> bool:
        return by is None or not is_of_customer(by[0]) or self._trait(customer, by[0]) == by[1]

    # Membership

    def naive_active(self, rule: NaiveRule, by: By) -> dict[int, set[int]]:
        """Customer -> all boundaries (ordinals) at which he is active."""
        own = by if by is not None and not is_of_customer(by[0]) else None
        key = (rule, own)
        if key not in self._active:
            self._active[key] = (
                self._list_bought(rule, own) if rule.kind == "purchase" else self._list_held(rule, own)
            )
        return {
            customer: boundaries
            for customer, boundaries in self._active[key].items()
            if self._has_trait(customer, by)
        }

    def _list_bought(self, rule: NaiveRule, by: By) -> dict[int, set[int]]:
        boundaries: dict[int, set[int]] = defaultdict(set)
        for customer, day in self._list_purchase_days(by):
            # A purchase on day d makes the boundaries d+1 .. d+W active.
            boundaries[customer].update(range(day + 1, day + rule.days + 1))
        return boundaries

    def _list_held(self, rule: NaiveRule, by: By) -> dict[int, set[int]]:
        covered: dict[int, set[int]] = defaultdict(set)
        for customer, start, end in self._list_subscriptions(by):
            last = self._horizon + 1 if end is None else min(end + rule.days, self._horizon + 1)
            covered[customer].update(range(start, last))
        # A boundary lies inside a spell when the day before it and the day that it begins are covered.
        return {customer: {day for day in days if day - 1 in days} for customer, days in covered.items()}

    def _list_purchase_days(self, by: By) -> list[tuple[int, int]]:
        return [
            (purchase.customer, purchase.day)
            for purchase in self.purchases
            if by is None or naive_field(purchase.line, by[0]) == by[1]
        ]

    def _list_subscriptions(self, by: By) -> list[tuple[int, int, int | None]]:
        return [
            (
                self.roots[row.customer_id],
                row.started_on.toordinal(),
                self.naive_until(row),
            )
            for row in self.subscriptions
            if self.roots[row.customer_id] in self.counted
            and self.naive_until(row) != row.started_on.toordinal()
            and (by is None or row.plan == by[1])
        ]

    def naive_first_starts(self, rule: NaiveRule, by: By) -> dict[int, int]:
        """Customer -> first-ever start: the earlier of the day of joining and the first spell. A newcomer to a
        group of an order's field is whoever first bought in it."""
        own = by if by is not None and not is_of_customer(by[0]) else None
        starts: dict[int, list[int]] = defaultdict(list)
        if rule.kind == "purchase":
            for customer, day in self._list_purchase_days(own):
                starts[customer].append(day)
        else:
            for customer, start, _end in self._list_subscriptions(own):
                starts[customer].append(start)
        if own is None:
            for pk, row in self.customers.items():
                if row.joined_on is not None:
                    starts[self.roots[pk]].append(row.joined_on.toordinal())
        return {customer: min(days) for customer, days in starts.items()}

    def naive_moves(self, rule: NaiveRule, by: By, start: int, end: int) -> NaiveMoves:
        """The movement of [start, end), every customer looked at on every boundary."""
        moves, firsts, everywhere = (
            NaiveMoves(),
            self.naive_first_starts(rule, by),
            self.naive_active(rule, None),
        )
        sets = moves.sets
        overlap = by is not None and not is_of_customer(by[0])
        for customer, boundaries in self.naive_active(rule, by).items():
            at_start, at_end = start in boundaries, end in boundaries
            newcomer = start <= firsts[customer] < end
            inside = any(boundary in boundaries for boundary in range(start + 1, end))
            if at_start or at_end or inside:
                moves.ever.add(customer)
            if at_start:
                sets["start"].add(customer)
                sets["kept" if at_end else "lost"].add(customer)
            if at_end:
                sets["end"].add(customer)
            if at_end and not at_start:
                sets["new" if newcomer else "reactivated"].add(customer)
            if inside and newcomer and not at_start and not at_end:
                sets["joined_and_left"].add(customer)
            if overlap and at_start and not at_end and end in everywhere.get(customer, set()):
                sets["moved"].add(customer)
        # The articles' E takes who came back for kept, and their N holds who came and left again.
        sets["article_difference"] = sets["reactivated"] | sets["joined_and_left"]
        return moves

    # Values, with the bounds of their intervals

    def naive_value(
        self, metric: str, rule: NaiveRule, by: By, start: int, end: int, denominator: str = "start"
    ) -> tuple[float | None, float | None, float | None]:
        """A metric of [start, end); None where there is nothing to divide by."""
        if metric == "average_order_value":
            average = self.naive_order_value(by, start, end)
            return (None if average is None else float(average)), None, None
        if metric not in MEMBERSHIP:
            return self._tell_habit(metric, by, start, end)
        moves = self.naive_moves(rule, by, start, end)
        size = {name: len(members) for name, members in moves.sets.items()}
        if metric in COUNTS:
            return size[COUNTS[metric]], None, None
        below = {
            "start": size["start"],
            "average": (size["start"] + size["end"]) / 2,
            "ever": len(moves.ever),
        }[denominator]
        above = {
            "crr": size["kept"],
            "churn_rate": size["lost"],
            "net_change_rate": size["end"] - size["start"],
            "growth_rate": size["new"] + size["reactivated"],
        }[metric]
        if not below:
            return None, None, None
        is_share = metric in ("crr", "churn_rate") and denominator != "average"
        return above / below, *(naive_interval(above, int(below)) if is_share else (None, None))

    def _tell_habit(
        self, metric: str, by: By, start: int, end: int
    ) -> tuple[float | None, float | None, float | None]:
        days: dict[int, set[int]] = defaultdict(set)
        own = by if by is not None and not is_of_customer(by[0]) else None
        for customer, day in self._list_purchase_days(own):
            if start <= day < end and self._has_trait(customer, by):
                days[customer].add(day)
        if metric == "repeat_purchase_rate":
            again = sum(len(own_days) >= 2 for own_days in days.values())
            return (again / len(days), *naive_interval(again, len(days))) if days else (None, None, None)
        gaps = [b - a for ds in days.values() for a, b in zip(sorted(ds), sorted(ds)[1:], strict=False)]
        return (sum(gaps) / len(gaps) if gaps else None), None, None

    # Money

    def naive_order_value(self, by: By, start: int, end: int) -> Decimal | None:
        """Revenue of the orders whose first purchase is in [start, end), over their number; without those that no
        rate brings into the business's currency. A group's orders are its lines of them, and a number that several
        customers share is an order of each."""
        orders: dict[tuple[object, ...], list[OrderLine]] = defaultdict(list)
        for line in self.lines:
            if self._is_in_scope(line, by):
                whose = self.roots[line.customer_id] if line.customer_id else None
                orders[line.source_id, line.order_key, line.currency, whose].append(line)
        values = []
        for lines in orders.values():
            day = min((line.day for line in lines if self.is_purchase(line)), default=None)
            rate = None if day is None else self._find_rate(lines[0].currency, day)
            if day is not None and rate is not None and start <= day.toordinal() < end:
                values.append(sum((self._tell_revenue(line) for line in lines), Decimal(0)) * rate)
        return sum(values, Decimal(0)) / len(values) if values else None

    def _is_in_scope(self, line: OrderLine, by: By) -> bool:
        if not line.counts or self.is_hidden(line):
            return False
        if by is None:
            return True
        if by[0] in ORDER_FIELDS:
            return naive_field(line, by[0]) == by[1]
        return line.customer_id is not None and self._trait(self.roots[line.customer_id], by[0]) == by[1]

    def _tell_revenue(self, line: OrderLine) -> Decimal:
        parts = self.business.revenue_parts
        value: Decimal = line.amount
        value -= (line.discount or 0) if parts["less_discount"] else 0
        value += (line.tax or 0) if parts["tax"] else 0
        return value + ((line.shipping or 0) if parts["shipping"] else 0)

    def _find_rate(self, currency: str, day: date) -> Decimal | None:
        if currency in ("", self.business.currency):
            return Decimal(1)
        known = [
            row for row in CurrencyRate.objects.all() if row.currency == currency and row.valid_from <= day
        ]
        return max(known, key=lambda row: row.valid_from).rate if known else None

    # Cohorts

    def naive_cohorts(
        self, periods: Iterable[tuple[date, date]], until: int, count: str
    ) -> dict[date, list[int | None]]:
        """First day of a period -> how many of those first seen in it are seen in it and in each one after."""
        seen: dict[int, set[date]] = defaultdict(set)
        for line in self.lines:
            if line.customer_id is None or self.is_hidden(line) or line.day.toordinal() >= until:
                continue
            if count == "all" or self.is_purchase(line):
                seen[self.roots[line.customer_id]].add(line.day)
        spans = list(periods)
        table: dict[date, list[int | None]] = {}
        for place, (start, end) in enumerate(spans):
            members = [days for days in seen.values() if start <= min(days) < end]
            if members:
                table[start] = [
                    sum(any(a <= day < b for day in days) for days in members) if a < to_day(until) else None
                    for a, b in spans[place:]
                ]
        return table


def is_of_customer(dimension: str) -> bool:
    """Whether a dimension is a customer's own field, so that its groups add up."""
    return dimension in ("customer_location", "company") or dimension.startswith("custom:")
