"""The customers behind the numbers of a campaign: who got it, who waits, who is held back and why; and their file."""

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_safe

from vafa.act.campaigns.queries import Campaign, Run, find_run
from vafa.act.messaging.queries import Sending, count_sendings, get_progress, list_sendings
from vafa.act.messaging.types import State
from vafa.data.business.queries import get_business, get_customer_word
from vafa.data.customers.queries import list_customer_rows
from vafa.front.campaigns.page import get_campaign, get_page_style
from vafa.front.campaigns.whys import describe_why, get_state_tone, name_state
from vafa.front.customers.files import build_file
from vafa.front.customers.rows import name_customer
from vafa.front.overview.exports import FORMATS
from vafa.front.same_page import build_address
from vafa.kit.ids import read_id
from vafa.kit.locale.formats import Style, format_moment, format_number
from vafa.kit.permissions import Permission, may, only_with, requires

PAGE_SIZE = 50
_CHUNK = 1000
_KEPT = ("state", "why")
STATES: tuple[State, ...] = ("pending", "claimed", "accepted", "unknown", "failed", "suppressed")
COLUMNS = (
    "customer_id", "name", "channel", "state", "why", "arm", "sent_at", "delivery", "attempts", "parts", "cost",
)  # fmt: skip


@requires(Permission.SEE_CUSTOMERS)
@only_with(Permission.EDIT_MESSAGES)
@require_GET
def people(request: HttpRequest, campaign_id: int, number: int) -> HttpResponse:
    """`/campaigns/<id>/runs/<number>/people/`: those of a run who stand in a `state`, for a reason (`why`)."""
    campaign, run = _find(request, campaign_id, number)
    style = get_page_style()
    state, why = _read_state(request), request.GET.get("why", "")[:20]
    start = max(0, read_id(request.GET.get("start", "")) or 0)
    message = run.message_id or 0
    total = count_sendings(message, state, why=why)
    rows = list_sendings(message, state, why=why, start=start, limit=PAGE_SIZE)
    context = {
        "campaign": campaign,
        "run": run,
        "number": format_number(run.number, style),
        "rows": _list_rows(rows, style),
        "states": [(one, name_state(one)) for one in STATES],
        "whys": _list_whys(message, state),
        "asked": {"state": state, "why": why},
        "state_name": "state",
        "heading": get_customer_word(get_business()).heading,
        "summary": summarise(start, len(rows), total, style),
        "previous_url": build_address(request, _KEPT, start=max(0, start - PAGE_SIZE) or None)
        if start
        else None,
        "next_url": build_address(request, _KEPT, start=start + PAGE_SIZE)
        if start + PAGE_SIZE < total
        else None,
        "downloads": _list_downloads(request, campaign, run),
    }
    return render(request, "campaigns/people.html", context)


@requires(Permission.EXPORT)
@only_with(Permission.EDIT_MESSAGES)
@require_safe
def export_people(request: HttpRequest, campaign_id: int, number: int, file_format: str) -> HttpResponseBase:
    """The same list as a file (of everybody without `state`), noted in the audit trail."""
    campaign, run = _find(request, campaign_id, number)
    if file_format not in FORMATS:
        raise Http404
    state, why = _read_state(request), request.GET.get("why", "")[:20]
    message = run.message_id or 0
    count = count_sendings(message, state, why=why)
    name = f"campaign-{campaign.pk}-{run.number}"
    return build_file(request, name, COLUMNS, _list_export_rows(message, state, why), file_format, count)


def _find(request: HttpRequest, campaign_id: int, number: int) -> tuple[Campaign, Run]:
    campaign = get_campaign(request, campaign_id)
    run = find_run(campaign, number)
    if run is None:
        raise Http404
    return campaign, run


def _read_state(request: HttpRequest) -> str:
    return next((one for one in STATES if one == request.GET.get("state")), "")


def _list_rows(sendings: list[Sending], style: Style) -> list[dict[str, Any]]:
    zone = ZoneInfo(get_business().zone)
    names = _list_names(sendings)
    return [
        {
            "name": names.get(one.customer_id or 0, ""),
            "url": reverse("customer", args=[one.customer_id]) if one.customer_id in names else "",
            "state": name_state(one.state),
            "tone": get_state_tone(one.state),
            "why": describe_why(one.why, one.state),
            "when": format_moment(one.ended_at or one.not_before, zone, style, "short"),
            "answer": one.answer if one.state in ("failed", "unknown") else "",
        }
        for one in sendings
    ]


def _list_names(sendings: list[Sending]) -> dict[int, str]:
    ids = [one.customer_id for one in sendings if one.customer_id]
    return {row.id: name_customer(row) for row in list_customer_rows(ids)}


def _list_whys(message: int, state: str) -> list[tuple[str, str]]:
    """The reasons that occur, for the filter."""
    whys = {
        why: known for (known, why) in get_progress(message).whys if why and (not state or known == state)
    }
    return [(why, describe_why(why, known)) for why, known in whys.items()]


def summarise(start: int, shown: int, total: int, style: Style) -> str:
    """Where one is in a list."""
    if not total:
        return pgettext("in a list", "Nobody")
    words = {
        "first": format_number(start + 1, style),
        "last": format_number(start + shown, style),
        "total": format_number(total, style),
    }
    return _("%(first)s to %(last)s of %(total)s") % words


def _list_downloads(request: HttpRequest, campaign: Campaign, run: Run) -> list[tuple[str, str]]:
    if not may(request.user, Permission.EXPORT):
        return []
    query = build_address(request, _KEPT)
    return [
        (one, reverse("export_campaign", args=[campaign.pk, run.number, one]) + query.rstrip("?"))
        for one in FORMATS
    ]


def _list_export_rows(message: int, state: str, why: str) -> Iterator[list[Any]]:
    """Row by row what the file holds; read in pieces, so that its size costs no memory."""
    start = 0
    while piece := list_sendings(message, state, why=why, start=start, limit=_CHUNK):
        names = _list_names(piece)
        for one in piece:
            yield [
                one.customer_id, names.get(one.customer_id or 0, ""), one.channel, one.state, one.why, one.arm,
                one.ended_at if one.state == "accepted" else None, one.delivery_state, one.attempts, one.parts,
                one.cost,
            ]  # fmt: skip
        start += len(piece)
