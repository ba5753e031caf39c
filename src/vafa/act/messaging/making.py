"""Making the outgoing messages of what a worker has claimed: values and addresses are asked for once for all."""

from collections.abc import Sequence
from datetime import datetime

from vafa.act.messaging.bouncing import list_rests
from vafa.act.messaging.channels.smtp import write_date
from vafa.act.messaging.content import build_mail, build_sms
from vafa.act.messaging.links import build_links, build_stop_headers
from vafa.act.messaging.mail_ids import build_mail_id, get_mail_key
from vafa.act.messaging.models import Account, Message, Sending
from vafa.act.messaging.types import Outgoing, TemplateContent
from vafa.act.messaging.values import CustomerValues, list_values
from vafa.data.consent.queries import find_points
from vafa.data.consent.types import POINT_KINDS, Channel, Purpose
from vafa.data.customers.queries import list_contact_points
from vafa.kit.public_address import find_links_address


class Maker:
    """Makes the outgoing messages of one claim."""

    def __init__(
        self, message: Message, going: Sequence[Sending], channel: str, domain: str, now: datetime
    ) -> None:
        self.message, self.channel, self.domain = message, channel, domain
        self.content = TemplateContent.from_json(message.content)
        ids = [one.customer_id for one in going if one.customer_id]
        offered = [code for code, text in self.content.texts if not text.is_empty]
        self.values: dict[int, CustomerValues] = list_values(ids, offered=offered, now=now)
        self.points = find_points(Channel(channel), Purpose(message.purpose), ids)
        self.point_ids = {point.value: point.pk for point in list_contact_points(ids)}
        self.site, self.key = find_links_address(), get_mail_key()
        self.by_hand = POINT_KINDS[Channel(channel)] is None
        self.rests = list_rests(ids, now) if channel == Channel.EMAIL else {}
        self.headers = {"Date": write_date(now), "Auto-Submitted": "auto-generated"}

    def find_rest(self, sending: Sending) -> datetime | None:
        """Until when nothing is sent to the address of a customer, because mail to it came back for now."""
        addresses = self.points.get(sending.customer_id or 0) if self.rests else None
        return self.rests.get(self.point_ids.get(addresses[0], 0)) if addresses else None

    def make(self, sending: Sending) -> Outgoing | None:
        """The message for one customer; None where there is no address any more. Raises VafaError for a text that can't
        be filled in."""
        customer = sending.customer_id or 0
        addresses, known = self.points.get(customer), self.values.get(customer)
        if self.by_hand:
            addresses = ("",)  # who delivers it by hand knows, or asks, where to
        if not addresses or known is None:
            return None
        purpose = self.message.purpose
        links = build_links(
            self.site, sending_id=sending.pk, customer_id=customer, channel=self.channel, purpose=purpose
        )
        values = known.values | sending.values
        mail_id = build_mail_id(
            sending.pk, self.message.origin, customer, self.channel, self.domain, self.key
        )
        if self.channel != Channel.EMAIL:
            short = build_sms(self.content, values, known.language, links)
            return Outgoing(
                sending.pk, addresses[0], text=short.text, message_id=mail_id, pattern=short.pattern,
                slots=dict(short.slots), language=known.language, purpose=purpose,
            )  # fmt: skip
        mail = build_mail(self.content, values, known.language, links)
        headers = self.headers | build_stop_headers(links.stop) if links.stop else self.headers
        return Outgoing(
            sending.pk, addresses[0], mail.subject, mail.html, mail.text, headers, mail_id,
            language=known.language, purpose=purpose,
        )  # fmt: skip


def find_domain(account: Account) -> str:
    """The domain in whose name an account sends; spam filters look askance at a Message-ID of another."""
    return str(account.settings.get("sender_address", "")).rpartition("@")[2] or "vafa.invalid"
