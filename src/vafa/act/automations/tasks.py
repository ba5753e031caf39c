"""What the timetable does with automations: a little of each in turn, so that none waits for another's crowd."""

import logging
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial

from vafa.act.automations.calling import call_due
from vafa.act.automations.daily import look
from vafa.act.automations.following import follow
from vafa.act.automations.models import Automation
from vafa.act.automations.queueing import release_dead
from vafa.act.automations.stepping import step
from vafa.act.automations.watching import watch
from vafa.warehouse.queries import Snapshot, open_snapshot

__all__ = ["call_due", "work"]

logger = logging.getLogger(__name__)
ROUND_SECONDS = 20


def work(now: datetime, *, seconds: float = ROUND_SECONDS) -> int:
    """Follow, look and step until nothing is due or the time is up; how much was done. Where no automation is on it
    costs one query."""
    began, done = time.monotonic(), 0
    if not list_on():
        return 0
    release_dead(now)
    for pk in list_on():
        done += _try(partial(look, pk, open_snapshot(), now), pk)
    while time.monotonic() - began < seconds:
        some = work_round(open_snapshot(), now)
        done += some
        if not some:
            break
    return done


def list_on() -> list[int]:
    """The automations that are switched on."""
    return list(Automation.objects.filter(state="on").order_by("pk").values_list("pk", flat=True))


def work_round(snapshot: Snapshot, now: datetime) -> int:
    """A few hundred entries and a few hundred steps of each automation; how much there was."""
    done = 0
    for pk in list_on():
        done += _try(partial(follow, pk, snapshot, now), pk)
        done += _try(partial(watch, pk, snapshot, now), pk)
        done += _try(partial(step, pk, snapshot, now), pk)
    return done


def _try(do: Callable[[], int], automation_id: int) -> int:
    """One automation's failure is noted on it, and holds up no other."""
    try:
        return do()
    except Exception as problem:
        logger.exception("automation %s failed; it is tried again", automation_id)
        Automation.objects.filter(pk=automation_id).update(
            problem=(str(problem) or type(problem).__name__)[:300]
        )
        return 0
