"""The next step of a case: a task of whoever saves it."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from vafa.act.followups.actions import change_task, create_task
from vafa.act.followups.queries import get_repeat
from vafa.act.followups.types import TaskTold
from vafa.act.saving.models import Case
from vafa.act.saving.moving import put, write_image
from vafa.act.saving.types import CaseUnusable, Done
from vafa.kit.audit import record
from vafa.kit.permissions import Permission, may


@transaction.atomic
def plan_case(case_id: int, title: str, due_on: date, *, by: Any, now: datetime) -> Done:
    """Say what is to be done next, and when: the open next step is said anew, or a task is made. A case that is only at
    risk has a plan thereby. Raises CaseUnusable for a closed case, TaskUnusable."""
    case = Case.objects.select_for_update(of=("self",)).select_related("customer", "task").get(pk=case_id)
    if case.closed_at is not None:
        raise CaseUnusable(_("This case is closed."), _("Open it again first."))
    image = write_image(case)
    # Who may not give tasks to others takes the step on.
    gives = case.owner_id is None or case.owner_id == by.pk or may(by, Permission.ASSIGN_TASKS)
    assignee_id = case.owner_id if gives else by.pk
    told = TaskTold(title, due_on, customer_id=case.customer_id, assignee_id=assignee_id)
    task = case.task
    if task is not None and task.state == "open" and task.customer_id == case.customer_id:
        said = replace(
            told, notes=task.notes, due_time=task.due_time, priority=task.priority, assignee_id=task.assignee_id,
            repeat=get_repeat(task),
        )  # fmt: skip
        change_task(task.pk, said, by=by, now=now)
    else:
        case.task = create_task(told, by=by, now=now)
    case.changed_at = now
    case.save(update_fields=("task", "changed_at"))
    if case.stage == "at_risk":
        put(case, "plan_made", "hand", due_on, by=by, now=now)
    record("case.planned", by=by, now=now, subject=f"case:{case.pk}", fields=["task"])
    return Done(1, images={case.pk: image | {"undone_at": now.isoformat()}})
