"""The risk board: customers who may leave, from the first warning until they are saved or lost."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from vafa.act.followups.queries import list_assignable
from vafa.front.followups.asked import Eyes, open_eyes
from vafa.front.overview.pickers import Option, list_segment_options
from vafa.front.overview.views import Page
from vafa.front.risk import acting
from vafa.front.risk.asked import KEPT, Asked, read_asked
from vafa.front.risk.cards import (
    WAITING_MOST,
    WAITING_SHOWN,
    Column,
    build_columns,
    build_waiting,
    write_money,
)
from vafa.front.risk.outlook import Outlook, read_outlook
from vafa.front.risk.tabs import list_tabs
from vafa.front.risk.waiting import Waiting, find_waiting
from vafa.front.risk.words import BANDS, name_band
from vafa.front.same_page import build_address
from vafa.kit import clock
from vafa.kit.locale.formats import Style, format_day, format_days, format_number
from vafa.kit.permissions import Permission, may, requires


@requires(Permission.SEE_CUSTOMERS)
@require_safe
def risk(request: HttpRequest) -> HttpResponseBase:
    """`/risk/?owner=&band=&segment=&column=`: the filters are in the address."""
    page, eyes, asked = Page(request, "customer"), open_eyes(request), read_asked(request)
    outlook = read_outlook(page.asker, page.style)
    waiting = find_waiting(page.asker, eyes, asked, outlook)
    columns = build_columns(page.asker, eyes, asked, outlook, clock.now())
    count = WAITING_MOST if asked.waits_long else WAITING_SHOWN
    may_work = may(request.user, Permission.WORK_TASKS)
    context = {
        "problems": page.problems,
        "has_data": page.has_data,
        "outlook": outlook,
        "horizon": format_days(outlook.horizon_days, eyes.style),
        "as_of": format_day(outlook.as_of, eyes.style) if outlook.as_of else "",
        "columns": columns,
        "tabs": _build_tabs(request, columns),
        "waiting": build_waiting(page.asker, waiting, outlook, eyes.style, count),
        "waiting_count": format_number(len(waiting.numbers), eyes.style),
        "waiting_total": write_money(_sum(waiting), eyes.style),
        "waiting_more": _describe_more(waiting, count, eyes.style),
        "more_url": "" if asked.waits_long else build_address(request, KEPT, waiting="more"),
        "is_empty": not len(waiting.numbers) and not any(column.cards for column in columns),
        "asked": asked,
        **_build_choices(asked, outlook, eyes),
        "may_work": may_work,
        "may_export": may(request.user, Permission.EXPORT),
        "may_manage": may(request.user, Permission.MANAGE_MODELS),
        "may_import": may(request.user, Permission.IMPORT),
        "undoable": acting.take_undo(request) if may_work else None,
        "here": request.get_full_path(),
        "query": build_address(request, KEPT)[1:],
    }
    return render(request, "risk/board.html", {**context, "views": list_tabs(request.user, "risk")})


def _sum(waiting: Waiting) -> float | None:
    known = waiting.values[waiting.values == waiting.values]
    return float(known.sum()) if len(known) else None


def _describe_more(waiting: Waiting, shown: int, style: Style) -> str:
    left = len(waiting.numbers) - shown
    text = ngettext("and %(count)s more", "and %(count)s more", left)
    return text % {"count": format_number(left, style)} if left > 0 else ""


def _build_tabs(request: HttpRequest, columns: list[Column]) -> list[dict[str, Any]]:
    return [
        {
            "url": build_address(request, KEPT, column=column.stage),
            "title": column.title,
            "active": column.is_shown,
            "count": column.count,
        }
        for column in columns
    ]


def _build_choices(asked: Asked, outlook: Outlook, eyes: Eyes) -> dict[str, Any]:
    owners = [("", _("Everybody")), ("mine", _("Mine")), ("nobody", _("Nobody's yet"))]
    if not eyes.viewer.own_only:
        owners += [(str(one.pk), str(one)) for one in list_assignable() if one.pk != eyes.viewer.staff_id]
    bands = [("", _("Any"))] + [(str(band), name_band(band)) for band in BANDS]
    band = "" if asked.band is None else str(asked.band)
    return {
        "owners": [Option(value, title, value == asked.owner) for value, title in owners],
        "bands": [Option(value, title, value == band) for value, title in bands] if outlook.is_known else [],
        "segments": list_segment_options(asked.segment or None),
        "clear_url": reverse("risk") if asked.is_narrowed else "",
    }
