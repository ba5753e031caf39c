"""The tables of facts: which of the records' columns the copy holds, and how they travel.

Values travel as whole numbers and texts without NULL, because SQLite tells a column's type by its first rows
only. DuckDB turns them into the copy's types.
"""

from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

from vafa.warehouse.records import Vendor

# number: a whole number, 0 where unknown; text: "" where unknown; flag: a bool; known: whether it is known at all;
# day: an ordinal, 0 where unknown; moment: seconds of the day in UTC, -1 where unknown; instant: seconds since 1970 in
# UTC, -1 where unknown; json: a text of JSON.
# standing: a flag that falls with a row that is set aside because another one tells of the same sale.
Kind = Literal["number", "text", "flag", "known", "day", "moment", "instant", "json", "standing"]


@dataclass(frozen=True)
class Column:
    """One column: its name in the copy, how it travels, and its name (or expression) in the records."""

    name: str
    kind: Kind
    source: str


@dataclass(frozen=True)
class Table:
    """One table of the records. `removal` is its name in the list of removed rows; `where` leaves rows out, which are
    told there as removed when they begin to be left out."""

    name: str
    source: str
    removal: str
    columns: tuple[Column, ...]
    where: str = ""


def _columns(text: str) -> tuple[Column, ...]:
    found = []
    for line in text.split():
        name, kind, source = line.split(":")
        found.append(Column(name, kind, source))  # type: ignore[arg-type] # the table below is the only caller
    return tuple(found)


LINES = Table(
    "lines",
    "orders_orderline",
    "order_line",
    _columns(
        "row_id:number:id source:number:source_id order_key:text:order_key row_key:text:key"
        " customer_id:number:customer_id day_no:day:day sec:moment:at product:number:product_id"
        " product_line:number:product_line_id location:number:location_id quantity:number:quantity"
        " amount:number:amount discount:number:discount tax:number:tax shipping:number:shipping"
        " currency_code:text:currency counts:standing:counts"
    ),
)
RETURNS = Table(
    "returns",
    "orders_returnline",
    "return_line",
    _columns(
        "row_id:number:id source:number:source_id order_key:text:order_key customer_id:number:customer_id"
        " day_no:day:day sec:moment:at product:number:product_id quantity:number:quantity"
        " amount:number:amount currency_code:text:currency"
    ),
    where="set_aside IS NULL",
)
SUBSCRIPTIONS = Table(
    "subscriptions",
    "subscriptions_subscription",
    "subscription",
    _columns(
        "row_id:number:id source:number:source_id customer_id:number:customer_id plan:text:plan"
        " amount:number:amount currency_code:text:currency interval_code:text:interval"
        " started_no:day:started_on term_no:day:ended_on priced:known:amount frozen_no:day:frozen_from"
        " thawed_no:day:frozen_until sessions:number:sessions sessions_used:number:sessions_used"
        " visited_no:day:last_visit_on"
    ),
)
INTERACTIONS = Table(
    "interactions",
    "interactions_interaction",
    "interaction",
    _columns(
        "row_id:number:id source:number:source_id customer_id:number:customer_id kind:text:kind"
        " day_no:day:day sec:moment:at"
    ),
)
ANSWERS = Table(
    "answers",
    "interactions_surveyanswer",
    "survey_answer",
    _columns(
        "row_id:number:id source:number:source_id customer_id:number:customer_id survey:text:survey"
        " question:text:question is_scored:known:score score:number:score scale_low:number:scale_low"
        " scale_high:number:scale_high direction:text:direction method:text:method channel:text:channel"
        " day_no:day:day invited_no:day:invited_on answered_no:day:answered_on"
    ),
)
TICKETS = Table(
    "tickets",
    "interactions_ticket",
    "ticket",
    _columns(
        "row_id:number:id source:number:source_id customer_id:number:customer_id category:text:category"
        " channel:text:channel priority:text:priority status:text:status agent:text:agent_name day_no:day:day"
        " opened_s:instant:opened_at responded_no:day:first_response_on responded_s:instant:first_response_at"
        " solved_no:day:solved_on solved_s:instant:solved_at closed_no:day:closed_on closed_s:instant:closed_at"
        " reopened:number:reopened"
    ),
)
CUSTOMERS = Table(
    "customers",
    "customers_customer",
    "customer",
    _columns(
        "id:number:id kept_id:number:kept_id excluded:flag:excluded joined_no:day:joined_on"
        " location:text:location company:text:company owner_id:number:owner_id born_no:day:birthday"
        " tags:json:tags custom:json:custom"
    ),
)

