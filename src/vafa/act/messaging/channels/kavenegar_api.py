"""Kavenegar's protocol: what is asked at which address, and what its answers mean.

From the provider's pages (https://kavenegar.com/rest.html). The key stands in the address, so addresses are never
shown. Every answer is JSON with `return.status`; only a status of 200 means that something was taken.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote, urlencode

from vafa.kit.errors import VafaError
from vafa.kit.outbound import Outlet, Reply

USUAL_URL = "https://api.kavenegar.com"
MOST_A_BATCH = 200
MOST_STATES = 500
SLOT_SPACES = {"token": 0, "token2": 0, "token3": 0, "token10": 4, "token20": 8}
"""How many spaces a slot of an approved pattern may hold."""

SLOTS = tuple(SLOT_SPACES)

Fault = Literal["receiver", "content", "message", "account", "later"]
# Of one receiver alone: number not valid; characters or slots that can't be sent to this one.
_FAULTS: dict[int, Fault] = {
    411: "receiver",
    413: "content",
    417: "content",
    422: "content",
    431: "content",
    # The message can't go to anybody: a link, a pattern that isn't there or isn't complete, too much at once.
    414: "message",
    419: "message",
    420: "message",
    424: "message",
    428: "message",
    432: "message",
    607: "message",
    # Busy, or asked too often.
    402: "later",
    409: "later",
    451: "later",
}
STATES: dict[int, str] = {
    1: "sent",
    2: "sent",
    4: "sent",
    5: "sent",
    6: "failed",
    10: "delivered",
    11: "failed",
    13: "failed",
    14: "blocked",
    100: "unknown",
}
"""What a status means: on its way, arrived, not arrived, or blocked at the operator as the receiver wished."""


@dataclass(frozen=True)
class Taken:
    """One message that the provider took. `cost` in rials."""

    message_id: str
    status: int
    cost: int


@dataclass(frozen=True)
class Received:
    """One text message that came in."""

    message_id: str
    sender: str
    line: str
    text: str


class KavenegarRefused(VafaError):
    """The provider said no: `status` is its number, `fault` whose fault it is."""

    code = "kavenegar_refused"

    def __init__(self, status: int, answer: str) -> None:
        super().__init__(f"{status}: {answer}"[:300])
        self.status = status
        self.fault: Fault = _FAULTS.get(status, "account")


class KavenegarGarbled(VafaError):
    """An answer that isn't the provider's protocol: whether anything was taken can't be told from it."""

    code = "kavenegar_garbled"


@dataclass(frozen=True)
class KavenegarApi:
    """The provider, by open connections. Methods raise `KavenegarRefused`, `KavenegarGarbled`, and `NotSent`."""

    outlet: Outlet
    url: str
    key: str

    def send_array(self, messages: Sequence[tuple[str, str, str, int]]) -> list[Taken]:
        """Send texts: (receiver as E.164, line or "", text, local id). All are taken, or none.

        A local id that was taken before is not sent again; its first message is told instead.
        """
        told = {
            "receptor": [write_number(one[0]) for one in messages],
            "sender": [one[1] for one in messages],
            "message": [one[2] for one in messages],
            "localmessageids": [str(one[3]) for one in messages],
        }
        fields = {name: json.dumps(values, ensure_ascii=False) for name, values in told.items()}
        taken = [_read_taken(entry) for entry in self._ask("sms/sendarray", fields)]
        if len(taken) != len(messages):
            raise KavenegarGarbled("missing messages")
        return taken

    def look_up(self, number: str, template: str, slots: Mapping[str, str]) -> Taken:
        """Send an approved pattern with its slots filled in."""
        filled = {name: value for name, value in slots.items() if name in SLOTS and value}
        entries = self._ask(
            "verify/lookup", {"receptor": write_number(number), "template": template, **filled}
        )
        if not entries:
            raise KavenegarGarbled("no message")
        return _read_taken(entries[0])

    def get_states(self, message_ids: Sequence[str]) -> dict[str, int]:
        """The status of each message, at most `MOST_STATES` at once."""
        entries = self._ask("sms/status", {"messageid": ",".join(message_ids)})
        return {str(one["messageid"]): _read_number(one.get("status")) for one in entries}

    def get_states_of_ours(self, local_ids: Sequence[int]) -> dict[int, tuple[str, int]]:
        """(message id, status) by our own ids; 100 of those that never arrived."""
        entries = self._ask("sms/statuslocalmessageid", {"localid": ",".join(map(str, local_ids))})
        return {
            _read_number(one.get("localid")): (str(one.get("messageid")), _read_number(one.get("status")))
            for one in entries
        }

    def receive(self, line: str) -> list[Received]:
        """The unread messages of a line, at most 100; they are read then, so keep them."""
        entries = self._ask("sms/receive", {"linenumber": line, "isread": "0"})
        return [
            Received(
                str(one.get("messageid")),
                str(one.get("sender", "")),
                str(one.get("receptor", line)),
                str(one.get("message", "")),
            )
            for one in entries
        ]

    def get_credit(self) -> int:
        """What is left to spend, in rials."""
        entries = self._ask("account/info", {})
        return _read_number(entries[0].get("remaincredit")) if entries else 0

    def _ask(self, method: str, fields: dict[str, str]) -> list[dict[str, Any]]:
        url = f"{self.url.rstrip('/')}/v1/{quote(self.key, safe='')}/{method}.json"
        headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
        return read_answer(self.outlet.send("POST", url, headers=headers, body=urlencode(fields).encode()))


def read_answer(reply: Reply) -> list[dict[str, Any]]:
    """The entries of an answer. Raises `KavenegarRefused`, `KavenegarGarbled`."""
    try:
        told = json.loads(reply.body)
        status = _read_number(told["return"]["status"])
        entries = told.get("entries") or []
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise KavenegarGarbled(f"HTTP {reply.status}: {reply.text(120)}") from error
    if status != 200:
        raise KavenegarRefused(status, str(told["return"].get("message", "")))
    # Some methods tell one entry as it is, others in a list.
    found = entries if isinstance(entries, list) else [entries]
    if not all(isinstance(one, dict) for one in found):
        raise KavenegarGarbled("no entries")
    return found


def find_unfit_slots(slots: Mapping[str, str]) -> list[str]:
    """The slots whose values the provider refuses: empty, on two lines, or with more spaces than the slot may hold."""
    return [
        name
        for name, value in slots.items()
        if not value or "\n" in value or value.count(" ") > SLOT_SPACES.get(name, 0)
    ]


def write_number(number: str) -> str:
    """A number (E.164) as the provider wants it: 09… in Iran, 00… elsewhere."""
    if number.startswith("+98"):
        return f"0{number[3:]}"
    return f"00{number[1:]}" if number.startswith("+") else number


def _read_taken(entry: dict[str, Any]) -> Taken:
    number = str(entry.get("messageid") or "")
    if not number:
        raise KavenegarGarbled("no id")
    return Taken(number, _read_number(entry.get("status")), _read_number(entry.get("cost")))


def _read_number(value: Any) -> int:
    text = str(value)
    return int(text) if text.lstrip("-").isdecimal() and len(text) < 20 else 0
