"""A message as a customer got it, and how many more they may get: the messages' part of the customer file."""

from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from vafa.act.messaging.queries import (
    HELD_OUT,
    Sending,
    build_mail,
    build_sms,
    find_budget_left,
    find_sending,
    list_happened,
    list_values,
)
from vafa.act.messaging.types import TemplateContent
from vafa.data.business.queries import get_business, get_style
from vafa.data.consent.types import Channel
from vafa.data.customers.queries import list_customer_rows, list_ids_of
from vafa.front.campaigns.whys import describe_why, get_state_tone, name_state
from vafa.front.customer.parts import get_customer_or_404, render_part
from vafa.front.customer.sent_events import describe_happened
from vafa.front.customers.rows import name_customer
from vafa.front.messages.previewing import POLICY
from vafa.front.messages.queue_words import find_why, name_messages
from vafa.front.privacy.words import CHANNEL_NAMES, PURPOSE_NAMES
from vafa.kit import clock
from vafa.kit.errors import VafaError
from vafa.kit.locale.formats import Style, format_moment, format_number
from vafa.kit.permissions import Permission, requires


@requires(Permission.SEE_CUSTOMERS)
@require_safe
def customer_messages(request: HttpRequest, customer_id: int) -> HttpResponseBase:
    """`/customers/<id>/messages/`: how much of the contact budget is left."""
    customer, style = get_customer_or_404(request, customer_id), _get_style()
    left = find_budget_left([customer.pk], clock.now())[customer.pk]
    rows = [
        (name, None if count is None else format_number(count, style))
        for name, count in (
            (_("In a day"), left.day),
            (_("In a week"), left.week),
            (_("In a month"), left.month),
        )
    ]
    spent = 0 in (left.day, left.week, left.month)
    story_url = reverse("customer", args=[customer.pk]) + "?kind=sent#timeline-title"
    return render_part(
        request,
        customer,
        "customers/messages_part.html",
        {"rows": rows, "spent": spent, "story_url": story_url},
    )


@requires(Permission.SEE_CUSTOMERS)
@require_safe
def customer_message(request: HttpRequest, customer_id: int, sending_id: int) -> HttpResponseBase:
    """`/customers/<id>/messages/<number>/`: what was sent, by which channel, what became of it, or why it was not."""
    customer, one = _find(request, customer_id, sending_id)
    style, zone = _get_style(), ZoneInfo(get_business().zone)
    subject, text, problem = _render(one)[:3]
    context: dict[str, Any] = {
        "customer": customer,
        "name": name_customer(list_customer_rows([customer.pk])[0]),
        "title": name_messages([one.message], links=False)[one.message_id][0],
        "state": name_state(one.state),
        "tone": get_state_tone(one.state),
        "why": describe_why(find_why(one)),
        "facts": [
            (_("Channel"), CHANNEL_NAMES[one.channel]),
            (_("Purpose"), PURPOSE_NAMES[one.message.purpose]),
            (
                _("Until") if one.state == "pending" else _("When"),
                format_moment(
                    one.not_before if one.state == "pending" else one.ended_at or one.created_at, zone, style
                ),
            ),
            *([(_("Sending account"), one.account.name)] if one.account else []),
        ],
        "happened": describe_happened(list_happened([one.pk])[one.pk], zone, style),
        "answer": one.answer,
        "mail_id": one.mail_id,
        "subject": subject,
        "text": text,
        "problem": problem,
        "is_mail": one.channel == Channel.EMAIL and not problem,
        "frame_url": reverse("customer_message_text", args=[customer.pk, one.pk]),
    }
    return render(request, "customers/message.html", context)


@requires(Permission.SEE_CUSTOMERS)
@xframe_options_sameorigin
@require_safe
def customer_message_text(request: HttpRequest, customer_id: int, sending_id: int) -> HttpResponse:
    """The mail itself, in its frame: nothing in it acts, and its links are not those that were sent."""
    _customer, one = _find(request, customer_id, sending_id)
    _subject, text, problem, html, language = _render(one)
    if not html:
        html = format_html('<p dir="auto" style="font:16px sans-serif">{}</p>', problem or text)
    response = HttpResponse(html)
    response["Content-Security-Policy"] = POLICY
    response["Content-Language"] = language
    return response


def _find(request: HttpRequest, customer_id: int, sending_id: int) -> tuple[Any, Sending]:
    customer = get_customer_or_404(request, customer_id)
    one = find_sending(sending_id)
    if one is None or one.why in HELD_OUT or one.customer_id not in list_ids_of(customer.pk):
        raise Http404
    return customer, one


def _render(one: Sending) -> tuple[str, str, str, str, str]:
    """(subject, text, problem, html, language) of a message: its frozen text, with the values of its own, and those
    that are known of the customer as of the moment when it was made."""
    content = TemplateContent.from_json(one.message.content)
    offered = [code for code, text in content.texts if not text.is_empty]
    at = one.handed_at or one.ended_at or clock.now()
    kept = 0 if one.customer is None else one.customer.kept_id or one.customer.pk
    known = list_values([kept], offered=offered, now=at).get(kept)
    if known is None or not offered:
        return "", "", _("Nothing is written."), "", "en"
    values = known.values | one.values
    try:
        if one.channel == Channel.EMAIL:
            mail = build_mail(content, values, known.language)
            return mail.subject, mail.text, "", mail.html, known.language
        return "", build_sms(content, values, known.language).text, "", "", known.language
    except (VafaError, LookupError) as found:
        told = str(found) if isinstance(found, VafaError) else _("Nothing is written.")
        return "", "", told, "", known.language


def _get_style() -> Style:
    return get_style(translation.get_language() or "en")
