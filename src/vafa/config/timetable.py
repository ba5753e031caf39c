"""The whole timetable: everything that happens by itself, and how often.

Each entry may run on several machines at once and may be cut off anywhere: it must be safe to repeat.
Other work waits in rows (tasks, imports) and is not here.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

logger = logging.getLogger(__name__)

KEEP_FAILED_SIGN_INS = timedelta(days=30)
KEEP_TASK_RESULTS = timedelta(days=14)


@dataclass(frozen=True)
class Entry:
    """Something to be done again and again. `do` is told the time."""

    name: str
    every: timedelta
    do: Callable[[datetime], object]


def follow_warehouse(now: datetime) -> None:
    """Let the warehouse follow the records; costs one query when nothing has changed."""
    from vafa.warehouse.tasks import follow

    follow(now)


def go_on_with_imports(now: datetime) -> None:
    """Put imports that a dead worker has left in the middle back into the queue."""
    from vafa.front.intake.tasks import go_on_with_stalled

    go_on_with_stalled(now)


def remove_old_sessions(_now: datetime) -> None:
    """Remove the sessions of those who have been signed out by time."""
    from django.core.management import call_command

    call_command("clearsessions")


def remove_old_attempts(now: datetime) -> None:
    """Forget failed sign-ins, which hold addresses, after a month."""
    from axes.models import AccessAttempt, AccessFailureLog, AccessLog

    before = now - KEEP_FAILED_SIGN_INS
    for model in (AccessAttempt, AccessFailureLog, AccessLog):
        model.objects.filter(attempt_time__lt=before).delete()


def remove_old_results(now: datetime) -> None:
    """Forget what became of tasks that ended two weeks ago."""
    from django_tasks_db.models import DBTaskResult

    DBTaskResult.objects.finished().filter(finished_at__lt=now - KEEP_TASK_RESULTS).delete()


TIMETABLE: tuple[Entry, ...] = (
    Entry("warehouse.follow", timedelta(seconds=10), follow_warehouse),
    Entry("imports.go_on", timedelta(seconds=30), go_on_with_imports),
    Entry("sessions.clear", timedelta(days=1), remove_old_sessions),
    Entry("sign_ins.forget", timedelta(days=1), remove_old_attempts),
    Entry("tasks.forget", timedelta(days=1), remove_old_results),
)


def list_due(entries: Iterable[Entry], done_at: dict[str, datetime], now: datetime) -> list[Entry]:
    """The entries whose time has come; one that was never done here is due."""
    return [
        entry for entry in entries if entry.name not in done_at or now - done_at[entry.name] >= entry.every
    ]


def do_due(entries: Iterable[Entry], done_at: dict[str, datetime], now: datetime) -> None:
    """Do what is due and note it in `done_at`. One entry's failure is logged and holds up no other."""
    for entry in list_due(entries, done_at, now):
        done_at[entry.name] = now
        try:
            entry.do(now)
        except Exception:
            logger.exception("%s failed; it will be tried again in %s", entry.name, entry.every)
