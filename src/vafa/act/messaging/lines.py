"""Open ways to providers, kept open while a round lasts, and handing pieces over by several of them at once."""

import logging
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from threading import Lock
from time import monotonic
from typing import Self

from vafa.act.messaging.channels import build_adapter
from vafa.act.messaging.models import Account
from vafa.act.messaging.types import Handed, Line, NotHandedOver, Outcome, Outgoing

logger = logging.getLogger(__name__)

MOST_THREADS = 20
# A piece is given up after so many seconds, well before its lease ends.
PATIENCE_SECONDS = 60.0
# So many of one piece put off in a row are the provider's wish, not the receivers'.
MOST_PUT_OFF = 20
# What these say holds for all: nothing gets through until somebody changes the account.
ACCOUNT_FAULTS = frozenset({"credentials", "credit", "sender", "not_allowed"})
# Or until somebody changes the message.
MESSAGE_FAULTS = frozenset({"pattern", "text_refused"})

Done = Handed | NotHandedOver | None
"""None: it was not tried."""


class Lines:
    """The lines of a round, by account: as many as its adapter has lanes."""

    def __init__(self) -> None:
        self._kept: dict[int, tuple[ExitStack, list[Line]]] = {}
        self._threads: ThreadPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_what: object) -> None:
        for pk in list(self._kept):
            self.close(pk)
        if self._threads is not None:
            self._threads.shutdown(wait=True, cancel_futures=True)

    def open(self, account: Account) -> list[Line]:
        """The lines of an account. Raises NotHandedOver, LookupError."""
        if account.pk not in self._kept:
            adapter = build_adapter(account)
            with ExitStack() as opening:
                lanes = min(int(getattr(adapter, "lanes", 1)), MOST_THREADS)
                found = [opening.enter_context(adapter.open()) for _lane in range(lanes)]
                self._kept[account.pk] = (opening.pop_all(), found)
        return self._kept[account.pk][1]

    def close(self, account_id: int) -> None:
        """Let an account's lines go; they are opened anew when they are asked for."""
        kept = self._kept.pop(account_id, None)
        if kept is not None:
            kept[0].close()

    def start(self, lines: Sequence[Line], piece: Sequence[Outgoing]) -> "Running":
        """Hand a piece over by these lines at once, each by a thread of its own; by one line alone only when it is
        waited for, in the thread that waits."""
        running = Running(piece)
        if len(lines) > 1 and piece:
            self._threads = self._threads or ThreadPoolExecutor(MOST_THREADS, "line")
            running.futures = [self._threads.submit(running.work, line) for line in lines[: len(piece)]]
        else:
            running.line = lines[0]
        return running


class Running:
    """A piece that is being handed over: its lines take one message after another until none is left, or until one of
    them finds that nothing gets through."""

    def __init__(self, piece: Sequence[Outgoing]) -> None:
        self.piece = piece
        self.done: list[Done] = [None] * len(piece)
        self.futures: list[Future[None]] = []
        self.line: Line | None = None
        self.stopped_by: NotHandedOver | None = None
        self._next, self._put_off, self._lock = 0, 0, Lock()
        self._until = monotonic() + PATIENCE_SECONDS

    def wait(self) -> list[Done]:
        """What became of each message, in their order."""
        for future in self.futures:
            future.result()
        if self.line is not None:
            self.work(self.line)
        return self.done

    def work(self, line: Line) -> None:
        """What one line does."""
        many = getattr(line, "hand_over_many", None)
        at_once = int(getattr(line, "most_at_once", 1)) if many else 1
        while (taken := self._take(at_once)) is not None:
            outgoings = [self.piece[place] for place in taken]
            results = many(outgoings) if many else [_hand_over(line, outgoings[0])]
            for place, result in zip(taken, results, strict=True):
                self.done[place] = result
                self._look(result)

    def _take(self, most: int) -> range | None:
        with self._lock:
            start, end = self._next, min(self._next + most, len(self.piece))
            if start >= end or self.stopped_by is not None or monotonic() > self._until:
                return None
            self._next = end
            return range(start, end)

    def _look(self, result: Handed | NotHandedOver) -> None:
        """Stop where a result says that nothing else would get through."""
        if isinstance(result, Handed):
            self._put_off = 0
            return
        if result.outcome is Outcome.UNREACHABLE or result.wait_seconds:
            self.stopped_by = self.stopped_by or result
        elif result.outcome is Outcome.LATER:
            self._put_off += 1
            if self._put_off >= MOST_PUT_OFF:
                self.stopped_by = self.stopped_by or result


def _hand_over(line: Line, outgoing: Outgoing) -> Handed | NotHandedOver:
    try:
        return line.hand_over(outgoing)
    except NotHandedOver as problem:
        return problem
    except Exception as error:
        # It may have left: nobody knows, and it isn't tried again.
        logger.exception("sending %s: handing over failed", outgoing.sending_id)
        return NotHandedOver(Outcome.UNKNOWN, str(error)[:300], "no_answer")
