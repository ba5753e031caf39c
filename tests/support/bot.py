"""A local server that speaks the protocol of Telegram's bots: it takes messages, and people answer through it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.support.web import Asked, Told, WebServer, run_web_server


@dataclass
class BotServer:
    """What the server took, and how it answers. `next_errors`: status, description, seconds to wait."""

    web: WebServer
    token: str = "123456:test-token"
    username: str = "vafa_test_bot"
    sent: list[dict[str, Any]] = field(default_factory=list)
    blocked: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)
    next_errors: list[tuple[int, str, int]] = field(default_factory=list)
    updates: list[dict[str, Any]] = field(default_factory=list)
    webhook: dict[str, Any] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Its address, as the account's page asks for it."""
        return self.web.url

    def list_to(self, chat: int | str) -> list[str]:
        """The texts that went to a chat."""
        return [one["text"] for one in self.sent if str(one["chat_id"]) == str(chat)]

    def write(self, chat: int, text: str) -> dict[str, Any]:
        """Somebody writes to the bot; the update that tells of it."""
        update = {
            "update_id": 1000 + len(self.updates),
            "message": {
                "message_id": 50 + len(self.updates),
                "from": {"id": chat, "is_bot": False, "first_name": "سارا"},
                "chat": {"id": chat, "type": "private"},
                "date": 1_792_000_000,
                "text": text,
            },
        }
        self.updates.append(update)
        return update

    def answer(self, asked: Asked) -> Told:
        """Answer one request."""
        _, bot, method = asked.path.partition("?")[0].split("/")
        if bot != f"bot{self.token}":
            return _refuse(401, "Unauthorized")
        said = json.loads(asked.body) if asked.body else {}
        if self.next_errors:
            return _refuse(*self.next_errors.pop(0))
        if method == "getMe":
            return _grant({"id": 123456, "is_bot": True, "first_name": "Vafa", "username": self.username})
        if method == "sendMessage":
            return self.take(said)
        if method == "getUpdates":
            found = [one for one in self.updates if one["update_id"] >= said.get("offset", 0)]
            return _grant(found[: said.get("limit", 100)])
        if method == "setWebhook":
            self.webhook = said
            return _grant(True)
        return _refuse(404, "Not Found: method not found")

    def take(self, said: dict[str, Any]) -> Told:
        """Take one message."""
        chat = str(said.get("chat_id", ""))
        if chat in self.blocked:
            return _refuse(403, "Forbidden: bot was blocked by the user")
        if chat in self.unknown:
            return _refuse(400, "Bad Request: chat not found")
        if not said.get("text", "").strip():
            return _refuse(400, "Bad Request: message text is empty")
        self.sent.append(said)
        return _grant(
            {"message_id": len(self.sent), "chat": {"id": chat}, "date": 1_792_000_000, "text": said["text"]}
        )


def _grant(result: Any) -> Told:
    told = json.dumps({"ok": True, "result": result}, ensure_ascii=False).encode()
    return Told(200, told, {"Content-Type": "application/json"})


def _refuse(status: int, description: str, wait: int = 0) -> Told:
    told: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    if wait:
        told["parameters"] = {"retry_after": wait}
    return Told(status, json.dumps(told).encode(), {"Content-Type": "application/json"})


@contextmanager
def run_bot_server() -> Iterator[BotServer]:
    """A server that runs while the block runs. VAFA_ALLOW_PRIVATE must name localhost."""
    with run_web_server() as web:
        server = BotServer(web)
        web.answer = server.answer
        yield server
