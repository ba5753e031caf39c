"""Lists of cases, as somebody may see them."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import cast

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce

from vafa.act.followups.queries import Task
from vafa.act.followups.types import Viewer
from vafa.act.saving.models import Case, Move
from vafa.act.saving.rules import tell_stage_times
from vafa.act.saving.types import CaseFilter, Stage
from vafa.act.saving.viewing import build_visible

_RELATED = ("owner", "task__customer", "customer__kept")


def get_person_id(case: Case) -> int:
    """The customer of a case, as the one kept after merges."""
    return case.customer.kept_id or case.customer_id


def get_next_step(case: Case) -> Task | None:
    """The open task that is next, while it is of this customer, as merged: tasks can be moved to another's, and then
    whoever sees the case may not see what is to be done there."""
    task = case.task
    if task is None or task.state != "open" or task.customer is None:
        return None
    person = task.customer.kept_id or task.customer_id
    return task if person == get_person_id(case) else None


def list_cases(viewer: Viewer, asked: CaseFilter) -> list[Case]:
    """The open cases and those closed since a day, the longest in their stage first; of customers who count as one by
    now only the case that has come farthest."""
    found = Case.objects.filter(build_visible(viewer))
    found = found.filter(Q(closed_at=None) | Q(closed_on__gte=asked.closed_since))
    if asked.of_nobody:
        found = found.filter(owner=None)
    elif asked.staff_id is not None:
        found = found.filter(owner=asked.staff_id)
    return _leave_twins_out(found.select_related(*_RELATED).order_by("staged_at", "pk"))


def _leave_twins_out(cases: Iterable[Case]) -> list[Case]:
    rank = {"at_risk": 0, "plan_made": 1, "being_saved": 2}
    listed, best = list(cases), dict[int, Case]()
    for case in listed:
        person = get_person_id(case)
        other = best.get(person)
        if case.closed_at is None and (other is None or rank[case.stage] > rank[other.stage]):
            best[person] = case
    return [case for case in listed if case.closed_at is not None or best[get_person_id(case)] is case]


def find_case(case_id: int, viewer: Viewer) -> Case | None:
    """One case that may be seen, or None."""
    found = Case.objects.filter(build_visible(viewer), pk=case_id)
    return found.select_related(*_RELATED, "made_by").first()


def keep_visible(ids: Iterable[int], viewer: Viewer) -> list[int]:
    """Those of these cases that may be seen."""
    found = Case.objects.filter(build_visible(viewer), pk__in=list(ids))
    return list(found.order_by("pk").values_list("pk", flat=True))


def find_open_case(customers: Collection[int]) -> Case | None:
    """The open case of a customer (its id and those merged into it), or None."""
    found = Case.objects.filter(customer__in=list(customers), closed_at=None).select_related(*_RELATED)
    listed = _leave_twins_out(found.order_by("pk"))
    return listed[0] if listed else None


def list_cases_of(customers: Collection[int], limit: int = 20) -> list[Case]:
    """The closed cases of a customer (and of those merged into it), the newest first."""
    found = Case.objects.filter(customer__in=list(customers)).exclude(closed_at=None)
    return list(found.select_related(*_RELATED).order_by("-closed_at", "-pk")[:limit])


def list_moves(case: Case) -> list[Move]:
    """How a case came from stage to stage, in order."""
    return list(case.moves.select_related("by"))


def list_stage_times(cases: Collection[Case], now: datetime) -> dict[int, dict[Stage, timedelta]]:
    """How long each case was in each stage, by its id."""
    moves: dict[int, list[tuple[Stage, datetime]]] = {case.pk: [] for case in cases}
    ids = sorted(moves)
    for start in range(0, len(ids), 400):
        rows = Move.objects.filter(case__in=ids[start : start + 400]).values_list("case_id", "stage", "at")
        for case, stage, at in rows.order_by("pk"):
            moves[case].append((cast("Stage", stage), at))
    return {pk: tell_stage_times(listed, now) if listed else {} for pk, listed in moves.items()}


def list_due(viewer: Viewer, today: date, limit: int) -> tuple[list[Case], int]:
    """Somebody's own open cases whose next step is due by today or that have none, the longest waiting first, and how
    many there are in all."""
    found = _build_due(today).filter(build_visible(viewer), owner=viewer.staff_id)
    return list(
        found.select_related(*_RELATED).order_by("task__due_on", "staged_at", "pk")[:limit]
    ), found.count()


def _build_due(today: date) -> QuerySet[Case]:
    waits = Q(task=None) | ~Q(task__state="open") | Q(task__due_on__lte=today)
    # Who a step is for, and whose case it is: see `get_next_step`.
    found = Case.objects.alias(
        step_of=Coalesce("task__customer__kept_id", "task__customer_id"),
        person=Coalesce("customer__kept_id", "customer_id"),
    )
    return found.filter(waits | Q(step_of=None) | ~Q(step_of=F("person")), closed_at=None)


def list_taken(since: datetime) -> set[int]:
    """The customers (kept ones) who have an open case, or one that was closed after a moment."""
    rows = Case.objects.filter(Q(closed_at=None) | Q(closed_at__gte=since))
    return {kept or own for own, kept in rows.values_list("customer_id", "customer__kept_id")}
