"""What is done with tasks, one or many at once: finished, put off, given to somebody, cancelled, opened again.

Each gives back how the tasks were, so that it can be undone as long as nobody has touched them since.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, cast

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from vafa.act.followups.listing import get_repeat
from vafa.act.followups.making import check_assignee
from vafa.act.followups.models import Task
from vafa.act.followups.rules import decide_next_due, tell_moment
from vafa.act.followups.types import MOST_AT_ONCE, OUTCOMES, Done, Images, TaskUnusable
from vafa.data.business.queries import get_business
from vafa.data.log.actions import add_happening
from vafa.kit.audit import record

if TYPE_CHECKING:
    from vafa.lab.calendars import CalendarName

_KEPT = (
    "state", "outcome", "outcome_note", "due_on", "snoozed_from", "assignee_id", "closed_by_id", "closed_at",
    "changed_at",
)  # fmt: skip
_DAYS, _MOMENTS = ("due_on", "snoozed_from"), ("closed_at", "changed_at")


@transaction.atomic
def finish_tasks(ids: Iterable[int], outcome: str, note: str = "", *, by: Any, now: datetime) -> Done:
    """Finish open tasks, with what came of it; the next one of a repeated task is made. Raises TaskUnusable."""
    if outcome not in OUTCOMES:
        raise TaskUnusable(_("There is no such outcome."), field="outcome")

    def finish(task: Task) -> bool:
        task.state, task.outcome, task.outcome_note = "done", outcome, note.strip()[:500]
        task.closed_by, task.closed_at = _find_staff(by), now
        return True

    done = _change(ids, finish, now=now, only="open")
    for task in Task.objects.filter(pk__in=list(done.images)).order_by("pk"):
        _make_next(task, now)
        add_happening(
            "task_done", at=now, now=now, live=True, subject=task.customer_id, task=task.pk, outcome=outcome
        )
    _tell("task.finished", done, by, now, outcome=outcome)
    return done


@transaction.atomic
def cancel_tasks(ids: Iterable[int], *, by: Any, now: datetime) -> Done:
    """Say that open tasks will not be done; a repeated one does not come back."""

    def cancel(task: Task) -> bool:
        task.state, task.closed_by, task.closed_at = "cancelled", _find_staff(by), now
        return True

    done = _change(ids, cancel, now=now, only="open")
    _tell("task.cancelled", done, by, now)
    return done


@transaction.atomic
def snooze_tasks(ids: Iterable[int], until: date, *, by: Any, now: datetime) -> Done:
    """Put open tasks off to a day from today on. Raises TaskUnusable."""
    if until < tell_moment(now, get_business().zone).today:
        raise TaskUnusable(_("That day is over."), _("Choose today or a later day."), field="until")

    def snooze(task: Task) -> bool:
        if task.due_on == until:
            return False
        task.snoozed_from = task.snoozed_from or task.due_on
        task.due_on = until
        return True

    done = _change(ids, snooze, now=now, only="open")
    _tell("task.snoozed", done, by, now)
    return done


@transaction.atomic
def assign_tasks(ids: Iterable[int], staff_id: int | None, *, by: Any, now: datetime) -> Done:
    """Give open tasks to somebody (None: to nobody). Raises TaskUnusable; AssigneeBlind if the person may not see the
    customers of all of them."""
    wanted = list(ids)[:MOST_AT_ONCE]
    if staff_id is not None:
        owners = Task.objects.filter(pk__in=wanted, customer__isnull=False, state="open").values_list(
            "customer__owner_id", "customer__kept_id", "customer__kept__owner_id"
        )
        check_assignee(staff_id, [kept_owner if kept else owner for owner, kept, kept_owner in owners])

    def assign(task: Task) -> bool:
        if task.assignee_id == staff_id:
            return False
        task.assignee_id = staff_id
        return True

    done = _change(wanted, assign, now=now, only="open")
    _tell("task.assigned", done, by, now, staff=staff_id)
    return done


@transaction.atomic
def reopen_tasks(ids: Iterable[int], *, by: Any, now: datetime) -> Done:
    """Open closed tasks again. The one that was made to follow a repeated task goes, unless somebody has touched it; a
    task of a rule stays closed while the rule has made another one for its customer."""

    def reopen(task: Task) -> bool:
        if task.rule_id is not None and _has_open_twin(task):
            return False
        _remove_next(task)
        task.state, task.outcome, task.outcome_note = "open", "", ""
        task.closed_by, task.closed_at = None, None
        return True

    done = _change(ids, reopen, now=now, only="closed")
    _tell("task.reopened", done, by, now)
    return done


@transaction.atomic
def put_back_tasks(images: Images, *, by: Any, now: datetime) -> Done:
    """Undo what was done with tasks: each as it was, except those that were touched since (`changed_at` is not that of
    the change any more: the caller gives it as "undone_at")."""
    count = 0
    for task in Task.objects.select_for_update().filter(pk__in=list(images)).order_by("pk"):
        image = images[task.pk]
        if task.changed_at.isoformat() != image["undone_at"]:
            continue
        if task.state == "done" and image["state"] == "open":
            _remove_next(task)
        for name in _KEPT:
            setattr(task, name, _read(name, image[name]))
        try:
            with transaction.atomic():
                task.save(update_fields=_KEPT)
        except IntegrityError:  # its rule has made another one for this customer
            continue
        count += 1
    done = Done(count, len(images) - count)
    _tell("task.put_back", done, by, now)
    return done


def _change(ids: Iterable[int], change: Callable[[Task], bool], *, now: datetime, only: str) -> Done:
    """Change tasks that are open, or closed; at most 1,000 at once."""
    wanted = list(ids)[:MOST_AT_ONCE]
    images: dict[int, dict[str, Any]] = {}
    tasks = []
    for task in Task.objects.select_for_update().filter(pk__in=wanted).order_by("pk"):
        if (task.state == "open") != (only == "open"):
            continue
        image = {name: _write(getattr(task, name)) for name in _KEPT}
        if not change(task):
            continue
        task.changed_at = now
        images[task.pk] = image | {"undone_at": now.isoformat()}
        tasks.append(task)
    Task.objects.bulk_update(tasks, _KEPT, batch_size=200)
    return Done(len(tasks), len(wanted) - len(tasks), images)


def _make_next(task: Task, now: datetime) -> None:
    """The task that a finished one comes back as; once, whoever finishes it."""
    repeat = get_repeat(task)
    if repeat is None or Task.objects.filter(follows=task).exists():
        return
    business = get_business()
    series_on = task.series_on or task.due_on
    calendar = cast("CalendarName", business.calendar)
    finished_on = tell_moment(now, business.zone).today
    due_on = decide_next_due(series_on, task.due_on, repeat, calendar, finished_on)
    Task.objects.create(
        title=task.title, notes=task.notes, customer_id=task.customer_id, due_on=due_on, due_time=task.due_time,
        priority=task.priority, assignee_id=task.assignee_id, repeat_unit=repeat.unit, repeat_every=repeat.every,
        series_on=series_on, follows=task, made_by=task.made_by, made_at=now, changed_at=now,
    )  # fmt: skip


def _remove_next(task: Task) -> None:
    for following in Task.objects.filter(follows=task, state="open"):
        if following.changed_at == following.made_at:
            following.delete()


def _has_open_twin(task: Task) -> bool:
    return Task.objects.filter(rule=task.rule_id, customer=task.customer_id, state="open").exists()


def _tell(action: str, done: Done, by: Any, now: datetime, **details: Any) -> None:
    if not done.count:
        return
    one = next(iter(done.images)) if len(done.images) == 1 else None
    record(action, by=by, now=now, subject=f"task:{one}" if one else "tasks", count=done.count, **details)


def _write(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _read(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in _MOMENTS:
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if name in _DAYS else value


def _find_staff(by: Any) -> Any:
    return by if getattr(by, "pk", None) else None
