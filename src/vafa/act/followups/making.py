"""Making and changing single tasks."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from vafa.act.followups.models import Task
from vafa.act.followups.types import PRIORITIES, AssigneeBlind, TaskTold, TaskUnusable
from vafa.act.followups.viewing import sees_own_only
from vafa.data.customers.queries import find_customer
from vafa.data.staff.queries import find_staff_by_id
from vafa.kit.audit import record
from vafa.kit.permissions import Permission

MOST_YEARS_AHEAD = timedelta(days=20 * 366)
_OWN = ("title", "notes", "customer_id", "due_on", "due_time", "priority", "assignee_id")


@transaction.atomic
def create_task(told: TaskTold, *, by: Any, now: datetime) -> Task:
    """Make a task. Raises TaskUnusable, and AssigneeBlind for whoever may not see its customer."""
    task = Task(made_by=_find_staff(by), made_at=now)
    _write(task, told, now)
    task.save()
    record("task.made", by=by, now=now, subject=f"task:{task.pk}")
    return task


@transaction.atomic
def change_task(task_id: int, told: TaskTold, *, by: Any, now: datetime) -> Task:
    """Say a task anew; what was changed goes into the audit trail. Raises TaskUnusable."""
    task = Task.objects.select_for_update().get(pk=task_id)
    if task.state != "open":
        raise TaskUnusable(_("This task is closed."), _("Open it again first."))
    before = _tell(task)
    _write(task, told, now)
    changed = sorted(name for name, value in _tell(task).items() if before[name] != value)
    if changed:
        if "due_on" in changed:
            task.snoozed_from = None
        task.save()
        record("task.changed", by=by, now=now, subject=f"task:{task.pk}", fields=changed)
    return task


def _tell(task: Task) -> dict[str, Any]:
    return {name: getattr(task, name) for name in (*_OWN, "repeat_unit", "repeat_every")}


def _write(task: Task, told: TaskTold, now: datetime) -> None:
    _check(told, now)
    for name in _OWN:
        setattr(task, name, getattr(told, name))
    task.title = told.title.strip()
    task.notes = told.notes.strip()
    repeat = told.repeat
    moved = task.repeat_unit != (repeat.unit if repeat else "") or task.series_on is None
    if moved or (task.pk and Task.objects.filter(pk=task.pk).exclude(due_on=told.due_on).exists()):
        # A series counts from the day that somebody chose.
        task.series_on = told.due_on if repeat else None
    task.repeat_unit, task.repeat_every = (repeat.unit, repeat.every) if repeat else ("", None)
    task.changed_at = now


def _check(told: TaskTold, now: datetime) -> None:
    if not told.title.strip():
        raise TaskUnusable(_("Say what is to be done."), field="title")
    if len(told.title.strip()) > 300:
        raise TaskUnusable(_("The title is too long."), _("Write the rest into the notes."), field="title")
    if told.priority not in PRIORITIES:
        raise TaskUnusable(_("There is no such priority."), field="priority")
    if not date(1990, 1, 1) <= told.due_on <= now.date() + MOST_YEARS_AHEAD:
        raise TaskUnusable(_("The day is too far away."), field="due_on")
    customer = None if told.customer_id is None else find_customer(told.customer_id)
    if told.customer_id is not None and customer is None:
        raise TaskUnusable(_("There is no such customer."), field="customer")
    if told.assignee_id is not None:
        check_assignee(told.assignee_id, [] if customer is None else [customer.owner_id])


def check_assignee(assignee_id: int, owners: list[int | None]) -> Any:
    """The member of staff who is to do tasks about customers of these owners. Raises TaskUnusable for who can't sign in
    or works on no tasks, AssigneeBlind for who may not see all of these customers."""
    staff = find_staff_by_id(assignee_id)
    if staff is None or not staff.is_active or not staff.may(Permission.WORK_TASKS):
        raise TaskUnusable(_("This person can't be given tasks."), field="assignee")
    if any(owner != staff.pk for owner in owners) and sees_own_only(staff):
        raise AssigneeBlind(
            _("%(name)s sees own customers only, and this one is not among them.") % {"name": staff},
            _("Give them the customer first, or choose somebody else."),
            field="assignee",
        )
    return staff


def _find_staff(by: Any) -> Any:
    return by if getattr(by, "pk", None) else None
