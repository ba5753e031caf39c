"""A local server that speaks Kavenegar's protocol: it takes messages, keeps them, and misbehaves when told to.

It does what the provider's own pages say: every answer has `return.status` and, with the same number, the status of
HTTP; a batch with one bad receiver is refused as a whole; a message with a local id that was taken before is not sent
again; status is told by message id or local id; unread messages become read when they are fetched.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.support.web import Asked, Told, WebServer, run_web_server

TEXTS = {200: "تایید شد", 1: "در صف ارسال", 10: "رسیده به گیرنده", 11: "نرسیده به گیرنده", 14: "بلاک شده"}
MOST_AT_ONCE = 200
PART_COST = 1200
# How many spaces a slot may hold; the longer names first, for "%token" begins them all.
SLOTS = {"token20": 8, "token10": 4, "token3": 0, "token2": 0, "token": 0}


@dataclass
class SentSms:
    """One message that the server took."""

    message_id: int
    local_id: str
    receptor: str
    sender: str
    text: str
    template: str = ""
    status: int = 1


@dataclass
class Kavenegar:
    """What the server took, and how it answers."""

    web: WebServer
    key: str = "testkey0123456789"
    lines: tuple[str, ...] = ("10004346", "2000500666")
    credit: int = 1_000_000
    sent: list[SentSms] = field(default_factory=list)
    templates: dict[str, str] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    blocked: set[str] = field(default_factory=set)
    inbox: list[dict[str, Any]] = field(default_factory=list)
    # Answers that are given first, each once: an error's number, or "lost" (taken, but the answer never comes).
    next_answers: list[int | str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Its address, as the account's page asks for it."""
        return self.web.url

    def list_to(self, number: str) -> list[SentSms]:
        """What was sent to a number, written in any way."""
        return [one for one in self.sent if one.receptor[-10:] == number[-10:]]

    def receive(self, sender: str, text: str, line: str = "") -> dict[str, Any]:
        """Somebody answers; what is in the inbox then."""
        told = {
            "messageid": 7_000_000 + len(self.inbox),
            "message": text,
            "sender": sender,
            "receptor": line or self.lines[0],
            "date": 1_792_000_000,
            "read": False,
        }
        self.inbox.append(told)
        return told

    def answer(self, asked: Asked) -> Told:
        """Answer one request."""
        parts = urlsplit(asked.path)
        given = parse_qs(asked.body.decode() if asked.method == "POST" else parts.query)
        said = {name: values[0] for name, values in given.items()}
        pieces = parts.path.strip("/").split("/")
        if len(pieces) != 4 or pieces[0] != "v1":
            return _tell(404)
        if pieces[1] != self.key:
            return _tell(403)
        method = f"{pieces[2]}/{pieces[3].removesuffix('.json')}"
        self.calls.append(method)
        fault = self.next_answers.pop(0) if self.next_answers else 200
        if isinstance(fault, int) and fault != 200:
            return _tell(fault)
        told = self.do(method, said, asked.method)
        if fault == "lost":
            return Told(502, b"<html>bad gateway</html>")
        return told

    def do(self, method: str, said: dict[str, str], verb: str) -> Told:
        """Do what a method asks."""
        if method == "sms/sendarray":
            if verb != "POST":
                return _tell(405)
            lists = [
                json.loads(said.get(name, "[]"))
                for name in ("receptor", "sender", "message", "localmessageids")
            ]
            if len({len(one) for one in lists}) != 1:
                return _tell(419)
            return self.take(list(zip(*lists, strict=True)))
        if method == "sms/send":
            return self.take(
                [
                    (
                        said.get("receptor", ""),
                        said.get("sender", ""),
                        said.get("message", ""),
                        said.get("localid", ""),
                    )
                ]
            )
        if method == "verify/lookup":
            return self.look_up(said)
        if method == "sms/status":
            ids = said.get("messageid", "").split(",")
            return self.tell_states(
                [(one, [sms for sms in self.sent if str(sms.message_id) == one]) for one in ids]
            )
        if method == "sms/statuslocalmessageid":
            ids = said.get("localid", "").split(",")
            return self.tell_states([(one, [sms for sms in self.sent if sms.local_id == one]) for one in ids])
        if method == "sms/receive":
            return self.give_inbox(said)
        if method == "account/info":
            return _tell(200, {"remaincredit": self.credit, "expiredate": 13548889, "type": "Master"})
        return _tell(404)

    def take(self, messages: list[tuple[str, str, str, str]]) -> Told:
        """Take a batch, whole or not at all."""
        if len(messages) > MOST_AT_ONCE:
            return _tell(414)
        for receptor, sender, text, _local in messages:
            if receptor in self.refused or not receptor.removeprefix("+").isdigit():
                return _tell(411)
            if sender and sender not in self.lines:
                return _tell(412)
            if not text.strip() or len(text) > 900:
                return _tell(413)
        if self.credit < len(messages) * PART_COST:
            return _tell(418)
        return _tell(200, [self.keep(*one) for one in messages])

    def keep(self, receptor: str, sender: str, text: str, local: str, template: str = "") -> dict[str, Any]:
        """Keep one message, and say of it what the provider says."""
        known = next((one for one in self.sent if local and one.local_id == str(local)), None)
        if known is None:
            known = SentSms(8_792_343 + len(self.sent), str(local), receptor, sender, text, template)
            known.status = 14 if receptor in self.blocked else 1
            self.sent.append(known)
            self.credit -= PART_COST
        return {
            "messageid": known.message_id,
            "message": known.text,
            "status": 1,
            "statustext": TEXTS[1],
            "sender": known.sender or self.lines[0],
            "receptor": known.receptor,
            "date": 1_356_619_709,
            "cost": PART_COST,
        }

    def look_up(self, said: dict[str, str]) -> Told:
        """Send an approved pattern with its slots filled in."""
        pattern = self.templates.get(said.get("template", ""))
        if pattern is None:
            return _tell(424)
        if said.get("receptor", "") in self.refused:
            return _tell(411)
        text = pattern
        for slot, spaces in SLOTS.items():
            value = said.get(slot, "")
            if value.count(" ") > spaces or "\n" in value:
                return _tell(431)
            if f"%{slot}" in text and not value:
                return _tell(432)
            text = text.replace(f"%{slot}", value)
        return _tell(200, [self.keep(said["receptor"], self.lines[0], text, "", said["template"])])

    def tell_states(self, found: list[tuple[str, list[SentSms]]]) -> Told:
        """The states of some messages; 100 of what it does not know."""
        entries = []
        for asked, messages in found:
            sms = messages[0] if messages else None
            status = sms.status if sms else 100
            entries.append(
                {
                    "messageid": sms.message_id if sms else int(asked or 0),
                    "localid": asked,
                    "status": status,
                    "statustext": TEXTS.get(status, ""),
                }
            )
        return _tell(200, entries)

    def give_inbox(self, said: dict[str, str]) -> Told:
        """At most 100 unread messages of a line, which are read then."""
        if said.get("linenumber") not in self.lines:
            return _tell(412)
        waiting = [one for one in self.inbox if not one["read"] and one["receptor"] == said["linenumber"]][
            :100
        ]
        for one in waiting:
            one["read"] = True
        return _tell(200, [{name: value for name, value in one.items() if name != "read"} for one in waiting])


def _tell(status: int, entries: Any = None) -> Told:
    told = {"return": {"status": status, "message": TEXTS.get(status, "")}, "entries": entries}
    return Told(status, json.dumps(told, ensure_ascii=False).encode(), {"Content-Type": "application/json"})


@contextmanager
def run_kavenegar() -> Iterator[Kavenegar]:
    """A server that runs while the block runs. VAFA_ALLOW_PRIVATE must name localhost."""
    with run_web_server() as web:
        server = Kavenegar(web)
        web.answer = server.answer
        yield server
