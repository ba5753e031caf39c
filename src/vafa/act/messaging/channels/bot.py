"""Messages by a bot of a messenger that speaks Telegram's protocol. It reaches only those who began to talk to it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from vafa.act.messaging.channels.bot_api import USUAL_URL, BotApi, BotGarbled, BotRefused
from vafa.act.messaging.types import Handed, NotHandedOver, Outcome, Outgoing
from vafa.kit.outbound import NotSent, open_outlet


@dataclass(frozen=True)
class BotAdapter:
    """A bot."""

    url: str
    token: str = field(repr=False)

    @contextmanager
    def open(self) -> Iterator["BotLine"]:
        """A line that is kept open."""
        try:
            with open_outlet(self.url) as outlet:
                yield BotLine(BotApi(outlet, self.url, self.token))
        except NotSent as problem:
            raise NotHandedOver(Outcome.UNREACHABLE, str(problem), problem.code) from problem


@dataclass(frozen=True)
class BotLine:
    """An open way to the messenger."""

    api: BotApi

    def hand_over(self, outgoing: Outgoing) -> Handed:
        """Hand one message over. Raises NotHandedOver."""
        try:
            return Handed(self.api.send_text(read_chat(outgoing.to), outgoing.text.strip()))
        except BotRefused as problem:
            raise build_refusal(problem) from problem
        except BotGarbled as problem:
            raise NotHandedOver(Outcome.UNKNOWN, str(problem), "no_answer") from problem
        except NotSent as problem:
            outcome = Outcome.UNKNOWN if problem.may_have_arrived else Outcome.UNREACHABLE
            raise NotHandedOver(outcome, str(problem), problem.code) from problem


def build_refusal(problem: BotRefused) -> NotHandedOver:
    """A refusal in the ledger's words. "blocked": by the person, who gets nothing more until they begin anew."""
    if problem.fault == "blocked":
        return NotHandedOver(Outcome.REFUSED, str(problem), "blocked")
    if problem.fault == "no_chat":
        return NotHandedOver(Outcome.REFUSED, str(problem), "bad_address")
    if problem.fault == "content":
        return NotHandedOver(Outcome.REFUSED, str(problem), "rejected")
    if problem.fault == "later":
        return NotHandedOver(Outcome.LATER, str(problem), "busy", problem.wait_seconds)
    return NotHandedOver(Outcome.UNREACHABLE, str(problem), "credentials")


def write_chat(account_id: int, chat: str) -> str:
    """A chat as a customer's contact point: chats of two bots may have one number."""
    return f"{account_id}:{chat}"


def read_chat(point: str) -> str:
    """The chat of a contact point."""
    return point.rpartition(":")[2]


def build(settings: Mapping[str, Any], secrets: Mapping[str, str]) -> BotAdapter:
    """The way out of an account with these settings."""
    return BotAdapter(str(settings.get("url") or USUAL_URL), secrets.get("token", ""))
