"""Answers to messages: those that stop them or allow them again are obeyed at once, all others wait for a person.

A number may belong to several customers (a family, an office). To stop is about the number: nothing but service
messages goes to it any more, whoever has it. What a person wants is noted only where the number is one person's.
"""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import override

from vafa.act.messaging.bot_links import read_bot_token
from vafa.act.messaging.channel_models import Incoming
from vafa.act.messaging.channels.bot import write_chat
from vafa.act.messaging.happenings import record_happened
from vafa.act.messaging.models import Sending
from vafa.act.messaging.sms_profiles import get_sms_profile
from vafa.act.messaging.sms_rules import read_answer
from vafa.data.business.queries import get_business
from vafa.data.consent.actions import set_consent, suppress_point, unsuppress
from vafa.data.consent.queries import find_listed
from vafa.data.consent.types import Channel, Proof, Purpose, Told, Way
from vafa.data.customers.actions import add_point, remove_point
from vafa.data.customers.queries import (
    find_customer,
    list_contact_points,
    list_ids_of,
    list_phone_forms,
    list_with_point,
)
from vafa.data.customers.types import PointUnusable

ANSWER_TO = timedelta(days=30)
"""An answer is taken to be to the last message of so many days."""
_STOPPED = (Purpose.MARKETING, Purpose.SURVEY)


def take_answer(incoming: Incoming, *, now: datetime) -> None:
    """Read a text message that came back, and obey it where it says stop or go on. Changes `incoming`, unsaved."""
    forms = list_phone_forms(incoming.number, get_business().phone_region)
    incoming.number = forms[0] if forms else incoming.number
    customers = list_with_point("phone", incoming.number) if forms else []
    meaning = read_answer(incoming.text, get_sms_profile(incoming.account.profile))
    _place(incoming, customers, Channel.SMS, now)
    if meaning is not None and forms:
        _obey(incoming, meaning, ("phone", incoming.number), Channel.SMS, customers, now)


def take_word(incoming: Incoming, *, now: datetime) -> None:
    """Read what somebody wrote to a bot: a start by a signed link ties the chat to a customer; being blocked stops it.
    Changes `incoming`, unsaved."""
    chat, text = write_chat(incoming.account_id, incoming.number), incoming.text.strip()
    command, _space, rest = text.partition(" ")
    if incoming.meaning == "blocked":
        stop_chat(chat, now=now)
        return
    if command == "/start":
        incoming.text = ""
        customer_id = read_bot_token(rest.strip(), incoming.account_id)
        if customer_id is not None and link_chat(customer_id, chat, now=now):
            incoming.meaning = "link"
            incoming.customer = find_customer(customer_id)
        _unlist("messenger", chat, now)
        return
    customers = list_with_point("messenger", chat)
    if not customers:
        # Nobody we know: there is nothing to stop, and nobody to answer.
        incoming.text = ""
        return
    _place(incoming, customers, Channel.MESSENGER, now)
    meaning = "stop" if command == "/stop" else read_answer(text, get_sms_profile(incoming.account.profile))
    if meaning is not None:
        _obey(incoming, meaning, ("messenger", chat), Channel.MESSENGER, customers, now)


def _place(incoming: Incoming, customers: list[int], channel: Channel, now: datetime) -> None:
    """Find whose answer it is, and to which message."""
    incoming.shared = len(customers) > 1
    incoming.customer = find_customer(customers[0]) if len(customers) == 1 else None
    ids = [one for customer in customers for one in list_ids_of(customer)]
    since = now - ANSWER_TO
    sent = Sending.objects.filter(
        customer__in=ids,
        channel=str(channel),
        account=incoming.account_id,
        state="accepted",
        ended_at__gte=since,
    )
    incoming.sending = sent.order_by("-ended_at", "-pk").first()
    if incoming.sending is not None:
        record_happened(incoming.sending.pk, "replied", key=incoming.event, at=now, now=now)


def _obey(
    incoming: Incoming,
    meaning: str,
    point: tuple[str, str],
    channel: Channel,
    customers: list[int],
    now: datetime,
) -> None:
    allowed = meaning == "back"
    with override(get_business().language):
        words = _("An answer said so: “%(text)s”.") % {"text": incoming.text[:40]}
    if allowed:
        _unlist(*point, now)
    else:
        suppress_point(*point, reason=words, everything=False, by=None, now=now)
        if incoming.sending is not None:
            record_happened(incoming.sending.pk, "unsubscribed", key=incoming.event, at=now, now=now)
    if len(customers) == 1:
        proof = Proof("answer", evidence=incoming.text[:40], at=now)
        for purpose in _STOPPED if not allowed else (Purpose.MARKETING,):
            told = Told(customers[0], channel, purpose, allowed)
            set_consent(told, proof, Way.REPLY, by=None, now=now)
    incoming.meaning, incoming.text = meaning, ""
    incoming.handled_at = now


def _unlist(kind: str, value: str, now: datetime) -> None:
    """Take a point off the list where its owner's own answer, or block, had put it there. What a person or a bounce put
    there stays."""
    listed = find_listed(kind, value)
    if listed is not None and listed.by_id is None and (kind == "messenger" or not listed.everything):
        with override(get_business().language):
            unsuppress(listed, reason=_("An answer allows it again."), by=None, now=now)


def link_chat(customer_id: int, chat: str, *, now: datetime) -> bool:
    """Tie a chat to a customer, and to no other any more; whether there is such a customer."""
    customer = find_customer(customer_id)
    if customer is None:
        return False
    for other in list_with_point("messenger", chat):
        if other != customer.pk:
            for point in list_contact_points(list_ids_of(other)):
                if (point.kind, point.value) == ("messenger", chat):
                    remove_point(point.pk, by=None, now=now)
    try:
        add_point(customer.pk, "messenger", chat, region="", by=None, now=now)
    except PointUnusable:
        return True  # it is tied already
    return True


def stop_chat(chat: str, *, now: datetime) -> None:
    """Send nothing more to a chat in which the bot was blocked, until it is started again there."""
    with override(get_business().language):
        words = _("The bot was blocked there.")
    suppress_point("messenger", chat, reason=words, everything=True, by=None, now=now)
