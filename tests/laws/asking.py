"""Asking one thing in every way there is: the door, the command and the list of names."""

import csv
import io
import json
import math
from contextlib import redirect_stdout
from functools import cache
from importlib import import_module
from typing import Any

import typer

from tests.laws.twin import SETS, NaiveRule, Twin, is_of_customer
from tests.laws.twin_rows import to_day
from tests.laws.twin_time import naive_periods
from vafa.config.command import COMMAND_MODULES
from vafa.kit.errors import AskedWrongly
from vafa.lab.periods import Period
from vafa.lab.rules import ActivityRule
from vafa.measure.metrics.queries import get_metric, list_names
from vafa.measure.metrics.types import MetricRow, MetricTable, SetName
from vafa.warehouse.queries import open_snapshot
from vafa.warehouse.types import Group

EVERY = ("day", "week", "month", "quarter", "half", "year")
CALENDARS = ("gregorian", "jalali", "hijri")
RULES = ("subscription", "subscription+7d", "purchase:30d", "purchase:90d", "purchase:auto")
WEEK_STARTS = ("sat", "sun", "mon")
DIMENSIONS = (None, "location", "product_line", "product", "plan", "customer_location", "custom:tier")
ORDER_METRICS = ("repeat_purchase_rate", "mean_days_between_purchases", "average_order_value")


@cache
def build_command() -> Any:
    """The whole `vafa` command, as `vafa.config.command.main` gathers it."""
    app = typer.Typer()
    for name in COMMAND_MODULES:
        import_module(name).register(app)
    return typer.main.get_command(app)


def run_command(*args: str) -> str:
    """What `vafa ...` prints on standard output. Raises the command's own errors."""
    printed = io.StringIO()
    with redirect_stdout(printed):
        build_command().main(list(args), standalone_mode=False)
    return printed.getvalue()


def is_splittable(twin: Twin, metric: str, rule: str, by: str | None) -> bool:
    """Whether the figure can be split by this dimension now: it has two known values, of the right facts."""
    if by is None:
        return True
    needs_orders = metric in ORDER_METRICS or rule.startswith("purchase")
    wrong = ("plan",) if needs_orders else ("location", "product_line", "product")
    return by not in wrong and len([value for value in twin.naive_values(by) if value]) >= 2


def find_meant(twin: Twin, metric: str, rule: str, by: str | None) -> str | None:
    """The dimension that is meant: where the facts have no location to split by, the customers' is."""
    asked = is_splittable(twin, metric, rule, by)
    return "customer_location" if by == "location" and not asked else by


def get_span(twin: Twin, metric: str, rule: str) -> tuple[int, int] | None:
    """The first day (ordinal) with a fact that the figure needs and the first day without knowledge."""
    kind = find_kind(metric, rule)
    first, until = twin.naive_first(kind), twin.naive_end(kind)
    return None if first is None or until is None else (first, until)


def find_kind(metric: str, rule: str) -> str:
    """The facts that the figure needs."""
    return "orders" if metric in ORDER_METRICS or rule.startswith("purchase") else "subscriptions"


def check_metric(
    twin: Twin,
    metric: str,
    rule: str,
    every: str,
    calendar: str,
    by: str | None = None,
    *,
    week_start: str = "mon",
    denominator: str = "start",
    by_command: bool = False,
    names: bool = True,
) -> MetricTable | None:
    """The door's table of a metric over all the data, checked row by row against the twin.

    With `by_command` the command must print the same, as JSON and as CSV; with `names` each count has as many
    names behind it. None where the figure can't be split so, which the door must then refuse.
    """
    asked: dict[str, Any] = {
        "every": every,
        "calendar": calendar,
        "week_start": week_start,
        "by": by,
        "rule": rule,
    }
    asked |= {"denominator": denominator, "groups_limit": None}
    span = get_span(twin, metric, rule)
    if span is not None:
        # Also what lies before and after the data.
        asked |= {"start": to_day(min(span) - 40), "end": to_day(max(span) + 40)}
    if not is_splittable(twin, metric, rule, find_meant(twin, metric, rule, by)):
        try:
            get_metric(metric, **asked)
        except AskedWrongly:
            return None
        raise AssertionError(f"{metric} by {by} under {rule} should have been refused")
    table = get_metric(metric, **asked)
    check_rows(twin, table, metric, rule, every, calendar, week_start, denominator, names=names)
    if by_command:
        check_command(table, asked, metric)
    return table


