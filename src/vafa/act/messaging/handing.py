"""Handing over what a worker has claimed, piece by piece: a piece is marked before its first byte leaves, and noted
with the answers in one transaction; while it is under way, the next one is filled in. Of a worker that dies, at most
one piece is in doubt."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from vafa.act.messaging.accounts import pause_account
from vafa.act.messaging.answering import stop_chat
from vafa.act.messaging.carrying import give_back_tokens
from vafa.act.messaging.claiming import LEASE, Claimed
from vafa.act.messaging.happenings import stop_address
from vafa.act.messaging.lines import ACCOUNT_FAULTS, MESSAGE_FAULTS, Done, Lines, Running
from vafa.act.messaging.making import Maker, find_domain
from vafa.act.messaging.models import Account, Message, Sending
from vafa.act.messaging.noting import Back, End, Mark, mark, note
from vafa.act.messaging.opening import pause_message
from vafa.act.messaging.types import Handed, Line, NotHandedOver, Outcome, Outgoing
from vafa.data.consent.types import Channel
from vafa.kit.errors import VafaError

# So many at most are in doubt when a worker dies.
PIECE = 50
RETRY_AFTER = timedelta(minutes=5)
MOST_ATTEMPTS = 5
# A row that found nobody there says nothing of itself; only one that ends every conversation is given up.
MOST_UNREACHED = 12
MOST_FAILURES = 5

TellTime = Callable[[], datetime]


@dataclass(frozen=True)
class _Made:
    """A piece as it goes out, and what came of rows of it that don't."""

    rows: list[Sending]
    outgoings: list[Outgoing]
    ended: list[Back | End]


def hand_over_all(
    message: Message, channel: str, worker: str, claimed: Claimed, lines: Lines, tell_time: TellTime
) -> Counter[str]:
    """Hand over all that was claimed; how many by outcome."""
    account, going = claimed.account, claimed.going
    try:
        opened = lines.open(account)
    except (NotHandedOver, LookupError) as problem:
        found = (
            problem
            if isinstance(problem, NotHandedOver)
            else NotHandedOver(Outcome.UNREACHABLE, str(problem))
        )
        return _give_up(worker, account, going, found, tell_time())
    way = _Way(message, account, worker, lines, opened, tell_time)
    maker = Maker(message, going, channel, find_domain(account), tell_time())
    size = max(PIECE, int(getattr(opened[0], "most_at_once", 1)))
    pieces = [going[start : start + size] for start in range(0, len(going), size)]
    made = way.make(maker, pieces[0]) if pieces else None
    for place in range(len(pieces)):
        assert made is not None
        running = way.start(made)
        following = way.make(maker, pieces[place + 1]) if place + 1 < len(pieces) else None
        way.finish(made, running)
        made = following
        if running.stopped_by is not None:
            rest = [row for piece in pieces[place + 1 :] for row in piece]
            lines.close(account.pk)
            return way.counts + _give_up(worker, account, rest, running.stopped_by, tell_time(), message)
    if way.carried:
        Account.objects.filter(pk=account.pk).exclude(failures=0).update(failures=0, retry_at=None)
    return way.counts


