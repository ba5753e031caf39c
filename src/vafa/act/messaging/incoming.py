"""What comes in from providers, each once: reports of delivery, answers, words to a bot.

Whoever tells it is not trusted: everything is read as plain values of limited length, nothing but the meaning of an
answer is ever acted on, and an event that can't be placed yet is tried again a few times.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Literal

from django.db import transaction

from vafa.act.messaging.answering import take_answer, take_word
from vafa.act.messaging.channel_models import Incoming
from vafa.act.messaging.channels.bot_api import BLOCKED
from vafa.act.messaging.happenings import record_happened, stop_point
from vafa.act.messaging.mail_ids import read_mail_id
from vafa.act.messaging.models import Account, Sending
from vafa.act.messaging.types import HappenedKind

ReportState = Literal["delivered", "undelivered", "blocked", "bounced", "complained", "unsubscribed"]
LONGEST_TEXT, LONGEST_NUMBER, LONGEST_EVENT = 2_000, 40, 100
# A report may come before the row that says what it is about is written.
WAITS = (timedelta(seconds=30), timedelta(minutes=5), timedelta(hours=1))
KEEP = timedelta(days=400)


@dataclass(frozen=True)
class Report:
    """What became of a message, by the provider's id of it. `detail` of what bounced is "hard" or "soft"."""

    provider_id: str
    state: ReportState
    detail: str = ""


@dataclass(frozen=True)
class MailReport:
    """What became of a mail, by its Message-ID; else as `Report`."""

    mail_id: str
    state: ReportState
    detail: str = ""


@dataclass(frozen=True)
class AnswerText:
    """Somebody wrote back. `event` is the provider's id of it ("": it gave none)."""

    event: str
    number: str
    text: str


@dataclass(frozen=True)
class BotWord:
    """Somebody wrote to a bot."""

    number: int
    chat: str
    text: str


Told = Report | MailReport | AnswerText | BotWord


def take_told(account: Account, told: Iterable[Told], *, now: datetime) -> int:
    """Take what a provider told; how much of it is news."""
    return sum(_take(account, one, now) for one in told)


def _take(account: Account, one: Told, now: datetime) -> bool:
    event, row = _describe(one, now)
    with transaction.atomic():
        incoming, made = Incoming.objects.get_or_create(
            account=account, event=event, defaults={**row, "not_before": now, "received_at": now}
        )
        if made:
            _act(incoming, now)
    return made


def _describe(one: Told, now: datetime) -> tuple[str, dict[str, object]]:
    if isinstance(one, Report):
        body = {
            "id": clean(one.provider_id, LONGEST_EVENT),
            "state": one.state,
            "detail": clean(one.detail, 300),
        }
        how = f"{one.state}.{one.detail}" if one.state == "bounced" else one.state
        return f"report:{body['id']}:{how}"[:120], {"kind": "report", "body": body}
    if isinstance(one, MailReport):
        told = {"mail_id": clean(one.mail_id, 200), "state": one.state, "detail": clean(one.detail, 300)}
        how = f"{one.state}.{one.detail}" if one.state == "bounced" else one.state
        event = sha256(f"{one.mail_id}\0{how}".encode("utf-8", "replace")).hexdigest()[:40]
        return f"mail:{event}", {"kind": "report", "body": told}
    if isinstance(one, BotWord):
        blocked = one.text == BLOCKED
        word: dict[str, object] = (
            {"meaning": "blocked"} if blocked else {"text": clean(one.text, LONGEST_TEXT)}
        )
        return f"word:{one.number}", {"kind": "word", "number": clean(one.chat, LONGEST_NUMBER), **word}
    number, text = clean(one.number, LONGEST_NUMBER), clean(one.text, LONGEST_TEXT)
    event = clean(one.event, LONGEST_EVENT)
    if not event:
        # Without an id the same words of the same number on one day are one answer.
        event = sha256(f"{number}\0{text}\0{now.date()}".encode()).hexdigest()[:40]
    return f"answer:{event}", {"kind": "answer", "number": number, "text": text}


def clean(text: str, most: int) -> str:
    """A text from outside as it may be kept: without what no database holds, and of limited length."""
    return text[:most].encode("utf-8", "replace").decode().replace("\0", "")


def _act(incoming: Incoming, now: datetime) -> None:
    if incoming.kind == "report":
        placed = _take_report(incoming, now)
    else:
        (take_answer if incoming.kind == "answer" else take_word)(incoming, now=now)
        placed = True
    waits = None if placed or incoming.attempts >= len(WAITS) else WAITS[incoming.attempts]
    incoming.attempts += 1
    incoming.state = "done" if placed else "pending" if waits else "lost"
    incoming.not_before = now + waits if waits else now
    incoming.save()


def _take_report(incoming: Incoming, now: datetime) -> bool:
    """Whether it is known what the report is about."""
    state, sending = incoming.body["state"], _find_sending(incoming)
    if sending is None:
        return False
    kind: HappenedKind = state
    detail = incoming.body.get("detail", "")
    key = detail if kind == "bounced" else ""
    if record_happened(sending.pk, kind, key=key, detail=detail, at=now, now=now) and kind == "unsubscribed":
        stop_point(sending, "unsubscribed", now=now)
    incoming.sending = sending
    return True


def _find_sending(incoming: Incoming) -> Sending | None:
    own = Sending.objects.filter(account=incoming.account_id)
    if mail_id := incoming.body.get("mail_id", ""):
        number = read_mail_id(mail_id)
        return None if number is None else own.filter(pk=number, mail_id=mail_id).first()
    provider_id = incoming.body["id"]
    return own.filter(provider_id=provider_id).first() if provider_id else None


def work_off(now: datetime, most: int = 200) -> int:
    """Try again what could not be placed when it came; how many."""
    waiting = Incoming.objects.filter(state="pending", not_before__lte=now).order_by("pk")
    ids = list(waiting.values_list("pk", flat=True)[:most])
    for pk in ids:
        with transaction.atomic():
            incoming = Incoming.objects.select_for_update().filter(pk=pk, state="pending").first()
            if incoming is not None:
                _act(incoming, now)
    return len(ids)


def forget_old(now: datetime) -> int:
    """Forget what came in more than 400 days ago; how many."""
    removed, _each = Incoming.objects.filter(received_at__lt=now - KEEP).delete()
    return removed
