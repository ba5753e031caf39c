"""Drivers: what goes with leaving, in groups and factor by factor, over all or in a segment, and how it has moved
since the quarter before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from vafa.front.overview.exports import FORMATS, build_sheet
from vafa.front.overview.pickers import list_segment_options
from vafa.front.overview.views import Page
from vafa.front.risk.drivers_shown import (
    build_factor_row,
    build_row,
    build_stated_row,
    list_columns,
    list_factor_columns,
    list_stated_columns,
)
from vafa.front.risk.lacks import describe_lack
from vafa.front.risk.reasons import name_group
from vafa.front.risk.tabs import list_tabs
from vafa.front.same_page import build_address
from vafa.kit.locale.formats import format_day, format_days, format_list_of
from vafa.kit.permissions import Permission, may, only_with, requires
from vafa.lab.sets import list_members
from vafa.lab.trials import arms_of
from vafa.measure.metrics.queries import resolve_rule
from vafa.predict.models.queries import (
    build_labels,
    find_champion,
    find_span,
    get_question,
    score,
    tell_factors,
)
from vafa.predict.models.types import Question, Scores
from vafa.predict.reasons.queries import join_factors, list_stated, tell_beside, tell_drivers
from vafa.predict.reasons.types import Beside, Driver, Factor

QUARTER_DAYS = 91
# The means of so many customers move by no digit that is shown.
MOST_CUSTOMERS = 40_000
MOST_FACTORS = 25
KEPT = ("segment",)
FILE_COLUMNS = (
    "kind", "group", "factor", "weight", "weight_before", "push", "push_before", "is_stable", "left_strongest_third",
    "left_others",
)  # fmt: skip


@dataclass(frozen=True)
class Found:
    """The present scores and the earlier day (None: nothing is predicted), groups, single factors, what they said."""

    now: Scores | None = None
    earlier: date | None = None
    drivers: Sequence[Driver] = ()
    factors: Sequence[Factor] = ()
    beside: Sequence[Beside] = ()


@requires(Permission.SEE_FIGURES)
@require_safe
def drivers(request: HttpRequest) -> HttpResponse:
    """`/risk/drivers/?segment=`."""
    page = Page(request, "customer")
    found = find_drivers(page)
    style = page.style
    unsure = [name_group(driver.group) for driver in found.drivers if not driver.is_stable]
    horizon = get_question(page.asker.snapshot).horizon_days
    sure = [one for one in found.factors if one.is_stable]
    context: dict[str, Any] = {
        "problems": page.problems,
        "has_data": page.has_data,
        "is_limited": page.asker.owner_id is not None,
        "lacks": [describe_lack(lack, style) for lack in found.now.verdict.lacks] if found.now else [],
        "segments": list_segment_options(page.asker.segment.slug if page.asker.segment else None),
        "clear_url": request.path if request.GET.get("segment") else "",
        "columns": list_columns(),
        "rows": [build_row(driver, style) for driver in found.drivers if driver.is_stable],
        "factor_columns": list_factor_columns(),
        "factors": [build_factor_row(one, horizon, style) for one in sure[:MOST_FACTORS]],
        "stated_columns": list_stated_columns(),
        "stated": [build_stated_row(one, style) for one in found.beside],
        "unsure": format_list_of(unsure, style),
        "earlier": format_day(found.earlier, style) if found.earlier else "",
        "horizon": format_days(horizon, style),
        "may_export": may(request.user, Permission.EXPORT),
        "formats": FORMATS,
        "query": build_address(request, KEPT)[1:],
    }
    return render(request, "risk/drivers.html", {**context, "views": list_tabs(request.user, "risk_drivers")})


@requires(Permission.EXPORT)
@only_with(Permission.SEE_FIGURES)
@require_safe
def export_drivers(request: HttpRequest, file_format: str) -> HttpResponse:
    """`/risk/drivers/export.<csv|xlsx>`: groups and factors as plain numbers, those whose direction isn't sure too."""
    found = find_drivers(Page(request, "customer"))
    rows: list[list[Any]] = [
        [
            "group", driver.group, "", driver.weight, driver.weight_before, None, None, driver.is_stable,
            driver.strongest.value if driver.strongest else None, driver.rest.value if driver.rest else None,
        ]
        for driver in found.drivers
    ]  # fmt: skip
    rows += [
        [
            "factor", one.group, one.name, one.weight, one.weight_before, one.push, one.push_before, one.is_stable,
            None, None,
        ]
        for one in found.factors
    ]  # fmt: skip
    return build_sheet("drivers", FILE_COLUMNS, rows, file_format)


def find_drivers(page: Page) -> Found:
    """What the page shows, of the customers who may be seen and of its segment."""
    snapshot = page.asker.snapshot
    question = get_question(snapshot)
    card = find_champion(question)
    if card is None:
        return Found()
    span = find_span(snapshot, question)
    if span is None:
        return Found()
    now = _score(page, card.pk, question, span[1])
    if now.chances is None or not len(now.customer_ids):
        return Found(now)
    # What became of those of the earlier day must be known.
    earlier = now.as_of - timedelta(days=max(QUARTER_DAYS, question.horizon_days))
    before = _score(page, card.pk, question, earlier)
    left = build_labels(snapshot, earlier, question, before.customer_ids)
    here, then = (np.ones(len(scores.customer_ids), dtype=np.bool_) for scores in (now, before))
    stable = dict(zip(now.groups, now.stable, strict=True))
    factors = join_factors(tell_factors(card, now, here), tell_factors(card, before, then), stable)
    beside = tell_beside(snapshot, before, then, list_stated(earlier, date.max))
    return Found(now, earlier, tell_drivers(now, before, here, then, left), factors, beside)


def _score(page: Page, card_id: int, question: Question, day: date) -> Scores:
    """The scores of who counts: active customers, of those who may be seen and of the segment; of more than
    MOST_CUSTOMERS so many, drawn by a hash of their ids."""
    snapshot = page.asker.snapshot
    members = snapshot.active(resolve_rule(None, snapshot), day)
    if page.asker.visible is not None:
        members = members & page.asker.visible
    if page.asker.segment is not None:
        members = members & page.asker.segment.choose(day)
    numbers = list_members(members).astype(np.int64)
    if len(numbers) > MOST_CUSTOMERS:
        share = MOST_CUSTOMERS / len(numbers)
        shares = {"asked": share, "rest": 1 - share}
        numbers = numbers[arms_of(snapshot.list_ids(numbers), "drivers", shares) == "asked"]
    key = ("driver_scores", question, day, card_id, numbers.tobytes())
    return snapshot.cached(key, lambda: score(snapshot, question, day, numbers))
