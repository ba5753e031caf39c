"""Text messages by Kavenegar's protocol: texts of one's own in batches, approved patterns one by one."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import blake2b
from typing import Any

from vafa.act.messaging.channels.kavenegar_api import (
    MOST_A_BATCH,
    SLOTS,
    STATES,
    USUAL_URL,
    KavenegarApi,
    KavenegarGarbled,
    KavenegarRefused,
    Taken,
)
from vafa.act.messaging.channels.sms_dress import build_dress, dress_outgoing
from vafa.act.messaging.sms_rules import SmsDress
from vafa.act.messaging.types import Handed, NotHandedOver, Outcome, Outgoing
from vafa.kit.outbound import NotSent, open_outlet
from vafa.lab.sms import measure_sms

# It does not say how long to wait when it was asked too often.
BUSY_SECONDS = 60
CODES = {
    403: "credentials",
    401: "credentials",
    418: "credit",
    412: "sender",
    407: "not_allowed",
    424: "pattern",
    432: "pattern",
}


@dataclass(frozen=True)
class KavenegarAdapter:
    """An account with Kavenegar. `line` is the number that texts come from ("": the provider's own choice), `rial` what
    a rial, in which the provider tells costs, is worth in the business's currency (None: nobody can tell)."""

    url: str
    key: str = field(repr=False)
    line: str
    dress: SmsDress
    rial: Decimal | None = None

    @contextmanager
    def open(self) -> Iterator["KavenegarLine"]:
        """A line that is kept open."""
        try:
            with open_outlet(self.url) as outlet:
                yield KavenegarLine(KavenegarApi(outlet, self.url, self.key), self)
        except NotSent as problem:
            raise NotHandedOver(Outcome.UNREACHABLE, str(problem), problem.code) from problem


@dataclass(frozen=True)
class KavenegarLine:
    """An open way to Kavenegar."""

    api: KavenegarApi
    adapter: KavenegarAdapter
    most_at_once: int = MOST_A_BATCH

    def hand_over(self, outgoing: Outgoing) -> Handed:
        """Hand one message over. Raises NotHandedOver."""
        [done] = self.hand_over_many([outgoing])
        if isinstance(done, NotHandedOver):
            raise done
        return done

    def hand_over_many(self, outgoings: Sequence[Outgoing]) -> list[Handed | NotHandedOver]:
        """Hand messages over, texts of one's own many at once; what became of each, in their order."""
        done: dict[int, Handed | NotHandedOver] = {}
        texts = []
        for place, one in enumerate(outgoings):
            if one.pattern:
                done[place] = self._look_up(one)
            else:
                texts.append((place, dress_outgoing(one, self.adapter.dress)))
        for start in range(0, len(texts), MOST_A_BATCH):
            done |= self._send(texts[start : start + MOST_A_BATCH])
        return [done[place] for place in range(len(outgoings))]

    def _send(self, batch: Sequence[tuple[int, Outgoing]]) -> dict[int, Handed | NotHandedOver]:
        messages = [
            (one.to, self.adapter.line, one.text, build_local_id(one.message_id)) for _place, one in batch
        ]
        try:
            taken = self.api.send_array(messages)
        except KavenegarRefused as problem:
            if problem.fault in ("receiver", "content") and len(batch) > 1:
                # One of them is to blame, and the provider does not say which: each half is tried by itself.
                half = len(batch) // 2
                return self._send(batch[:half]) | self._send(batch[half:])
            return dict.fromkeys((place for place, _one in batch), build_refusal(problem))
        except (KavenegarGarbled, NotSent) as problem:
            return dict.fromkeys((place for place, _one in batch), build_loss(problem))
        return {
            place: build_handed(told, one.text, self.adapter.rial)
            for (place, one), told in zip(batch, taken, strict=True)
        }

    def _look_up(self, one: Outgoing) -> Handed | NotHandedOver:
        try:
            taken = self.api.look_up(one.to, one.pattern, list_slots(one.slots))
            return build_handed(taken, one.text, self.adapter.rial)
        except KavenegarRefused as problem:
            return build_refusal(problem)
        except (KavenegarGarbled, NotSent) as problem:
            return build_loss(problem)


def build_local_id(message_id: str) -> int:
    """The number by which the provider knows a message of ours again: the same however often it is made, and another
    one in every installation."""
    return int.from_bytes(blake2b(message_id.encode(), digest_size=8).digest(), "big") >> 2


def list_slots(slots: Mapping[str, str]) -> dict[str, str]:
    """A pattern's slots under the provider's names; those of other names take the free places in their order."""
    named = {name: value for name, value in slots.items() if name in SLOTS}
    free = [name for name in SLOTS if name not in named]
    others = [value for name, value in slots.items() if name not in SLOTS]
    return named | dict(zip(free, others, strict=False))


def build_handed(taken: Taken, text: str, rial: Decimal | None) -> Handed:
    """What is kept of a message that was taken; its cost in the business's currency."""
    parts = measure_sms(text).parts if text else None
    state = STATES.get(taken.status, str(taken.status))
    cost = None if rial is None else taken.cost * rial
    return Handed(taken.message_id, state, parts, cost)


def build_refusal(problem: KavenegarRefused) -> NotHandedOver:
    """A refusal in the ledger's words."""
    code = CODES.get(problem.status, f"kavenegar_{problem.status}")
    if problem.fault == "receiver":
        return NotHandedOver(Outcome.REFUSED, str(problem), "bad_address")
    if problem.fault == "content":
        return NotHandedOver(Outcome.REFUSED, str(problem), "rejected")
    if problem.fault == "later":
        return NotHandedOver(Outcome.LATER, str(problem), "busy", BUSY_SECONDS)
    if problem.fault == "message":
        code = CODES.get(problem.status, "text_refused")
    return NotHandedOver(Outcome.UNREACHABLE, str(problem), code)


def build_loss(problem: Exception) -> NotHandedOver:
    """What is known when no answer came, or none that can be read."""
    if isinstance(problem, NotSent) and not problem.may_have_arrived:
        return NotHandedOver(Outcome.UNREACHABLE, str(problem), problem.code)
    return NotHandedOver(Outcome.UNKNOWN, str(problem), "no_answer")


def build(
    settings: Mapping[str, Any], secrets: Mapping[str, str], profile: str, rial: Decimal | None = None
) -> KavenegarAdapter:
    """The way out of an account with these settings; `rial` is what a rial is worth in the business's currency."""
    dress = build_dress(settings, profile)
    url = str(settings.get("url") or USUAL_URL)
    return KavenegarAdapter(url, secrets.get("key", ""), str(settings.get("sender", "")), dress, rial)
