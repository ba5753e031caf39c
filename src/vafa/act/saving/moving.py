"""What is done with cases, one or many at once: moved to another stage, given to somebody, and taken back.

Each gives back how the cases were, so that it can be undone as long as nobody has touched them since.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, cast

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from vafa.act.followups.actions import assign_tasks, cancel_tasks
from vafa.act.saving.listing import get_next_step
from vafa.act.saving.models import Case, Move
from vafa.act.saving.types import CLOSED_STAGES, MOST_AT_ONCE, STAGES, CaseUnusable, Done, Images, Stage, Why
from vafa.act.saving.viewing import check_owner
from vafa.data.log.actions import add_happening
from vafa.kit.audit import record

_KEPT = ("stage", "staged_at", "owner_id", "task_id", "why", "closed_on", "closed_at", "changed_at")
_MOMENTS, _DAYS = ("staged_at", "closed_at", "changed_at"), ("closed_on",)


@transaction.atomic
def move_cases(ids: Iterable[int], stage: str, *, by: Any, now: datetime, today: date) -> Done:
    """Move cases to a stage by hand; with one go the open cases of customers merged into the same one. A closed case is
    open again in an open stage, unless its customer has another one. `today` is the business's. Raises CaseUnusable."""
    if stage not in STAGES:
        raise CaseUnusable(_("There is no such stage."), field="stage")
    wanted = list(ids)[:MOST_AT_ONCE]
    images: dict[int, dict[str, Any]] = {}
    for case in _lock(wanted):
        image = write_image(case)
        if case.stage != stage and put(case, cast("Stage", stage), "hand", today, by=by, now=now):
            images[case.pk] = image | {"undone_at": now.isoformat()}
    done = Done(len(images), max(len(wanted) - len(images), 0), images)
    _tell("case.moved", done, by, now, stage=stage)
    return done


def put(case: Case, stage: Stage, why: Why, on: date, *, by: Any, now: datetime) -> bool:
    """Bring one case, locked by the caller, into a stage, with its row of history and of the log; False where the
    customer has another open case."""
    was_closed = case.closed_at is not None
    is_closed = stage in CLOSED_STAGES
    case.stage, case.staged_at, case.changed_at = stage, now, now
    case.why = why if is_closed else ""
    case.closed_at, case.closed_on = (now, on) if is_closed else (None, None)
    if was_closed and not is_closed and _has_other(case):
        return False
    try:
        with transaction.atomic():
            case.save(update_fields=_KEPT)
    except IntegrityError:  # opened by somebody else at this moment
        return False
    Move.objects.create(case=case, stage=stage, why=why, by=_find_staff(by), at=now)
    customer = case.customer.kept_id or case.customer_id
    # What facts of long ago say is history, and history never acts: the log judges it by the day of the fact.
    at = now if why == "hand" else min(now, datetime.combine(on, now.timetz()))
    add_happening(
        "case_moved", at=at, now=now, live=True, subject=customer, case=case.pk, stage=stage, why=why
    )
    return True


@transaction.atomic
def assign_cases(ids: Iterable[int], staff_id: int | None, *, by: Any, now: datetime) -> Done:
    """Give cases, with their next steps, to somebody (None: to nobody). Raises CaseUnusable, and AssigneeBlind if the
    person may not see the customers of all of them."""
    wanted = list(ids)[:MOST_AT_ONCE]
    cases = [case for case in _lock(wanted) if case.owner_id != staff_id]
    if staff_id is not None:
        check_owner(staff_id, [_find_owner(case) for case in cases])
    images = {case.pk: write_image(case) | {"undone_at": now.isoformat()} for case in cases}
    for case in cases:
        case.owner_id, case.changed_at = staff_id, now
        case.save(update_fields=("owner_id", "changed_at"))
    steps = [get_next_step(case) for case in cases if case.closed_at is None]
    if tasks := [step.pk for step in steps if step is not None]:
        assign_tasks(tasks, staff_id, by=by, now=now)
    done = Done(len(images), len(wanted) - len(images), images)
    _tell("case.assigned", done, by, now, staff=staff_id)
    return done


@transaction.atomic
def put_back_cases(images: Images, *, by: Any, now: datetime) -> Done:
    """Undo what was done with cases: each as it was, except those that were touched since. A next step that the change
    has made is cancelled."""
    count = 0
    for case in _lock(list(images), with_merged=False):
        image = images[case.pk]
        if case.changed_at.isoformat() != image["undone_at"]:
            continue
        step = get_next_step(case)
        made = step if step is not None and case.task_id != image["task_id"] else None
        was_owned = case.owner_id
        for name in _KEPT:
            setattr(case, name, _read(name, image[name]))
        try:
            with transaction.atomic():
                case.save(update_fields=_KEPT)
        except IntegrityError:  # its customer has another open case by now
            continue
        Move.objects.filter(case=case, at=datetime.fromisoformat(image["undone_at"])).delete()
        if made is not None:
            cancel_tasks([made.pk], by=by, now=now)
        if was_owned != case.owner_id and (kept := get_next_step(case)) is not None:
            assign_tasks([kept.pk], case.owner_id, by=by, now=now)
        count += 1
    done = Done(count, len(images) - count)
    if count:
        record("case.put_back", by=by, now=now, subject="cases", count=count)
    return done


@transaction.atomic
def take_back_opened(ids: Iterable[int], *, by: Any, now: datetime) -> Done:
    """Undo the opening of cases: they go, except those that were touched since."""
    wanted = list(ids)
    gone = [case.pk for case in _lock(wanted, with_merged=False) if case.changed_at == case.made_at]
    Case.objects.filter(pk__in=gone).delete()
    if gone:
        record("case.taken_back", by=by, now=now, subject="cases", count=len(gone))
    return Done(len(gone), len(wanted) - len(gone))


def write_image(case: Case) -> dict[str, Any]:
    """A case as it is, as plain values."""
    values = {name: getattr(case, name) for name in _KEPT}
    return {
        name: value.isoformat() if isinstance(value, date | datetime) else value
        for name, value in values.items()
    }


def _lock(ids: list[int], *, with_merged: bool = True) -> list[Case]:
    """These cases, and the open ones of customers who count as one with theirs."""
    found = Case.objects.select_for_update(of=("self",)).select_related("customer__kept", "task__customer")
    cases = list(found.filter(pk__in=ids).order_by("pk"))
    if with_merged:
        people = {case.customer.kept_id or case.customer_id for case in cases if case.closed_at is None}
        twins = Q(customer__in=people) | Q(customer__kept__in=people)
        if people and Case.objects.filter(customer__kept__in=people, closed_at=None).exists():
            cases += found.filter(twins, closed_at=None).exclude(pk__in=ids).order_by("pk")
    return cases


def _has_other(case: Case) -> bool:
    person = case.customer.kept_id or case.customer_id
    same = Q(customer=person) | Q(customer__kept=person)
    return Case.objects.filter(same, closed_at=None).exclude(pk=case.pk).exists()


def _find_owner(case: Case) -> int | None:
    kept = case.customer.kept
    return (kept or case.customer).owner_id


def _tell(action: str, done: Done, by: Any, now: datetime, **details: Any) -> None:
    if not done.count:
        return
    one = next(iter(done.images)) if len(done.images) == 1 else None
    record(action, by=by, now=now, subject=f"case:{one}" if one else "cases", count=done.count, **details)


def _read(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in _MOMENTS:
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if name in _DAYS else value


def _find_staff(by: Any) -> Any:
    return by if getattr(by, "pk", None) else None