def check_rows(
    twin: Twin,
    table: MetricTable,
    metric: str,
    rule: str,
    every: str,
    calendar: str,
    week_start: str,
    denominator: str,
    *,
    names: bool,
) -> None:
    """Every row as the definitions tell it."""
    settled, habits, span = twin.naive_rule(rule), metric in ORDER_METRICS, get_span(twin, metric, rule)
    # A source may have told that there is nothing up to a day: then that is known, without a single fact.
    told_until = twin.naive_end(find_kind(metric, rule))
    assert table.data_until == (told_until and to_day(told_until)), (metric, rule)
    if span is None:
        assert not any(row.value for row in table.rows)
        return
    first, until = span
    first_month = twin.business.fiscal_first_month if calendar == twin.business.calendar else 1
    periods = naive_periods(
        to_day(min(span) - 40), to_day(max(span) + 40), every, calendar, week_start, first_month
    )
    values = [None] if table.by is None else twin.naive_values(table.by)
    told = {(row.start, row.end, row.group): row for row in table.rows}
    assert set(told) == {(start, end, value) for start, end in periods for value in values}
    assert len(told) == len(table.rows)
    for (start, end, value), row in told.items():
        by = None if value is None or table.by is None else (table.by, value)
        a, b = start.toordinal(), min(end.toordinal(), until)
        if a >= until or end.toordinal() <= first:
            assert (row.value, row.counts, row.complete) == (None, None, False)
            assert row.reason == ("after_the_data" if a >= until else "before_the_data")
            continue
        looks_back = 0 if habits else settled.days
        assert row.complete == (until >= end.toordinal() and a >= first + looks_back)
        expected = twin.naive_value(metric, settled, by, a, b, denominator)
        assert all(map(is_same, (row.value, row.low, row.high), expected)), (metric, rule, row, expected)
        if not habits:
            check_movement(twin, row, rule, by, a, b, names=names)


def check_movement(
    twin: Twin, row: MetricRow, rule: str, by: tuple[str, str] | None, start: int, end: int, *, names: bool
) -> None:
    """The counts of a row add up, are the twin's, and have their names behind them."""
    counts = row.counts
    assert counts is not None
    assert counts.kept + counts.lost == counts.start
    assert counts.kept + counts.new + counts.reactivated == counts.end
    moves = twin.naive_moves(twin.naive_rule(rule), by, start, end)
    told = {name: getattr(counts, name) for name in SETS if hasattr(counts, name)}
    if by is not None and not is_of_customer(by[0]):
        told["moved"] = row.moved
    assert told == {name: len(moves.sets[name]) for name in told}, (rule, by, row)
    if not names:
        return
    group = None if by is None else Group(*by)
    for name in SETS:
        set_name: SetName = name  # type: ignore[assignment] # SETS are the very names of the type
        listed = list_names(set_name, Period(row.start, row.end), rule=rule, group=group).tolist()
        assert len(listed) == len(set(listed)) == len(moves.sets[name])
        assert set(listed) == moves.sets[name], (name, rule, by, row)


def check_adds_up(whole: MetricTable | None, parts: MetricTable | None) -> None:
    """Counts by a customer's own field add up to the whole."""
    assert whole is not None
    assert parts is not None
    sums: dict[Any, float] = {}
    for row in parts.rows:
        if row.value is not None:
            sums[row.start] = sums.get(row.start, 0) + row.value
    assert sums == {row.start: row.value for row in whole.rows if row.value is not None}


