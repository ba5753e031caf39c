"""Lists of tasks, as somebody may see them."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import F, Q, QuerySet

from vafa.act.followups.models import Batch, Task
from vafa.act.followups.types import NEXT_DAYS, Moment, Show, TaskCounts, TaskFilter, Viewer
from vafa.act.followups.viewing import build_visible
from vafa.lab.recurrence import REPEAT_UNITS, Repeat


def build_late(moment: Moment) -> Q:
    """Open tasks whose day, or hour of today, is over."""
    of_today = Q(due_on=moment.today, due_time__lt=moment.time)
    return Q(state="open") & (Q(due_on__lt=moment.today) | of_today)


def _build_shown(asked: TaskFilter, moment: Moment) -> Q:
    today = moment.today
    return {
        "open": Q(state="open"),
        "overdue": build_late(moment),
        "today": Q(state="open", due_on=today) & ~build_late(moment),
        "next": Q(state="open", due_on__gt=today, due_on__lte=today + timedelta(days=NEXT_DAYS)),
        "done": Q(state="done"),
        "cancelled": Q(state="cancelled"),
        "all": Q(),
    }[asked.show]


def build_query(viewer: Viewer, asked: TaskFilter, moment: Moment) -> QuerySet[Task]:
    """The tasks that a filter means, of those that may be seen."""
    found = Task.objects.filter(build_visible(viewer), _build_shown(asked, moment))
    if asked.whose == "mine":
        found = found.filter(assignee=viewer.staff_id)
    elif asked.whose == "nobody":
        found = found.filter(assignee=None)
    if asked.staff_id is not None:
        found = found.filter(assignee=asked.staff_id)
    if asked.customers:
        found = found.filter(customer__in=asked.customers)
    if asked.rule_id is not None:
        found = found.filter(rule=asked.rule_id)
    if asked.batch_id is not None:
        found = found.filter(batch=asked.batch_id)
    if asked.text:
        found = found.filter(Q(title__icontains=asked.text) | Q(notes__icontains=asked.text))
    return found


def list_tasks(
    viewer: Viewer, asked: TaskFilter, moment: Moment, *, start: int = 0, count: int | None = 50
) -> list[Task]:
    """The tasks of a filter: open ones by when they are due, then by priority; closed ones the newest first. All from
    the `start`-th on where `count` is None."""
    order = (
        (F("closed_at").desc(nulls_last=True), "-id")
        if asked.show in ("done", "cancelled")
        else ("due_on", F("due_time").asc(nulls_last=True), "priority", "id")
    )
    found = build_query(viewer, asked, moment).select_related("assignee", "customer__kept", "rule")
    end = None if count is None else start + count
    return list(found.order_by(*order)[start:end])


def count_tasks(viewer: Viewer, asked: TaskFilter, moment: Moment) -> int:
    """How many tasks a filter means."""
    return build_query(viewer, asked, moment).count()


def get_counts(viewer: Viewer, asked: TaskFilter, moment: Moment) -> TaskCounts:
    """How many of somebody's tasks are late, of today and of the next days."""

    def count(show: Show) -> int:
        return count_tasks(viewer, TaskFilter(show, asked.whose, asked.staff_id), moment)

    return TaskCounts(overdue=count("overdue"), today=count("today"), next=count("next"))


def find_task(task_id: int, viewer: Viewer) -> Task | None:
    """One task that may be seen, or None."""
    found = Task.objects.filter(build_visible(viewer), pk=task_id)
    return found.select_related("assignee", "customer__kept", "rule", "made_by", "closed_by").first()


def keep_visible(ids: Iterable[int], viewer: Viewer) -> list[int]:
    """Those of these tasks that may be seen."""
    found = Task.objects.filter(build_visible(viewer), pk__in=list(ids))
    return list(found.order_by("pk").values_list("pk", flat=True))


def list_tasks_of(customers: Iterable[int], *, closed: int = 5) -> list[Task]:
    """The open tasks of a customer (and of those merged into it) by due day, then the last closed ones."""
    found = Task.objects.filter(customer__in=list(customers)).select_related("assignee", "rule")
    order = ("due_on", F("due_time").asc(nulls_last=True), "priority", "id")
    return [
        *found.filter(state="open").order_by(*order)[:100],
        *found.exclude(state="open").order_by(F("closed_at").desc(nulls_last=True), "-id")[:closed],
    ]


def list_tasks_between(viewer: Viewer, start: date, end: date) -> list[Task]:
    """Somebody's own tasks, open or done, due on the days of [start, end), by day."""
    found = Task.objects.filter(
        build_visible(viewer), assignee=viewer.staff_id, due_on__gte=start, due_on__lt=end
    )
    return list(found.exclude(state="cancelled").select_related("customer__kept").order_by("due_on", "id"))


def get_repeat(task: Task) -> Repeat | None:
    """How a task comes back; None if it doesn't."""
    unit = next((name for name in REPEAT_UNITS if name == task.repeat_unit), None)
    return None if unit is None or not task.repeat_every else Repeat(unit, task.repeat_every)


def list_batches(viewer: Viewer, limit: int = 100) -> list[Batch]:
    """The newest batches that somebody may see: who sees own customers alone sees those that they made."""
    return list(_list_seen_batches(viewer).select_related("made_by")[:limit])


def find_batch(batch_id: int, viewer: Viewer) -> Batch | None:
    """One batch, or None where there is none that this person may see."""
    return _list_seen_batches(viewer).filter(pk=batch_id).first()


def _list_seen_batches(viewer: Viewer) -> QuerySet[Batch]:
    return Batch.objects.filter(made_by=viewer.staff_id) if viewer.own_only else Batch.objects.all()
