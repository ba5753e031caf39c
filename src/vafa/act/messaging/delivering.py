"""A round of sending: the messages that are due take turns, so that none of them holds the others up."""

import secrets
import time
from collections import Counter, deque
from collections.abc import Callable
from datetime import datetime, timedelta

from vafa.act.messaging.carrying import Shut
from vafa.act.messaging.claiming import claim, settle, settle_next
from vafa.act.messaging.handing import TellTime, hand_over_all
from vafa.act.messaging.lines import Lines
from vafa.act.messaging.models import Message
from vafa.act.messaging.types import Delivered
from vafa.kit import clock

__all__ = ["deliver", "settle"]

# A round ends after so many messages, so that a stop of the worker is not waited for too long.
MOST_A_ROUND = 5_000
# Where all that is due waits for a rate that much at most, the round waits too, so often.
SHORT_REST = timedelta(seconds=1)
MOST_RESTS = 10


def deliver(
    now: datetime, *, tell_time: TellTime = clock.now, rest: Callable[[float], None] = time.sleep
) -> Delivered:
    """Hand over what is due of all running messages; safe with several workers, and to be cut off anywhere."""
    settle(now)
    counts: Counter[str] = Counter()
    with Lines() as lines:
        for _turn in range(MOST_RESTS):
            opens = _go_round(counts, lines, tell_time)
            wait = None if opens is None else opens - tell_time()
            if wait is None or wait > SHORT_REST or sum(counts.values()) >= MOST_A_ROUND:
                break
            rest(max(wait.total_seconds(), 0.0))
    return Delivered(dict(counts))


def _go_round(counts: Counter[str], lines: Lines, tell_time: TellTime) -> datetime | None:
    """Let every message that is due take turns until nothing of it can go; when the first of those that wait for a rate
    can go on."""
    due = Message.objects.filter(state="running", next_at__lte=tell_time())
    waiting = deque(due.order_by("next_at", "pk").values_list("pk", flat=True))
    shuts: dict[int, dict[str, Shut]] = {pk: {} for pk in waiting}
    while waiting and sum(counts.values()) < MOST_A_ROUND:
        pk = waiting.popleft()
        done = _take_turn(pk, shuts[pk], lines, tell_time)
        if done is None:
            settle_next(pk, shuts[pk])
        else:
            counts += done
            waiting.append(pk)
    rated = (shut.until for found in shuts.values() for shut in found.values() if shut.why == "rate")
    return min(rated, default=None)


def _take_turn(pk: int, shuts: dict[str, Shut], lines: Lines, tell_time: TellTime) -> Counter[str] | None:
    """Claim and hand over once by one of a message's channels; how many by outcome, None where nothing can go."""
    message = Message.objects.filter(pk=pk, state="running").first()
    if message is None:
        return None
    for channel in message.channels:
        if channel in shuts:
            continue
        worker = secrets.token_hex(8)
        found = claim(message, channel, worker, tell_time())
        if isinstance(found, Shut):
            shuts[channel] = found
        elif found is not None:
            done = Counter(found.counts)
            if found.going:
                done += hand_over_all(message, channel, worker, found, lines, tell_time)
            return done
    return None
