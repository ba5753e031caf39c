"""Who would get a campaign: the fragment of its page, and the lists behind its numbers."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from vafa.act.campaigns.queries import Campaign, Reach, find_dealable, rehearse_campaign
from vafa.data.business.queries import get_business, get_customer_word
from vafa.data.customers.queries import list_customer_rows
from vafa.front.campaigns.costs import Costs, show_costs
from vafa.front.campaigns.page import get_campaign, get_page_style
from vafa.front.campaigns.people import PAGE_SIZE, summarise
from vafa.front.campaigns.progress import Reason, Stat
from vafa.front.campaigns.proof import describe_proof, find_proof, settle_holdout
from vafa.front.campaigns.whys import describe_why
from vafa.front.customers.rows import name_customer
from vafa.front.same_page import build_address
from vafa.kit import clock
from vafa.kit.ids import read_id
from vafa.kit.locale.formats import Style, format_moment, format_money, format_number
from vafa.kit.permissions import Permission, may, only_with, requires
from vafa.measure.segments.types import SegmentNotBuilt
from vafa.warehouse.queries import open_snapshot

_KEPT = ("kind", "why")


@dataclass(frozen=True)
class Shown:
    """A rehearsal, ready to print; `problem` where there is none."""

    problem: str = ""
    people: str = ""
    stats: list[Stat] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)
    proof: str = ""
    notes: list[str] = field(default_factory=list)
    costs: Costs | None = None


@requires(Permission.EDIT_MESSAGES)
@require_GET
def reach(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """`/campaigns/<id>/reach/`: the fragment, or a page of its own where it isn't asked for by the page's script."""
    campaign, style = get_campaign(request, campaign_id), get_page_style()
    names = may(request.user, Permission.SEE_CUSTOMERS)
    shown = show_reach(campaign, style, names=names)
    template = "campaigns/reach.html" if request.headers.get("HX-Request") else "campaigns/reach_page.html"
    return render(request, template, {"campaign": campaign, "reach": shown})


def show_reach(campaign: Campaign, style: Style, *, names: bool) -> Shown:
    """What would happen if it started now."""
    if campaign.segment is None:
        return Shown(problem=_("Choose the segment or list that it goes to."))
    snapshot = open_snapshot()
    try:
        now = clock.now()
        found = rehearse_campaign(campaign, snapshot, now)
    except SegmentNotBuilt:
        return Shown(problem=_("Its segment has never been built. Wait until it is."))
    dealable = find_dealable(campaign, found.audience.ids, now)
    proof = find_proof(campaign, dealable, snapshot)
    holdout = settle_holdout(campaign, proof)
    return Shown(
        people=get_customer_word(get_business()).heading,
        stats=_list_stats(campaign, found, round(holdout * len(dealable)), style, names=names),
        reasons=_list_reasons(campaign, found, style, names=names),
        proof=describe_proof(campaign, proof, style),
        notes=_list_notes(found, style),
        costs=show_costs(found.estimate, style) if found.estimate else None,
    )


def _list_stats(campaign: Campaign, found: Reach, out: int, style: Style, *, names: bool) -> list[Stat]:
    total, goes = len(found.audience.ids), sum(found.rehearsal.goes.values())
    waits = sum(one.kind == "waits" for one in found.rehearsal.held)

    def link(kind: str, count: int) -> str:
        return _build_url(campaign, kind=kind) if names and count else ""

    stats = [
        Stat(_("In the audience"), format_number(total, style)),
        Stat(
            _("May get it now"), format_number(goes, style), hint=_("Before the control group is taken out.")
        ),
        Stat(_("Would wait"), format_number(waits, style), link("waits", waits)),
        Stat(
            _("Never get it"), format_number(total - goes - waits, style), link("never", total - goes - waits)
        ),
        Stat(_("Control group"), format_number(out, style), note=_("about, of those who can be reached")),
    ]
    cost = found.rehearsal.cost
    if cost is not None:
        told = format_money(cost, found.rehearsal.currency, style)
        stats.append(
            Stat(
                _("Cost at most"),
                told,
                hint=_("If each were as dear as the dearest."),
                note=_tell_parts(found, style),
            )
        )
    return stats


def _tell_parts(found: Reach, style: Style) -> str:
    parts = found.rehearsal.parts
    return (
        ""
        if parts is None
        else _("%(parts)s parts in the longest case") % {"parts": format_number(parts, style)}
    )


def _list_reasons(campaign: Campaign, found: Reach, style: Style, *, names: bool) -> list[Reason]:
    counted = sorted(found.rehearsal.count_whys().items(), key=lambda one: (one[0][0], -one[1]))
    return [
        Reason(
            state=_name_kind(kind),
            tone="info" if kind == "waits" else "",
            why=describe_why(why),
            count=format_number(count, style),
            url=_build_url(campaign, kind=kind, why=why) if names else "",
        )
        for (kind, why), count in counted
    ]


def _name_kind(kind: str) -> str:
    return _("Would wait") if kind == "waits" else _("Never get it")


def _list_notes(found: Reach, style: Style) -> list[str]:
    before, notes = found.audience.had_before, []
    if found.audience.ids and not any(found.rehearsal.goes.values()):
        notes.append(_("As things stand nobody would get it now; the reasons above say what is missing."))
    if not before:
        return notes
    return [
        *notes,
        _("%(count)s more have had an earlier run's message, and are left out.")
        % {"count": format_number(before, style)},
    ]


def _build_url(campaign: Campaign, **asked: str) -> str:
    return reverse("campaign_held", args=[campaign.pk]) + "?" + urlencode(asked)


@requires(Permission.SEE_CUSTOMERS)
@only_with(Permission.EDIT_MESSAGES)
@require_GET
def held(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """`/campaigns/<id>/held/`: who would wait or never get it (`kind`), for one reason (`why`) or any."""
    campaign, style = get_campaign(request, campaign_id), get_page_style()
    kind, why = request.GET.get("kind", ""), request.GET.get("why", "")
    try:
        every = rehearse_campaign(campaign, open_snapshot(), clock.now()).rehearsal.held
    except SegmentNotBuilt:
        every = ()
    found = [one for one in every if kind in ("", one.kind) and why in ("", one.why)]
    start = max(0, read_id(request.GET.get("start", "")) or 0)
    rows = found[start : start + PAGE_SIZE]
    names = {row.id: name_customer(row) for row in list_customer_rows([one.customer_id for one in rows])}
    zone = ZoneInfo(get_business().zone)
    context: dict[str, Any] = {
        "campaign": campaign,
        "rows": [
            {
                "name": names.get(one.customer_id, ""),
                "url": reverse("customer", args=[one.customer_id]) if one.customer_id in names else "",
                "state": _name_kind(one.kind),
                "tone": "info" if one.kind == "waits" else "",
                "why": describe_why(one.why),
                "when": format_moment(one.until, zone, style, "short") if one.until else "",
            }
            for one in rows
        ],
        "states": [("waits", _name_kind("waits")), ("never", _name_kind("never"))],
        "whys": [(one, describe_why(one)) for one in dict.fromkeys(row.why for row in every)],
        "asked": {"state": kind, "why": why},
        "state_name": "kind",
        "heading": pgettext("customers of a campaign", "Held back"),
        "summary": summarise(start, len(rows), len(found), style),
        "previous_url": build_address(request, _KEPT, start=max(0, start - PAGE_SIZE) or None)
        if start
        else None,
        "next_url": build_address(request, _KEPT, start=start + PAGE_SIZE)
        if start + PAGE_SIZE < len(found)
        else None,
        "downloads": [],
    }
    return render(request, "campaigns/people.html", context)
