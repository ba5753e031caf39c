"""Drivers: what goes with leaving, over all or in a segment, and whether it weighs more than before."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vafa.data.interactions.queries import list_stated_causes, name_topic
from vafa.front.overview.exports import FORMATS, build_sheet
from vafa.front.overview.pickers import list_segment_options
from vafa.front.overview.views import Page
from vafa.front.risk.lacks import describe_lack
from vafa.front.risk.reasons import name_group
from vafa.front.same_page import build_address
from vafa.kit.locale.formats import (
    Style,
    format_day,
    format_days,
    format_interval,
    format_list_of,
    format_number,
    format_percent,
)
from vafa.kit.permissions import Permission, may, only_with, requires
from vafa.lab.rates import Rate
from vafa.lab.sets import list_members
from vafa.measure.metrics.queries import resolve_rule
from vafa.predict.models.queries import build_labels, find_champion, get_question, score
from vafa.predict.models.types import Scores
from vafa.predict.reasons.queries import tell_drivers
from vafa.predict.reasons.types import Driver

QUARTER_DAYS = 91
KEPT = ("segment",)
FILE_COLUMNS = ("group", "weight", "weight_before", "is_stable", "left_strongest_third", "left_others")


@requires(Permission.SEE_FIGURES)
@require_safe
def drivers(request: HttpRequest) -> HttpResponse:
    """`/risk/drivers/?segment=`."""
    page = Page(request, "customer")
    now, earlier, found = _find(page)
    style = page.style
    sure = [driver for driver in found if driver.is_stable]
    unsure = [name_group(driver.group) for driver in found if not driver.is_stable]
    horizon = get_question(page.asker.snapshot).horizon_days
    context: dict[str, Any] = {
        "problems": page.problems,
        "has_data": page.has_data,
        "is_limited": page.asker.owner_id is not None,
        "lacks": [describe_lack(lack, style) for lack in now.verdict.lacks] if now else [],
        "segments": list_segment_options(page.asker.segment.slug if page.asker.segment else None),
        "clear_url": request.path if request.GET.get("segment") else "",
        "columns": _list_columns(),
        "rows": [_build_row(driver, style) for driver in sure],
        "stated_columns": [
            {"title": _("The reason they gave")},
            {"title": _("Customers"), "number": True},
            {"title": _("What weighed most before")},
            {"title": _("With so many of them"), "number": True},
        ],
        "stated": _list_stated(page, earlier),
        "unsure": format_list_of(unsure, style),
        "earlier": format_day(earlier, style) if earlier else "",
        "horizon": format_days(horizon, style),
        "may_export": may(request.user, Permission.EXPORT),
        "formats": FORMATS,
        "query": build_address(request, KEPT)[1:],
    }
    return render(request, "risk/drivers.html", context)


@requires(Permission.EXPORT)
@only_with(Permission.SEE_FIGURES)
@require_safe
def export_drivers(request: HttpRequest, file_format: str) -> HttpResponse:
    """`/risk/drivers/export.<csv|xlsx>`: the groups as plain numbers, those whose direction isn't sure too."""
    _now, _earlier, found = _find(Page(request, "customer"))
    rows = [
        [
            driver.group,
            driver.weight,
            driver.weight_before,
            driver.is_stable,
            driver.strongest.value if driver.strongest else None,
            driver.rest.value if driver.rest else None,
        ]
        for driver in found
    ]
    return build_sheet("drivers", FILE_COLUMNS, rows, file_format)


def _find(page: Page) -> tuple[Scores | None, date | None, Sequence[Driver]]:
    """The present scores, the earlier day, and the groups; None and nothing where nothing is predicted."""
    snapshot = page.asker.snapshot
    question = get_question(snapshot)
    card = find_champion(question)
    if card is None:
        return None, None, ()
    now = snapshot.cached(("driver_scores", question, None, card.pk), lambda: score(snapshot, question))
    if now.chances is None or not len(now.customer_ids):
        return now, None, ()
    # What became of those of the earlier day must be known.
    earlier = now.as_of - timedelta(days=max(QUARTER_DAYS, question.horizon_days))
    before = snapshot.cached(
        ("driver_scores", question, earlier, card.pk), lambda: score(snapshot, question, earlier)
    )
    left = build_labels(snapshot, earlier, question, before.customer_ids)
    return now, earlier, tell_drivers(now, before, _choose(page, now), _choose(page, before), left)


