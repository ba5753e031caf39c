"""A test of a message to oneself: filled in as for one customer, outside the ledger and the budget, marked as one."""

import secrets
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from vafa.act.messaging.channels import build_adapter
from vafa.act.messaging.channels.smtp import write_date
from vafa.act.messaging.content import build_mail
from vafa.act.messaging.making import find_domain
from vafa.act.messaging.models import Account
from vafa.act.messaging.types import Handed, Outgoing, TemplateContent
from vafa.act.messaging.values import build_made_up_values, list_values
from vafa.data.consent.types import Channel
from vafa.kit.errors import AskedWrongly


class NotTestable(AskedWrongly):
    """A message can't be tried on oneself."""

    code = "not_testable"


def send_to_staff(
    content: TemplateContent,
    customer_id: int | None,
    staff: Any,
    *,
    language: str,
    purpose: str,
    account_id: int | None = None,
    now: datetime,
) -> Handed:
    """Hand the mail over to a member of staff's own address, in a language, with a customer's values (None: somebody
    made up); its links lead straight on. Raises NotTestable, NotHandedOver, and VafaError for a broken text."""
    if content.channel != Channel.EMAIL:
        raise NotTestable(_("Only mails can be tried on oneself: of staff no number is known."))
    found = Account.objects.filter(removed_at=None, paused_at=None, channel=content.channel)
    found = found.filter(pk=account_id) if account_id is not None else found
    account = next((one for one in found if purpose in one.purposes), None)
    if account is None:
        raise NotTestable(_("No sending account carries messages of this channel and purpose."))
    known = list_values([customer_id], offered=[language], now=now) if customer_id is not None else {}
    told = next(iter(known.values()), None) or build_made_up_values(language, now)
    mail = build_mail(content, told.values, language)
    subject = _("[Test] %(subject)s") % {"subject": mail.subject}
    outgoing = Outgoing(
        0, staff.email, subject, mail.html, mail.text, {"Date": write_date(now), "Auto-Submitted": "auto-generated"},
        f"<test.{secrets.token_hex(12)}@{find_domain(account)}>", language=language, purpose=purpose,
    )  # fmt: skip
    with build_adapter(account).open() as line:
        return line.hand_over(outgoing)
