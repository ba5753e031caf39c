"""Tasks as pages show them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from vafa.act.followups.queries import Task, get_repeat
from vafa.act.followups.types import HIGH, LOW, Moment
from vafa.data.customers.queries import list_customer_rows, list_reach
from vafa.front.customers.rows import name_customer
from vafa.front.followups.words import (
    describe_due,
    describe_repeat,
    name_outcome,
    name_priority,
    name_state,
)
from vafa.kit.locale.formats import Style, format_day

EXPORT_COLUMNS = (
    "id", "title", "notes", "customer_id", "customer", "due_on", "due_time", "priority", "assigned_to", "state",
    "outcome", "outcome_note", "repeated", "made_at", "closed_at",
)  # fmt: skip


@dataclass(frozen=True)
class TaskRow:
    """One task of a list."""

    id: int
    title: str
    notes: str
    url: str
    customer: str
    customer_url: str
    phone: str
    due: str
    planned: str
    is_late: bool
    is_open: bool
    is_high: bool
    is_low: bool
    priority: str
    assignee: str
    state: str
    outcome: str
    outcome_note: str
    repeat: str
    rule: str


def get_customer_id(task: Task) -> int | None:
    """The customer of a task, as the one kept after merges."""
    customer = task.customer
    return None if customer is None else customer.kept_id or customer.pk


def name_customers(tasks: Iterable[Task]) -> dict[int, str]:
    """The names of the customers of these tasks."""
    ids = sorted({pk for task in tasks if (pk := get_customer_id(task)) is not None})
    return {row.id: name_customer(row) for row in list_customer_rows(ids)}


def is_late(task: Task, moment: Moment) -> bool:
    """Whether an open task's day, or its hour of today, is over."""
    if task.state != "open":
        return False
    hour_over = task.due_on == moment.today and task.due_time is not None and task.due_time < moment.time
    return task.due_on < moment.today or hour_over


def build_task_rows(tasks: Sequence[Task], moment: Moment, style: Style) -> list[TaskRow]:
    """The rows of a list."""
    names = name_customers(tasks)
    reach = list_reach(list(names))
    return [_build_row(task, names, reach, moment, style) for task in tasks]


def _build_row(task: Task, names: dict[int, str], reach: Any, moment: Moment, style: Style) -> TaskRow:
    customer = get_customer_id(task)
    ways = reach.get(customer)
    return TaskRow(
        id=task.pk,
        title=task.title,
        notes=task.notes,
        url=reverse("task", args=[task.pk]),
        customer="" if customer is None else names.get(customer, ""),
        customer_url="" if customer is None else reverse("customer", args=[customer]),
        phone=ways.phone if ways else "",
        due=describe_due(task.due_on, task.due_time, moment.today, style),
        planned=format_day(task.snoozed_from, style) if task.snoozed_from else "",
        is_late=is_late(task, moment),
        is_open=task.state == "open",
        is_high=task.priority == HIGH,
        is_low=task.priority == LOW,
        priority=name_priority(task.priority),
        assignee=str(task.assignee) if task.assignee else "",
        state=name_state(task.state),
        outcome=name_outcome(task.outcome),
        outcome_note=task.outcome_note,
        repeat=describe_repeat(get_repeat(task), style),
        rule=task.rule.name if task.rule else "",
    )


def list_export_rows(tasks: Sequence[Task]) -> list[list[Any]]:
    """The tasks as rows of a file: plain values, the codes of the API."""
    names = name_customers(tasks)
    rows = []
    for task in tasks:
        customer, repeat = get_customer_id(task), get_repeat(task)
        rows.append(
            [
                task.pk, task.title, task.notes, customer, "" if customer is None else names.get(customer, ""),
                task.due_on, f"{task.due_time:%H:%M}" if task.due_time else None, task.priority,
                str(task.assignee) if task.assignee else None, task.state, task.outcome or None,
                task.outcome_note or None, f"{repeat.every} {repeat.unit}" if repeat else None, task.made_at,
                task.closed_at,
            ]
        )  # fmt: skip
    return rows
