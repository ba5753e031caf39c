"""What each kind of step does for all who have come to it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Literal
from zoneinfo import ZoneInfo

from django.db import transaction

from vafa.act.automations.branching import find_ways
from vafa.act.automations.conditions import Judge
from vafa.act.automations.models import Step, Version
from vafa.act.automations.pools import give_codes
from vafa.act.automations.posting import post
from vafa.act.automations.types import Document, Node
from vafa.act.followups.actions import create_task
from vafa.act.followups.queries import list_assignable, sees_own_only
from vafa.act.followups.types import TaskTold
from vafa.data.customers.actions import build_decision, change_customer, change_piece
from vafa.data.customers.queries import list_owners
from vafa.kit.errors import VafaError
from vafa.measure.segments.actions import add_members, remove_members


@dataclass(frozen=True)
class Batch:
    """All who have come to one step of one version: their rows, and by row the customer that counts after merges."""

    version: Version
    document: Document
    node: Node
    steps: Sequence[Step]
    people: Mapping[int, int]
    judge: Judge
    now: datetime
    zone: str

    def text(self, name: str) -> str:
        """A setting of the step as text."""
        return str(self.node.told.get(name) or "").strip()


@dataclass(frozen=True)
class Outcome:
    """How a step ended: by which way it goes on ("": the usual one), why, whether it failed, whether the run ends."""

    way: str = ""
    why: str = ""
    failed: bool = False
    ends: bool = False
    state: str = "done"


Outcomes = dict[int, Outcome]


def _wait(batch: Batch) -> Outcomes:
    """The row was due when the waiting was over."""
    return {step.pk: Outcome() for step in batch.steps}


def _stop(batch: Batch) -> Outcomes:
    return {step.pk: Outcome(ends=True, why="stop") for step in batch.steps}


def _message(batch: Batch) -> Outcomes:
    problems = post(
        batch.version, batch.document, batch.node, [(step.run, batch.people[step.pk]) for step in batch.steps],
        now=batch.now,
    )  # fmt: skip
    return {
        step.pk: Outcome(why=why, failed=bool(why))
        for step in batch.steps
        for why in (problems.get(step.run_id, ""),)
    }


def _task(batch: Batch) -> Outcomes:
    owners = list_owners(set(batch.people.values()))
    working = {staff.pk: staff for staff in list_assignable()}
    usual = working.get(int(batch.text("assignee") or 0))
    usual_id = None if usual is None or sees_own_only(usual) else usual.pk
    due_on = (
        batch.now.astimezone(ZoneInfo(batch.zone)) + timedelta(days=int(batch.text("days") or 0))
    ).date()
    found: Outcomes = {}
    for step in batch.steps:
        customer = batch.people[step.pk]
        owner = owners.get(customer)
        told = TaskTold(
            batch.text("title"), due_on, notes=batch.text("notes"), customer_id=customer,
            priority=int(batch.text("priority") or 2), assignee_id=owner if owner in working else usual_id,
        )  # fmt: skip
        found[step.pk] = _try(partial(create_task, told, by=None, now=batch.now))
    return found


def _try(do: Callable[[], object]) -> Outcome:
    """Do something for one customer; what is refused fails for that one alone."""
    try:
        with transaction.atomic():
            do()
    except VafaError as problem:
        return Outcome(failed=True, why=problem.code)
    return Outcome()


def _tag(batch: Batch) -> Outcomes:
    kind: Literal["tag", "untag"] = "untag" if batch.text("do") == "remove" else "tag"
    decide = build_decision(kind, batch.text("name"))
    name = f"automation:{batch.version.automation_id}:{batch.version.number}:{batch.node.id}"
    change_piece(set(batch.people.values()), decide, name[:32], by=None, now=batch.now)
    return {step.pk: Outcome() for step in batch.steps}


def _field(batch: Batch) -> Outcomes:
    told = {f"custom:{batch.text('name')}": batch.text("value")}
    return {
        step.pk: _try(partial(change_customer, batch.people[step.pk], told, by=None, now=batch.now))
        for step in batch.steps
    }


def _list(batch: Batch) -> Outcomes:
    change = remove_members if batch.text("do") == "remove" else add_members
    ids = set(batch.people.values())
    outcome = _try(
        lambda: change(batch.text("segment"), ids, snapshot=batch.judge.snapshot, by=None, now=batch.now)
    )
    return {step.pk: outcome for step in batch.steps}


def _code(batch: Batch) -> Outcomes:
    given = give_codes(
        int(batch.text("pool") or 0), batch.node.id, [step.run for step in batch.steps], batch.now
    )
    return {
        step.pk: Outcome() if step.run_id in given else Outcome(way="empty", why="codes_ran_out")
        for step in batch.steps
    }


def _branch(batch: Batch) -> Outcomes:
    ways = find_ways(batch.node, set(batch.people.values()), batch.judge, batch.now)
    return {step.pk: Outcome(way=ways[batch.people[step.pk]]) for step in batch.steps}


HANDLERS: dict[str, Callable[[Batch], Outcomes]] = {
    "wait": _wait,
    "wait_until": _wait,
    "message": _message,
    "task": _task,
    "tag": _tag,
    "field": _field,
    "list": _list,
    "code": _code,
    "branch": _branch,
    "stop": _stop,
}
