"""Mail by SMTP: connections kept open for one mail after another."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from vafa.act.messaging.channels.mime import build_from, build_mime, write_address
from vafa.act.messaging.types import Handed, NotHandedOver, Outcome, Outgoing
from vafa.kit.mail_sending import Connection, MailNotHandedOver
from vafa.kit.mail_server import MailServer

USUAL_LANES, MOST_LANES = 4, 20
# "Bad destination mailbox address" and its kin (RFC 3463, 3.2), or the commonest words of servers that give no such
# code. A refusal because of us or of the text (5.7.x) says nothing against the address.
NO_SUCH_ADDRESS = re.compile(
    r"55[013] (?:5\.1\.[0-36]\b|(?!5\.\d).*(?:user unknown|unknown user|no such user|does not exist))",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class SmtpAdapter:
    """An account with a mail server; `lanes` is how many connections are kept at once."""

    server: MailServer
    lanes: int = USUAL_LANES

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
            sender = build_from(self.server.sender_name, self.server.sender_address)
            message, to = build_mime(sender, outgoing), write_address(outgoing.to)
        except ValueError as problem:  # an address that can't stand in a mail
            raise NotHandedOver(Outcome.REFUSED, str(problem), "bad_address") from problem
        try:
            return Handed(answer=self.connection.hand_over(to, message))
        except MailNotHandedOver as problem:
            outcome = Outcome(str(problem.outcome))
            raise NotHandedOver(outcome, problem.answer, _name(problem, outcome)) from problem


def _name(problem: MailNotHandedOver, outcome: Outcome) -> str:
    """What a refusal tells of: for good the address, or else this mail (its text); or the login, or the sender."""
    if outcome is Outcome.REFUSED:
        return "bad_address" if NO_SUCH_ADDRESS.match(problem.answer) else "rejected"
    if outcome is Outcome.UNREACHABLE and problem.of_sender:
        return "credentials" if problem.answer.startswith("53") else "sender"
    return str(outcome)


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
    lanes = int(settings.get("lanes") or USUAL_LANES)
    return SmtpAdapter(server, min(max(lanes, 1), MOST_LANES))
