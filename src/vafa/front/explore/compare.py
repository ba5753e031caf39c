"""The metric twice: in two periods, under two rules, or of two groups; and which customers make the difference."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from pyroaring import BitMap

from vafa.front.explore.asked import Exploration
from vafa.front.explore.compare_sides import Side, list_sides
from vafa.front.explore.figures import get_table, narrow
from vafa.front.explore.money import MoneyTable, build_money
from vafa.front.explore.trend import find_observations
from vafa.front.overview.cards import NAMES_OF
from vafa.front.overview.figures import Asker, Refusal
from vafa.front.overview.texts import (
    count_observations,
    write_ends,
    write_sentence,
    write_value,
)
from vafa.kit.locale.formats import (
    Style,
    format_number,
    format_percent_points,
    format_signed,
)
from vafa.lab.compare import Difference, Estimate, build_difference
from vafa.measure.metrics.queries import explain_reason, list_names
from vafa.measure.metrics.types import MetricRow, MetricTable, SetName

SIDES = ("only_first", "only_second")


@dataclass(frozen=True)
class Column:
    """One side's value, ready to print."""

    title: str
    value: str
    interval: str
    observations: str
    note: str


@dataclass(frozen=True)
class People:
    """Customers on one side only: how many, whose list has this address (None: none may be seen)."""

    title: str
    count: str
    url: str | None


@dataclass(frozen=True)
class Comparison:
    """Two columns and what lies between them. `people` is empty where a metric has no names, `money` None where it is
    made of no money, or where names may not be seen."""

    columns: list[Column]
    difference: str
    interval: str | None
    verdict: str
    people: list[People]
    raw_columns: list[str]
    raw: list[list[Any]]
    money: MoneyTable | None = None


def build_comparison(
    asker: Asker, asked: Exploration, style: Style, urls: Mapping[str, str]
) -> Comparison | Refusal | None:
    """Both values, their difference, and the customers on one side only.

    `urls` are the addresses of the two lists by `SIDES`, empty where names may not be seen.
    """
    sides = list_sides(asked, style)
    if sides is None or isinstance(sides, Refusal):
        return sides
    rows: list[MetricRow] = []
    for side in sides:
        table = _ask(asker, asked, side)
        if isinstance(table, Refusal):
            return table
        rows.append(table.rows[0])
    difference = _find_difference(rows)
    return Comparison(
        columns=[_build_column(side, row, asked, style) for side, row in zip(sides, rows, strict=True)],
        difference=_write_difference(difference, asked, style),
        interval=_write_interval(difference, asked, style),
        verdict=_judge(difference, rows, asked),
        people=_list_people(asker, asked, sides, style, urls),
        raw_columns=["side", "from", "to", "value", "low", "high", "n", "complete", "reason"],
        raw=[
            [
                side.title, row.start, row.end, row.value, row.low, row.high, count_observations(row),
                row.complete, row.reason,
            ]
            for side, row in zip(sides, rows, strict=True)
        ],
        money=build_money(asker, asked, sides, style) if urls else None,
    )  # fmt: skip


def _ask(asker: Asker, asked: Exploration, side: Side) -> MetricTable | Refusal:
    return get_table(asker, asked, side.period.start, side.period.end, rule=side.rule, inside=side.inside)


def _find_difference(rows: list[MetricRow]) -> Difference | None:
    first, second = rows
    if first.value is None or second.value is None:
        return None
    return build_difference(
        Estimate(first.value, first.low, first.high), Estimate(second.value, second.low, second.high)
    )


def _build_column(side: Side, row: MetricRow, asked: Exploration, style: Style) -> Column:
    note = explain_reason(row.reason) if row.reason else "" if row.complete else _("Not complete")
    return Column(
        title=side.title,
        value=write_value(row.value, asked.entry.unit, style) or "–",
        interval=write_ends(row, asked.entry.unit, style),
        observations=find_observations(row, style),
        note=note,
    )


def _write_difference(difference: Difference | None, asked: Exploration, style: Style) -> str:
    if difference is None:
        return "–"
    unit = asked.entry.unit
    if unit == "share":
        return format_percent_points(difference.value, style)
    if unit == "nps":
        return format_signed(round(difference.value * 100, 1), style)
    if unit == "customers":
        return format_signed(round(difference.value), style)
    text = write_value(abs(difference.value), unit, style) or ""
    return f"+{text}" if difference.value > 0 else f"−{text}" if difference.value < 0 else text


def _write_interval(difference: Difference | None, asked: Exploration, style: Style) -> str | None:
    if difference is None or difference.low is None or difference.high is None or asked.entry.unit != "share":
        return None
    text = _("95%% interval of the difference: %(interval)s") % {
        "interval": _("%(low)s to %(high)s")
        % {
            "low": format_percent_points(difference.low, style),
            "high": format_percent_points(difference.high, style),
        }
    }
    return write_sentence(text, style)


def _judge(difference: Difference | None, rows: list[MetricRow], asked: Exploration) -> str:
    """What may be concluded, in a sentence."""
    if difference is None:
        return _("One of the two values is unknown, so there is nothing to compare.")
    if not all(row.complete for row in rows):
        return _("One of the two periods is not complete: the values are unlike.")
    if difference.value == 0:
        return _("Both values are the same.")
    if difference.is_clear is None:
        return _(
            "This is a count or a sum, so the difference is exact; whether it means anything is not told by it."
        )
    if asked.versus == "rule":
        return _("Both values are of the same customers, told by different rules.")
    if difference.is_clear:
        return _("The difference is larger than chance would explain.")
    return _("So small a difference may have come by chance: there are too few customers to tell.")


def _list_people(
    asker: Asker,
    asked: Exploration,
    sides: tuple[Side, Side],
    style: Style,
    urls: Mapping[str, str],
) -> list[People]:
    if asked.entry.name not in NAMES_OF:
        return []
    words = {"first": sides[0].title, "second": sides[1].title, "set": asked.entry.title}
    titles = {
        "only_first": _("Counted in %(first)s but not in %(second)s") % words,
        "only_second": _("Counted in %(second)s but not in %(first)s") % words,
    }
    return [
        People(
            titles[name],
            format_number(len(members), style),
            urls.get(name) if members else None,
        )
        for name, members in zip(SIDES, find_people(asker, asked, sides), strict=True)
    ]


def find_people(asker: Asker, asked: Exploration, sides: tuple[Side, Side]) -> tuple[BitMap, BitMap]:
    """The customers whom the metric counts on the first side only, and on the second only."""
    name = NAMES_OF.get(asked.entry.name)
    if name is None:
        return BitMap(), BitMap()
    first, second = (_find_members(asker, asked, side, name) for side in sides)
    return first - second, second - first


def _find_members(asker: Asker, asked: Exploration, side: Side, name: str) -> BitMap:
    rule = side.rule or asked.question.rule
    set_name: SetName = name  # type: ignore[assignment] # NAMES_OF names only sets
    ids = list_names(
        set_name,
        side.period,
        rule=rule,
        **narrow(asker, side.inside, rule),
    )
    return asker.snapshot.ix_set(ids) if len(ids) else BitMap()
