"""A snapshot in which companies are the customers: every number leads to the smallest of its company.

Sets are mapped through an array, the views of SQL are joined with the same as a table, so whatever asks a snapshot
works unchanged. A company's own fields (place, tags ...) are those of the customer by whose number it goes.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import count

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pyroaring import BitMap

from vafa.lab.companies import build_aliases, map_set
from vafa.lab.rules import LearnedWindow
from vafa.lab.sets import list_members
from vafa.lab.spells import OPEN_END, Ints
from vafa.warehouse.day_set_file import WHOLE, Form, Serialised, read_set
from vafa.warehouse.day_sets import DaySets
from vafa.warehouse.people import People
from vafa.warehouse.published import Floats
from vafa.warehouse.purchases import Purchases
from vafa.warehouse.snapshot import Snapshot
from vafa.warehouse.types import ORDER_DIMENSIONS, SUBSCRIPTION_DIMENSIONS, Entity, Group, Query, State

_COMPANIES = """
    SELECT c.ix, g.code FROM customers c JOIN (
        SELECT company, row_number() OVER (ORDER BY company) AS code FROM customers
        WHERE company <> '' GROUP BY company HAVING count(*) > 1
    ) g USING (company)
"""
_VIEWS_KEPT = 32

_schemas = count(1)
_lock = threading.Lock()
_views: "OrderedDict[bytes | None, CompanySnapshot]" = OrderedDict()


def get_company_view(base: Snapshot, only: BitMap | None) -> "CompanySnapshot":
    """The companies of a snapshot, made once for as long as it is the newest one that is asked for.

    They are not kept by the snapshot itself: each would keep the other, and nobody let go of the files.
    """
    key = None if only is None else only.serialize()
    with _lock:
        if any(view.base is not base for view in _views.values()):
            _views.clear()
        if key not in _views:
            _views[key] = CompanySnapshot(base, only)
        _views.move_to_end(key)
        while len(_views) > _VIEWS_KEPT:
            _views.popitem(last=False)
        return _views[key]


def let_go_of_views() -> None:
    """Keep no view any more, when a newer state has taken the place of the one behind them."""
    with _lock:
        _views.clear()


@dataclass(frozen=True)
class _Mapping:
    """From customers to companies, of those who may be looked at."""

    aliases: Ints
    only: BitMap | None

    def choose(self, members: BitMap) -> BitMap:
        """Those of these customers who may be looked at."""
        return members if self.only is None else members & self.only

    def map(self, members: BitMap) -> BitMap:
        """The companies of these customers."""
        return map_set(self.choose(members), self.aliases)


class CompanySnapshot(Snapshot):
    """The companies of a snapshot; only of the customers in `only`, where that is given.

    Then other customers of the same companies, and all that they did, are left out.
    """

    def __init__(self, base: Snapshot, only: BitMap | None) -> None:
        super().__init__(base._folder, base._manifest)
        self.base = base
        self._only = only

    @property
    def entity(self) -> Entity:
        return "company"

    @property
    def state(self) -> State:
        return replace(self.base.state, entity="company", only=self._only)

    def by_company(self, only: BitMap | None = None) -> Snapshot:
        """Itself, or of some of its companies only."""
        return self if only is None else get_company_view(self.base, only)

    @property
    def unlimited(self) -> Snapshot:
        return self if self._only is None else self.base.by_company()

    def by_customer(self) -> Snapshot:
        return self.base

    def map_customers(self, members: BitMap) -> BitMap:
        return self._mapping.map(members)

    @property
    def customer_count(self) -> int:
        return len(self.everyone())

    def list_dimensions(self) -> tuple[str, ...]:
        """Those of the customers: joining all facts to companies only to count values would take long."""
        return self.base.list_dimensions() if self._only is None else super().list_dimensions()

    def list_groups(self, dimension: str) -> list[Group]:
        """The facts of all companies are those of all customers, so are the values of their fields."""
        if self._only is None and dimension in (*ORDER_DIMENSIONS, *SUBSCRIPTION_DIMENSIONS):
            return self.base.list_groups(dimension)
        return super().list_groups(dimension)

    @cached_property
    def _mapping(self) -> _Mapping:
        rows = self.base.run_columns(Query(_COMPANIES))
        own, companies = rows["ix"], rows["code"]
        if self._only is not None:
            seen = np.isin(own, list_members(self._only))
            own, companies = own[seen], companies[seen]
        return _Mapping(build_aliases(own, companies, self.numbers), self._only)

    def visible_to(self, staff_id: int) -> BitMap:
        return self.map_customers(self.base.visible_to(staff_id))

    def published(self, name: str) -> Floats | None:
        """The value of the customer by whose number the company goes, like a company's other fields."""
        values = self.base.published(name)
        if values is None:
            return None
        told = np.full_like(values, np.nan)
        heads = list_members(self.everyone())
        told[heads] = values[heads]
        return told

    def learned_window(self) -> LearnedWindow:
        """What all companies' gaps teach, also where only some are looked at."""
        return super().learned_window() if self._only is None else self.unlimited.learned_window()

    @cached_property
    def _people(self) -> People:
        return _Companies(self.base._people, self._mapping)

    @cached_property
    def _day_sets(self) -> DaySets | None:
        kept = self.base._day_sets
        return None if kept is None else _MappedDaySets(kept, self._mapping)

    def _open_connection(self) -> duckdb.DuckDBPyConnection:
        """A connection that sees the views of companies before those of customers."""
        connection = self.base._open_connection()
        connection.execute(f"SET search_path = '{self._schema},main'").fetchall()
        return connection

    @cached_property
    def _schema(self) -> str:
        """The schema of the views, in the DuckDB of the snapshot behind."""
        schema = f"companies_{next(_schemas)}"
        connection = self.base._open_connection()
        connection.execute(f"CREATE SCHEMA {schema}").fetchall()
        aliases = self._mapping.aliases
        changed = np.flatnonzero(aliases != np.arange(self.numbers)).astype(np.int32)
        _create(connection, f"{schema}.aliases", ix=changed, company_ix=aliases[changed])
        if self._only is not None:
            _create(connection, f"{schema}.seen", ix=list_members(self._only).view(np.int32))
        for name in _list_views_of_customers(connection):
            connection.execute(f"""
                CREATE VIEW {schema}.{name} AS
                SELECT v.* REPLACE (coalesce(a.company_ix, v.customer_ix)::INTEGER AS customer_ix)
                FROM {self._build_seen(schema, name, "customer_ix")} AS v
                LEFT JOIN {schema}.aliases AS a ON a.ix = v.customer_ix
            """).fetchall()
        connection.execute(f"""
            CREATE VIEW {schema}.customers AS
            WITH own AS (
                SELECT v.*, coalesce(a.company_ix, v.ix)::INTEGER AS company_ix
                FROM {self._build_seen(schema, "customers", "ix")} AS v
                LEFT JOIN {schema}.aliases AS a ON a.ix = v.ix
            ), joined AS (SELECT company_ix, min(joined_no) AS first_no FROM own GROUP BY company_ix)
            SELECT own.* EXCLUDE (company_ix) REPLACE (joined.first_no AS joined_no)
            FROM own JOIN joined ON joined.company_ix = own.company_ix WHERE own.ix = own.company_ix
        """).fetchall()
        return schema

    def _build_seen(self, schema: str, name: str, column: str) -> str:
        """The relation of a view's rows that may be looked at."""
        if self._only is None:
            return f"main.{name}"
        return f"(SELECT * FROM main.{name} WHERE {column} IN (SELECT ix FROM {schema}.seen))"


