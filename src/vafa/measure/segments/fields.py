"""Who meets a condition on a field of the customer. Fields have no history: their present values count on any day."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from vafa.kit.locale.letters import fold
from vafa.lab.calendars import MONTHS_A_YEAR, CalendarName, get_month_index, split_days
from vafa.lab.errors import CalendarRangeExceeded
from vafa.lab.sets import build_set
from vafa.measure.segments.context import Context, keep
from vafa.measure.segments.known_texts import find_by_known_text, list_known_texts
from vafa.measure.segments.predicted import BAND, find_in_bands, find_with_band
from vafa.measure.segments.types import CUSTOM_PREFIX, FACT_FIELDS, FieldCondition, Span
from vafa.warehouse.queries import Query, Snapshot

# Beyond so many values a field tells customers apart rather than groups of them.
MOST_FOLDED = 50_000
_COLUMNS = {"customer_location": "location", "company": "company"}
# SQLite and PostgreSQL keep lists as JSON texts; a customer without tags has "[]" or nothing.
_TAGS = "from_json(CASE WHEN tags = '' THEN '[]' ELSE tags END, '[\"VARCHAR\"]')"


def find_by_field(context: Context, condition: FieldCondition, among: BitMap | None = None) -> BitMap:
    """The customers who meet the condition; with `among` at least those of them who are in it."""
    snapshot = context.snapshot
    if condition.field == "joined_on":
        return _find_by_joining(context, condition)
    if condition.field == BAND:
        return _find_by_band(context, condition)
    if condition.field in FACT_FIELDS:
        return find_by_known_text(context, condition)
    if condition.op in ("known", "unknown"):
        known = _find_known(snapshot, condition.field)
        return known if condition.op == "known" else snapshot.everyone() - known
    found = _find_with_value(context, condition, among)
    return snapshot.everyone() - found if condition.op == "is_not" else found


def _find_by_band(context: Context, condition: FieldCondition) -> BitMap:
    everyone = context.snapshot.everyone()
    if condition.op in ("known", "unknown"):
        known = find_with_band(context) & everyone
        return known if condition.op == "known" else everyone - known
    found = find_in_bands(context, condition.values) & everyone
    return everyone - found if condition.op == "is_not" else found


def _find_with_value(context: Context, condition: FieldCondition, among: BitMap | None) -> BitMap:
    snapshot = context.snapshot
    if condition.field == "birthday_month":
        return _find_by_birthday(context, condition.values)
    if condition.field == "owner":
        sets = [snapshot.visible_to(int(value)) for value in condition.values]
        return BitMap.union(*sets) & snapshot.everyone() if sets else BitMap()
    values = tuple(sorted(condition.values))
    key = ("segment_field", condition.field, condition.op == "contains", values)
    return keep(context, key, among, lambda few: _find_by_text(snapshot, condition, few))


def _find_by_text(snapshot: Snapshot, condition: FieldCondition, few: BitMap | None) -> BitMap:
    """Who has a value that is, or holds, one of the texts, whatever the case and the form of the letters.

    Where values tell customers apart (a number of each), they are compared as they were typed, but for the case.
    """
    contains, known = condition.op == "contains", _list_texts(snapshot, condition.field)
    if len(known) > MOST_FOLDED:
        wanted = [value.strip().lower() for value in condition.values if value.strip()]
        test = (
            "len(list_filter(?::VARCHAR[], part -> contains(lower({0}), part))) > 0"
            if contains
            else ("lower({0}) IN (SELECT unnest(?::VARCHAR[]))")
        )
        return _select_by_text(snapshot, condition.field, test, wanted, few)
    parts = {key for value in condition.values if (key := fold(value))}
    folded = {value: fold(value) for value in known}
    chosen = [
        value
        for value, key in folded.items()
        if (any(part in key for part in parts) if contains else key in parts)
    ]
    return _select_by_text(snapshot, condition.field, "{0} IN (SELECT unnest(?::VARCHAR[]))", chosen, few)


def _select_by_text(
    snapshot: Snapshot, field: str, test: str, values: list[str], few: BitMap | None
) -> BitMap:
    """Who has a text of a field (`{0}` in the test) that passes a test with one parameter, the values; of `few` only,
    where given."""
    if not values:
        return BitMap()
    if field == "tag":
        # Few lists of tags are each borne by many: those that hold such a tag are looked for among themselves.
        sql = f"""
            SELECT {{ix}} FROM {{customers}} WHERE tags IN (
                SELECT tags FROM (SELECT tags, unnest({_TAGS}) AS tag FROM (SELECT unnest(?::VARCHAR[]) AS tags))
                WHERE {test.format("tag")}
            )
        """
        return _select_customers(snapshot, sql, (_list_tag_lists(snapshot), values), few)
    expression, params = _build_expression(field)
    # Where the test names the values first, its parameters still come in the order of the text.
    ordered = (values, *params) if test.startswith("len(") else (*params, values)
    return _select_customers(
        snapshot, f"SELECT {{ix}} FROM {{customers}} WHERE {test.format(expression)}", ordered, few
    )


def _select_customers(
    snapshot: Snapshot, sql: str, params: tuple[Any, ...], few: BitMap | None = None
) -> BitMap:
    """The customers whom a SELECT of `{ix}` from `{customers}` finds; of `few` only, where given.

    Who counts is known as a set: leaving the others out afterwards spares the columns that tell it.
    """
    ix, customers = ("own_ix", "all_customers") if snapshot.shows_all else ("ix", "customers")
    if few is not None:
        customers = f"(FROM {customers} SEMI JOIN members ON members.ix = {customers}.{ix})"
    rows = snapshot.run_columns(Query(sql.format(ix=f"{ix} AS ix", customers=customers), params, few))
    return build_set(rows["ix"]) & snapshot.everyone()


def list_values(snapshot: Snapshot, field: str, seen: BitMap | None = None) -> list[str]:
    """The values that a field of texts has among all customers, or among those `seen`, in order."""
    if field in FACT_FIELDS:
        return list_known_texts(snapshot, field)

    def read() -> list[str]:
        counted = _read_counted_values(snapshot, field) if seen is None else None
        if counted is not None:
            return counted
        customers = (
            "customers" if seen is None else "customers SEMI JOIN members ON members.ix = customers.ix"
        )
        params: tuple[Any, ...] = ()
        if field == "tag":
            lists = f"SELECT DISTINCT tags FROM {customers} WHERE length(tags) > 2"
            sql = f"SELECT DISTINCT unnest({_TAGS}) FROM ({lists})"
        else:
            expression, params = _build_expression(field)
            sql = f"SELECT DISTINCT {expression} FROM {customers}"
        return sorted(value for (value,) in snapshot.run(Query(sql, params, seen)) if value)

    return read() if seen is not None else snapshot.cached(("segment_values", field), read)


def _list_texts(snapshot: Snapshot, field: str) -> list[str]:
    """All values that a field may have: those of tags with what only the merged and left out bear."""
    if field != "tag":
        return list_values(snapshot, field)
    sql = f"SELECT DISTINCT unnest({_TAGS}) FROM (SELECT unnest(?::VARCHAR[]) AS tags)"

    def read() -> list[str]:
        return [tag for (tag,) in snapshot.run(Query(sql, (_list_tag_lists(snapshot),))) if tag]

    return snapshot.cached(("segment_tags",), read)


def _list_tag_lists(snapshot: Snapshot) -> list[str]:
    """The different lists of tags that there are, as they are kept."""
    customers = "all_customers" if snapshot.shows_all else "customers"
    sql = f"SELECT DISTINCT tags FROM {customers} WHERE length(tags) > 2"
    return snapshot.cached(("segment_tag_lists",), lambda: [tags for (tags,) in snapshot.run(Query(sql))])


def _read_counted_values(snapshot: Snapshot, field: str) -> list[str] | None:
    """The values of a field by what the files have counted; None where they haven't, or have too many to tell."""
    if not snapshot.shows_all or field == "tag":
        return None
    rows = snapshot.run(Query("SELECT value FROM customer_values WHERE dimension = ?", (field,)))
    values = [value for (value,) in rows]
    return None if not values or None in values else sorted(value for value in values if value)