def check_command(table: MetricTable, asked: dict[str, Any], metric: str) -> None:
    """`vafa metric` prints what the door tells."""
    args = ["metric", metric]
    options = {"start": "from", "end": "to", "week_start": "week-start"}
    for name in ("start", "end", "every", "calendar", "week_start", "by", "rule", "denominator"):
        if asked.get(name) is not None:
            args += [f"--{options.get(name, name)}", str(asked[name])]
    document = json.loads(run_command(*args, "--json"))
    assert document["data_until"] == (table.data_until and table.data_until.isoformat())
    assert document["rule"] == table.rule.text
    assert [tell_row(row) for row in table.rows] == [
        {name: told[name] for name in tell_row(table.rows[0])} for told in document["rows"]
    ]
    sheet = list(csv.DictReader(io.StringIO(run_command(*args, "--csv"))))
    assert len(sheet) == len(table.rows)
    for line, row in zip(sheet, table.rows, strict=True):
        assert (line["from"], line["to"], line["group"]) == (
            row.start.isoformat(),
            row.end.isoformat(),
            row.group or "",
        )
        assert is_same(float(line["value"]) if line["value"] else None, row.value)


def tell_row(row: MetricRow) -> dict[str, Any]:
    """A row as the command's JSON should say it."""
    counts = row.counts
    names = ("start", "end", "new", "kept", "lost", "reactivated")
    return {
        "from": row.start.isoformat(),
        "to": row.end.isoformat(),
        "group": row.group,
        "value": row.value,
        "low": row.low,
        "high": row.high,
        "complete": row.complete,
        **{name: None if counts is None else getattr(counts, name) for name in names},
    }


def check_cohorts(twin: Twin, every: str, calendar: str, count: str) -> None:
    """The cohort table, by command, is the twin's."""
    document = json.loads(
        run_command("cohorts", "--every", every, "--calendar", calendar, "--count", count, "--json")
    )
    until, first = twin.naive_end("orders"), twin.naive_first("orders")
    assert document["data_until"] == (until and to_day(until).isoformat())
    if until is None or first is None or first >= until:
        assert document["cohorts"] == []
        return
    business = twin.business
    first_month = business.fiscal_first_month if calendar == business.calendar else 1
    periods = naive_periods(to_day(first), to_day(until), every, calendar, business.week_start, first_month)
    expected = twin.naive_cohorts(periods, until, count)
    told = {row["start"]: row["kept"] for row in document["cohorts"]}
    assert told == {start.isoformat(): kept for start, kept in expected.items()}
    assert {row["partial"] for row in document["cohorts"]} <= {periods[-1][1] > to_day(until)}


def check_reasons(twin: Twin, rule: str, customer: int, on: int) -> None:
    """`vafa why` says of a customer and a day what the twin says."""
    document = json.loads(
        run_command("why", f"id:{customer}", "--on", to_day(on).isoformat(), "--rule", rule, "--json")
    )
    settled = twin.naive_rule(rule)
    root = twin.roots[customer]
    until = twin.naive_end("orders" if settled.kind == "purchase" else "subscriptions")
    if root not in twin.counted or until is None or on > until:
        assert document["active"] is None
        return
    assert document["active"] == (on in twin.naive_active(settled, None).get(root, set())), (
        rule,
        root,
        to_day(on),
    )
    in_set = root in open_snapshot().ids(open_snapshot().active(build_rule(settled), to_day(on))).tolist()
    assert document["active"] == in_set


def build_rule(settled: NaiveRule) -> ActivityRule:
    """A twin's rule as the lab's."""
    return ActivityRule("purchase" if settled.kind == "purchase" else "subscription", settled.days)


def is_same(one: Any, other: Any) -> bool:
    """Equal but for the last bits of floating point; unknown is the same as unknown only."""
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)
