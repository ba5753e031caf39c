"""The pages of campaigns: the list, one of them, and how far its runs are."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_safe

from vafa.act.campaigns.queries import (
    Campaign,
    find_campaign,
    find_run,
    get_stage,
    has_campaigns,
    list_campaigns,
    list_hindrances,
    list_runs,
)
from vafa.act.campaigns.types import Asked
from vafa.data.consent.types import Channel, Purpose
from vafa.front.campaigns.editing import ARCHIVED
from vafa.front.campaigns.page import get_campaign, get_page_style, refuse_limited
from vafa.front.campaigns.progress import show_progress
from vafa.front.campaigns.shown import list_rows, list_written, show_campaign
from vafa.front.campaigns.words import STAGES, describe_hindrance, name_stage
from vafa.front.navigation import find_url
from vafa.front.privacy.words import CHANNEL_NAMES
from vafa.kit import clock
from vafa.kit.ids import read_id
from vafa.kit.permissions import Permission, may, requires

# Stages in which one still asks who would get it.
_BEFORE = ("draft", "held", "scheduled")


@requires(Permission.EDIT_MESSAGES)
@require_GET
def campaigns(request: HttpRequest) -> HttpResponse:
    """`/campaigns/`: the filter stands in the address (`stage`, `channel`, `find`, `show=archived`)."""
    refuse_limited(request)
    asked, now = request.GET, clock.now()
    stage = next((one for one in STAGES if one == asked.get("stage")), None)
    channel = next((one for one in Channel if one == asked.get("channel")), None)
    find, archived = asked.get("find", "").strip()[:120], asked.get("show") == "archived"
    found = list_campaigns(Asked(stage, channel, find, archived), now)
    context = {
        "rows": list_rows(found, get_page_style(), now),
        "stages": [(one, name_stage(one)) for one in STAGES],
        "channels": [(str(one), CHANNEL_NAMES[one]) for one in Channel],
        "asked": {"stage": stage or "", "channel": str(channel or ""), "find": find},
        "archived": archived,
        "is_narrowed": bool(stage or channel or find),
        "clear_url": reverse("campaigns") + ("?show=archived" if archived else ""),
        "has_any": has_campaigns(),
        "has_archived": has_campaigns(archived=True),
        "may_edit": may(request.user, Permission.EDIT_MESSAGES),
        "account_url": find_url("settings_sending") if may(request.user, Permission.MANAGE_SENDING) else None,
        "just_archived": _take_archived(request),
    }
    return render(request, "campaigns/campaigns.html", context)


def _take_archived(request: HttpRequest) -> Campaign | None:
    """The campaign that was put away by the last click, told once with the button that brings it back."""
    kept = request.session.pop(ARCHIVED, None)
    found = None if kept is None else find_campaign(kept)
    return found if found is not None and found.archived_at is not None else None


@requires(Permission.EDIT_MESSAGES)
@require_GET
def campaign(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """`/campaigns/<id>/`."""
    found, now = get_campaign(request, campaign_id), clock.now()
    style, stage = get_page_style(), get_stage(found, now)
    shown = show_campaign(found, stage, style, now)
    runs = list_runs(found)
    hindrances = [describe_hindrance(one) for one in list_hindrances(found, now)] if shown.can_start else []
    newest = runs[0] if runs else None
    context = {
        "shown": shown,
        "hindrances": hindrances,
        "needs_foot": found.channel == Channel.EMAIL and found.purpose != Purpose.SERVICE,
        "languages": list_written(found),
        "progress": _show(request, found, newest) if newest is not None else None,
        "runs": _list_runs(request, found, runs),
        "reach_url": reverse("campaign_reach", args=[campaign_id]) if stage in _BEFORE else "",
        "test_url": reverse("test_campaign", args=[campaign_id]),
        "results_url": _find_results(runs),
        "may_edit": may(request.user, Permission.EDIT_MESSAGES),
        "may_send": may(request.user, Permission.SEND_MESSAGES),
        **_describe_start(found),
    }
    return render(request, "campaigns/campaign.html", context)


def _describe_start(found: Campaign) -> dict[str, str]:
    if found.every or found.starts_at is not None:
        return {
            "start_button": _("Schedule it"),
            "start_title": _("Schedule this campaign?"),
            "start_about": _(
                "It goes out by itself when its time has come. Until then you can make a draft of it again."
            ),
        }
    return {
        "start_button": _("Start"),
        "start_title": _("Start this campaign?"),
        "start_about": _(
            "Whom it goes to is frozen now, and the messages go out. It can be paused and stopped, but what has been "
            "sent can't be taken back."
        ),
    }


@requires(Permission.EDIT_MESSAGES)
@require_safe
def run(request: HttpRequest, campaign_id: int, number: int) -> HttpResponse:
    """`/campaigns/<id>/runs/<number>/`: one run of a recurring campaign."""
    found = get_campaign(request, campaign_id)
    one = find_run(found, number)
    if one is None:
        raise Http404
    shown = show_campaign(found, get_stage(found, clock.now()), get_page_style(), clock.now())
    context = {
        "shown": shown,
        "progress": _show(request, found, one),
        "results_url": _find_results([one]),
    }
    return render(request, "campaigns/run.html", context)


@requires(Permission.EDIT_MESSAGES)
@require_safe
def progress(request: HttpRequest, campaign_id: int) -> HttpResponseBase:
    """`/campaigns/<id>/progress/`: how far a run is, as a fragment (`run`: its number; the newest without)."""
    found = get_campaign(request, campaign_id)
    number = read_id(request.GET.get("run", ""))
    one = next(iter(list_runs(found, 1)), None) if number is None else find_run(found, number)
    if one is None:
        raise Http404
    return render(request, "campaigns/progress.html", {"progress": _show(request, found, one)})


def _show(request: HttpRequest, found: Campaign, one: Any) -> Any:
    names = may(request.user, Permission.SEE_CUSTOMERS)
    exports = names and may(request.user, Permission.EXPORT)
    return show_progress(found, one, get_page_style(), names=names, exports=exports)


def _list_runs(request: HttpRequest, found: Campaign, runs: list[Any]) -> list[dict[str, Any]]:
    return [
        {"url": reverse("campaign_run", args=[found.pk, one.number]), "shown": _show(request, found, one)}
        for one in (runs if found.every else [])
    ]


def _find_results(runs: list[Any]) -> str:
    """Where the result of the newest run with a control group stands; "" before there is one."""
    trial = next((one.trial for one in runs if one.trial and one.handed_at), "")
    return reverse("trial", args=[trial]) if trial else ""
