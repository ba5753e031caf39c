"""What a what-if tells: the sentence, the figures, the charts and the table of both courses."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from vafa.data.business.queries import CustomerWord
from vafa.front.overview.charts import DIGITS, Cell, Chart
from vafa.front.overview.texts import Change, write_sentence
from vafa.front.what_if.form import Asked
from vafa.kit.locale.formats import (
    Style,
    format_money,
    format_number,
    format_percent,
    get_currency_decimals,
)
from vafa.lab.whatif import (
    Month,
    Total,
    find_ceiling,
    find_needed_new,
    project_course,
    sum_months,
)

Write = Callable[[float, Style], str]
RAW_COLUMNS = (
    "month", "customers_today", "customers_changed", "lost_today", "lost_changed", "new_today", "new_changed",
    "revenue_today", "revenue_changed", "gross_profit_today", "gross_profit_changed", "profit_today",
    "profit_changed",
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One figure on both courses, and the difference."""

    label: str
    today: str
    changed: str
    difference: Change | None


@dataclass(frozen=True)
class Result:
    """Everything that the page shows of both courses, ready to print."""

    sentences: list[str]
    lines: list[Line]
    customers: Chart
    money: Chart | None
    notes: list[str]


def build_result(asked: Asked, words: CustomerWord, style: Style) -> Result:
    """Both courses followed for the months asked for."""
    today = project_course(asked.today, asked.months)
    changed = project_course(asked.changed, asked.months)
    before, after = sum_months(today), sum_months(changed)
    return Result(
        sentences=_write_sentences(asked, before, after, words, style),
        lines=_list_lines(asked, before, after, style),
        customers=_build_customers(today, changed, style),
        money=_build_money(today, changed, style),
        notes=[write_sentence(text, style) for text in _list_notes(asked)],
    )


def _write_sentences(
    asked: Asked, before: Total, after: Total, words: CustomerWord, style: Style
) -> list[str]:
    if asked.changed == asked.today:
        return [_("Nothing is changed yet, so both courses are the same. Say below what would change.")]
    months = format_number(asked.months, style)
    said = [_write_customers(before.customers, after.customers, months, words, style)]
    pairs = [
        (before.profit, after.profit, _("more profit"), _("less profit")),
        (
            before.gross_profit, after.gross_profit,
            _("more profit before the cost of winning customers"),
            _("less profit before the cost of winning customers"),
        ),
        (before.revenue, after.revenue, _("more revenue"), _("less revenue")),
    ]  # fmt: skip
    known = [
        (one, other, more, less) for one, other, more, less in pairs if one is not None and other is not None
    ]
    if known:
        one, other, more, less = known[0]
        said.append(_write_money(other - one, one, more, less, style))
    return said


def _write_customers(now: float, then: float, months: str, words: CustomerWord, style: Style) -> str:
    difference = round(then) - round(now)
    shown = words.counted(abs(difference), format_number(abs(difference), style))
    values = {
        "months": months,
        "count": shown,
        "then": format_number(round(then), style),
        "now": format_number(round(now), style),
    }
    if not difference:
        return _("After %(months)s months the number of customers is the same: %(now)s.") % values
    if difference > 0:
        return _("After %(months)s months there are %(count)s more: %(then)s instead of %(now)s.") % values
    return _("After %(months)s months there are %(count)s fewer: %(then)s instead of %(now)s.") % values


def _write_money(difference: float, before: float, more: str, less: str, style: Style) -> str:
    values = {
        "amount": _write_short(abs(difference), style),
        "what": more if difference >= 0 else less,
        "share": format_percent(abs(difference) / abs(before), style) if before else "",
    }
    if not round(difference, get_currency_decimals(style.currency)):
        return _("Until then they bring as much money as on today's course.")
    if not before:
        return _("Until then that is %(amount)s %(what)s.") % values
    return _("Until then that is %(amount)s %(what)s (%(share)s of today's course).") % values


def _list_lines(asked: Asked, before: Total, after: Total, style: Style) -> list[Line]:
    gross = _("Profit before the cost of winning customers")
    needed, ceiling = (
        _("To be won each month to stay level"),
        _("Customers in the long run"),
    )
    counts = [
        (_("Customers at the end"), before.customers, after.customers, True),
        (needed, find_needed_new(asked.today), find_needed_new(asked.changed), False),
        (ceiling, find_ceiling(asked.today), find_ceiling(asked.changed), True),
    ]
    amounts = [
        (_("Revenue of all months"), before.revenue, after.revenue),
        (gross, before.gross_profit, after.gross_profit),
        (_("Profit"), before.profit, after.profit),
    ]
    people = [
        _build_line(label, (one, other), _write_count, style, more_is_better=better)
        for label, one, other, better in counts
    ]
    money = [
        _build_line(label, (one, other), _write_short, style)
        for label, one, other in amounts
        if one is not None
    ]
    return [people[0], *money, *people[1:]]


