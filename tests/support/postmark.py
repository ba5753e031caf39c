"""A local server that speaks Postmark's protocol (https://postmarkapp.com/developer/api/email-api): it takes mails as
JSON, keeps them, and refuses them when told to."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.support.web import Asked, Told, WebServer, run_web_server


@dataclass
class Postmark:
    """What the server took, and how it answers. `inactive`: addresses that it has stopped by itself."""

    web: WebServer
    token: str = "server-token-1"
    sent: list[dict[str, Any]] = field(default_factory=list)
    inactive: set[str] = field(default_factory=set)
    next_answers: list[Told] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Its address, as the account's page asks for it."""
        return f"{self.web.url}/"

    def list_to(self, address: str) -> list[dict[str, Any]]:
        """The mails to one address."""
        return [one for one in self.sent if address in one["To"]]

    def answer(self, asked: Asked) -> Told:
        """Answer one request."""
        if asked.headers.get("x-postmark-server-token") != self.token:
            return _tell(401, ErrorCode=10, Message="The Server Token you provided is invalid.")
        if self.next_answers:
            return self.next_answers.pop(0)
        if (asked.method, asked.path) != ("POST", "/email"):
            return _tell(404, ErrorCode=404, Message="Not found")
        said = json.loads(asked.body)
        if said["To"] in self.inactive:
            words = (
                "You tried to send to recipient(s) that have been marked as inactive.\n"
                f"Found inactive addresses: {said['To']}.\nInactive recipients are ones that have generated a bounce."
            )
            return _tell(422, ErrorCode=406, Message=words)
        self.sent.append(said)
        return _tell(
            200, To=said["To"], SubmittedAt="2026-06-03T12:00:00Z", MessageID=f"pm-{len(self.sent)}", ErrorCode=0,
            Message="OK",
        )  # fmt: skip


def _tell(status: int, **said: Any) -> Told:
    return Told(status, json.dumps(said).encode(), {"Content-Type": "application/json"})


@contextmanager
def run_postmark() -> Iterator[Postmark]:
    """A server that runs while the block does."""
    with run_web_server() as web:
        server = Postmark(web)
        web.answer = server.answer
        yield server
