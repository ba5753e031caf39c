"""What those who left in a period have in common, by everything known of them when it began."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from vafa.lab.design import Feature
from vafa.lab.errors import LabError
from vafa.lab.rules import ActivityRule
from vafa.lab.sets import build_set, list_members
from vafa.lab.subgroups import Subgroup, find_subgroups
from vafa.measure.segments.queries import Resolver, get_revenue
from vafa.predict.models.queries import build_features, find_leaking
from vafa.predict.models.types import FeatureTable, Question
from vafa.predict.reasons.types import Common, CommonGroup
from vafa.warehouse.queries import Query, Snapshot

# More customers than these are searched by a part of them: the groups are as sure, and the page is quick.
MOST_SEARCHED = 200_000
# What a model tells is no fact that customers could have in common.
_TOLD_BY_MODELS = ("purchase_odds", "tenure_odds")
_YEAR = timedelta(days=365)

_FIRST = {
    "first_line": Feature("first_line", "product", "choice"),
    "first_product": Feature("first_product", "product", "choice"),
    "first_location": Feature("first_location", "profile", "choice"),
}
_NAMED = {"first_line": "product_lines", "first_product": "products", "first_location": "locations"}
_FIRST_SQL = """
    SELECT customer_ix AS ix, arg_min(product_line, day_no) AS first_line, arg_min(product, day_no) AS first_product,
        arg_min(location, day_no) AS first_location
    FROM facts WHERE is_purchase AND customer_ix IS NOT NULL AND day_no < ? GROUP BY 1
"""


def find_common(
    snapshot: Snapshot,
    rule: ActivityRule,
    question: Question,
    start: date,
    end: date,
    visible: BitMap | None = None,
) -> Common:
    """Of those who were active at `start` (of the visible ones), what goes with not being active at `end`.

    Facts of days before `start` count alone, but for the customers' fields, which have no history: those that know who
    left are left out. Without groups where nothing holds on the half that was not searched.
    """
    active, later = snapshot.active(rule, start), snapshot.active(rule, end)
    members = active if visible is None else active & visible
    lost = members - later
    numbers = list_members(members).astype(np.int64)
    searched = numbers[:: max(1, -(-len(numbers) // MOST_SEARCHED))]
    table = _build_table(snapshot, start, question, searched)
    if table is None:
        return Common(start, end, len(numbers), len(lost), 0, (), (), ())
    rows = snapshot.list_numbers(table.customer_ids)
    left = ~np.isin(rows, list_members(later))
    columns = {**table.columns, **_build_first(snapshot, start, rows)}
    features = [*table.features, *(own for name, own in _FIRST.items() if name in columns)]
    leaking = {leak.name for leak in find_leaking(table.features, table.columns, left)}
    asked = [own for own in features if own.name not in leaking and own.name not in _TOLD_BY_MODELS]
    found = find_subgroups(asked, columns, table.customer_ids, left)
    money = _build_money(snapshot, start, question, table) if found else None
    return Common(
        start,
        end,
        len(numbers),
        len(lost),
        len(rows),
        tuple(asked),
        tuple(sorted(leaking)),
        tuple(_build_group(group, rows, left, money) for group in found),
    )


def _build_table(
    snapshot: Snapshot, start: date, question: Question, numbers: npt.NDArray[np.int64]
) -> FeatureTable | None:
    """None where nobody was there, or too little had happened to tell anything."""
    if not len(numbers):
        return None
    try:
        return build_features(snapshot, start, question, numbers)
    except LabError:
        return None


def _build_first(
    snapshot: Snapshot, start: date, numbers: npt.NDArray[np.int64]
) -> Mapping[str, npt.NDArray[Any]]:
    """The line, product and location of each one's first purchase; those that differ among them."""
    rows = snapshot.run_columns(Query(_FIRST_SQL, (start.toordinal(),)))
    told = {}
    for name, names in _NAMED.items():
        known = dict(snapshot.run(Query(f"SELECT id, name FROM {names}")))
        values = np.full(snapshot.numbers, "", dtype=object)
        codes = np.ma.filled(rows[name], 0).tolist()
        values[rows["ix"].astype(np.int64)] = [known.get(code) or "" for code in codes]
        own = values[numbers].astype(np.str_)
        if len(np.unique(own)) > 1:
            told[name] = own
    return told


def _build_money(
    snapshot: Snapshot, start: date, question: Question, table: FeatureTable
) -> npt.NDArray[np.float64]:
    """What each row brought in the 12 months before; of contracts, a year at the price of that day (NaN: unknown)."""
    if question.kind == "contracts":
        return np.asarray(table.columns["monthly_price"], dtype=np.float64) * 12
    resolver = Resolver(snapshot)
    until, before = (get_revenue(resolver, day) for day in (start, start - _YEAR))
    brought: npt.NDArray[np.float64] = (until - before)[snapshot.list_numbers(table.customer_ids)]
    return brought


def _build_group(
    group: Subgroup,
    numbers: npt.NDArray[np.int64],
    left: npt.NDArray[np.bool_],
    money: npt.NDArray[np.float64] | None,
) -> CommonGroup:
    own = None if money is None else money[group.members]
    return CommonGroup(
        conditions=group.conditions,
        members=build_set(numbers[group.members]),
        lost=int(left[group.members].sum()),
        confirmed=group.confirmed.members,
        rest=group.confirmed.rest,
        revenue=None if own is None or not np.isfinite(own).all() else float(own.sum()),
    )
