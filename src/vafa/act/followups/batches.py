"""A task for each of many customers, shared out among the staff: planned, made in pieces, undone as a whole."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from vafa.act.followups.making import check_assignee
from vafa.act.followups.models import Batch, Task
from vafa.act.followups.rules import share_out, spread
from vafa.act.followups.types import BatchPlan, BatchTold, BatchUnusable, Share
from vafa.act.followups.viewing import list_assignable, sees_own_only
from vafa.data.consent.queries import list_deceased
from vafa.data.customers.queries import list_owners
from vafa.kit.audit import record

PIECE = 1000
MOST = 10_000
MOST_DAYS = 366


def plan_batch(told: BatchTold, customers: Sequence[int]) -> BatchPlan:
    """What a batch would make. Raises BatchUnusable, and AssigneeBlind for who may not see all of the customers."""
    living, chosen = _share(told, customers)
    counts = Counter(chosen.values())
    shares = tuple(Share(staff, counts[staff]) for staff in sorted(counts, key=lambda pk: (pk is None, pk)))
    return BatchPlan(len(living), len(customers) - len(living), shares)


def make_batch(told: BatchTold, customers: Sequence[int], *, by: Any, now: datetime) -> Batch:
    """Make the tasks, 1,000 in a transaction. What was cut off in the middle is completed by sending the same form
    again: a batch has one task for each customer. Raises what `plan_batch` does."""
    living, chosen = _share(told, customers)
    if not living:
        raise BatchUnusable(_("There is nobody to make a task for."))
    batch, made = Batch.objects.get_or_create(
        key=told.key,
        defaults={"title": told.title.strip(), "segment": told.segment, "made_by": by, "made_at": now},
    )
    if batch.undone_at is not None:
        return batch
    for start in range(0, len(living), PIECE):
        piece = living[start : start + PIECE]
        tasks = [
            Task(
                title=told.title.strip(), notes=told.notes.strip(), customer_id=customer, priority=told.priority,
                due_on=spread(start + n, len(living), told.due_on, told.days), assignee_id=chosen[customer],
                batch=batch, made_by=by, made_at=now, changed_at=now,
            )
            for n, customer in enumerate(piece)
        ]  # fmt: skip
        with transaction.atomic():
            Task.objects.bulk_create(tasks, ignore_conflicts=True)
    with transaction.atomic():
        batch.made = Task.objects.filter(batch=batch).count()
        batch.save(update_fields=["made"])
        if made:
            record("tasks.shared_out", by=by, now=now, subject=f"batch:{batch.pk}", count=batch.made)
    return batch


def undo_batch(batch_id: int, *, by: Any, now: datetime) -> int:
    """Take the tasks of a batch away that nobody has touched yet; how many. What was done, put off or changed stays."""
    removed = 0
    while True:
        untouched = Task.objects.filter(batch=batch_id, state="open", changed_at=F("made_at"))
        piece = list(untouched.order_by("pk").values_list("pk", flat=True)[:PIECE])
        if not piece:
            break
        with transaction.atomic():
            removed += Task.objects.filter(pk__in=piece, state="open", changed_at=F("made_at")).delete()[0]
    with transaction.atomic():
        if Batch.objects.filter(pk=batch_id, undone_at=None).update(undone_at=now):
            record("tasks.batch_undone", by=by, now=now, subject=f"batch:{batch_id}", count=removed)
    return removed


def _share(told: BatchTold, customers: Sequence[int]) -> tuple[list[int], dict[int, int | None]]:
    """The customers who get a task, and who does it for each."""
    _check(told, customers)
    dead = list_deceased()
    living = [customer for customer in customers if customer not in dead]
    owners = list_owners(living)
    # Whoever looks after a customer but works on no tasks any more gets none.
    working = {staff.pk for staff in list_assignable()}
    usable = {pk: owner if owner in working else None for pk, owner in owners.items()}
    chosen = share_out(living, usable, told.staff, told.sharing)
    for staff in {pk for pk in chosen.values() if pk is not None}:
        others = [owners[customer] for customer, one in chosen.items() if one == staff]
        check_assignee(staff, others)
    return living, chosen


def _check(told: BatchTold, customers: Sequence[int]) -> None:
    if not told.title.strip():
        raise BatchUnusable(_("Say what is to be done."), field="title")
    if len(customers) > MOST:
        raise BatchUnusable(
            _("These are more than %(most)s customers, too many for tasks of people.") % {"most": MOST},
            _("Choose a smaller segment, or narrow the list first."),
        )
    if told.sharing == "evenly" and not told.staff:
        raise BatchUnusable(_("Choose among whom the tasks are shared out."), field="staff")
    if told.sharing == "evenly" and any(
        sees_own_only(one) for one in list_assignable() if one.pk in told.staff
    ):
        raise BatchUnusable(
            _("Some of these people see own customers only."),
            _("Let each customer's task go to who looks after the customer."),
            field="staff",
        )
    if not 1 <= told.days <= MOST_DAYS:
        raise BatchUnusable(_("Spread them over 1 to 366 days."), field="days")
