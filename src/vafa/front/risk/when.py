"""How long customers stay, by group: the share still there month after month, and in which month they leave."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from pyroaring import BitMap

from vafa.front.overview.charts import DIGITS, Cell, Chart
from vafa.front.overview.exports import FORMATS, build_sheet
from vafa.front.overview.pickers import Option, list_segment_options
from vafa.front.overview.split import describe_rest
from vafa.front.overview.texts import name_dimension, name_group, write_sentence
from vafa.front.overview.views import Page
from vafa.front.risk.tabs import list_tabs
from vafa.front.same_page import build_address
from vafa.kit.locale.formats import (
    Style,
    format_day,
    format_interval,
    format_number,
    format_percent,
)
from vafa.kit.permissions import Permission, may, only_with, requires
from vafa.lab.rules import parse_rule
from vafa.lab.survival import (
    MedianLifetime,
    Survival,
    SurvivalCurve,
    build_survival_curve,
    find_median_lifetime,
)
from vafa.lab.tenure import MONTH_TICKS
from vafa.measure.metrics.queries import describe_rule, get_lifetimes
from vafa.warehouse.types import CUSTOM_PREFIX, CUSTOMER_DIMENSIONS, SUBSCRIPTION_DIMENSIONS, Group

# More lines than these can't be told apart.
MOST_GROUPS = 6
# Past five years a chart by months has no room, and past three the leaving of single months is noise.
MOST_MONTHS, LEAVING_MONTHS = 60, 36
# A curve of fewer customers than these jumps with each of them.
LEAST_CUSTOMERS = 10
TOLD_AT = (6, 12, 24, 36)
KEPT = ("by", "segment", "rule")


@dataclass(frozen=True)
class Stay:
    """The curve of one group (None: everybody)."""

    group: str | None
    curve: SurvivalCurve
    left: int
    median: MedianLifetime

    def at(self, month: int) -> Survival | None:
        """The share that outlasts so many months; None where nobody was seen so long."""
        return self.curve.at(month * MONTH_TICKS)

    @property
    def months(self) -> int:
        """How many whole months anybody was seen."""
        return 0 if self.curve.longest is None else self.curve.longest // MONTH_TICKS

    def find_leaving(self, month: int) -> float | None:
        """Of those still there after `month` months, the share that left in the next one; None where it isn't known."""
        before, after = self.at(month), self.at(month + 1)
        if before is None or after is None or before.value <= 0:
            return None
        return 1 - after.value / before.value


@requires(Permission.SEE_FIGURES)
def when(request: HttpRequest) -> HttpResponse:
    """`/risk/when/?by=&segment=&rule=`: the whole question is in the address."""
    page = Page(request, "customer")
    by, stays, rest = _list_stays(page, request)
    shown = [stay for stay in stays if stay.curve.customers >= LEAST_CUSTOMERS and stay.months]
    until = page.freshness.data_until
    context: dict[str, Any] = {
        "problems": page.problems,
        "has_data": page.has_data,
        "is_limited": page.asker.owner_id is not None,
        "fields": _list_fields(page, by),
        "segments": list_segment_options(page.asker.segment.slug if page.asker.segment else None),
        "kept": [("rule", rule)] if (rule := request.GET.get("rule")) else [],
        "clear_url": request.path if any(request.GET.get(name) for name in KEPT) else "",
        "stay": _build_stay_chart(shown, page.style) if shown else None,
        "leaving": _build_leaving_chart(shown[0], page.style) if shown and by is None else None,
        "by_title": name_dimension(by) if by else "",
        "left_out": describe_rest(rest + len(stays) - len(shown), page.style) if by else None,
        "rule_definition": write_sentence(describe_rule(page.rule), page.style),
        "until": format_day(until - timedelta(days=1), page.style) if until else "",
        "may_export": may(request.user, Permission.EXPORT),
        "formats": FORMATS,
        "query": build_address(request, KEPT)[1:],
    }
    return render(request, "risk/when.html", {**context, "views": list_tabs(request.user, "risk_when")})


