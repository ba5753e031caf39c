"""The track record: what was predicted beside what happened, and who was told to be safe and left all the same."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from pyroaring import BitMap

from vafa.front.customers.asked_list import build_links, find_asked_page, read_asked_order
from vafa.front.customers.files import build_file
from vafa.front.customers.paging import list_all
from vafa.front.customers.rows import build_rows, list_export_columns, list_export_rows
from vafa.front.customers.views import describe_page
from vafa.front.overview.exports import FORMATS, build_sheet
from vafa.front.overview.pickers import Option
from vafa.front.overview.views import Page
from vafa.front.risk.outlook import read_outlook
from vafa.front.risk.record_shown import (
    FILE_COLUMNS,
    build_bands,
    build_curve,
    build_months,
    build_skill,
    choose_monthly,
    list_file_rows,
    name_month_of,
)
from vafa.front.risk.tabs import list_tabs
from vafa.front.same_page import build_address
from vafa.kit import clock
from vafa.kit.audit import record_seen
from vafa.kit.locale.formats import Style, format_day, format_days, format_number
from vafa.kit.permissions import Permission, may, requires
from vafa.predict.models.types import Question
from vafa.predict.scores.queries import (
    find_next,
    find_standing,
    list_judged,
    list_safe_leavers,
    narrow_judged,
)
from vafa.predict.scores.types import LOW, Judged, Waiting

KEPT = ("of", "sort", "dir")
MOST_MONTHS = 36


@requires(Permission.SEE_CUSTOMERS)
@require_safe
def track_record(request: HttpRequest) -> HttpResponseBase:
    """`/risk/record/?of=`: `of` is the day of the prediction that is looked at closely (the newest)."""
    page = Page(request, "customer")
    question = _find_question()
    judged = _list_judged(page, question)
    months = choose_monthly(judged, page.style.calendar)[-MOST_MONTHS:]
    chosen = _choose(months, request.GET.get("of", ""))
    context: dict[str, Any] = {
        "outlook": read_outlook(page.asker, page.style),
        "horizon": format_days(question.horizon_days, page.style) if question else "",
        "next_text": _describe_next(find_next(question), page.style),
        "is_limited": page.asker.owner_id is not None,
        "has_data": page.has_data,
        "months": build_months(months, page.style) if months else None,
        "skill": build_skill(months, page.style) if months else None,
        "may_export": may(request.user, Permission.EXPORT),
        "formats": FORMATS,
        "query": build_address(request, KEPT)[1:],
        "board_url": reverse("risk"),
    }
    if chosen is not None:
        context |= _look_closely(request, page, months, chosen)
    return render(request, "risk/record.html", {**context, "views": list_tabs(request.user, "risk_record")})


def _look_closely(
    request: HttpRequest, page: Page, months: Sequence[Judged], chosen: Judged
) -> dict[str, Any]:
    """The bands, the calibration and the list of those who were told to be safe, of one prediction."""
    members = _find_safe(page, chosen)
    found = find_asked_page(page.asker, members, request)
    record_seen("customers.list_seen", by=request.user, now=clock.now())
    safe = chosen.bands.get(LOW)
    return {
        "choices": [
            Option(one.as_of.isoformat(), name_month_of(one.as_of, page.style), one is chosen)
            for one in reversed(months)
        ],
        "chosen_as_of": format_day(chosen.as_of, page.style),
        "chosen_until": format_day(chosen.ends_on - timedelta(days=1), page.style),
        "bands": build_bands(chosen, page.style),
        "curve": build_curve(chosen, page.style),
        "safe_count": format_number(found.total, page.style),
        "safe_of": format_number(safe.n if safe else 0, page.style),
        "rows": build_rows(page.asker, found.ids, page.style),
        "summary": describe_page(found, page),
        **build_links(page.asker, request, KEPT, found),
    }


@requires(Permission.EXPORT)
@require_safe
def export_record(request: HttpRequest, file_format: str) -> HttpResponseBase:
    """`/risk/record.<csv|xlsx>`: every prediction that was judged, not the first of each month alone."""
    if not may(request.user, Permission.SEE_CUSTOMERS):
        raise Http404
    page = Page(request, "customer")
    return build_sheet(
        "track-record", FILE_COLUMNS, list_file_rows(_list_judged(page, _find_question())), file_format
    )


@requires(Permission.EXPORT)
@require_safe
def export_safe(request: HttpRequest, file_format: str) -> HttpResponseBase:
    """`/risk/record/safe.<csv|xlsx>?of=`: who was told to be safe and left, sorted as it is shown."""
    if file_format not in FORMATS or not may(request.user, Permission.SEE_CUSTOMERS):
        raise Http404
    page = Page(request, "customer")
    months = choose_monthly(_list_judged(page, _find_question()), page.style.calendar)[-MOST_MONTHS:]
    chosen = _choose(months, request.GET.get("of", ""))
    if chosen is None:
        raise Http404
    ids = list_all(page.asker, _find_safe(page, chosen), read_asked_order(request))
    columns = (*list_export_columns(page.asker), "told_as_of")
    rows = ([*row, chosen.as_of] for row in list_export_rows(page.asker, ids))
    return build_file(request, "safe-who-left", columns, rows, file_format, len(ids))


def _find_question() -> Question | None:
    standing = find_standing()
    return None if standing is None else standing.question


def _list_judged(page: Page, question: Question | None) -> list[Judged]:
    """What was judged of the present question; for one who is limited, of own customers alone."""
    if question is None:
        return []
    judged = list_judged(question)
    visible = page.asker.visible
    if visible is None:
        return judged
    own = np.sort(page.asker.snapshot.ids(visible))
    return [narrow_judged(one, own) for one in choose_monthly(judged, page.style.calendar)[-MOST_MONTHS:]]


def _choose(months: Sequence[Judged], asked: str) -> Judged | None:
    """The prediction that the address asks for by its day; the newest where it asks for none that there is."""
    try:
        day = date.fromisoformat(asked) if asked else None
    except ValueError:
        day = None
    newest = months[-1] if months else None
    return next((one for one in months if one.as_of == day), newest)


def _find_safe(page: Page, chosen: Judged) -> BitMap:
    """Who was told to be safe and left, of those who may be seen and count still."""
    found: BitMap = page.asker.snapshot.ix_set(list_safe_leavers(chosen.issue_id))
    return found if page.asker.visible is None else found & page.asker.visible


def _describe_next(waiting: Waiting | None, style: Style) -> str:
    """When the next prediction can be judged; "" where none waits."""
    if waiting is None:
        return ""
    told = {
        "day": format_day(waiting.as_of, style),
        "end": format_day(waiting.ends_on, style),
        "horizon": format_days(waiting.question.horizon_days, style),
    }
    return (
        _("The prediction of %(day)s looks %(horizon)s ahead: it is judged once the data reach %(end)s.")
        % told
    )
