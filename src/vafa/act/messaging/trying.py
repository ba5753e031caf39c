"""A test of a message to oneself: filled in as for one customer, outside the ledger and the budget, marked as one."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from vafa.act.messaging.accounts import note_tested
from vafa.act.messaging.channels import build_adapter
from vafa.act.messaging.channels.bot import BotLine
from vafa.act.messaging.channels.bot_api import BotGarbled, BotRefused
from vafa.act.messaging.channels.sms_dress import build_dress, dress_outgoing
from vafa.act.messaging.channels.smtp import write_date
from vafa.act.messaging.content import build_mail, build_sms
from vafa.act.messaging.making import find_domain
from vafa.act.messaging.models import Account
from vafa.act.messaging.pricing import find_price
from vafa.act.messaging.types import Handed, NotHandedOver, Outgoing, TemplateContent
from vafa.act.messaging.values import build_made_up_values, list_values
from vafa.data.business.queries import get_business
from vafa.data.consent.types import Channel, Purpose
from vafa.data.customers.queries import list_phone_forms
from vafa.kit.errors import AskedWrongly
from vafa.kit.outbound import NotSent
from vafa.lab.sms import SmsLength, measure_sms


@dataclass(frozen=True)
class TriedText:
    """A text message that was tried: as it was sent, how long it was, and what it cost in the business's currency
    (None: nobody can tell)."""

    text: str
    length: SmsLength
    cost: Decimal | None
    answer: str


class NotTestable(AskedWrongly):
    """A message can't be tried on oneself."""

    code = "not_testable"


def try_account(account_id: int, number: str, text: str, *, by: Any, now: datetime) -> TriedText:
    """Send a text message by an account to a number of whoever tries it, outside ledger and budget. Raises NotTestable,
    NotHandedOver."""
    account = find_account(account_id, Channel.SMS)
    outgoing = build_trial(account, number, text, "")
    handed = hand_over_trial(account, outgoing)
    note_tested(account.pk, by=by, now=now)
    sent = dress_outgoing(outgoing, build_dress(account.settings, account.profile)).text
    length, price = measure_sms(sent), find_price(account)
    cost = handed.cost if handed.cost is not None else price.of(length) if price else None
    return TriedText(sent, length, cost, handed.answer)


def ask_bot(account_id: int, *, by: Any, now: datetime) -> str:
    """Ask a messenger who its bot is, and keep the name, by which links lead to it. Raises NotTestable."""
    account = find_account(account_id, Channel.MESSENGER)
    try:
        with build_adapter(account).open() as line:
            assert isinstance(line, BotLine)
            name = line.api.get_username()
    except (NotHandedOver, NotSent, BotRefused, BotGarbled) as problem:
        raise NotTestable(_("The messenger said: %(answer)s") % {"answer": str(problem)}) from problem
    Account.objects.filter(pk=account.pk).update(settings={**account.settings, "username": name})
    note_tested(account.pk, by=by, now=now)
    return name


def find_account(account_id: int, channel: Channel) -> Account:
    """A sending account of a channel. Raises NotTestable."""
    found = Account.objects.filter(pk=account_id, removed_at=None, channel=str(channel)).first()
    if found is None:
        raise NotTestable(_("There is no such sending account any more."))
    return found


def build_trial(account: Account, number: str, text: str, language: str) -> Outgoing:
    """A text message that is tried. Raises NotTestable."""
    forms = list_phone_forms(number, get_business().phone_region or get_business().country)
    if not forms:
        raise NotTestable(_("That is not a phone number."))
    if not text.strip():
        raise NotTestable(_("Nothing is written yet."))
    trial_id = f"<test.{secrets.token_hex(12)}@{find_domain(account)}>"
    return Outgoing(
        0, forms[0], text=text, message_id=trial_id, language=language, purpose=str(Purpose.SERVICE)
    )


def hand_over_trial(account: Account, outgoing: Outgoing) -> Handed:
    """Hand a trial over. Raises NotHandedOver."""
    with build_adapter(account).open() as line:
        return line.hand_over(outgoing)


def send_to_staff(
    content: TemplateContent,
    customer_id: int | None,
    staff: Any,
    *,
    language: str,
    purpose: str,
    account_id: int | None = None,
    number: str = "",
    now: datetime,
) -> Handed:
    """Hand the message over to a member of staff: a mail to their own address, a text message to a number of theirs, in
    a language, with a customer's values (None: somebody made up); its links lead straight on. Raises NotTestable,
    NotHandedOver, and VafaError for a broken text."""
    if content.channel not in (Channel.EMAIL, Channel.SMS):
        raise NotTestable(_("Only mails and text messages can be tried on oneself."))
    found = Account.objects.filter(removed_at=None, paused_at=None, channel=content.channel)
    found = found.filter(pk=account_id) if account_id is not None else found
    account = next((one for one in found if purpose in one.purposes), None)
    if account is None:
        raise NotTestable(_("No sending account carries messages of this channel and purpose."))
    known = list_values([customer_id], offered=[language], now=now) if customer_id is not None else {}
    told = next(iter(known.values()), None) or build_made_up_values(language, now)
    if content.channel == Channel.SMS:
        short = build_sms(content, told.values, language)
        outgoing = build_trial(account, number, short.text or short.pattern, language)
        filled = replace(
            outgoing, text=short.text, pattern=short.pattern, slots=dict(short.slots), purpose=purpose
        )
        return hand_over_trial(account, filled)
    mail = build_mail(content, told.values, language)
    subject = _("[Test] %(subject)s") % {"subject": mail.subject}
    outgoing = Outgoing(
        0, staff.email, subject, mail.html, mail.text, {"Date": write_date(now), "Auto-Submitted": "auto-generated"},
        f"<test.{secrets.token_hex(12)}@{find_domain(account)}>", language=language, purpose=purpose,
    )  # fmt: skip
    return hand_over_trial(account, outgoing)