@requires(Permission.EXPORT)
@only_with(Permission.SEE_FIGURES)
def export_when(request: HttpRequest, file_format: str) -> HttpResponse:
    """`/risk/when/export.<csv|xlsx>`: each group's curve month by month, as plain numbers."""
    page = Page(request, "customer")
    by, stays, _rest = _list_stays(page, request)
    rows = [
        [
            by,
            stay.group,
            month,
            point.value,
            point.low,
            point.high,
            point.at_risk,
            stay.curve.customers,
            stay.left,
        ]
        for stay in stays
        for month in range(stay.months + 1)
        if (point := stay.at(month)) is not None
    ]
    columns = ("by", "group", "month", "share", "low", "high", "at_risk", "customers", "left")
    return build_sheet("stay", columns, rows, file_format)


def _list_stays(page: Page, request: HttpRequest) -> tuple[str | None, list[Stay], int]:
    """The field, the curves of its largest groups (or of everybody), and how many groups are left out."""
    until = page.freshness.data_until
    if until is None:
        return None, [], 0
    asked = request.GET.get("by") or None
    by = asked if asked in _list_fitting(page) else None
    if asked and by is None:
        page.add_problem(_("“%(field)s” is no field by which this can be split.") % {"field": asked})
    if by is None:
        return None, [_build_stay(page, None)], 0
    groups = page.asker.snapshot.list_groups(by)
    stays = [_build_stay(page, group) for group in groups[:MOST_GROUPS]]
    return by, [stay for stay in stays if stay.curve.customers], max(0, len(groups) - MOST_GROUPS)


def _build_stay(page: Page, group: Group | None) -> Stay:
    until = page.freshness.data_until
    assert until is not None
    lifetimes = get_lifetimes(
        page.asker.snapshot,
        parse_rule(page.rule.text),
        until.toordinal(),
        page.question.cutting.calendar,
        group,
        _find_members(page),
    )
    curve = build_survival_curve(lifetimes)
    return Stay(None if group is None else group.value, curve, lifetimes.ended.n, find_median_lifetime(curve))


def _find_members(page: Page) -> BitMap | None:
    """Who may be seen, of those who are in the page's segment when the data end; None: everybody."""
    visible, segment, until = page.asker.visible, page.asker.segment, page.freshness.data_until
    if segment is None or until is None:
        return visible
    members = segment.choose(until)
    return members if visible is None else members & visible


def _list_fitting(page: Page) -> list[str]:
    """The fields by which staying under this rule can be told."""
    follows = page.rule.text.startswith("subscription")
    return [
        name
        for name in page.asker.snapshot.list_dimensions()
        if name in CUSTOMER_DIMENSIONS
        or name.startswith(CUSTOM_PREFIX)
        or (name in SUBSCRIPTION_DIMENSIONS) == follows
    ]


def _list_fields(page: Page, by: str | None) -> list[Option]:
    options = [Option(name, name_dimension(name), name == by) for name in _list_fitting(page)]
    return [Option("", _("Not split"), by is None), *options] if options else []


def _build_stay_chart(stays: list[Stay], style: Style) -> Chart:
    months = range(min(MOST_MONTHS, max(stay.months for stay in stays)) + 1)
    label = _("The share of customers still there, month after month")
    labels = [format_number(month, style) for month in months]
    return Chart(
        data={
            "labels": labels,
            "titles": [_write_month(month, style) for month in months],
            "interval_text": write_sentence(_("95% interval"), style),
            "format": {
                "style": "percent",
                "digits": DIGITS[style.digits],
                "decimals": 0,
                "fromZero": True,
                "min": 0,
                "max": 1,
            },
            "series": [_build_series(stay, list(months), style, alone=len(stays) == 1) for stay in stays],
        },
        label=label,
        columns=_list_columns(stays, style),
        rows=[_build_row(stay, stays, style) for stay in stays],
        raw_columns=[],
        raw=[],
    )