def _list_views_of_customers(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The reading views of which each row names a customer."""
    rows = connection.execute("""
        SELECT DISTINCT table_name FROM information_schema.columns
        WHERE table_schema = 'main' AND column_name = 'customer_ix' AND NOT starts_with(table_name, 'all_')
    """).fetchall()
    return [name for (name,) in rows]


class _Companies(People):
    """What People tells, of companies."""

    # It asks the people behind for everything, and holds no rows of its own.
    def __init__(self, people: People, mapping: _Mapping) -> None:
        self._people = people
        self._mapping = mapping

    @cached_property
    def everyone(self) -> BitMap:
        return self._mapping.map(self._people.everyone)

    @cached_property
    def joined(self) -> Ints:
        listed = list_members(self._mapping.choose(self._people.everyone))
        days = np.full_like(self._people.joined, OPEN_END)
        np.minimum.at(days, self._mapping.aliases[listed], self._people.joined[listed])
        return days

    def list_ids(self, members: BitMap) -> npt.NDArray[np.int64]:
        return self._people.list_ids(members)

    def list_ids_of(self, numbers: npt.ArrayLike) -> npt.NDArray[np.int64]:
        return self._people.list_ids_of(numbers)

    def build_set(self, ids: npt.ArrayLike) -> BitMap:
        return self._mapping.map(self._people.build_set(ids))


class _MappedDaySets(DaySets):
    """The sets of days, of companies."""

    def __init__(self, kept: DaySets, mapping: _Mapping) -> None:
        self._kept = kept
        self._mapping = mapping

    def load(self, kind: str, value: int = WHOLE, form: Form = "days") -> dict[int, Serialised]:
        days: dict[int, Serialised] = {}
        for day, data in self._kept.load(kind, value, form).items():
            members = self._mapping.map(read_set(data))
            if members:
                days[day] = members.serialize()
        return days

    def open_purchases(self, kind: str, value: int = WHOLE) -> Purchases:
        """Of the days alone: a company's first day is not that of each of its customers."""
        return Purchases(self.load(kind, value))

    def load_people(self) -> BitMap:
        return self._mapping.map(self._kept.load_people())


def _create(connection: duckdb.DuckDBPyConnection, name: str, **columns: npt.NDArray[np.int32]) -> None:
    connection.register("incoming", pa.table({key: pa.array(values) for key, values in columns.items()}))
    connection.execute(f"CREATE TABLE {name} AS FROM incoming").fetchall()
    connection.unregister("incoming")
