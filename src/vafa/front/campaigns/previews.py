"""Looking at a campaign's text as one of its customers would get it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.html import format_html
from django.views.decorators.clickjacking import xframe_options_deny
from django.views.decorators.http import require_safe

from vafa.act.campaigns.queries import Campaign, find_audience, get_content
from vafa.act.messaging.queries import build_made_up_values, build_mail, build_sms, list_values
from vafa.act.messaging.types import RTL, TemplateContent
from vafa.data.consent.types import Channel
from vafa.front.campaigns.page import get_campaign
from vafa.front.reports.schedules import PREVIEW_POLICY
from vafa.kit import clock
from vafa.kit.errors import VafaError
from vafa.kit.ids import read_id
from vafa.kit.permissions import Permission, may, requires
from vafa.measure.segments.types import SegmentNotBuilt


@requires(Permission.EDIT_MESSAGES)
@xframe_options_deny
@require_safe
def preview_campaign(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """`/campaigns/<id>/preview/`: the text in a `language`, filled in for one of its customers
    (`customer`, or the first), or for somebody made up where there is nobody, or names may not be seen."""
    campaign = get_campaign(request, campaign_id)
    content = get_content(campaign)
    language = request.GET.get("language", "")
    if content.find_text(language) is None:
        raise Http404
    sees = may(request.user, Permission.SEE_CUSTOMERS)
    customer = choose_customer(campaign, read_id(request.GET.get("customer", ""))) if sees else None
    try:
        html = _render(content, language, customer)
    except VafaError as problem:
        html = format_html("<p>{}</p>", str(problem))
    response = HttpResponse(html)
    response["Content-Security-Policy"] = PREVIEW_POLICY
    response["Content-Language"] = language
    return response


def choose_customer(campaign: Campaign, wanted: int | None = None) -> int | None:
    """Somebody whom the campaign would go to: who is wanted, else the first; None where there is nobody."""
    try:
        ids = find_audience(campaign).ids
    except SegmentNotBuilt:
        return None
    if wanted is not None and wanted in ids:
        return wanted
    return min(ids) if ids else None


def _render(content: TemplateContent, language: str, customer: int | None) -> str:
    now = clock.now()
    found = list_values([customer], offered=[language], now=now) if customer is not None else {}
    told = next(iter(found.values()), None) or build_made_up_values(language, now)
    if content.channel == Channel.EMAIL:
        return build_mail(content, told.values, language).html
    text = build_sms(content, told.values, language).text
    direction = "rtl" if language in RTL else "ltr"
    return str(
        format_html(
            '<pre dir="{}" lang="{}" style="white-space: pre-wrap">{}</pre>', direction, language, text
        )
    )
