"""One published state of the warehouse: who was active when, and any question in SQL."""

import threading
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar, cast

import duckdb
import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from vafa.lab.rules import ActivityRule, LearnedWindow, learn_window
from vafa.lab.sets import SpellIndex, build_set, list_members
from vafa.lab.spells import (
    OPEN_END,
    CurrentSpells,
    Ints,
    Spells,
    build_all_purchase_spells,
    build_all_subscription_spells,
    build_current_spells,
    build_first_spells,
    build_first_starts,
)
from vafa.warehouse import groups as grouping
from vafa.warehouse.day_sets import WHOLE, DaySets
from vafa.warehouse.engine import READ_MEMORY, connect, fetch_columns, with_members
from vafa.warehouse.freshness import build_freshness
from vafa.warehouse.keeping import MOST_BYTES, Kept
from vafa.warehouse.layout import Manifest
from vafa.warehouse.people import People
from vafa.warehouse.published import Floats, read_about, read_column, read_stamp
from vafa.warehouse.purchases import Purchases
from vafa.warehouse.reading_views import create_reading_views
from vafa.warehouse.spans import LEAST_SPAN, ROWS, Span, Until, build_start_sets, carry_spans
from vafa.warehouse.types import Entity, Freshness, Group, Query, State

T = TypeVar("T")

_BYTES = 16 << 20


