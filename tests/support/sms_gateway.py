"""A local gateway of text messages with a plain HTTP interface of its own, as many providers and modems have one."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.support.web import Asked, Told, WebServer, run_web_server


@dataclass
class SmsGateway:
    """What the gateway took, and how it answers: in JSON, or in one line of plain text ("0: 123")."""

    web: WebServer
    user: str = "shop"
    password: str = "s3cret&="
    plain: bool = False
    sent: list[dict[str, str]] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    next_answers: list[Told] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Its address."""
        return self.web.url

    def answer(self, asked: Asked) -> Told:
        """Take one message, sent as a query, as a form or as JSON."""
        if self.next_answers:
            return self.next_answers.pop(0)
        said = self.read(asked)
        if (said.get("user"), said.get("password")) != (self.user, self.password):
            return self.say("401", "", "wrong user or password", 200 if self.plain else 401)
        if (code := self.refused.get(said.get("to", ""))) is not None:
            return self.say(code, "", "refused", 200)
        self.sent.append({name: str(value) for name, value in said.items()})
        return self.say("0", f"m{len(self.sent)}", "ok", 200)

    def read(self, asked: Asked) -> dict[str, Any]:
        """What was sent."""
        if "json" in asked.headers.get("content-type", ""):
            told: dict[str, Any] = json.loads(asked.body)
            return told
        return dict(parse_qsl(asked.body.decode() or urlsplit(asked.path).query, keep_blank_values=True))

    def say(self, code: str, number: str, text: str, status: int) -> Told:
        """An answer in this gateway's way."""
        if self.plain:
            return Told(status, f"{code}: {number or text}".encode())
        told = {"result": {"code": code, "text": text}, "messages": [{"id": number}] if number else []}
        return Told(status, json.dumps(told).encode(), {"Content-Type": "application/json"})


@contextmanager
def run_sms_gateway() -> Iterator[SmsGateway]:
    """A gateway that runs while the block runs. VAFA_ALLOW_PRIVATE must name localhost."""
    with run_web_server() as web:
        gateway = SmsGateway(web)
        web.answer = gateway.answer
        yield gateway