FACTS = (LINES, RETURNS, SUBSCRIPTIONS, INTERACTIONS, ANSWERS, TICKETS)


def build_travel_schema(table: Table, vendor: Vendor) -> pa.Schema:
    """The types in which a table's columns travel; SQLite keeps days and moments as texts."""
    as_text = {"text", "json"} | ({"day", "moment"} if vendor == "sqlite" else set())
    return pa.schema(
        [(column.name, pa.string() if column.kind in as_text else pa.int64()) for column in table.columns]
    )


def build_select(table: Table, vendor: Vendor, where: str = "") -> str:
    """The SELECT that reads a table (the rows of a condition) out of the records."""
    columns = ", ".join(f"{_travel(column, vendor)} AS {column.name}" for column in table.columns)
    conditions = " AND ".join(f"({part})" for part in (where, table.where) if part)
    return f"SELECT {columns} FROM {table.source}{f' WHERE {conditions}' if conditions else ''}"


def build_decoding(table: Table, vendor: Vendor) -> str:
    """The SELECT list with which DuckDB turns travelled values into the copy's."""
    return ", ".join(f"{_decode(column, vendor)} AS {column.name}" for column in table.columns)


def _travel(column: Column, vendor: Vendor) -> str:
    source = f'"{column.source}"'
    if column.kind in ("text", "json"):
        return f"coalesce(CAST({source} AS text), '')"
    if column.kind == "number":
        return f"coalesce({source}, 0)"
    if column.kind == "known":
        return f"CASE WHEN {source} IS NULL THEN 0 ELSE 1 END"
    if column.kind == "standing":
        return f'CASE WHEN {source} AND "set_aside" IS NULL THEN 1 ELSE 0 END'
    if vendor == "sqlite":
        return {
            "instant": f"coalesce(CAST(strftime('%s', {source}) AS integer), -1)",
            "flag": f"coalesce({source}, 0)",
            "day": f"coalesce({source}, '')",
            "moment": f"coalesce(substr({source}, 12, 8), '')",
        }[column.kind]
    return {
        "instant": f"coalesce(CAST(floor(extract(epoch FROM {source})) AS bigint), -1)",
        "flag": f"CAST({source} AS integer)",
        "day": f"coalesce({source} - DATE '0001-01-01' + 1, 0)",
        "moment": f"coalesce(CAST(floor(extract(epoch FROM {source} AT TIME ZONE 'UTC' - DATE_TRUNC('day',"
        f" {source} AT TIME ZONE 'UTC'))) AS bigint), -1)",
    }[column.kind]


def _decode(column: Column, vendor: Vendor) -> str:
    name = column.name
    if column.kind in ("flag", "known", "standing"):
        return f"{name} <> 0"
    if column.kind == "day":
        return _decode_day(name) if vendor == "sqlite" else f"{name}::INTEGER"
    if column.kind == "moment":
        return _decode_moment(name) if vendor == "sqlite" else f"{name}::INTEGER"
    return name


def _decode_day(name: str) -> str:
    date = f"CAST(nullif({name}, '') AS DATE)"
    return f"coalesce(date_diff('day', DATE '0001-01-01', {date}) + 1, 0)::INTEGER"


def _decode_moment(name: str) -> str:
    return f"coalesce(epoch(TRY_CAST(nullif({name}, '') AS TIME)), -1)::INTEGER"
