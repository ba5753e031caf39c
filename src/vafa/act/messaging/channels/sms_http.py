"""Text messages by any provider's own interface, as a form describes it."""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from typing import Any

from vafa.act.messaging.channels.http_template import (
    HttpTemplate,
    build_request,
    check_template,
    read_http_answer,
    write_number,
)
from vafa.act.messaging.channels.sms_dress import build_dress, dress_outgoing
from vafa.act.messaging.sms_rules import SmsDress
from vafa.act.messaging.types import Handed, NotHandedOver, Outcome, Outgoing
from vafa.kit.outbound import NotSent, Outlet, Reply, open_outlet
from vafa.lab.sms import SmsPrice, measure_sms

_LISTS = ("good", "receiver", "later")
_BUSY = 429
_USUAL_WAIT, _LONGEST_WAIT = 60, 86_400
_SERVER_FAULT = 500
SLOT_JOINT = ";"


@dataclass(frozen=True)
class SmsHttpAdapter:
    """An account with a provider that a form describes. `calling_code` is the country's ("98"), `price` in
    the business's currency."""

    template: HttpTemplate
    secrets: Mapping[str, str] = field(repr=False)
    sender: str
    calling_code: str
    dress: SmsDress
    price: SmsPrice | None = None

    @contextmanager
    def open(self) -> Iterator["SmsHttpLine"]:
        """A line that is kept open."""
        try:
            check_template(self.template)
            with open_outlet(self.template.url) as outlet:
                yield SmsHttpLine(outlet, self)
        except NotSent as problem:
            raise NotHandedOver(Outcome.UNREACHABLE, str(problem), problem.code) from problem


@dataclass(frozen=True)
class SmsHttpLine:
    """An open way to the provider."""

    outlet: Outlet
    adapter: SmsHttpAdapter

    def hand_over(self, outgoing: Outgoing) -> Handed:
        """Hand one message over. Raises NotHandedOver."""
        template = self.adapter.template
        dressed = dress_outgoing(outgoing, self.adapter.dress)
        request = build_request(template, self._list_values(dressed))
        try:
            reply = self.outlet.send(request.method, request.url, headers=request.headers, body=request.body)
        except NotSent as problem:
            outcome = Outcome.UNKNOWN if problem.may_have_arrived else Outcome.UNREACHABLE
            raise NotHandedOver(outcome, str(problem), problem.code) from problem
        return self._read(reply, dressed)

    def _list_values(self, outgoing: Outgoing) -> dict[str, str]:
        adapter = self.adapter
        slots = list(outgoing.slots.values())
        return {
            **{name: adapter.secrets.get(name, "") for name in ("user", "password", "key")},
            "basic": _build_basic(adapter.secrets),
            "to": write_number(outgoing.to, adapter.template.number, adapter.calling_code),
            "text": outgoing.text,
            "sender": adapter.sender,
            "id": outgoing.message_id,
            "pattern": outgoing.pattern,
            "slots": SLOT_JOINT.join(slots),
            **{f"slot{place}": value for place, value in enumerate(slots[:9], start=1)},
        }

    def _read(self, reply: Reply, outgoing: Outgoing) -> Handed:
        template = self.adapter.template
        said = read_http_answer(template, reply.body.decode("utf-8", "replace"))
        words = (said.text or reply.text(200)).strip()
        if said.code and said.code in template.receiver:
            raise NotHandedOver(Outcome.REFUSED, words, "bad_address")
        if reply.status == _BUSY:
            raise NotHandedOver(Outcome.LATER, words, "busy", read_wait(reply))
        if said.code and said.code in template.later:
            raise NotHandedOver(Outcome.LATER, words, "busy")
        if template.good and said.code not in template.good:
            if said.code:
                raise NotHandedOver(Outcome.UNREACHABLE, words, f"code_{said.code}"[:40])
            # Without a code nobody knows, unless HTTP itself says no.
            refused = not reply.is_good and reply.status < _SERVER_FAULT
            raise NotHandedOver(
                Outcome.UNREACHABLE if refused else Outcome.UNKNOWN, words, name_status(reply.status)
            )
        if not reply.is_good:
            unsure = reply.status >= _SERVER_FAULT
            raise NotHandedOver(
                Outcome.UNKNOWN if unsure else Outcome.UNREACHABLE, words, name_status(reply.status)
            )
        if not outgoing.text:
            return Handed(said.id, words[:200])
        length, price = measure_sms(outgoing.text), self.adapter.price
        return Handed(said.id, words[:200], length.parts, price.of(length) if price else None)


def _build_basic(secrets: Mapping[str, str]) -> str:
    """User and password as the header `Authorization: Basic` holds them (RFC 7617)."""
    return b64encode(f"{secrets.get('user', '')}:{secrets.get('password', '')}".encode()).decode()


def read_wait(reply: Reply) -> int:
    """For how many seconds a provider that is asked too often wants to be left alone."""
    told = reply.headers.get("retry-after", "")
    seconds = int(told) if told.isascii() and told.isdigit() and len(told) < 6 else _USUAL_WAIT
    return min(max(seconds, 1), _LONGEST_WAIT)


def name_status(status: int) -> str:
    """What a status of HTTP says of the account: a wrong key, no credit; else the number."""
    return {401: "credentials", 403: "credentials", 402: "credit"}.get(status, f"http_{status}")


def build_template(settings: Mapping[str, Any]) -> HttpTemplate:
    """The form in an account's settings."""
    told = settings.get("template") or {}
    known = {one.name for one in fields(HttpTemplate)}
    kept: dict[str, Any] = {
        name: tuple(value) if name in _LISTS else value for name, value in told.items() if name in known
    }
    return HttpTemplate(**{"url": "", **kept})


def build(
    settings: Mapping[str, Any], secrets: Mapping[str, str], profile: str, price: SmsPrice | None = None
) -> SmsHttpAdapter:
    """The way out of an account with these settings; `price` in the business's currency."""
    return SmsHttpAdapter(
        build_template(settings),
        secrets,
        str(settings.get("sender", "")),
        str(settings.get("calling_code", "")),
        build_dress(settings, profile),
        price,
    )