def list_custom_fields(snapshot: Snapshot) -> list[str]:
    """The names of the business's own fields that any customer has, in order."""
    sql = "SELECT DISTINCT unnest(json_keys(custom)) FROM customers WHERE custom NOT IN ('', '{}') ORDER BY 1"
    return snapshot.cached(("segment_custom_fields",), lambda: [name for (name,) in snapshot.run(Query(sql))])


def _build_expression(field: str) -> tuple[str, tuple[Any, ...]]:
    """The SQL of a customer's text in a field, and its parameters."""
    if field in _COLUMNS:
        return _COLUMNS[field], ()
    # A JSON pointer, in which these two characters are written otherwise.
    name = field.removeprefix(CUSTOM_PREFIX).replace("~", "~0").replace("/", "~1")
    return "coalesce(json_extract_string(custom, ?), '')", (f"/{name}",)


def _find_known(snapshot: Snapshot, field: str) -> BitMap:
    params: tuple[Any, ...] = ()
    if field == "tag":
        condition = f"length(tags) > 2 AND len({_TAGS}) > 0"
    elif field == "owner":
        condition = "owner_id IS NOT NULL"
    elif field == "birthday_month":
        condition = "born_no IS NOT NULL"
    else:
        expression, params = _build_expression(field)
        condition = f"{expression} <> ''"
    sql = f"SELECT ix FROM customers WHERE {condition}"
    return snapshot.cached(
        ("segment_known", field), lambda: build_set(snapshot.run_columns(Query(sql, params))["ix"])
    )


