"""Making and changing campaigns, and what is done with one by a button."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from vafa.act.campaigns import actions
from vafa.act.campaigns.queries import Campaign, find_audience, find_dealable, get_told, get_written
from vafa.act.campaigns.types import CampaignUnusable, Told
from vafa.act.messaging.queries import get_variables
from vafa.data.business.queries import get_business, get_style
from vafa.front.campaigns.forms import CampaignForm, build_initial
from vafa.front.campaigns.offers import build_offers
from vafa.front.campaigns.page import get_campaign, refuse_limited
from vafa.front.campaigns.proof import find_proof, settle_holdout
from vafa.front.campaigns.tasks import prepare
from vafa.front.campaigns.text_form import build_content, build_forms
from vafa.front.campaigns.words import describe_hindrance
from vafa.front.customers.see_other import SeeOther
from vafa.front.settings_pages import say_saved
from vafa.kit import clock
from vafa.kit.permissions import Permission, may, requires
from vafa.measure.segments.types import SegmentNotBuilt
from vafa.warehouse.queries import open_snapshot

EXAMPLE = '{{ given_name | default: "…" }}'
# The key of the session under which stands what was archived last, to be brought back by one click.
ARCHIVED = "campaign_archived"


@requires(Permission.EDIT_MESSAGES)
@require_http_methods(["GET", "HEAD", "POST"])
def new_campaign(request: HttpRequest) -> HttpResponseBase:
    """`/campaigns/new/`; `?segment=` chooses whom it goes to."""
    refuse_limited(request)
    told = Told(name="", segment=request.GET.get("segment", ""), festive=True)
    return _edit(request, None, told)


@requires(Permission.EDIT_MESSAGES)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_campaign(request: HttpRequest, campaign_id: int) -> HttpResponseBase:
    """`/campaigns/<id>/edit/`."""
    campaign = get_campaign(request, campaign_id)
    return _edit(request, campaign, get_told(campaign))


def _edit(request: HttpRequest, campaign: Campaign | None, told: Told) -> HttpResponseBase:
    business, now = get_business(), clock.now()
    style = get_style(translation.get_language() or "en", business)
    sent = request.POST if request.method == "POST" else None
    offers = build_offers(style, str(told.channel) if sent is None else sent.get("channel", ""))
    form = CampaignForm(
        sent, business=business, style=style, offers=offers,
        initial=build_initial(told, ZoneInfo(business.zone), now, business.week_start),
    )  # fmt: skip
    if sent is not None and form.is_valid():
        saved = _save(request, campaign, form, told)
        if saved is not None:
            say_saved(request)
            return redirect("campaign", saved.pk)
    context = {"form": form, "campaign": campaign, "zone_name": business.zone.replace("_", " ")}
    return render(request, "campaigns/form.html", context, status=422 if form.errors else 200)


def _save(request: HttpRequest, campaign: Campaign | None, form: CampaignForm, told: Told) -> Campaign | None:
    """The campaign as it is now; None where it could not be kept, which the form then says."""
    now = clock.now()
    new = form.build_told(told.content)
    try:
        if campaign is None:
            return actions.create_campaign(new, by=request.user, now=now)
        return actions.change_campaign(campaign.pk, new, by=request.user, now=now)
    except CampaignUnusable as problem:
        form.add_error(problem.field if problem.field in form.fields else None, str(problem))
    return None


@requires(Permission.EDIT_MESSAGES)
@require_http_methods(["GET", "HEAD", "POST"])
def campaign_text(request: HttpRequest, campaign_id: int) -> HttpResponseBase:
    """`/campaigns/<id>/text/`: the text that is written for this campaign alone, in each language."""
    campaign = get_campaign(request, campaign_id)
    sent = request.POST if request.method == "POST" else None
    variables = get_variables()
    written = build_forms(
        sent, get_written(campaign), campaign.channel, tuple(variables), get_business().language
    )
    # Every form is asked, so that each says what is wrong with it.
    valid = [form.is_valid() for form in written]
    problem = ""
    if sent is not None and all(valid):
        content = build_content(written, campaign.channel)
        try:
            actions.write_text(campaign_id, content, by=request.user, now=clock.now())
        except CampaignUnusable as error:
            problem = str(error)
        else:
            say_saved(request)
            return redirect("campaign", campaign_id)
    context = {
        "campaign": campaign,
        "forms": written,
        "variables": variables.items(),
        "example": EXAMPLE,
        "problem": problem,
    }
    failed = sent is not None
    return render(request, "campaigns/text.html", context, status=422 if failed else 200)


_DONE: dict[str, tuple[Permission, Any]] = {
    "start": (Permission.SEND_MESSAGES, actions.start_campaign),
    "unschedule": (Permission.SEND_MESSAGES, actions.unschedule_campaign),
    "pause": (Permission.SEND_MESSAGES, actions.pause_campaign),
    "resume": (Permission.SEND_MESSAGES, actions.resume_campaign),
    "stop": (Permission.SEND_MESSAGES, actions.stop_campaign),
    "copy": (Permission.EDIT_MESSAGES, actions.copy_campaign),
    "archive": (Permission.EDIT_MESSAGES, actions.archive_campaign),
    "restore": (Permission.EDIT_MESSAGES, actions.restore_campaign),
}


@requires(Permission.EDIT_MESSAGES)
@require_POST
def change_campaign(request: HttpRequest, campaign_id: int) -> HttpResponseBase:
    """Do one thing with a campaign: `do` is start, unschedule, pause, resume, stop, copy, archive or restore."""
    campaign = get_campaign(request, campaign_id)
    asked = request.POST.get("do", "")
    if asked not in _DONE:
        raise Http404
    permission, do = _DONE[asked]
    if not may(request.user, permission):
        raise PermissionDenied(permission)
    more = {"suggested": _suggest_holdout(campaign)} if asked == "start" else {}
    try:
        found = do(campaign_id, by=request.user, now=clock.now(), **more)
    except CampaignUnusable as problem:
        messages.error(request, _describe(problem))
        return SeeOther(_get_url(campaign_id))
    if asked in ("start", "resume"):
        prepare.enqueue()
    if asked == "copy":
        return redirect("edit_campaign", found.pk)
    _say_done(request, asked, campaign_id)
    return SeeOther(reverse("campaigns") if asked == "archive" else _get_url(campaign_id))


def _suggest_holdout(campaign: Campaign) -> float | None:
    """The share that suits its list; None where nobody can tell yet."""
    snapshot = open_snapshot()
    try:
        ids = find_audience(campaign, snapshot).ids
    except SegmentNotBuilt:
        return None
    dealable = find_dealable(campaign, ids, clock.now())
    return settle_holdout(campaign, find_proof(campaign, dealable, snapshot))


def _get_url(campaign_id: int) -> str:
    return reverse("campaign", args=[campaign_id])


def _describe(problem: CampaignUnusable) -> str:
    """What stands in the way, in words."""
    if problem.hindrances:
        return " ".join(describe_hindrance(one) for one in problem.hindrances)
    return str(problem)


def _say_done(request: HttpRequest, asked: str, campaign_id: int) -> None:
    texts = {
        "start": _("It is started. You may leave this page; the work goes on."),
        "unschedule": _("It is a draft again."),
        "pause": _("It is paused. What is being handed over at this moment still goes."),
        "resume": _("It goes on."),
        "stop": _("It is stopped. What had not been sent stays unsent."),
        "restore": _("The campaign is back."),
    }
    if asked == "archive":
        request.session[ARCHIVED] = campaign_id
    else:
        messages.success(request, texts[asked])