def _write_month(month: int, style: Style) -> str:
    text = ngettext("After %(count)s month", "After %(count)s months", month)
    return text % {"count": format_number(month, style)}


def _build_series(stay: Stay, months: list[int], style: Style, *, alone: bool) -> dict[str, Any]:
    points = [stay.at(month) for month in months]
    return {
        "name": _("Still there") if stay.group is None else name_group(stay.group),
        "values": [point.value if point else None for point in points],
        "texts": [format_percent(point.value, style) if point else None for point in points],
        "low": [point.low if point else None for point in points] if alone else None,
        "high": [point.high if point else None for point in points] if alone else None,
        "interval_texts": [_write_bounds(point, style) or None for point in points],
    }


def _write_bounds(point: Survival | None, style: Style) -> str:
    if point is None or point.low is None or point.high is None:
        return ""
    return format_interval(point.low, point.high, style)


def _list_told(stays: list[Stay]) -> list[int]:
    longest = max(stay.months for stay in stays)
    return [month for month in TOLD_AT if month <= longest] or [longest]


def _list_columns(stays: list[Stay], style: Style) -> list[dict[str, Any]]:
    return [
        {"title": _("Group")},
        {"title": _("Customers"), "number": True},
        {"title": _("Left"), "number": True},
        *({"title": _write_month(month, style), "number": True} for month in _list_told(stays)),
        {"title": _("Half have left after"), "number": True},
    ]


def _build_row(stay: Stay, stays: list[Stay], style: Style) -> list[Cell]:
    return [
        _("Everybody") if stay.group is None else name_group(stay.group),
        format_number(stay.curve.customers, style),
        format_number(stay.left, style),
        *(_write_point(stay.at(month), style) for month in _list_told(stays)),
        _write_median(stay.median, style),
    ]


def _write_point(point: Survival | None, style: Style) -> str:
    if point is None:
        return "—"
    bounds = _write_bounds(point, style)
    value = format_percent(point.value, style)
    return f"{value} ({bounds})" if bounds else value


def _write_median(median: MedianLifetime, style: Style) -> str:
    if median.value is None:
        return _("More than half are still there")
    return _("%(months)s months") % {"months": _write_age(median.value, style)}


def _write_age(ticks: int, style: Style) -> str:
    """Months with a tenth for each three days beyond them."""
    return format_number(ticks // MONTH_TICKS + min(9, ticks % MONTH_TICKS // 3) / 10, style, 1)


def _build_leaving_chart(stay: Stay, style: Style) -> Chart | None:
    """In which month those who are still there leave; None where nobody has."""
    months = [
        (month, share)
        for month in range(min(LEAVING_MONTHS, stay.months))
        if (share := stay.find_leaving(month)) is not None
    ]
    if not any(share for _month, share in months):
        return None
    label = _("Of those still there, the share that leaves in each month as a customer")
    names = [format_number(month + 1, style) for month, _share in months]
    texts = [format_percent(share, style) for _month, share in months]
    series = {"name": _("Leave in this month"), "values": [share for _month, share in months], "texts": texts}
    return Chart(
        data={
            "labels": names,
            "titles": [_("Month %(number)s") % {"number": name} for name in names],
            "format": {"style": "percent", "digits": DIGITS[style.digits], "decimals": 0, "fromZero": True},
            "series": [series],
        },
        label=label,
        columns=[
            {"title": _("Month as a customer"), "number": True},
            {"title": _("Still there before it"), "number": True},
            {"title": _("Leave in this month"), "number": True},
        ],
        rows=[
            [name, _write_point(stay.at(month), style), text]
            for name, text, (month, _share) in zip(names, texts, months, strict=True)
        ],
        raw_columns=[],
        raw=[],
    )
