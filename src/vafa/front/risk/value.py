"""What customers are worth: what is expected of them, and how such expectations turned out at a past day."""

from datetime import timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vafa.front.overview.exports import FORMATS, build_sheet
from vafa.front.overview.pickers import list_segment_options
from vafa.front.overview.views import Page
from vafa.front.risk.tabs import list_tabs
from vafa.front.same_page import build_address
from vafa.kit.locale.formats import (
    Style,
    format_day,
    format_days,
    format_money,
    format_number,
    format_percent,
)
from vafa.kit.permissions import Permission, may, only_with, requires
from vafa.lab.sets import list_members
from vafa.predict.models.queries import ValueRecord, get_question, get_settings, is_by_margin, try_values

KEPT = ("segment", "rule")
_PUBLISHED = (("value_12m", 12), ("value_36m", 36))


@requires(Permission.SEE_FIGURES)
def value(request: HttpRequest) -> HttpResponse:
    """`/risk/value/?segment=`: of whom one may see, of a segment where one is named."""
    page = Page(request, "customer")
    style, currency = page.style, page.business.currency
    record = _find_record(page)
    context: dict[str, Any] = {
        "problems": page.problems,
        "has_data": page.has_data,
        "is_limited": page.asker.owner_id is not None,
        "segments": list_segment_options(page.asker.segment.slug if page.asker.segment else None),
        "kept": [("rule", rule)] if (rule := request.GET.get("rule")) else [],
        "clear_url": request.path if any(request.GET.get(name) for name in KEPT) else "",
        "sums": _build_sums(page, style, currency),
        "rate": format_percent(get_settings().monthly_rate, style),
        "unpriced": _describe_unpriced(page, style),
        "by_margin": is_by_margin(page.freshness.data_until) if page.freshness.data_until else False,
        "columns": _build_columns(),
        "rows": _build_rows(record, style, currency) if record else [],
        "at": format_day(record.at, style) if record else "",
        "until": format_day(record.until - timedelta(days=1), style) if record else "",
        "horizon": format_days((record.until - record.at).days, style) if record else "",
        "may_export": may(request.user, Permission.EXPORT),
        "formats": FORMATS,
        "query": build_address(request, KEPT)[1:],
    }
    return render(request, "risk/value.html", {**context, "views": list_tabs(request.user, "risk_value")})


@requires(Permission.EXPORT)
@only_with(Permission.SEE_FIGURES)
def export_value(request: HttpRequest, file_format: str) -> HttpResponse:
    """`/risk/value/export.<csv|xlsx>`: the tenths with what was expected and what came, as plain numbers."""
    page = Page(request, "customer")
    record = _find_record(page)
    columns = (
        "tenth",
        "customers",
        "orders_expected",
        "orders",
        "revenue_expected",
        "revenue",
        "at",
        "until",
    )
    rows: list[list[Any]] = []
    if record is not None:
        for place, (orders, revenue) in enumerate(zip(record.orders, record.revenue, strict=True), start=1):
            rows.append(
                [
                    place,
                    orders.customers,
                    round(orders.expected, 2),
                    int(orders.happened),
                    round(revenue.expected, 2),
                    round(revenue.happened, 2),
                    record.at.isoformat(),
                    record.until.isoformat(),
                ]
            )
    return build_sheet("value", columns, rows, file_format)


def _find_among(page: Page) -> npt.NDArray[np.int64] | None:
    """The numbers of who may be seen, of those in the page's segment when the data end; None for everybody."""
    members, segment, until = page.asker.visible, page.asker.segment, page.freshness.data_until
    if segment is not None and until is not None:
        chosen = segment.choose(until)
        members = chosen if members is None else chosen & members
    return None if members is None else list_members(members).astype(np.int64)


def _find_record(page: Page) -> ValueRecord | None:
    snapshot = page.asker.snapshot
    return try_values(snapshot, get_question(snapshot), page.business.calendar, _find_among(page))  # type: ignore[arg-type]


def _build_sums(page: Page, style: Style, currency: str) -> list[tuple[str, str]]:
    """What is expected of all together; nothing where no values are published."""
    among = _find_among(page)
    found = []
    for name, months in _PUBLISHED:
        told = page.asker.snapshot.published(name)
        if told is None:
            continue
        own = told if among is None else told[among[among < len(told)]]
        text = {12: _("Value of the next 12 months"), 36: _("Value of the next 36 months")}[months]
        found.append((text, format_money(round(float(np.nansum(own))), currency, style)))
    return found


def _describe_unpriced(page: Page, style: Style) -> str:
    """How many customers with a contract have no value; "" where all have one, or orders are asked about."""
    told = page.asker.snapshot.published("value_12m")
    risks = page.asker.snapshot.published("risk_band")
    if told is None or risks is None or get_question(page.asker.snapshot).kind != "contracts":
        return ""
    lacks = np.isnan(told) & np.isfinite(risks[: len(told)])
    among = _find_among(page)
    count = int(lacks.sum() if among is None else lacks[among[among < len(lacks)]].sum())
    if not count:
        return ""
    text = ngettext(
        "Left out: %(count)s customer whose contract has no price, or is in a currency without a rate.",
        "Left out: %(count)s customers whose contract has no price, or is in a currency without a rate.",
        count,
    )
    return text % {"count": format_number(count, style)}


def _build_columns() -> list[dict[str, Any]]:
    titles = (_("Customers"), _("Orders expected"), _("Orders"), _("Revenue expected"), _("Revenue"))
    return [
        {"title": _("By what was expected"), "number": False},
        *({"title": title, "number": True} for title in titles),
    ]


def _build_rows(record: ValueRecord, style: Style, currency: str) -> list[list[str]]:
    rows = []
    for place, (orders, revenue) in enumerate(zip(record.orders, record.revenue, strict=True), start=1):
        rows.append(
            [
                _("Tenth %(place)s") % {"place": format_number(place, style)},
                format_number(orders.customers, style),
                format_number(round(orders.expected), style),
                format_number(round(orders.happened), style),
                format_money(round(revenue.expected), currency, style),
                format_money(round(revenue.happened), currency, style),
            ]
        )
    totals = [
        sum(one.customers for one in record.orders),
        sum(one.expected for one in record.orders),
        sum(one.happened for one in record.orders),
        sum(one.expected for one in record.revenue),
        sum(one.happened for one in record.revenue),
    ]
    rows.append(
        [
            _("Together"),
            *(format_number(round(total), style) for total in totals[:3]),
            *(format_money(round(total), currency, style) for total in totals[3:]),
        ]
    )
    return rows
