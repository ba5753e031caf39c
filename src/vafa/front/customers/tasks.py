"""What the worker does with changes of very many customers."""

from datetime import datetime
from typing import Any

from django_tasks import task

from vafa.data.business.queries import get_business
from vafa.data.customers.actions import fail_bulk_change, forget_bulk_changes, go_on_with_bulk_change
from vafa.data.customers.queries import find_bulk_change, list_stalled_bulk_changes
from vafa.kit import clock
from vafa.kit.permissions import Permission, may
from vafa.measure.metrics.queries import get_owner_id

_NEEDED = {
    "tag": Permission.EDIT_CUSTOMERS,
    "untag": Permission.EDIT_CUSTOMERS,
    "assign": Permission.ASSIGN_CUSTOMERS,
}


@task()
def work_on(key: str) -> None:
    """Do what is left of a change, or take it back. Whoever asked for either must still be allowed to; an agent's own
    customers are asked for anew at each piece."""
    job = find_bulk_change(key)
    if job is None or job.state in ("done", "undone"):
        return
    staff = job.undo_by if job.state == "undoing" else job.by
    if staff is None or not may_change_many(staff, job.kind):
        fail_bulk_change(key, clock.now())
        return
    go_on_with_bulk_change(key, owner_id=get_owner_id(staff, get_business()), clock=clock.now)


def may_change_many(staff: Any, kind: str) -> bool:
    """Whether somebody may do such a change to many, and so take it back."""
    return bool(staff.is_active and may(staff, _NEEDED[kind]))


def go_on_with_stalled(now: datetime) -> int:
    """Put changes that a dead worker has left in the middle back into the queue, and forget old ones; how many."""
    stalled = list_stalled_bulk_changes(now)
    for job in stalled:
        work_on.enqueue(job.key)
    forget_bulk_changes(now)
    return len(stalled)
