"""The nightly look of a business of its own, killed at named steps as if the machine had lost power; see test_kill.py.

Each look is a process of its own (forked, so that Python starts once). Prints a line of JSON after each.
"""

import json
import os
import signal
import traceback
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vafa.config.settings")

import django

django.setup()

from vafa.predict.models.tests.made import UNTIL  # noqa: E402

CUSTOMERS = 150
LATER = UNTIL + timedelta(days=16)
FIRST_STEPS = ("training", "blocks", "issued", "columns", "noted", "")
NEXT_STEPS = ("blocks", "columns", "half told", "told some", "", "")


def main() -> None:
    for step in FIRST_STEPS:
        say(step, run(begin if step == "training" else partial(look, step, UNTIL)))
    run(grow)
    for step in NEXT_STEPS:
        say(step, run(partial(look, step, LATER)))


def say(step: str, ended: int) -> None:
    reader, writer = os.pipe()
    run(lambda: os.write(writer, json.dumps({"step": step, "ended": ended, **check()}).encode()))
    os.close(writer)
    with os.fdopen(reader) as told:
        print(told.read(), flush=True)


def run(do: Callable[[], object]) -> int:
    """The exit code, or the signal (negative), of a process that does it."""
    pid = os.fork()
    if not pid:
        code = 1
        try:
            do()
            code = 0
        except BaseException:
            traceback.print_exc()
            raise
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def begin() -> None:
    """The first look, which trains, of customers who are written down just before."""
    from vafa.measure.metrics.tests.ledger import Ledger
    from vafa.predict.models.settings import change_settings, get_settings
    from vafa.predict.models.tests.made import QUESTION, fill

    ledger = Ledger()
    fill(ledger, CUSTOMERS)
    asked = replace(get_settings(), horizon_days=QUESTION.horizon_days)
    change_settings(asked, by=None, now=build_moment(UNTIL))
    ledger.publish(UNTIL - timedelta(days=1))
    look("training", UNTIL)


def grow() -> None:
    """Every third customer orders on; the others are silent."""
    from vafa.data.customers.models import Customer
    from vafa.measure.metrics.tests.ledger import Ledger

    ledger = Ledger()
    ids = list(Customer.objects.order_by("pk").values_list("pk", flat=True))
    ledger.add_orders([(pk, UNTIL + timedelta(days=place % 9)) for place, pk in enumerate(ids[::3])])
    ledger.publish(LATER - timedelta(days=1))


def look(step: str, day: Any) -> None:
    from vafa.predict.models import making, rules
    from vafa.predict.scores import issuing, tasks, telling

    # Two days suffice to train, and to judge.
    rules.TRAINING_CUTOFFS = rules.TESTED_CUTOFFS = 2
    telling.AT_ONCE = 4
    rooms: dict[str, tuple[Any, str, bool]] = {
        "training": (making, "_crown", False),
        "blocks": (issuing, "write_blocks", True),
        "issued": (tasks, "publish", False),
        "noted": (tasks, "note_standing", False),
        "half told": (telling, "add_happenings", True),
        "told some": (telling, "_tell_some", True),
    }
    if step in rooms:
        room, name, is_after = rooms[step]
        real = getattr(room, name)
        setattr(room, name, lambda *what, **more: die(real(*what, **more) if is_after else None))
    if step == "columns":
        put = Path.replace

        def put_and_die(path: Path, target: Any) -> Path:
            moved = put(path, target)
            return die() if Path(target).name == "published-risk_band.column" else moved

        Path.replace = put_and_die  # type: ignore[method-assign,assignment]
    tasks.look(build_moment(day))


def die(*_what: object) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


def build_moment(day: Any) -> datetime:
    return datetime.combine(day, time(9), UTC)


def check() -> dict[str, Any]:
    """What everybody sees."""
    from vafa.data.log.models import Happening
    from vafa.predict.models.models import Card
    from vafa.predict.scores.keeping import read_whole
    from vafa.predict.scores.models import Issue, Move
    from vafa.predict.scores.publishing import RISK, RISK_BAND, VALUES
    from vafa.predict.scores.queries import find_standing
    from vafa.predict.scores.telling import _list_changes
    from vafa.warehouse.queries import open_snapshot

    snapshot, standing = open_snapshot(), find_standing()
    columns = {str(snapshot.published_as_of(name)) for name in (RISK, RISK_BAND, *VALUES)} - {"None"}
    issues = list(Issue.objects.order_by("as_of"))
    happened = Happening.objects.filter(kind__in=("risk_rose", "risk_fell")).values_list("subject", flat=True)
    return {
        "cards": [card.is_champion for card in Card.objects.all()],
        "shown_of": sorted(columns),
        "standing": None if standing is None else str(standing.as_of),
        "issues": [str(issue.as_of) for issue in issues],
        "whole": all(issue.n == len(read_whole(issue.pk)) for issue in issues),
        "changes": len(_list_changes(issues[-1])) if issues else 0,
        "moves": Move.objects.count(),
        "happened": len(happened),
        "customers_told": len(set(happened)),
    }


if __name__ == "__main__":
    main()
