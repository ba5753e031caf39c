"""What those who left in a period have in common, by everything known of them when it began."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from vafa.lab.design import Feature
from vafa.lab.errors import LabError
from vafa.lab.rules import ActivityRule
from vafa.lab.sets import build_set, list_members
from vafa.lab.subgroups import Condition, Subgroup, find_subgroups, mark_condition
from vafa.measure.segments.queries import Resolver, get_revenue, get_texts
from vafa.predict.models.queries import build_features, find_leaking
from vafa.predict.models.types import FeatureTable, Question
from vafa.predict.reasons.stated import build_said_columns, list_stated, spread_last
from vafa.predict.reasons.types import Common, CommonGroup, StatedReason
from vafa.warehouse.queries import Snapshot

# More customers than these are searched by a part of them: the groups are as sure, and the page is quick.
MOST_SEARCHED = 200_000
# What a model tells is no fact that customers could have in common.
_TOLD_BY_MODELS = ("purchase_odds", "tenure_odds")
_YEAR = timedelta(days=365)

# What the facts before a day tell in words, and which group of features it belongs to.
_TOLD = {
    "first_line": "product",
    "first_product": "product",
    "first_location": "profile",
    "contact_kind": "silence",
    "ticket_category": "complaints",
    "ticket_channel": "complaints",
}
_SAID = {"stated_before": "stated", "theme": "stated", "channel": "profile"}
_MOST_STATED = 3


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
    features, columns = _complete(snapshot, start, rule, table, rows)
    leaking = {leak.name for leak in find_leaking(features, columns, left)}
    asked = [own for own in features if own.name not in leaking]
    found = find_subgroups(asked, columns, table.customer_ids, left)
    stated = _Stated(snapshot, start, end)
    money = _build_money(snapshot, start, question, table) if found else None
    return Common(
        start,
        end,
        len(numbers),
        len(lost),
        len(rows),
        tuple(asked),
        tuple(sorted(leaking)),
        tuple(_build_group(group, rows, left, money, stated) for group in found),
        stated.list_reasons(lost, members - lost),
    )


def find_members_now(
    snapshot: Snapshot,
    rule: ActivityRule,
    question: Question,
    day: date,
    conditions: Iterable[Condition],
    visible: BitMap | None = None,
) -> BitMap:
    """Who of those active at a day (of the visible ones) meets all these conditions on it: a group as it is now."""
    active = snapshot.active(rule, day)
    numbers = list_members(active if visible is None else active & visible).astype(np.int64)
    table = _build_table(snapshot, day, question, numbers)
    if table is None:
        return BitMap()
    rows = snapshot.list_numbers(table.customer_ids)
    _features, columns = _complete(snapshot, day, rule, table, rows, all_told=True)
    meets = np.ones(len(rows), dtype=np.bool_)
    for condition in conditions:
        if condition.feature not in columns:
            return BitMap()
        meets &= mark_condition(condition, columns[condition.feature])
    return build_set(rows[meets])


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


def _complete(
    snapshot: Snapshot,
    day: date,
    rule: ActivityRule,
    table: FeatureTable,
    rows: npt.NDArray[np.int64],
    *,
    all_told: bool = False,
) -> tuple[list[Feature], dict[str, npt.NDArray[Any]]]:
    """What is known of the rows as of a day, with what their facts and they themselves tell in words; of that only what
    differs among them, unless `all_told`."""
    resolver = Resolver(snapshot, rule=str(rule))
    columns = dict(table.columns)
    features = [own for own in table.features if own.name not in _TOLD_BY_MODELS]
    for name, group in _TOLD.items():
        own = get_texts(resolver, name, day)[rows]
        if all_told or len(np.unique(own)) > 1:
            columns[name] = own
            features.append(Feature(name, group, "choice"))
    for name, own in build_said_columns(snapshot, day, rows).items():
        columns[name] = own
        features.append(Feature(name, _SAID[name], "choice"))
    return features, columns


class _Stated:
    """The reasons that were given in a period, by customer's number."""

    def __init__(self, snapshot: Snapshot, start: date, end: date) -> None:
        self._said = spread_last(snapshot, list_stated(start, end))

    def count(self, members: BitMap) -> Counter[str]:
        """How many of these gave each reason."""
        return Counter(str(text) for text in self._said[list_members(members)] if text)

    def list_reasons(self, lost: BitMap, stayed: BitMap) -> tuple[StatedReason, ...]:
        """All reasons, those that most gave who left first."""
        left, rest = self.count(lost), self.count(stayed)
        told = [StatedReason(reason, left[reason], rest[reason]) for reason in left | rest]
        return tuple(sorted(told, key=lambda one: (-one.left, -one.stayed, one.reason)))


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
    stated: _Stated,
) -> CommonGroup:
    own = None if money is None else money[group.members]
    return CommonGroup(
        conditions=group.conditions,
        members=build_set(numbers[group.members]),
        lost=int(left[group.members].sum()),
        confirmed=group.confirmed.members,
        rest=group.confirmed.rest,
        revenue=None if own is None or not np.isfinite(own).all() else float(own.sum()),
        stated=tuple(stated.count(build_set(numbers[group.members & left])).most_common(_MOST_STATED)),
    )
