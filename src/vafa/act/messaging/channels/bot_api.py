"""The protocol of Telegram's bots, which other messengers speak too (Bale, by its own address).

From https://core.telegram.org/bots/api. The token stands in the address, so addresses are never shown. Every answer is
JSON with `ok`; one that refuses tells a description, and how long to wait where that is why.
"""

import json
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote

from vafa.kit.errors import VafaError
from vafa.kit.outbound import Outlet, Reply

USUAL_URL = "https://api.telegram.org"
BALE_URL = "https://tapi.bale.ai"
LONGEST_TEXT = 4096
MOST_UPDATES = 100
BLOCKED = "\0blocked"
"""Stands for what somebody did who blocked the bot: no text that is read holds its first character."""
_USUAL_WAIT = 30
_LONGEST_WAIT = 86_400

Fault = Literal["blocked", "no_chat", "content", "account", "later"]


class BotRefused(VafaError):
    """The messenger said no: whose fault it is, and after how many seconds another try may be made (0: not told)."""

    code = "bot_refused"

    def __init__(self, status: int, description: str, wait: int = 0) -> None:
        super().__init__(f"{status}: {description}"[:300])
        self.status = status
        self.fault = find_fault(status, description)
        self.wait_seconds = wait or (_USUAL_WAIT if self.fault == "later" else 0)


class BotGarbled(VafaError):
    """An answer that isn't this protocol: whether anything was taken can't be told from it."""

    code = "bot_garbled"


@dataclass(frozen=True)
class Written:
    """What somebody wrote to the bot, in a chat with it alone. `number` of the update is unique and grows."""

    number: int
    chat_id: str
    text: str


@dataclass(frozen=True)
class BotApi:
    """A bot, by open connections. Methods raise `BotRefused`, `BotGarbled`, and `NotSent`."""

    outlet: Outlet
    url: str
    token: str

    def get_username(self) -> str:
        """The bot's name, by which links lead to it."""
        return str(self._ask("getMe", {}).get("username", ""))

    def send_text(self, chat_id: str, text: str) -> str:
        """Send a text; the id of the message."""
        told = {"chat_id": chat_id, "text": text[:LONGEST_TEXT]}
        return str(self._ask("sendMessage", told).get("message_id", ""))

    def list_updates(self, offset: int) -> list[Written]:
        """What was written from this number on, at most `MOST_UPDATES`; what is before it is forgotten there."""
        told = {
            "offset": offset,
            "limit": MOST_UPDATES,
            "timeout": 0,
            "allowed_updates": ["message", "my_chat_member"],
        }
        found = self._ask("getUpdates", told)
        return [one for one in map(read_update, found if isinstance(found, list) else []) if one is not None]

    def set_webhook(self, url: str, secret: str) -> None:
        """Let what is written be told to an address, with a secret in a header."""
        self._ask(
            "setWebhook",
            {"url": url, "secret_token": secret, "allowed_updates": ["message", "my_chat_member"]},
        )

    def _ask(self, method: str, told: dict[str, Any]) -> Any:
        url = f"{self.url.rstrip('/')}/bot{quote(self.token, safe=':')}/{method}"
        headers = {"Content-Type": "application/json"}
        body = json.dumps(told, ensure_ascii=False).encode("utf-8", "replace")
        return read_answer(self.outlet.send("POST", url, headers=headers, body=body))


def read_answer(reply: Reply) -> Any:
    """The result of an answer. Raises `BotRefused`, `BotGarbled`."""
    try:
        told = json.loads(reply.body)
        good = told["ok"]
    except (ValueError, TypeError, KeyError) as error:
        raise BotGarbled(f"HTTP {reply.status}: {reply.text(120)}") from error
    if good is True:
        return told.get("result")
    parameters = told.get("parameters") if isinstance(told.get("parameters"), dict) else {}
    wait = parameters.get("retry_after", 0)
    wait = min(wait, _LONGEST_WAIT) if isinstance(wait, int) and wait > 0 else 0
    raise BotRefused(reply.status, str(told.get("description", "")), wait)


def find_fault(status: int, description: str) -> Fault:
    """Whose fault a refusal is."""
    said = description.lower()
    if status == 429 or status >= 500:
        return "later"
    if status == 403:
        return "blocked"
    if "chat not found" in said or "user not found" in said or "deactivated" in said:
        return "no_chat"
    return "account" if status in (401, 404, 407) else "content"


def read_update(told: Any) -> Written | None:
    """What an update tells that was written in a chat with the bot alone; None of all else, whatever it is.

    Somebody who blocks the bot is told as the text `BLOCKED`.
    """
    if not isinstance(told, dict) or not _is_number(told.get("update_id")):
        return None
    message, member = told.get("message"), told.get("my_chat_member")
    holder = message if isinstance(message, dict) else member
    if not isinstance(holder, dict) or not isinstance(chat := holder.get("chat"), dict):
        return None
    if chat.get("type") != "private" or not _is_number(chat.get("id")):
        return None
    number, chat_id = int(told["update_id"]), str(chat["id"])
    if holder is member:
        status = member.get("new_chat_member")
        gone = isinstance(status, dict) and status.get("status") in ("kicked", "left")
        return Written(number, chat_id, BLOCKED) if gone else None
    text = message.get("text") if isinstance(message, dict) else None
    return Written(number, chat_id, text[:LONGEST_TEXT].replace("\0", "")) if isinstance(text, str) else None


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63