class Snapshot:
    """An immutable state of the copy; safe to use from several threads.

    Sets hold customers' numbers (ix), which are the same within one snapshot only: keep ids, not numbers.
    The sets and arrays that it gives are shared: never change them. Days are dates at this door.
    """

    def __init__(self, folder: Path, manifest: Manifest | None, before: "Snapshot | None" = None) -> None:
        """`before` is an earlier state: the sets that it has loaded are taken over and brought up to date."""
        self._folder = folder
        self._manifest = manifest
        self._local = threading.local()
        self._lock = threading.RLock()
        self._series: dict[Group | None, tuple[str, int] | None] = {}
        self._kept = Kept() if self.shows_all else Kept(MOST_BYTES // 4)
        if before is not None and before._day_sets is not None and self._day_sets is not None:
            carry_spans(before._kept, self._kept, self._day_sets.compare(before._day_sets))

    def __sizeof__(self) -> int:
        """About what one takes that is kept by another: most of it is its DuckDB."""
        return _BYTES

    # What it is

    @property
    def shows_all(self) -> bool:
        """Whether it shows all customers and facts as they are, so that what the files have counted holds of it."""
        return type(self) is Snapshot

    @property
    def seq(self) -> int:
        """The sequence number of the records that it has reached."""
        return self._manifest.seq if self._manifest else 0

    @property
    def manifest(self) -> Manifest | None:
        """What was published; None where nothing was."""
        return self._manifest

    @property
    def state(self) -> State:
        """What another process needs to open the same."""
        return State(self._folder, None if self._manifest is None else asdict(self._manifest))

    @property
    def customer_count(self) -> int:
        """How many customers count: without the merged and the excluded."""
        return self._manifest.customers if self._manifest else 0

    @property
    def numbers(self) -> int:
        """How many numbers of customers are in use: the length of arrays by number."""
        return self._manifest.customers_ix if self._manifest else 0

    @property
    def has_orders(self) -> bool:
        """Whether there is any order line."""
        return bool(self._manifest and self._manifest.orders)

    @property
    def has_subscriptions(self) -> bool:
        """Whether there is any subscription."""
        return bool(self._manifest and self._manifest.has_subscriptions)

    def freshness(self, rule: ActivityRule | None = None, kinds: Collection[str] = ()) -> Freshness:
        """Between which days this rule, or these kinds of feeds ("orders", "subscriptions" ...), can be told."""
        return build_freshness(self._manifest.feeds if self._manifest else [], rule, kinds)

    # Who

    def everyone(self) -> BitMap:
        """All customers that count."""
        return self._people.everyone

    def ids(self, members: BitMap) -> npt.NDArray[np.int64]:
        """The ids of a set's customers, in the order of their numbers."""
        return self._people.list_ids(members)

    def list_ids(self, numbers: npt.ArrayLike) -> npt.NDArray[np.int64]:
        """The ids of customers' numbers, in the order given and with repeats."""
        return self._people.list_ids_of(numbers)

    def ix_set(self, ids: npt.ArrayLike) -> BitMap:
        """The set of these customers; a merged id stands for the kept customer, unknown ones are left out."""
        return self._people.build_set(ids)

    def shard(self, place: int, count: int) -> BitMap:
        """The customers of one of so many shards of about equal size: a range of numbers.

        Ranges, because customers are numbered in order of joining: a shard's sets then are whole stretches of the
        sets, and its cohorts stay together, where every count-th number would scatter each over all of them.
        """
        return BitMap(range(self.numbers * place // count, self.numbers * (place + 1) // count))

    def list_numbers(self, ids: npt.ArrayLike) -> npt.NDArray[np.int64]:
        """The number of each of these ids; -1 for who doesn't count. A merged id has the kept customer's number."""
        return self._people.list_numbers_of(ids)

    def visible_to(self, staff_id: int) -> BitMap:
        """The customers that this member of staff owns."""
        rows = self._fetch("SELECT ix FROM customers WHERE owner_id = ?", (staff_id,))
        return build_set(rows["ix"])

    # What higher floors publish

    def published(self, name: str) -> Floats | None:
        """The newest published column of that name by customers' number, NaN where unknown; None where nothing is
        published. Unlike the facts it may change while the snapshot stays the same."""
        stamp = read_stamp(self._folder, name)
        if stamp is None:
            return None
        return self.cached(("published", name, stamp), lambda: self._spread_column(name))

    def published_as_of(self, name: str) -> date | None:
        """As of which day the column of that name tells; None where nothing is published."""
        about = read_about(self._folder, name)
        return None if about is None else about[0]

    def published_made_by(self, name: str) -> str:
        """What made the column of that name, as its owner says; "" where nothing is published."""
        about = read_about(self._folder, name)
        return "" if about is None else about[1]

    def published_version(self, name: str) -> Hashable:
        """What changes whenever the column of that name does, for keys of what is kept; None where there is none."""
        return read_stamp(self._folder, name)

    def _spread_column(self, name: str) -> Floats | None:
        column = read_column(self._folder, name)
        return None if column is None else self._people.spread(column.ids, column.values)

    # Companies as customers

    @property
    def entity(self) -> Entity:
        """What counts as one: a customer, or a company."""
        return "customer"

    def by_company(self, only: BitMap | None = None) -> "Snapshot":
        """The same facts with companies as the customers; only those of the customers in `only`, where given.

        Its sets hold companies: bring those of customers over by `map_customers`.
        """
        from vafa.warehouse.company_view import get_company_view

        return get_company_view(self, only)

    @property
    def unlimited(self) -> "Snapshot":
        """The same without a limit to some customers."""
        return self

    def by_customer(self) -> "Snapshot":
        """The same state with each customer counted alone: itself, or what lies behind the view of companies."""
        return self

    def map_customers(self, members: BitMap) -> BitMap:
        """A set of customers as this snapshot counts them."""
        return members

    # Membership

    def active(self, rule: ActivityRule, boundary: date, group: Group | None = None) -> BitMap:
        """Who is active at the midnight that begins this day."""
        day = boundary.toordinal()
        if group is not None and grouping.is_of_customer(group):
            return self.active(rule, boundary) & self.group_members(group)
        if rule.kind == "purchase":
            return self._bought(group, day - rule.settled_days, day)
        return self.cached(("active", rule, day, group), lambda: self._spell_index(rule, group).active(day))

    def active_between(
        self, rule: ActivityRule, first: date, last: date, group: Group | None = None
    ) -> BitMap:
        """Who is active at some boundary of the closed range; nobody if last < first."""
        if last < first:
            return BitMap()
        if rule.kind == "subscription":
            found = self._spell_index(rule, group).active_between(first.toordinal(), last.toordinal())
        else:
            found = self._bought(group, first.toordinal() - rule.settled_days, last.toordinal())
        return self._narrow(found, group)

    def buyers(self, start: date, end: date, group: Group | None = None) -> BitMap:
        """Customers with a purchase on a day of [start, end)."""
        return self._narrow(self._bought(group, start.toordinal(), end.toordinal()), group)

    def with_rows(self, start: date, end: date, group: Group | None = None) -> BitMap:
        """Customers with any order row of a day of [start, end): purchases, cancellations, zero rows."""
        first, last = start.toordinal(), end.toordinal()
        if group is not None and not grouping.is_of_customer(group):
            condition, value = grouping.build_line_condition(group)
            rows = self._fetch(
                f"SELECT DISTINCT customer_ix AS ix FROM facts WHERE customer_ix IS NOT NULL"
                f" AND day_no >= ? AND day_no < ? AND {condition}",
                (first, last, value),
            )
            return build_set(rows["ix"])
        return self._narrow(self._find_with_rows(first, last), group)

    def first_start_days(self, rule: ActivityRule, group: Group | None = None) -> Ints:
        """Each customer's first-ever start (ordinal) by number: the earlier of the day of joining and the
        first spell's start; `lab.spells.OPEN_END` where there is none.

        Within a group of an order's or a subscription's field it is the first spell in that group alone.
        A customer's own field changes nobody's first start.
        """
        whole = group is None or grouping.is_of_customer(group)
        key = (
            "first_starts",
            rule.kind,
            rule.days if rule.kind == "subscription" else None,
            None if whole else group,
        )
        return self.cached(key, lambda: self._build_first_starts(rule, None if whole else group))

    def newcomers(self, rule: ActivityRule, start: date, end: date, group: Group | None = None) -> BitMap:
        """Whose first-ever start, as `first_start_days` tells it, is on a day of [start, end)."""
        first, last, wanted = start.toordinal(), end.toordinal(), _find_order_group(group)
        if rule.kind == "purchase" and wanted is not None:
            return self._purchases(wanted).find_newcomers(first, last)
        if rule.kind == "purchase":
            starts = self._start_sets()
            days = [day for day in starts if first <= day < last]
            return self._narrow(BitMap.union(BitMap(), *(starts[day] for day in days)), group)
        days_of_all = self.first_start_days(rule, wanted)
        return self._narrow(build_set(np.flatnonzero((days_of_all >= first) & (days_of_all < last))), group)

    def joined(self, start: date, end: date) -> BitMap:
        """Those who say to have joined on a day of [start, end), merged ones on the earliest; where `shows_all`."""
        first, last = start.toordinal(), end.toordinal()
        days = [members for day, members in self._list_joined() if first <= day < last]
        return BitMap.union(BitMap(), *days)

    def count_newcomers(self, start: date, end: date, group: Group) -> int:
        """How many of a group of an order's field bought in it for the first time on a day of [start, end)."""
        return self._purchases(group).count_newcomers(start.toordinal(), end.toordinal())

    def passing_newcomers(
        self, rule: ActivityRule, start: date, end: date, group: Group | None = None
    ) -> BitMap:
        """Those of the newcomers of [start, end) who were active at a boundary strictly inside."""
        came = self.newcomers(rule, start, end, group)
        first, last, wanted = start.toordinal(), end.toordinal(), _find_order_group(group)
        if rule.kind == "purchase":
            # Nobody who came inside bought before, so what counts is the first purchase.
            return came & self._purchases(wanted).find_newcomers(first, last - 1)
        return came & self._spell_index(rule, wanted).active_between(first + 1, last - 1)

    def first_spells(self, rule: ActivityRule, group: Group | None = None) -> tuple[Ints, Ints]:
        """The start and the end (ordinals) of each customer's first spell, by number; `lab.spells.OPEN_END` in both
        where there is none. Within a group of an order's or a subscription's field in that group alone."""
        wanted = _find_order_group(group)

        def build() -> tuple[Ints, Ints]:
            if rule.kind == "purchase":
                return self._purchases(wanted).find_first_spells(rule.settled_days, self.numbers)
            return build_first_spells(self._build_spells(rule, wanted), self.numbers)

        return self.cached(("first_spells", rule, wanted), build)

    def spells(self, rule: ActivityRule, group: Group | None = None) -> Spells:
        """All customers' spells, ordered by customer and start."""
        kept = self._build_spells(rule, group)
        if group is None or not grouping.is_of_customer(group):
            return kept
        inside = np.isin(kept.customer_ix, np.array(self.group_members(group).to_array()))
        return Spells(kept.customer_ix[inside], kept.start[inside], kept.end[inside])

    def purchase_days_arrays(self, group: Group | None = None) -> tuple[Ints, Ints]:
        """Customers' numbers and days (ordinals) of purchase, each pair once, in order of the day."""
        numbers, days = self._purchases(group).build_arrays()
        if group is None or not grouping.is_of_customer(group):
            return numbers, days
        inside = np.isin(numbers, np.array(self.group_members(group).to_array()))
        return numbers[inside], days[inside]

    def current_spells(self, rule: ActivityRule, boundary: date) -> CurrentSpells:
        """Each customer's latest spell that began before a boundary, by number."""
        day = boundary.toordinal()

        def build() -> CurrentSpells:
            if rule.kind == "purchase":
                return self._purchases(None).find_current_spells(day, rule.settled_days, self.numbers)
            return build_current_spells(self._build_spells(rule, None), day, self.numbers)

        return self.cached(("current_spells", rule, day), build)

    def count_purchase_days(self, start: date, end: date, group: Group | None = None) -> Ints:
        """On how many days of [start, end) each customer bought, in all or in a group of an order's field."""
        return self._purchases(group).count_days(start.toordinal(), end.toordinal(), self.numbers)

    def frequent_buyers(self, start: date, end: date, times: int) -> BitMap:
        """Who bought on at least so many days (1 or more) of [start, end): for few times and days, else count."""
        return self._purchases(None).find_frequent(start.toordinal(), end.toordinal(), times)

    def last_purchase_days(self, end: date) -> Ints:
        """Each customer's last day of purchase before `end` (ordinal), by number; 0 where there is none."""
        return self._purchases(None).find_last_days(end.toordinal(), self.numbers)

    def iterate_buyers(
        self, start: date, end: date, group: Group | None = None
    ) -> Iterator[tuple[int, BitMap]]:
        """The days (ordinals) of [start, end) on which somebody bought, in order, and who did."""
        for day, buyers in self._purchases(group).iterate_days(start.toordinal(), end.toordinal()):
            yield day, self._narrow(buyers, group)

    def iterate_purchase_days(
        self, end: date, among: BitMap | None = None, step: int = 1_000_000
    ) -> Iterator[tuple[Ints, Ints]]:
        """Customers' numbers and days of purchase before `end`, so many customers at a time; of some customers only."""
        purchases = self._purchases(None)
        for first in range(0, self.numbers, step):
            numbers = BitMap(range(first, first + step))
            inside = numbers if among is None else numbers & among
            if inside:
                yield purchases.build_arrays_of(inside, end.toordinal())

    def learned_window(self) -> LearnedWindow:
        """The window that the business's own gaps between purchase days teach (`purchase:auto`)."""
        return self.cached(("learned_window",), lambda: learn_window(self._count_gaps()))

    # Groups

    def list_dimensions(self) -> tuple[str, ...]:
        """The dimensions that have at least two values, `custom:<field>` among them."""
        return self.cached(("dimensions",), lambda: grouping.list_dimensions(self))

    def has_companies(self) -> bool:
        """Whether `list_dimensions` has companies; told without opening DuckDB, since every figure says it."""
        if not self.shows_all or self._manifest is None:
            return "company" in self.list_dimensions()
        newest = self._folder / self._manifest.folders[-1]
        return self.cached(("has companies",), lambda: grouping.has_companies(newest))

    def list_voice_dimensions(self) -> tuple[str, ...]:
        """The fields of answers and tickets that have at least two values."""
        return self.cached(("voice dimensions",), lambda: grouping.list_voice_dimensions(self))

    def list_groups(self, dimension: str) -> list[Group]:
        """The dimension's values by falling number of customers. Raises DimensionUnknown."""
        return self.cached(("groups", dimension), lambda: grouping.list_groups(self, dimension))

    def group_members(self, group: Group) -> BitMap:
        """The customers with that value of a field of their own. Raises DimensionUnknown."""
        return self.cached(("members", group), lambda: grouping.find_members(self, group))

    def has_day_sets(self, dimension: str) -> bool:
        """Whether the sets of each day are kept for each value of this dimension."""
        return bool(self._manifest and dimension in self._manifest.day_set_dimensions)

    def within(self, group: Group) -> "Snapshot":
        """The facts of one group of an order's or a subscription's field, as a snapshot of their own.

        Raises DimensionUnknown for a customer's field, whose members are a set like any other.
        """
        from vafa.warehouse.narrowing import NarrowedSnapshot

        if grouping.is_of_customer(group):
            raise grouping.tell_unknown(group.dimension)
        return self.cached(("within", group), lambda: NarrowedSnapshot(self, group))

    def without(self, rows: Mapping[str, Collection[int]]) -> "Snapshot":
        """The same state without some rows, by table ("lines", "returns", "subscriptions" ...) and row."""
        from vafa.warehouse.leaving_out import ReducedSnapshot

        return ReducedSnapshot(self, rows)

    # Anything else

    def run(self, query: Query) -> list[tuple[Any, ...]]:
        """The rows of a question over the views `facts`, `returns`, `subscriptions`, `interactions`,
        `answers`, `tickets`, `customers`, `calendar`, the tables of names and, where it brings a set along,
        `members`."""
        connection = self._connect()
        with with_members(connection, query.members):
            return connection.execute(query.sql, query.params).fetchall()

    def run_columns(self, query: Query) -> dict[str, npt.NDArray[Any]]:
        """As `run`, as one array a column. Sums of money are exact in `run` only."""
        with with_members(self._connect(), query.members):
            return self._fetch(query.sql, query.params)

    def cached(self, key: Hashable, build: Callable[[], T]) -> T:
        """A value derived from this snapshot, kept for the next who asks; the least used ones are dropped when all of
        them take too much memory."""
        return self._kept.get(key, build)

    def cached_until(
        self, end: date, group: Group | None, key: Hashable, build: Callable[[], T], *, small: bool = False
    ) -> T:
        """As `cached`, of a value that follows from who bought, in all and in the group, and who joined on the days
        before `end` alone: later states in which nothing of these days has changed take it over. A `small` value is
        of a few numbers."""
        series = None if group is not None and grouping.is_of_customer(group) else self._find_series(group)
        whole: Hashable = (key, group, end) if series is None else Until(end.toordinal(), series, key)
        return self._kept.get(whole, build, small=small)

    def forget_counts(self) -> None:
        """Let go of what is kept by `cached_until`: to measure how long it takes to make."""
        for key, _value in self._kept.list_items():
            if isinstance(key, Until):
                self._kept.drop(key)

    def has_cached(self, key: Hashable) -> bool:
        """Whether a value of that key is kept."""
        return self._kept.has(key)

    # Inside

    @cached_property
    def _people(self) -> People:
        with self._lock:
            everyone = BitMap() if self._day_sets is None else self._day_sets.load_people()
            return People(self._fetch, self.numbers, everyone)

    @cached_property
    def _others(self) -> Purchases:
        return Purchases(self._day_sets.load("others") if self._day_sets else {})

    @cached_property
    def _day_sets(self) -> "DaySets | None":
        if self._manifest is None:
            return None
        return DaySets(self._folder / name for name in self._manifest.folders)

    @cached_property
    def _root(self) -> duckdb.DuckDBPyConnection:
        connection = connect(self._folder / "spill", READ_MEMORY)
        create_reading_views(connection, self._folder, self._manifest)
        return connection

    def _connect(self) -> duckdb.DuckDBPyConnection:
        """This thread's own connection to the snapshot's DuckDB."""
        if not hasattr(self._local, "connection"):
            with self._lock:
                self._local.connection = self._open_connection()
        return cast("duckdb.DuckDBPyConnection", self._local.connection)

    def _open_connection(self) -> duckdb.DuckDBPyConnection:
        with self._lock:
            return self._root.cursor()

    def _fetch(self, sql: str, params: tuple[Any, ...] = ()) -> dict[str, npt.NDArray[Any]]:
        return fetch_columns(self._connect(), sql, params)

    def _narrow(self, members: BitMap, group: Group | None) -> BitMap:
        if group is None or not grouping.is_of_customer(group):
            return members
        return members & self.group_members(group)

    def _bought(self, group: Group | None, start: int, end: int) -> BitMap:
        """Who bought on a day of [start, end), in all or in a group of an order's field."""
        wanted = _find_order_group(group)
        if end - start < LEAST_SPAN:
            return self._purchases(wanted).bought_between(start, end)
        series = self._find_series(wanted)
        key: Hashable = ("bought", wanted, start, end) if series is None else Span(*series, start, end)
        return self.cached(key, lambda: self._purchases(wanted).bought_between(start, end))

    def _find_with_rows(self, start: int, end: int) -> BitMap:
        def unite() -> BitMap:
            others = self._others.bought_between(start, end)
            bought = self._bought(None, start, end)
            return bought | others if others else bought

        if end - start < LEAST_SPAN:
            return unite()
        span = Span(ROWS, WHOLE, start, end)
        return self.cached(span if self.shows_all else ("with_rows", start, end), unite)

    def _find_series(self, group: Group | None) -> tuple[str, int] | None:
        """Under which kind and value the files hold the days of a group; None where they don't."""
        if not self.shows_all or self._day_sets is None:
            return None
        if group not in self._series:
            self._series[group] = grouping.find_series(self, group)
        return self._series[group]

    def _purchases(self, group: Group | None) -> Purchases:
        """Who bought on each day, in all or in a group of an order's field."""
        wanted = _find_order_group(group)
        return self.cached(
            ("purchases", wanted), lambda: grouping.load_purchases(self, self._day_sets, wanted)
        )

    def _spell_index(self, rule: ActivityRule, group: Group | None) -> SpellIndex:
        wanted = _find_order_group(group)
        return self.cached(
            ("spell_index", rule, wanted), lambda: SpellIndex(self._build_spells(rule, wanted))
        )

    def _build_spells(self, rule: ActivityRule, group: Group | None) -> Spells:
        wanted = _find_order_group(group)
        if rule.kind == "purchase":
            return build_all_purchase_spells(*self._purchases(wanted).build_arrays(), rule.settled_days)
        rows = self._fetch(*grouping.build_subscription_query(wanted))
        return build_all_subscription_spells(
            rows["customer_ix"], rows["started_no"], rows["ended_no"], rule.settled_days
        )

    def _build_first_starts(self, rule: ActivityRule, group: Group | None) -> Ints:
        if rule.kind == "subscription":
            firsts = build_first_starts(self._build_spells(rule, group), self.numbers)
            return firsts if group else np.minimum(firsts, self._people.joined)
        firsts = np.full(self.numbers, OPEN_END, dtype=np.int32)
        starts = self._start_sets().items() if group is None else self._purchases(group).list_firsts()
        for day, members in starts:
            firsts[list_members(members)] = day
        return firsts

    def _count_gaps(self) -> Mapping[int, int]:
        """How often each number of days lay between two consecutive purchase days of a customer."""
        if not self.shows_all or self._day_sets is None:
            return self._purchases(None).count_gaps(self.numbers)
        known = self._day_sets.load_gaps()
        return {int(gap): int(known[gap]) for gap in np.flatnonzero(known)}

    def _start_sets(self) -> Mapping[int, BitMap]:
        """Day -> those who came for the first time on it: by a purchase, or by the day of joining."""
        return self.cached(
            ("starts",), lambda: build_start_sets(self._purchases(None).list_firsts(), self._list_joined())
        )

    def _list_joined(self) -> Iterable[tuple[int, BitMap]]:
        """Each day and those who say to have joined on it, in order of the days."""
        return self._day_sets.list_sets("joined") if self._day_sets is not None else ()


def _find_order_group(group: Group | None) -> Group | None:
    """The group if it is of an order's or a subscription's field; a customer's field leaves everybody's facts."""
    return None if group is None or grouping.is_of_customer(group) else group
