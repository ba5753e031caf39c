"""Groups: the values of a dimension, and who or what belongs to one."""

from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow.parquet as pq
from django.utils.translation import gettext as _
from pyroaring import BitMap

from vafa.lab.sets import build_set
from vafa.lab.spells import OPEN_END, Ints
from vafa.warehouse.day_set_file import WHOLE
from vafa.warehouse.errors import DimensionNotForRule, DimensionUnknown
from vafa.warehouse.purchases import Purchases, serialise_days
from vafa.warehouse.types import (
    ANSWER_DIMENSIONS,
    CUSTOM_PREFIX,
    CUSTOMER_DIMENSIONS,
    ORDER_DIMENSIONS,
    SUBSCRIPTION_DIMENSIONS,
    TICKET_DIMENSIONS,
    Group,
    Query,
)
from vafa.warehouse.views import VALUES

if TYPE_CHECKING:
    from vafa.warehouse.day_sets import DaySets
    from vafa.warehouse.snapshot import Snapshot

# As many facts can be held cut by one of their fields, in about 100 MB.
MOST_LINES_HELD = 5_000_000
# A field with more values than this tells customers apart rather than groups of them.
MOST_CUSTOMER_VALUES = 200

_NAME_TABLES = {"location": "locations", "product_line": "product_lines", "product": "products"}
# The fields of answers and tickets: the view and its column.
VOICE_COLUMNS = {
    "survey": ("answers", "survey"),
    "answer_channel": ("answers", "channel"),
    "ticket_category": ("tickets", "category"),
    "ticket_agent": ("tickets", "agent"),
    "ticket_priority": ("tickets", "priority"),
    "ticket_channel": ("tickets", "channel"),
}
_CUSTOMER_COLUMNS = {"customer_location": "location", "company": "company"}


def is_of_customer(group: Group) -> bool:
    """Whether the group is made by a field of the customer, so that groups add up."""
    return group.dimension in CUSTOMER_DIMENSIONS or group.dimension.startswith(CUSTOM_PREFIX)


def list_dimensions(snapshot: "Snapshot") -> tuple[str, ...]:
    """The dimensions with at least two values; those of a customer with at most 200."""
    found = [name for name in ORDER_DIMENSIONS if _count_values(_count_lines_by(snapshot, name)) > 1]
    found += [name for name in SUBSCRIPTION_DIMENSIONS if _count_values(_count_subscriptions(snapshot)) > 1]
    for name in (*CUSTOMER_DIMENSIONS, *_list_custom_dimensions(snapshot)):
        sizes = _read_counted(snapshot, name) if snapshot.shows_all else _count_customers(snapshot, name)
        if sizes is not None and 2 <= _count_values(sizes) <= MOST_CUSTOMER_VALUES:
            found.append(name)
    return tuple(found)


def has_companies(newest: Path) -> bool:
    """Whether customers can be told apart by their companies, by the counts in the newest folder of a state."""
    values = pq.read_table(
        newest / VALUES["customer_values"], columns=["value"], filters=[("dimension", "=", "company")]
    )
    named = [value for value in values.column("value").to_pylist() if value]
    return values.column("value").null_count == 0 and 2 <= len(named) <= MOST_CUSTOMER_VALUES


def list_voice_dimensions(snapshot: "Snapshot") -> tuple[str, ...]:
    """The fields of answers and tickets with at least two values; only figures made of these can be split by them."""
    names = (*ANSWER_DIMENSIONS, *TICKET_DIMENSIONS)
    return tuple(name for name in names if _count_values(_count_voice(snapshot, name)) > 1)


def _list_custom_dimensions(snapshot: "Snapshot") -> list[str]:
    """The business's own fields of customers, by name; without those that have been found to have too many values."""
    if snapshot.shows_all:
        sql = f"""
            SELECT dimension FROM customer_values WHERE starts_with(dimension, '{CUSTOM_PREFIX}')
            GROUP BY 1 HAVING count(value) > 0 ORDER BY 1
        """
        return [name for (name,) in snapshot.run(Query(sql))]
    sql = "SELECT DISTINCT unnest(json_keys(custom)) FROM customers WHERE custom NOT IN ('', '{}') ORDER BY 1"
    return [CUSTOM_PREFIX + field for (field,) in snapshot.run(Query(sql))]


def list_groups(snapshot: "Snapshot", dimension: str) -> list[Group]:
    """The values by falling number of customers, then by name."""
    if dimension in ORDER_DIMENSIONS:
        sizes = _count_lines_by(snapshot, dimension)
    elif dimension in SUBSCRIPTION_DIMENSIONS:
        sizes = _count_subscriptions(snapshot)
    elif dimension in VOICE_COLUMNS:
        sizes = _count_voice(snapshot, dimension)
    else:
        sizes = _count_customers(snapshot, dimension)
    return [Group(dimension, value) for value in sorted(sizes, key=lambda value: (-sizes[value], value))]


