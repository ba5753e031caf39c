"""Looking at a campaign's text as one of its customers would get it, and trying it on oneself."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_deny
from django.views.decorators.http import require_POST, require_safe

from vafa.act.campaigns.queries import Campaign, find_audience, get_content
from vafa.act.messaging.actions import send_to_staff
from vafa.act.messaging.queries import (
    build_made_up_values,
    build_mail,
    build_sms,
    find_sms_account,
    list_values,
    look_at_sms,
)
from vafa.act.messaging.types import RTL, NotHandedOver, TemplateContent
from vafa.data.business.queries import get_business
from vafa.data.consent.types import Channel
from vafa.front.campaigns.page import get_campaign, get_page_style
from vafa.front.customers.see_other import SeeOther
from vafa.front.reports.schedules import PREVIEW_POLICY
from vafa.kit import clock
from vafa.kit.audit import record
from vafa.kit.errors import VafaError
from vafa.kit.ids import read_id
from vafa.kit.locale.formats import format_money
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
        html = _render(campaign, content, language, customer)
    except VafaError as problem:
        html = format_html("<p>{}</p>", str(problem))
    response = HttpResponse(html)
    response["Content-Security-Policy"] = PREVIEW_POLICY
    response["Content-Language"] = language
    return response


@requires(Permission.SEND_MESSAGES)
@require_POST
def test_campaign(request: HttpRequest, campaign_id: int) -> HttpResponseBase:
    """`/campaigns/<id>/test/`: send it in a `language` to whoever asks, filled in as for one of its customers."""
    campaign, now = get_campaign(request, campaign_id), clock.now()
    content, language = get_content(campaign), request.POST.get("language", "")
    if content.find_text(language) is None:
        raise Http404
    customer = choose_customer(campaign) if may(request.user, Permission.SEE_CUSTOMERS) else None
    try:
        handed = send_to_staff(
            content, customer, request.user,
            language=language, purpose=campaign.purpose, account_id=campaign.account_id,
            number=request.POST.get("number", ""), now=now,
        )  # fmt: skip
    except NotHandedOver as problem:
        messages.error(request, _("The server did not take it: %(answer)s") % {"answer": problem.answer})
    except VafaError as problem:
        messages.error(request, str(problem))
    else:
        record(
            "campaign.tested", by=request.user, now=now, subject=f"campaign:{campaign_id}", language=language
        )
        told = _("The server took it: %(answer)s") % {"answer": handed.answer}
        if handed.cost is not None:
            cost = format_money(handed.cost, get_business().currency, get_page_style())
            told = f"{told} {_('It cost %(cost)s.') % {'cost': cost}}"
        messages.success(request, told)
    return SeeOther(reverse("campaign", args=[campaign_id]))


def choose_customer(campaign: Campaign, wanted: int | None = None) -> int | None:
    """Somebody whom the campaign would go to: who is wanted, else the first; None where there is nobody."""
    try:
        ids = find_audience(campaign).ids
    except SegmentNotBuilt:
        return None
    if wanted is not None and wanted in ids:
        return wanted
    return min(ids) if ids else None


def _render(campaign: Campaign, content: TemplateContent, language: str, customer: int | None) -> str:
    now = clock.now()
    found = list_values([customer], offered=[language], now=now) if customer is not None else {}
    told = next(iter(found.values()), None) or build_made_up_values(language, now)
    if content.channel == Channel.EMAIL:
        return build_mail(content, told.values, language).html
    short = build_sms(content, told.values, language)
    text = short.text
    if content.channel == Channel.SMS:
        # With signature and the way to stop, as it goes out.
        account = find_sms_account(campaign.purpose, campaign.account_id)
        text = look_at_sms(short, campaign.purpose, language, account).text or short.pattern
    direction = "rtl" if language in RTL else "ltr"
    return str(
        format_html(
            '<pre dir="{}" lang="{}" style="white-space: pre-wrap">{}</pre>', direction, language, text
        )
    )
