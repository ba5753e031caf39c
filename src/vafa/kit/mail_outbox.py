"""The outbox of mail to staff: rows that are claimed, handed over once, and tell what became of them.

pending (waits, perhaps for a while after a failure) -> claimed (somebody is at it, until its lease ends) -> sent,
failed (for good), or unknown: the mail was handed over and nobody knows whether it was taken, because the answer
never came or we died before we noted it. An unknown mail is never sent again by itself; people decide.
"""

import secrets
import time
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet

from vafa.kit.audit import record
from vafa.kit.mail_message import build_message
from vafa.kit.mail_sending import Connection, MailNotHandedOver, Outcome
from vafa.kit.mail_server import MailNotSetUp, MailServer, get_mail_server
from vafa.kit.models import StaffMail

LEASE = timedelta(minutes=5)
# One round ends long before the lease of its last mail.
ROUND_SECONDS = 60
# How long to wait after the first, the second ... failure; after the last, the mail has failed.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720))
KEEP_CONTENT = timedelta(days=30)
# What stands in `answer` where no server answered; pages say it in words.
NOT_SET_UP, NO_ACCESS = "mail_not_set_up", "no_access"


class ClaimLost(Exception):
    """The lease ended while we were at it, and somebody else has the mail now."""


def deliver(now: datetime) -> Counter[str]:
    """Hand over what is due; how many came to which end. Safe to be run twice at once and to be cut off anywhere."""
    recover(now)
    done: Counter[str] = Counter()
    if not _list_due(now).exists():
        return done
    try:
        server = get_mail_server()
    except MailNotSetUp:
        _list_due(now).update(answer=NOT_SET_UP, not_before=now + WAITS[0])
        return done
    began = time.monotonic()
    with Connection(server) as connection:
        while time.monotonic() - began < ROUND_SECONDS and (mail := _claim(now)) is not None:
            outcome = _deliver_one(mail, server, connection, now)
            done[outcome.value] += 1
            if outcome == Outcome.UNREACHABLE:
                break
    return done


def recover(now: datetime) -> None:
    """Take back what a dead worker had claimed: what it had not handed over waits again, the rest is unknown."""
    dead = StaffMail.objects.filter(state="claimed", lease_until__lt=now)
    dead.filter(handed_at=None).update(state="pending", claim="", lease_until=None)
    dead.exclude(handed_at=None).update(state="unknown", claim="", lease_until=None, ended_at=now)


def _list_due(now: datetime) -> QuerySet[StaffMail]:
    return StaffMail.objects.filter(state="pending", not_before__lte=now)


def _claim(now: datetime) -> StaffMail | None:
    """The oldest mail that is due, now ours; None if there is none. One statement decides between two workers."""
    while (key := _list_due(now).order_by("id").values_list("pk", flat=True).first()) is not None:
        claim = secrets.token_hex(16)
        taken = _list_due(now).filter(pk=key)
        if taken.update(
            state="claimed", claim=claim, lease_until=now + LEASE, handed_at=None, attempts=F("attempts") + 1
        ):
            return StaffMail.objects.select_related("staff").get(pk=key)
    return None


def _deliver_one(mail: StaffMail, server: MailServer, connection: Connection, now: datetime) -> Outcome:
    if mail.staff is None or not mail.staff.is_active:
        _end(mail, "failed", NO_ACCESS, now)
        return Outcome.REFUSED

    def note_handing() -> None:
        # From here on a death leaves it open whether the server has the mail.
        if not _list_own(mail).update(handed_at=now):
            raise ClaimLost

    try:
        message = build_message(
            server,
            key=mail.key,
            address=mail.address,
            subject=mail.subject,
            text=mail.text,
            html=mail.html,
            language=mail.language,
            now=now,
        )
        answer = connection.hand_over(mail.address, message, note_handing)
    except ClaimLost:
        return Outcome.LATER
    except MailNotHandedOver as problem:
        _note_problem(mail, problem, now)
        return problem.outcome
    except (ValueError, LookupError) as problem:  # an address or a text of which no mail can be made
        _end(mail, "failed", str(problem), now)
        return Outcome.REFUSED
    _end(mail, "sent", answer, now)
    return Outcome.SENT


def _note_problem(mail: StaffMail, problem: MailNotHandedOver, now: datetime) -> None:
    if problem.outcome == Outcome.UNKNOWN:
        _end(mail, "unknown", problem.answer, now)
    elif problem.outcome == Outcome.REFUSED or mail.attempts > len(WAITS):
        _end(mail, "failed", problem.answer, now)
    else:
        wait = WAITS[mail.attempts - 1]
        _list_own(mail).update(
            state="pending",
            claim="",
            lease_until=None,
            handed_at=None,
            not_before=now + wait,
            answer=problem.answer,
        )
        if problem.outcome == Outcome.UNREACHABLE:  # the others need not find it out one by one
            StaffMail.objects.filter(state="pending", not_before__lt=now + WAITS[0]).update(
                not_before=now + WAITS[0]
            )


def _list_own(mail: StaffMail) -> QuerySet[StaffMail]:
    """The row, if the claim is still ours."""
    return StaffMail.objects.filter(pk=mail.pk, state="claimed", claim=mail.claim)


def _end(mail: StaffMail, state: str, answer: str, now: datetime) -> None:
    _list_own(mail).update(state=state, answer=answer, claim="", lease_until=None, ended_at=now)


def count_mails() -> dict[str, int]:
    """How many mails stand in each state."""
    return dict(StaffMail.objects.order_by().values_list("state").annotate(Count("pk")))


def list_troubled_mails(limit: int = 50) -> list[StaffMail]:
    """The mails that failed, are unknown, or wait after a failure; the newest first."""
    waits = Q(state="pending") & ~Q(answer="")
    return list(StaffMail.objects.filter(Q(state__in=("failed", "unknown")) | waits)[:limit])


@transaction.atomic
def send_again(mail_id: int, *, by: Any, now: datetime) -> bool:
    """Let a failed, unknown or waiting mail be sent now; whether there was one, and its content is still kept."""
    found = StaffMail.objects.filter(pk=mail_id, state__in=("failed", "unknown", "pending")).exclude(html="")
    changed = found.update(
        state="pending", attempts=0, not_before=now, handed_at=None, ended_at=None, answer=""
    )
    if changed:
        record("mail.sent_again", by=by, now=now, subject=f"mail:{mail_id}")
    return bool(changed)


def _list_old(before: datetime) -> QuerySet[StaffMail]:
    return StaffMail.objects.filter(ended_at__lt=before).exclude(html="", text="")


def count_old_contents(before: datetime) -> int:
    """How many mails that ended before a moment still have their content."""
    return _list_old(before).count()


def forget_old_contents(before: datetime) -> int:
    """Take it from them; how many."""
    return _list_old(before).update(html="", text="", subject="")


def forget_contents(now: datetime) -> None:
    """Keep of old mails only that they were sent: the row holds its key, so that nothing goes out twice."""
    forget_old_contents(now - KEEP_CONTENT)