def find_members(snapshot: "Snapshot", group: Group) -> BitMap:
    """The customers with that value of a field of their own."""
    expression, params = _build_customer_expression(group.dimension)
    if group.dimension in snapshot.list_dimensions():
        everybody = snapshot.cached(
            ("members by", group.dimension), lambda: _cut_customers(snapshot, group.dimension)
        )
        return everybody.get(group.value, BitMap())
    rows = snapshot.run_columns(
        Query(f"SELECT ix FROM customers WHERE {expression} = ?", (*params, group.value))
    )
    return build_set(rows["ix"])


def _cut_customers(snapshot: "Snapshot", dimension: str) -> dict[str, BitMap]:
    """The customers of every value of a field that has few: read once for all of them."""
    expression, params = _build_customer_expression(dimension)
    values = [group.value for group in snapshot.list_groups(dimension)]
    known = ", ".join("'" + value.replace("'", "''") + "'" for value in values)
    rows = snapshot.run_columns(
        Query(f"SELECT enum_code(({expression})::ENUM({known})) AS number, ix FROM customers", params)
    )
    order = np.argsort(rows["number"], kind="stable")
    numbers, members = rows["number"][order], rows["ix"][order]
    starts = np.flatnonzero(np.diff(numbers.astype(np.int32), prepend=-1))
    return {
        values[int(numbers[start])]: build_set(members[start:end])
        for start, end in pairwise([*starts, len(numbers)])
    }


def find_series(snapshot: "Snapshot", group: Group | None) -> tuple[str, int] | None:
    """The kind and value under which the warehouse keeps who bought on each day: of all, or of one value of an
    order's field; None where it keeps none of that group."""
    if group is None:
        return "buyers", WHOLE
    if not snapshot.has_day_sets(group.dimension):
        return None
    numbers = _list_numbers(snapshot, group.dimension, group.value) if group.value else [0]
    return group.dimension, numbers[0] if numbers else -1


def load_purchases(snapshot: "Snapshot", day_sets: "DaySets | None", group: Group | None) -> Purchases:
    """Who bought on each day: in all, or of one value of an order's field."""
    if day_sets is None:
        return Purchases({})
    if group is not None and group.dimension not in ORDER_DIMENSIONS:
        raise _tell_wrong_dimension(group.dimension)
    series = find_series(snapshot, group)
    if series is not None:
        return day_sets.open_purchases(*series)
    if group is None:
        return Purchases({})
    condition, value = build_line_condition(group)
    by_number = snapshot.cached(("lines by", group.dimension), lambda: _cut_lines(snapshot, group.dimension))
    if by_number:
        wanted = _list_numbers(snapshot, group.dimension, value) if value else [0]
        return _join_lines([by_number[number] for number in wanted if number in by_number])
    rows = snapshot.run_columns(
        Query(
            "SELECT DISTINCT customer_ix, day_no FROM facts"
            f" WHERE is_purchase AND customer_ix IS NOT NULL AND {condition}",
            (value,),
        )
    )
    return Purchases(serialise_days(rows["customer_ix"], rows["day_no"]))


def _join_lines(parts: "list[tuple[Ints, Ints]]") -> Purchases:
    if not parts:
        return Purchases({})
    customers = np.concatenate([part[0] for part in parts])
    return Purchases(serialise_days(customers, np.concatenate([part[1] for part in parts])))


def _cut_lines(snapshot: "Snapshot", dimension: str) -> "dict[int, tuple[Ints, Ints]]":
    """Customers and days of purchase of every value at once, by the value's number, so that a table of thousands of
    groups reads the facts once; empty where they are too many to be held, and are asked for one by one."""
    ((lines,),) = snapshot.run(Query("SELECT count(*) FROM facts"))
    if lines > MOST_LINES_HELD:
        return {}
    rows = snapshot.run_columns(
        Query(
            f"SELECT DISTINCT {dimension} AS number, customer_ix, day_no FROM facts"
            " WHERE is_purchase AND customer_ix IS NOT NULL ORDER BY 1"
        )
    )
    numbers = np.asarray(rows["number"])
    starts = np.flatnonzero(np.diff(numbers, prepend=-1))
    return {
        int(numbers[start]): (rows["customer_ix"][start:end], rows["day_no"][start:end])
        for start, end in pairwise([*starts, len(numbers)])
    }


def _list_numbers(snapshot: "Snapshot", dimension: str, name: str) -> list[int]:
    """The numbers of the values of that name: two products may be called alike."""

    def build() -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for number, called in snapshot.run(Query(f"SELECT id, name FROM {_NAME_TABLES[dimension]}")):
            found.setdefault(called, []).append(number)
        return found

    return snapshot.cached(("numbers of", dimension), build).get(name, [])


