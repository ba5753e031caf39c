"""Mail by SMTP: one connection kept open for one mail after another."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

from vafa.act.messaging.types import Handed, NotHandedOver, Outcome, Outgoing
from vafa.kit.mail_sending import Connection, MailNotHandedOver
from vafa.kit.mail_server import MailServer

# "Bad destination mailbox address" and its kin (RFC 3463, 3.2), or the commonest words of servers that give no such
# code. A refusal because of us or of the text (5.7.x) says nothing against the address.
NO_SUCH_ADDRESS = re.compile(
    r"55[013] (?:5\.1\.[0-36]\b|(?!5\.\d).*(?:user unknown|unknown user|no such user|does not exist))",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class SmtpAdapter:
    """An account with a mail server."""

    server: MailServer

    @contextmanager
    def open(self) -> Iterator["SmtpLine"]:
        """A line that is kept open."""
        with Connection(self.server) as connection:
            yield SmtpLine(self.server, connection)


@dataclass(frozen=True)
class SmtpLine:
    """An open way to a mail server."""

    server: MailServer
    connection: Connection

    def hand_over(self, outgoing: Outgoing) -> Handed:
        """Hand one mail over. Raises NotHandedOver."""
        try:
            message = build_mime(self.server, outgoing)
        except ValueError as problem:  # an address that can't stand in a mail
            raise NotHandedOver(Outcome.REFUSED, str(problem), "bad_address") from problem
        try:
            return Handed(answer=self.connection.hand_over(outgoing.to, message))
        except MailNotHandedOver as problem:
            outcome = Outcome(str(problem.outcome))
            code = _name(problem.answer) if outcome is Outcome.REFUSED else str(outcome)
            raise NotHandedOver(outcome, problem.answer, code) from problem


def _name(answer: str) -> str:
    """What a refusal for good tells of: the address, or else this mail (its text, its sender)."""
    return "bad_address" if NO_SUCH_ADDRESS.match(answer) else "rejected"


def build_mime(server: MailServer, outgoing: Outgoing) -> bytes:
    """The mail, ready for the server: text and HTML. The Date is that of the message's making, told by its headers."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = " ".join(outgoing.subject.split())
    message["From"] = Address(server.sender_name, addr_spec=server.sender_address)
    message["To"] = Address(addr_spec=outgoing.to)
    message["Message-ID"] = outgoing.message_id
    for name, value in outgoing.headers.items():
        message[name] = value
    if outgoing.language:
        message["Content-Language"] = outgoing.language
    message.set_content(outgoing.text, cte="base64")
    if outgoing.html:
        message.add_alternative(outgoing.html, subtype="html", cte="base64")
    return message.as_bytes()


def write_date(now: datetime) -> str:
    """A moment as the header Date holds it."""
    return format_datetime(now.astimezone(UTC))


def build(settings: Mapping[str, Any], secrets: Mapping[str, str]) -> SmtpAdapter:
    """The way out of an account with these settings."""
    server = MailServer(
        host=str(settings.get("host", "")),
        port=int(settings.get("port") or 25),
        security=settings.get("security", "none"),
        username=str(settings.get("username", "")),
        password=secrets.get("password", ""),
        sender_name=str(settings.get("sender_name", "")),
        sender_address=str(settings.get("sender_address", "")),
    )
    return SmtpAdapter(server)