def _write_count(value: float, style: Style) -> str:
    return format_number(round(value, 1 if abs(value) < 10 else 0), style)


def _write_short(amount: float, style: Style) -> str:
    return format_money(amount, style.currency, style, compact=True)


def _build_line(
    label: str,
    values: tuple[float | None, float | None],
    write: Write,
    style: Style,
    *,
    more_is_better: bool = True,
) -> Line:
    """A course on which nobody leaves grows without a limit: only there a value is None."""
    one, other = [_("no limit") if value is None else write(value, style) for value in values]
    before, after = values
    if before is None or after is None:
        return Line(label, one, other, None)
    if one == other:
        return Line(label, one, other, Change("same", _("The same"), None))
    amount = {"amount": write(abs(after - before), style)}
    if after > before:
        return Line(label, one, other, Change("up", _("%(amount)s more") % amount, more_is_better))
    return Line(label, one, other, Change("down", _("%(amount)s less") % amount, not more_is_better))


def _build_customers(today: Sequence[Month], changed: Sequence[Month], style: Style) -> Chart:
    names = (_("Today's course"), _("With the change"))
    starts = ([today[0].start], [changed[0].start])
    series = [
        [*first, *(month.end for month in months)]
        for first, months in zip(starts, (today, changed), strict=True)
    ]
    labels = [_("Now"), *(_name_month(month, style) for month in today)]
    return _build_chart(
        _("Customers, month by month"), names, labels, series, lambda value: _write_count(value, style), style
    )


def _build_money(today: Sequence[Month], changed: Sequence[Month], style: Style) -> Chart | None:
    """The profit where it is known, else the profit before acquisition cost, else the revenue; each month by itself."""
    titles = {
        "profit": _("Profit, month by month"),
        "gross_profit": _("Profit before the cost of winning customers, month by month"),
        "revenue": _("Revenue, month by month"),
    }
    name = next((name for name in titles if getattr(today[0], name) is not None), None)
    if name is None:
        return None
    names = (_("Today's course"), _("With the change"))
    series = [[getattr(month, name) for month in months] for months in (today, changed)]
    labels = [_name_month(month, style) for month in today]
    return _build_chart(titles[name], names, labels, series, lambda value: _write_short(value, style), style)


def _name_month(month: Month, style: Style) -> str:
    return format_number(month.number, style)


def _build_chart(
    label: str,
    names: tuple[str, str],
    labels: list[str],
    series: list[list[float]],
    write: Callable[[float], str],
    style: Style,
) -> Chart:
    data = {
        "labels": labels,
        "titles": [labels[0], *(_("Month %(number)s") % {"number": text} for text in labels[1:])],
        "format": {"style": "number", "digits": DIGITS[style.digits], "decimals": 0, "fromZero": True},
        "series": [
            {"name": name, "values": values, "texts": [write(value) for value in values]}
            for name, values in zip(names, series, strict=True)
        ],
    }
    columns: list[dict[str, Any]] = [
        {"title": _("Month")},
        *({"title": name, "number": True} for name in names),
    ]
    rows: list[list[Cell]] = [
        [label, *(write(values[place]) for values in series)] for place, label in enumerate(labels)
    ]
    return Chart(data, label, columns, rows, [], [])


def list_raw(asked: Asked) -> list[list[Any]]:
    """Both courses month by month as plain numbers, for a file."""
    today = project_course(asked.today, asked.months)
    changed = project_course(asked.changed, asked.months)
    return [
        [
            one.number, one.end, other.end, one.lost, other.lost, one.new, other.new, one.revenue, other.revenue,
            one.gross_profit, other.gross_profit, one.profit, other.profit,
        ]
        for one, other in zip(today, changed, strict=True)
    ]  # fmt: skip


def _list_notes(asked: Asked) -> list[str]:
    notes = []
    points = asked.change.crr_points
    if points is not None and points > 0 and not asked.changed.churn_rate:
        notes.append(_("Retention cannot rise above 100 percent: here nobody leaves any more."))
    if asked.today.revenue is None:
        notes.append(_("Without the revenue of a customer only the number of customers can be told."))
    elif asked.today.cost is None:
        notes.append(_("Without the margin only the revenue can be told, not the profit."))
    elif asked.today.acquisition_cost is None:
        notes.append(_("Without the cost of winning a customer the profit is told before it."))
    if asked.change.price_share and asked.change.leaving_share is None and asked.change.churn_rate is None:
        notes.append(
            _("Nobody leaves here because of the new price. Say above how many would, if you expect it.")
        )
    return notes
