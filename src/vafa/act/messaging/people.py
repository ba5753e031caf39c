"""What became of the tasks by which people deliver messages, and what is still to be done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from vafa.act.messaging.channel_models import StaffTask
from vafa.act.messaging.channels.staff import FORMS
from vafa.act.messaging.happenings import record_happened
from vafa.data.customers.queries import Reach, list_reach

# How a task ended -> what became of the message. Somebody who was reached and declined was reached.
_REACHED = frozenset({"done", "declined"})
AT_ONCE = 500


@dataclass(frozen=True)
class PeopleTask:
    """Something that somebody is to do for a message."""

    task_id: int
    sending_id: int
    form: str
    customer_id: int | None
    customer_name: str
    customer_title: str
    owner_id: int | None
    assignee_id: int | None
    assignee_name: str
    title: str
    text: str
    due_on: date
    address: str
    phone: str = ""


def settle_people(now: datetime) -> int:
    """Tell the ledger of tasks that are closed, each once; how many."""
    waiting = StaffTask.objects.filter(told_at=None, task__state__in=("done", "cancelled"))
    closed = list(waiting.select_related("task").order_by("pk")[:AT_ONCE])
    for one in closed:
        with transaction.atomic():
            if not StaffTask.objects.filter(pk=one.pk, told_at=None).update(told_at=now):
                continue
            reached = one.task.state == "done" and one.task.outcome in _REACHED
            at = min(one.task.closed_at or now, now)
            kind: Any = "delivered" if reached else "undelivered"
            record_happened(one.sending_id, kind, detail=one.task.outcome, at=at, now=now)
    return len(closed)


def list_people_tasks(
    form: str = "",
    *,
    owner_id: int | None = None,
    assignee_id: int | None = None,
    address_field: str = "",
    start: int = 0,
    limit: int = 100,
) -> list[PeopleTask]:
    """Open tasks that deliver messages, by the day they are due; `owner_id` limits to customers of one member of
    staff, `assignee_id` to tasks of one, `address_field` names the field of the customer that holds an address."""
    found = _list_open(form, owner_id, assignee_id)
    found = found.select_related("task__customer", "task__assignee", "sending__account")
    tasks = list(found[start : start + limit])
    reach = list_reach([one.task.customer_id for one in tasks if one.task.customer_id])
    return [_tell(one, address_field, reach) for one in tasks]


def count_people_tasks(*, owner_id: int | None = None, assignee_id: int | None = None) -> dict[str, int]:
    """How many tasks are open, by form."""
    return {form: _list_open(form, owner_id, assignee_id).count() for form in FORMS}


def _list_open(form: str, owner_id: int | None, assignee_id: int | None) -> "QuerySet[StaffTask]":
    found = StaffTask.objects.filter(task__state="open").order_by("task__due_on", "pk")
    if form:
        found = found.filter(sending__account__settings__form=form)
    if assignee_id is not None:
        found = found.filter(task__assignee=assignee_id)
    return found if owner_id is None else found.filter(task__customer__owner=owner_id)


def _tell(one: StaffTask, address_field: str, reach: Mapping[int, Reach]) -> PeopleTask:
    task, customer = one.task, one.task.customer
    account = one.sending.account
    field = address_field or str((account.settings if account else {}).get("address_field", ""))
    custom = customer.custom if customer else {}
    return PeopleTask(
        task_id=task.pk,
        sending_id=one.sending_id,
        form=str((account.settings if account else {}).get("form", FORMS[0])),
        customer_id=None if customer is None else customer.pk,
        customer_name=customer.name if customer else "",
        customer_title=customer.title if customer else "",
        owner_id=None if customer is None else customer.owner_id,
        assignee_id=task.assignee_id,
        assignee_name=str(task.assignee) if task.assignee else "",
        title=task.title,
        text=task.notes,
        due_on=task.due_on,
        address=str(custom.get(field) or (customer.location if customer else "") or ""),
        phone=reach[customer.pk].phone if customer and customer.pk in reach else "",
    )
