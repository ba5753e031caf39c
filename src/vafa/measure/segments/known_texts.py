"""Texts that the facts before a day tell of each customer: the plan, what is bought most, what was bought first, how
the last contact came."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from vafa.kit.locale.letters import fold
from vafa.lab.sets import build_set
from vafa.lab.spells import OPEN_END
from vafa.measure.segments.context import Context
from vafa.measure.segments.types import KINDS_AT_THE_END, FieldCondition
from vafa.warehouse.queries import Query, Snapshot

# A day and the number of a row as one number, by which rows come in order: rows have fewer than 2^43.
_ORDER = "day_no::BIGINT * 8796093022208 + row_id"
_NAME_TABLES = {
    "main_line": "product_lines",
    "first_line": "product_lines",
    "first_product": "products",
    "first_location": "locations",
}
_FIRST = {"first_line": "product_line", "first_product": "product", "first_location": "location"}
_LAST = {
    "contact_kind": ("interactions", "lower(kind)"),
    "ticket_category": ("tickets", "category"),
    "ticket_channel": ("tickets", "channel"),
}


@dataclass(frozen=True)
class Texts:
    """By customer's number the place of a name; the first name is "", of whom nothing is known."""

    codes: npt.NDArray[np.int32]
    names: tuple[str, ...]


def read_texts(context: Context, field: str) -> Texts:
    """What the facts of the days before the boundary tell, made once for each state of the data and boundary."""
    return context.snapshot.cached(
        ("segment_texts", field, context.boundary), lambda: _read(context.snapshot, field, context.boundary)
    )


def find_by_known_text(context: Context, condition: FieldCondition) -> BitMap:
    """The customers who meet a condition on one of FACT_FIELDS, whatever the case and the form of the letters."""
    everyone, told = context.snapshot.everyone(), read_texts(context, condition.field)
    if condition.op in ("known", "unknown"):
        known = build_set(np.flatnonzero(told.codes > 0)) & everyone
        return known if condition.op == "known" else everyone - known
    parts = {key for value in condition.values if (key := fold(value))}
    matches: Callable[[str], bool] = (
        (lambda key: any(part in key for part in parts)) if condition.op == "contains" else parts.__contains__
    )
    wanted = [code for code, name in enumerate(told.names) if code and matches(fold(name))]
    found = build_set(np.flatnonzero(np.isin(told.codes, wanted))) & everyone
    return everyone - found if condition.op == "is_not" else found


def list_known_texts(snapshot: Snapshot, field: str) -> list[str]:
    """The values that a field of FACT_FIELDS may have, in order."""
    if field in _NAME_TABLES:
        sql = f"SELECT DISTINCT name FROM {_NAME_TABLES[field]}"
    elif field in _LAST:
        view, column = _LAST[field]
        sql = f"SELECT DISTINCT {column} FROM {view}"
    else:
        sql = "SELECT DISTINCT plan FROM subscriptions"
    return snapshot.cached(
        ("segment_known_texts", field),
        lambda: sorted(
            value for (value,) in snapshot.run(Query(sql)) if value and value not in KINDS_AT_THE_END
        ),
    )


def _read(snapshot: Snapshot, field: str, day: int) -> Texts:
    if field == "plan":
        return _build(snapshot, *_read_plans(snapshot, day))
    if field in _LAST:
        return _build(snapshot, *_read_last(snapshot, field, day))
    return _read_bought(snapshot, field, day)


def _read_bought(snapshot: Snapshot, field: str, day: int) -> Texts:
    """Of the line bought on most days that of the smallest number, where there are several."""
    bought = "FROM facts WHERE is_purchase AND customer_ix IS NOT NULL AND day_no < ?"
    if field == "main_line":
        sql = (
            "SELECT ix, line AS told FROM ("
            "SELECT customer_ix AS ix, product_line AS line, count(DISTINCT day_no) AS days"
            f" {bought} AND product_line <> 0 GROUP BY 1, 2"
            " QUALIFY row_number() OVER (PARTITION BY customer_ix ORDER BY days DESC, product_line) = 1)"
        )
    else:
        sql = f"SELECT customer_ix AS ix, arg_min(coalesce({_FIRST[field]}, 0), {_ORDER}) AS told {bought} GROUP BY 1"
    rows = snapshot.run_columns(Query(sql, (day,)))
    known = {
        int(number): str(name)
        for number, name in snapshot.run(Query(f"SELECT id, name FROM {_NAME_TABLES[field]}"))
        if name
    }
    names = sorted(set(known.values()))
    place = {name: code for code, name in enumerate(names, 1)}
    ids, where = np.unique(np.ma.filled(rows["told"], 0).astype(np.int64), return_inverse=True)
    codes_of = np.array([place.get(known.get(int(number), ""), 0) for number in ids], dtype=np.int32)
    codes = np.zeros(snapshot.numbers, dtype=np.int32)
    if len(ids):
        codes[rows["ix"].astype(np.int64)] = codes_of[where]
    return Texts(codes, ("", *names))


def _read_last(snapshot: Snapshot, field: str, day: int) -> tuple[Any, Any]:
    view, column = _LAST[field]
    kinds = ", ".join(f"'{kind}'" for kind in KINDS_AT_THE_END)
    but = f" AND lower(kind) NOT IN ({kinds})" if field == "contact_kind" else ""
    sql = (
        f"SELECT customer_ix AS ix, arg_max({column}, {_ORDER}) AS told FROM {view}"
        f" WHERE day_no < ? AND customer_ix IS NOT NULL{but} GROUP BY 1"
    )
    rows = snapshot.run_columns(Query(sql, (day,)))
    return rows["ix"], rows["told"]


def _read_plans(snapshot: Snapshot, day: int) -> tuple[Any, Any]:
    """Of each customer's contracts those that run at the boundary come last, and of them the last begun."""
    sql = (
        "SELECT customer_ix, plan AS told, started_no, row_id,"
        f" CASE WHEN ended_no <= ? THEN ended_no ELSE {OPEN_END} END AS ended"
        " FROM subscriptions WHERE started_no < ? AND customer_ix IS NOT NULL"
    )
    rows = snapshot.run_columns(Query(sql, (day, day)))
    owners = rows["customer_ix"].astype(np.int64)
    if not len(owners):
        return owners, np.empty(0, dtype=np.str_)
    ended = np.ma.filled(rows["ended"], OPEN_END).astype(np.int64)
    order = np.lexsort((rows["row_id"], rows["started_no"], ended, owners))
    last = order[np.append(owners[order][1:] != owners[order][:-1], True)]
    return owners[last], np.asarray(rows["told"], dtype=np.str_)[last]


def _build(snapshot: Snapshot, numbers: Any, texts: Any) -> Texts:
    names, places = np.unique(np.asarray(texts, dtype=np.str_), return_inverse=True)
    # The empty text comes first where it is among them.
    has_unknown = bool(len(names)) and names[0] == ""
    codes = np.zeros(snapshot.numbers, dtype=np.int32)
    codes[np.asarray(numbers, dtype=np.int64)] = places + (0 if has_unknown else 1)
    told = tuple(str(name) for name in names)
    return Texts(codes, told if has_unknown else ("", *told))