def _find_by_birthday(context: Context, values: Iterable[str]) -> BitMap:
    """Whose birthday is in one of these months of the business's calendar."""
    calendar = context.cutting.calendar
    wanted = resolve_months(values, context.boundary, calendar)
    numbers, months = context.snapshot.cached(
        ("segment_birthdays", calendar), lambda: _read_birthdays(context.snapshot, calendar)
    )
    return build_set(numbers[np.isin(months, sorted(wanted))])


def resolve_months(values: Iterable[str], boundary: int, calendar: CalendarName) -> set[int]:
    """The months (1 to 12) that the values mean on a day: numbers, "this" and "next"."""
    here = get_month_index(boundary, calendar) % MONTHS_A_YEAR
    relative = {"this": here + 1, "next": (here + 1) % MONTHS_A_YEAR + 1}
    return {relative[value] if value in relative else int(value) for value in values}


def _read_birthdays(
    snapshot: Snapshot, calendar: CalendarName
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    rows = snapshot.run_columns(Query("SELECT ix, born_no FROM customers WHERE born_no IS NOT NULL"))
    days = rows["born_no"].astype(np.int64)
    # Umm al-Qura is not known for those born before 1924: their month is not known then.
    days = days[inside] if (inside := _list_inside(days, calendar)) is not None else days
    numbers = rows["ix"].astype(np.int64)
    numbers = numbers[inside] if inside is not None else numbers
    return numbers, split_days(days, calendar)[1]


def _list_inside(days: npt.NDArray[np.int64], calendar: CalendarName) -> npt.NDArray[np.bool_] | None:
    """Which of the days the calendar knows; None where it knows all."""
    try:
        split_days(days, calendar)
    except CalendarRangeExceeded:
        known = []
        for day in np.unique(days).tolist():
            try:
                get_month_index(day, calendar)
            except CalendarRangeExceeded:
                continue
            known.append(day)
        return np.isin(days, known)
    return None


def _find_by_joining(context: Context, condition: FieldCondition) -> BitMap:
    snapshot = context.snapshot
    if snapshot.shows_all:
        is_any_day = condition.op in ("known", "unknown")
        first, end = (1, date.max.toordinal()) if is_any_day else context.resolve(condition.span or Span())
        key = ("segment_joined_between", first, end)
        joined = snapshot.cached(
            key,
            lambda: snapshot.joined(date.fromordinal(first), date.fromordinal(end)) & snapshot.everyone(),
        )
        return snapshot.everyone() - joined if condition.op in ("unknown", "not_within") else joined
    numbers, days = snapshot.cached(("segment_joined",), lambda: _read_joined(snapshot))
    if condition.op in ("known", "unknown"):
        known = build_set(numbers)
        return known if condition.op == "known" else snapshot.everyone() - known
    first, end = context.resolve(condition.span or Span())
    found = build_set(numbers[(days >= first) & (days < end)])
    return snapshot.everyone() - found if condition.op == "not_within" else found


def _read_joined(snapshot: Snapshot) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The numbers of those whose day of joining is known, and the earliest such day of all merged into each."""
    rows = snapshot.run_columns(
        Query(
            "SELECT a.ix, min(a.joined_no) AS day FROM all_customers a SEMI JOIN customers c ON c.ix = a.ix"
            " WHERE NOT a.hidden AND a.joined_no <> 0 GROUP BY a.ix"
        )
    )
    return rows["ix"].astype(np.int64), rows["day"].astype(np.int64)