class _Way:
    """One message's way by one account, as one worker goes it."""

    def __init__(
        self,
        message: Message,
        account: Account,
        worker: str,
        lines: Lines,
        opened: list[Line],
        tell_time: TellTime,
    ) -> None:
        self.message, self.account, self.worker = message, account, worker
        self.lines, self.opened, self.tell_time = lines, opened, tell_time
        self.counts, self.carried = Counter[str](), False
        self.point_ids: dict[str, int] = {}

    def make(self, maker: Maker, piece: Sequence[Sending]) -> _Made:
        """Fill in a piece."""
        self.point_ids = maker.point_ids
        made = _Made([], [], [])
        for one in piece:
            if (until := maker.find_rest(one)) is not None:
                made.ended.append(Back(one.pk, until, "soft_bounced", one.attempts))
                self.counts["waits"] += 1
                continue
            try:
                outgoing = maker.make(one)
            except (VafaError, LookupError) as problem:
                made.ended.append(End(one.pk, "failed", "text_broken", one.attempts, str(problem)))
                self.counts["failed"] += 1
                continue
            if outgoing is None:
                made.ended.append(End(one.pk, "suppressed", "not_reachable", one.attempts))
                self.counts["suppressed"] += 1
                continue
            made.rows.append(one)
            made.outgoings.append(outgoing)
        return made

    @transaction.atomic
    def _mark(self, made: _Made) -> None:
        """Mark what is still ours, before the first byte leaves; who has lost the lease, or whose message was paused,
        hands nothing over."""
        now = self.tell_time()
        note(self.worker, made.ended, now)
        held = Sending.objects.select_for_update().filter(
            pk__in=[row.pk for row in made.rows], worker=self.worker, state="claimed"
        )
        ours = set(held.values_list("pk", flat=True))
        if not Message.objects.filter(pk=self.message.pk, state="running").exists():
            note(self.worker, [Back(row.pk, now, "", row.attempts) for row in made.rows], now)
            ours = set()
        lost = [place for place, row in enumerate(made.rows) if row.pk not in ours]
        self.counts["later"] += len(lost)
        give_back_tokens(self.account, len(lost) + len(made.ended), now)
        for place in reversed(lost):
            del made.rows[place], made.outgoings[place]
        marks = [
            Mark(row.pk, self.point_ids.get(outgoing.to), outgoing.message_id)
            for row, outgoing in zip(made.rows, made.outgoings, strict=True)
        ]
        # The rows that follow stay ours as long.
        waiting = Sending.objects.filter(
            message=self.message, state="claimed", worker=self.worker, handed_at=None
        )
        waiting.update(lease_until=now + LEASE)
        mark(self.worker, self.account.pk, marks, now + LEASE, now)

    def start(self, made: _Made) -> Running:
        """Mark a piece, and let it go."""
        self._mark(made)
        return self.lines.start(self.opened, made.outgoings)

    def finish(self, made: _Made, running: Running) -> None:
        """Wait for a piece, and note what became of it."""
        done = running.wait()
        now = self.tell_time()
        noted = [
            self._describe(row, result, running, now) for row, result in zip(made.rows, done, strict=True)
        ]
        with transaction.atomic():
            note(self.worker, noted, now)
            give_back_tokens(self.account, sum(result is None for result in done), now)
        for outgoing, result in zip(made.outgoings, done, strict=True):
            if isinstance(result, NotHandedOver):
                self._stop_point(outgoing, result, now)

    def _describe(self, row: Sending, result: Done, running: Running, now: datetime) -> Back | End:
        attempts = row.attempts + 1
        if result is None:
            self.counts["later"] += 1
            until, why = _find_retry(running.stopped_by, now)
            return Back(row.pk, until, why, row.attempts)
        if isinstance(result, Handed):
            self.counts["accepted"] += 1
            self.carried = True
            return End(
                row.pk, "accepted", "", attempts, result.answer, result.provider_id, result.parts, result.cost
            )  # fmt: skip
        if result.outcome is Outcome.UNKNOWN:
            self.counts["unknown"] += 1
            return End(row.pk, "unknown", "no_answer", attempts, result.answer)
        why = result.code or str(result.outcome)
        most = MOST_UNREACHED if result.outcome is Outcome.UNREACHABLE else MOST_ATTEMPTS
        if result.outcome is Outcome.REFUSED or (attempts >= most and not result.wait_seconds):
            self.counts["failed"] += 1
            return End(row.pk, "failed", why, attempts, result.answer)
        self.counts["unreachable" if result.outcome is Outcome.UNREACHABLE else "later"] += 1
        until = now + (timedelta(seconds=result.wait_seconds) or RETRY_AFTER * attempts)
        return Back(row.pk, until, why, attempts, result.answer)

    def _stop_point(self, outgoing: Outgoing, result: NotHandedOver, now: datetime) -> None:
        if result.code == "bad_address":
            stop_address(outgoing.to, now=now)
        elif result.code == "blocked" and self.account.channel == Channel.MESSENGER:
            stop_chat(outgoing.to, now=now)


def _find_retry(problem: NotHandedOver | None, now: datetime) -> tuple[datetime, str]:
    """When a row that was not tried is tried again, and why not before."""
    if problem is None:
        return now, ""
    if problem.wait_seconds:
        return now + timedelta(seconds=problem.wait_seconds), "provider_asks"
    return now + RETRY_AFTER, "busy" if problem.outcome is Outcome.LATER else "unreachable"


def _give_up(
    worker: str, account: Account, rest: Sequence[Sending], problem: NotHandedOver, now: datetime,
    message: Message | None = None,
) -> Counter[str]:  # fmt: skip
    """Put the rest back, and let the account (or a message whose text is to blame) rest."""
    until, why = _find_retry(problem, now)
    with transaction.atomic():
        note(worker, [Back(one.pk, until, why, one.attempts) for one in rest], now)
        give_back_tokens(account, len(rest), now)
    if problem.code in MESSAGE_FAULTS and message is not None:
        pause_message(message.pk, by=None, now=now)
        Message.objects.filter(pk=message.pk).update(why=problem.code)
    else:
        _rest_account(account, problem, until, now)
    return Counter({"later": len(rest)})


def _rest_account(account: Account, problem: NotHandedOver, until: datetime, now: datetime) -> None:
    """Let an account rest until a moment; paused, with the reason, where trying again changes nothing, and after
    several times in a row."""
    own = Account.objects.filter(pk=account.pk)
    if problem.wait_seconds:
        own.update(retry_at=until)
        return
    if problem.code in ACCOUNT_FAULTS:
        pause_account(account.pk, why=problem.code, answer=problem.answer, by=None, now=now)
        return
    own.update(failures=F("failures") + 1, retry_at=until)
    if own.filter(failures__gte=MOST_FAILURES).exists():
        why = "busy" if problem.outcome is Outcome.LATER else "unreachable"
        pause_account(account.pk, why=why, answer=problem.answer, by=None, now=now)
