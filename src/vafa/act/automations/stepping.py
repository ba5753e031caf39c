"""Doing steps that are due: a few hundred of one automation at once, in one transaction with what comes after them.

Whatever a step does (a task, a tag, a recipient in the ledger of messages, a code) is written together with the row
that says it is done. Cut off anywhere, nothing of it has happened; repeated, nothing happens twice. What asks other
machines is done in a lane of its own, see `calling`.
"""

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from vafa.act.automations.coding import read_document
from vafa.act.automations.conditions import Judge
from vafa.act.automations.doing import HANDLERS, Batch, Outcome
from vafa.act.automations.entering import LANES
from vafa.act.automations.exiting import find_ended
from vafa.act.automations.models import Run, Step, Version
from vafa.act.automations.queueing import claim, put_off
from vafa.act.automations.rules import decide_due, flatten, is_for_control
from vafa.act.automations.types import Document, Node
from vafa.data.business.queries import get_business
from vafa.data.consent.queries import list_deceased
from vafa.data.customers.queries import map_to_kept
from vafa.kit.errors import VafaError
from vafa.warehouse.queries import Snapshot

logger = logging.getLogger(__name__)

AT_ONCE = 200
# The control group goes on where something is owed to everybody.
GOING = ("running", "held_out")


def step(automation_id: int, snapshot: Snapshot, now: datetime, limit: int = AT_ONCE) -> int:
    """Do the next steps of an automation that are due; how many were claimed."""
    worker, ids = claim(automation_id, "quick", now, limit)
    if not ids:
        return 0
    try:
        work_off(worker, ids, snapshot, now)
    except Exception:
        logger.exception("steps of automation %s failed together; each is tried alone", automation_id)
        _work_off_alone(worker, ids, snapshot, now)
    return len(ids)


def _work_off_alone(worker: str, ids: Sequence[int], snapshot: Snapshot, now: datetime) -> None:
    """One by one, so that a broken one holds up no other."""
    for pk in ids:
        try:
            work_off(worker, [pk], snapshot, now)
        except Exception as problem:
            logger.exception("step %s failed", pk)
            why = problem.code if isinstance(problem, VafaError) else "error"
            own = Step.objects.filter(pk=pk, worker=worker, state="claimed").select_related("run").first()
            if own is not None and not put_off(own, why, now):
                with transaction.atomic():
                    finish_all([(own, Outcome(failed=True, why=why))], now)


def work_off(worker: str, ids: Sequence[int], snapshot: Snapshot, now: datetime) -> None:
    """Do the steps of a claim, in one transaction."""
    judge = Judge(snapshot, now)
    with transaction.atomic():
        rows = Step.objects.filter(pk__in=list(ids), worker=worker, state="claimed").order_by("pk")
        mine = list(rows.select_related("run"))
        versions = Version.objects.in_bulk({row.run.version_id for row in mine})
        for row in mine:
            row.run.version = versions[row.run.version_id]
        documents = {pk: read_document(one.document) for pk, one in versions.items()}
        kept = map_to_kept({row.run.customer_id for row in mine})
        ended = _list_gone(mine, kept) | find_ended(
            [row.run for row in mine if row.run.customer_id in kept], documents, judge, kept
        )
        finished: list[tuple[Step, Outcome]] = [
            (row, Outcome(ends=True, state=ended[row.run_id][0], why=ended[row.run_id][1]))
            for row in mine
            if row.run_id in ended
        ]
        groups: dict[tuple[int, str], list[Step]] = defaultdict(list)
        for row in mine:
            if row.run_id not in ended:
                groups[(row.run.version_id, row.step)].append(row)
        for (version_id, name), own in groups.items():
            finished += _do(own, documents[version_id], name, judge, kept, now)
        finish_all(finished, now)


def _list_gone(rows: Sequence[Step], kept: Mapping[int, int]) -> dict[int, tuple[str, str]]:
    """The runs of customers who are left out of the figures, or have died, since they entered; and those that have
    ended meanwhile."""
    dead = list_deceased() if rows else set()
    gone: dict[int, tuple[str, str]] = {}
    for row in rows:
        person = kept.get(row.run.customer_id)
        if person is None:
            gone[row.run_id] = ("stopped", "left_out")
        elif person in dead:
            gone[row.run_id] = ("stopped", "deceased")
        elif row.run.state not in GOING:
            gone[row.run_id] = (row.run.state, row.run.why)
    return gone


def _do(
    rows: list[Step], document: Document, name: str, judge: Judge, kept: Mapping[int, int], now: datetime
) -> list[tuple[Step, Outcome]]:
    node = flatten(document.steps).get(name)
    if node is None:
        return [(row, Outcome(failed=True, why="step_unknown")) for row in rows]
    held: list[tuple[Step, Outcome]] = []
    if not is_for_control(node):
        held = [(row, Outcome(why="control")) for row in rows if row.run.state == "held_out"]
        rows = [row for row in rows if row.run.state != "held_out"]
    if not rows:
        return held
    batch = Batch(
        version=rows[0].run.version,
        document=document,
        node=node,
        steps=rows,
        people={row.pk: kept[row.run.customer_id] for row in rows},
        judge=judge,
        now=now,
        zone=get_business().zone,
    )
    outcomes = HANDLERS[node.kind](batch)
    return [*held, *((row, outcomes[row.pk]) for row in rows if row.pk in outcomes)]


def finish_all(finished: Sequence[tuple[Step, Outcome]], now: datetime) -> None:
    """Note how steps ended, and let their runs go on or end. Call it in a transaction.

    Most end alike, so that a few statements write hundreds of rows.
    """
    zone = get_business().zone
    known: dict[int, dict[str, Node]] = {}
    following: list[Step] = []
    steps: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    ending: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row, outcome in finished:
        state = "ended" if outcome.ends else "failed" if outcome.failed else "done"
        steps[state, outcome.why[:40], outcome.way[:20]].append(row.pk)
        after = None if outcome.ends else _find_next(row, outcome, known)
        if after is None:
            ending[outcome.state if outcome.ends else "done", outcome.why[:30]].append(row.run_id)
        else:
            following.append(
                Step(
                    run_id=row.run_id, automation_id=row.automation_id, step=after.id,
                    lane=LANES.get(after.kind, "quick"), due_at=decide_due(after, now, zone),
                )
            )  # fmt: skip
    for (state, why, way), ids in steps.items():
        Step.objects.filter(pk__in=ids).update(
            state=state, why=why, way=way, done_at=now, worker="", lease_until=None
        )
    Step.objects.bulk_create(following, batch_size=AT_ONCE)
    for (state, why), ids in ending.items():
        Run.objects.filter(pk__in=ids, state="running").update(state=state, why=why, ended_at=now)


def _find_next(row: Step, outcome: Outcome, known: dict[int, dict[str, Node]]) -> Node | None:
    version: Version = row.run.version
    if version.pk not in known:
        known[version.pk] = flatten(read_document(version.document).steps)
    nodes = known[version.pk]
    node = nodes.get(row.step)
    if node is None:
        return None
    after = node.ways.get(outcome.way, node.next) if outcome.way else node.next
    return nodes.get(after) if after else None