def build_stated(page: Page, before: Scores, chosen: npt.NDArray[np.bool_]) -> list[list[str]]:
    """By the cause that customers gave since the day of these scores: how many, and what weighed most towards leaving
    with most of them on that day."""
    snapshot = page.asker.snapshot
    said = list_stated_causes(before.as_of)
    rows_of = {
        number: row
        for row, number in enumerate(snapshot.list_numbers(before.customer_ids).tolist())
        if chosen[row]
    }
    numbers = snapshot.list_numbers([pk for pk, _topic in said]).tolist() if said else []
    groups: dict[str, list[str]] = {}
    for (_pk, topic), number in zip(said, numbers, strict=True):
        if number in rows_of:
            groups.setdefault(topic.split(".")[0], []).append(_find_heaviest(before, rows_of[number]))
    told = []
    for cause, seen in sorted(groups.items(), key=lambda one: (-len(one[1]), one[0])):
        most, count = Counter(seen).most_common(1)[0]
        told.append(
            [
                name_topic("cause", cause),
                format_number(len(seen), page.style),
                name_group(most) if most else _("Nothing sure"),
                format_number(count, page.style),
            ]
        )
    return told


def _find_heaviest(scores: Scores, row: int) -> str:
    """The sure group that weighs most towards leaving with a customer; "" where none does."""
    sure = [
        (float(scores.contributions[row, place]), group)
        for place, group in enumerate(scores.groups)
        if scores.stable[place] and scores.contributions[row, place] > 0
    ]
    return max(sure)[1] if sure else ""


def _list_stated(page: Page, earlier: date | None) -> list[list[str]]:
    if earlier is None:
        return []
    snapshot = page.asker.snapshot
    question = get_question(snapshot)
    card = find_champion(question)
    before = snapshot.cached(
        ("driver_scores", question, earlier, card.pk if card else 0),
        lambda: score(snapshot, question, earlier),
    )
    return build_stated(page, before, _choose(page, before))


def _choose(page: Page, scores: Scores) -> npt.NDArray[np.bool_]:
    """Which rows count: active customers, of those who may be seen and of the segment."""
    snapshot, numbers = page.asker.snapshot, page.asker.snapshot.list_numbers(scores.customer_ids)
    members = snapshot.active(resolve_rule(None, snapshot), scores.as_of)
    if page.asker.visible is not None:
        members = members & page.asker.visible
    if page.asker.segment is not None:
        members = members & page.asker.segment.choose(scores.as_of)
    chosen: npt.NDArray[np.bool_] = np.isin(numbers, list_members(members))
    return chosen


def _list_columns() -> list[dict[str, Any]]:
    return [
        {"title": _("What goes with it")},
        {"title": _("Weight"), "number": True},
        {"title": _("Weight before"), "number": True},
        {"title": _("Left, where it weighs most"), "number": True},
        {"title": _("Left, of all others"), "number": True},
    ]


def _build_row(driver: Driver, style: Style) -> list[str]:
    return [
        name_group(driver.group),
        format_number(round(driver.weight, 2), style, 2),
        "—" if driver.weight_before is None else format_number(round(driver.weight_before, 2), style, 2),
        _write_share(driver.strongest, style),
        _write_share(driver.rest, style),
    ]


def _write_share(rate: Rate | None, style: Style) -> str:
    if rate is None:
        return "—"
    share = format_percent(rate.value, style, 0)
    if rate.low is None or rate.high is None:
        return share
    return f"{share} ({format_interval(rate.low, rate.high, style)})"
