"""A process of its own that starts workers and kills some of them: python -m vafa.act.automations.tests.driver

Workers are children of it, so that what is imported is imported once; each opens its own records and figures.
"""

import json
import os
from collections.abc import Callable, Sequence
from datetime import timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkProcess
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vafa.config.settings")

CUSTOMERS = 160
CODES = 130
# So few at once that a worker that is killed has always some of its work before it.
AT_ONCE = 12
# After how many of its rounds a worker is killed.
KILLED_AFTER = (2, 7, 15)
FORK = get_context("fork")


def main() -> None:
    import django

    django.setup()
    from vafa.act.automations import tasks  # noqa: F401 - once, for all children

    run(fill)
    started = [start() for _ in range(len(KILLED_AFTER) + 1)]
    # Two work at any moment: whenever one is killed, another one takes its place.
    for _worker, line in started[:2]:
        line.send("go")
    for place, count in enumerate(KILLED_AFTER):
        worker, line = started[place]
        for _ in range(count):
            if line.recv() != "round":
                break
        worker.kill()
        worker.join()
        if place + 2 < len(started):
            started[place + 2][1].send("go")
    last, line = started[-1]
    while line.recv() == "round":
        pass
    last.join()
    run(settle)
    run(check)


def run(do: Callable[[], None]) -> None:
    """Do something in a child, to its end."""
    child = FORK.Process(target=do)
    child.start()
    child.join()
    assert child.exitcode == 0, do


def start() -> tuple[ForkProcess, Connection]:
    """A worker that waits for a word to begin, and the line to it."""
    ours, theirs = FORK.Pipe()
    worker = FORK.Process(target=work, args=(theirs,))
    worker.start()
    theirs.close()
    return worker, ours


def fill() -> None:
    """Customers who may get mail, an automation with one step of each kind, and a live order of each customer."""
    from vafa.act.automations.actions import add_codes, create_automation, create_pool, publish
    from vafa.act.automations.types import Document, StepTold, When
    from vafa.act.messaging.tests.world import NOW, add_customers, add_smtp

    add_smtp()
    pool = create_pool("Spring", by=None, now=NOW)
    add_codes(pool.pk, [f"C{n}" for n in range(CODES)], by=None, now=NOW)
    message = {"channels": ["email"], "text": "first_order_thanks", "template": None}
    steps = (
        StepTold("s1", "code", {"pool": pool.pk}, {"empty": (StepTold("s2", "tag", {"name": "none left"}),)}),
        StepTold("s3", "message", message),
        StepTold("s4", "wait", {"hours": 1}),
        StepTold("s5", "task", {"title": "Call", "days": 1}),
    )
    made = create_automation("Thanks", Document(When("order"), steps=steps, holdout=0.1), by=None, now=NOW)
    publish(made.pk, by=None, now=NOW)
    add_live_orders(add_customers(CUSTOMERS))


def add_live_orders(people: Sequence[int]) -> None:
    """An order of each customer, as the API would bring it after the switch-on."""
    from vafa.act.messaging.tests.world import NOW
    from vafa.data.log.actions import add_happening
    from vafa.measure.metrics.tests.ledger import Ledger

    ledger = Ledger()
    for pk in people:
        line = ledger.add_order(pk, NOW.date())
        add_happening(
            "order_new", at=NOW, now=NOW + timedelta(seconds=1), live=True, subject=line.pk, customer=pk,
            source=ledger.source.pk,
        )  # fmt: skip


def work(line: Connection) -> None:
    """Let customers in and do steps until nothing is due; a word for every round."""
    from vafa.act.automations import following, stepping, tasks
    from vafa.act.messaging.tests.world import NOW
    from vafa.warehouse.queries import open_snapshot

    following.AT_ONCE = AT_ONCE
    stepping.AT_ONCE = AT_ONCE
    line.recv()
    while tasks.work_round(open_snapshot(), NOW + timedelta(seconds=2)):
        line.send("round")
    line.send("end")


def settle() -> None:
    """When all leases have ended, what is left goes on; and an hour later what waits."""
    from vafa.act.automations.queueing import LEASE
    from vafa.act.automations.tasks import work
    from vafa.act.messaging.tests.world import NOW

    work(NOW + LEASE + timedelta(seconds=10))
    work(NOW + LEASE + timedelta(hours=2))


def check() -> None:
    """All that was done, counted."""
    from django.db.models import Count

    from vafa.act.automations.models import Code, Run, Step
    from vafa.act.followups.models import Task
    from vafa.act.messaging.queries import Exposure, Sending
    from vafa.data.customers.models import Customer

    def count(rows: Any, *names: str) -> list[list[Any]]:
        found = rows.order_by().values_list(*names).annotate(n=Count("pk"))
        return sorted(list(row) for row in found)

    told = {
        "runs": count(Run.objects, "state"),
        "steps": count(Step.objects, "step", "visit", "state"),
        "arms": count(Exposure.objects, "arm"),
        "most_runs": max(row[-1] for row in count(Run.objects, "customer")),
        "most_tasks": max(row[-1] for row in count(Task.objects, "customer")),
        "most_sendings": max(row[-1] for row in count(Sending.objects, "customer")),
        "most_codes": max(row[-1] for row in count(Code.objects.exclude(run=None), "run")),
        "tasks": Task.objects.count(),
        "sendings": Sending.objects.count(),
        "codes": Code.objects.exclude(run=None).count(),
        "lost_codes": Code.objects.filter(run=None).exclude(given_at=None).count(),
        "tagged": sum("none left" in tags for tags in Customer.objects.values_list("tags", flat=True)),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main()