def build_line_condition(group: Group) -> tuple[str, str]:
    """An SQL condition with one parameter over `facts`, and the parameter, for a group of an order's field."""
    if group.dimension not in ORDER_DIMENSIONS:
        raise _tell_wrong_dimension(group.dimension)
    column = group.dimension
    if not group.value:
        return f"{column} = 0 AND ? = ''", ""
    return f"{column} IN (SELECT id FROM {_NAME_TABLES[column]} WHERE name = ?)", group.value


def build_subscription_query(group: Group | None) -> tuple[str, tuple[str, ...]]:
    """SQL and parameters of the subscriptions as lab's spells want them: all, or those of a plan."""
    if group is not None and group.dimension not in SUBSCRIPTION_DIMENSIONS:
        raise _tell_wrong_dimension(group.dimension)
    sql = f"SELECT customer_ix, started_no, coalesce(ended_no, {OPEN_END}) AS ended_no FROM subscriptions"
    return (sql, ()) if group is None else (f"{sql} WHERE plan = ?", (group.value,))


def _tell_wrong_dimension(dimension: str) -> DimensionUnknown | DimensionNotForRule:
    """The error for a dimension by which these facts can't be grouped."""
    if dimension in (*ORDER_DIMENSIONS, *SUBSCRIPTION_DIMENSIONS, *VOICE_COLUMNS):
        return DimensionNotForRule(
            _("Figures under this activity rule can't be grouped by %(dimension)s.")
            % {"dimension": dimension},
            _("Group by a field of the customer, or choose another rule."),
        )
    return tell_unknown(dimension)


def tell_unknown(dimension: str) -> DimensionUnknown:
    """The error for a field that isn't there."""
    return DimensionUnknown(
        _("There is no field named %(dimension)s to group by.") % {"dimension": dimension},
        dimension=dimension,
    )


def _count_values(sizes: dict[str, int]) -> int:
    """How many known values there are."""
    return len(sizes) - ("" in sizes)


def _count_lines_by(snapshot: "Snapshot", dimension: str) -> dict[str, int]:
    """Lines of purchases with a customer, by value."""
    counted = f"""
        SELECT {dimension} AS id, count(*) AS lines FROM facts
        WHERE is_purchase AND customer_ix IS NOT NULL GROUP BY 1
    """
    if snapshot.shows_all:
        counted = f"SELECT number AS id, lines FROM line_values WHERE dimension = '{dimension}'"
    return dict(
        snapshot.run(
            Query(f"""
                SELECT coalesce(n.name, ''), sum(f.lines)::BIGINT
                FROM ({counted}) f LEFT JOIN {_NAME_TABLES[dimension]} n ON n.id = f.id GROUP BY 1
            """)
        )
    )


def _count_subscriptions(snapshot: "Snapshot") -> dict[str, int]:
    return dict(snapshot.run(Query("SELECT plan, count(*) FROM subscriptions GROUP BY 1")))


def _count_voice(snapshot: "Snapshot", dimension: str) -> dict[str, int]:
    """Answers or tickets, by value."""
    view, column = VOICE_COLUMNS[dimension]
    return dict(snapshot.run(Query(f"SELECT {column}, count(*) FROM {view} GROUP BY 1")))


def _count_customers(snapshot: "Snapshot", dimension: str) -> dict[str, int]:
    """Customers by value; "" are those without one."""
    expression, params = _build_customer_expression(dimension)
    counted = _read_counted(snapshot, dimension) if snapshot.shows_all else None
    if counted is not None:
        return counted
    return dict(snapshot.run(Query(f"SELECT {expression}, count(*) FROM customers GROUP BY 1", params)))


def _read_counted(snapshot: "Snapshot", dimension: str) -> dict[str, int] | None:
    """The same as it was counted beforehand; None where there are too many values."""
    sql = "SELECT value, customers FROM customer_values WHERE dimension = ?"
    counted = dict(snapshot.run(Query(sql, (dimension,))))
    if None in counted:
        return None
    without = snapshot.customer_count - sum(counted.values())
    return counted | ({"": counted.get("", 0) + without} if without else {})


def _build_customer_expression(dimension: str) -> tuple[str, tuple[Any, ...]]:
    """The SQL of a customer's value in a dimension, and its parameters."""
    if dimension in _CUSTOMER_COLUMNS:
        return _CUSTOMER_COLUMNS[dimension], ()
    if not dimension.startswith(CUSTOM_PREFIX):
        raise tell_unknown(dimension)
    # A JSON pointer, in which these two characters are written otherwise.
    field = dimension.removeprefix(CUSTOM_PREFIX).replace("~", "~0").replace("/", "~1")
    return "coalesce(json_extract_string(custom, ?), '')", (f"/{field}",)
