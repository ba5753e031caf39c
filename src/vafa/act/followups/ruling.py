"""Rules of contact: made, changed, ordered, switched on and off; and their tasks of the day."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from vafa.act.followups.gaps import Gaps, Waiting, list_members_of, list_waiting, open_gaps
from vafa.act.followups.making import check_assignee
from vafa.act.followups.models import ContactRule, RuleRun, Task
from vafa.act.followups.rules import tell_moment
from vafa.act.followups.types import PRIORITIES, RuleTold, RuleUnusable
from vafa.act.followups.viewing import list_assignable, sees_own_only
from vafa.data.business.queries import get_business
from vafa.data.customers.queries import list_owners
from vafa.kit.audit import record
from vafa.measure.segments.queries import find_saved
from vafa.warehouse.queries import Snapshot, open_snapshot

MOST_A_DAY = 500
MOST_GAP = 3650
_TOLD = ("name", "segment", "gap_days", "title", "assignee_id", "priority", "most_a_day", "catches_up")


@transaction.atomic
def save_rule(told: RuleTold, rule_id: int | None = None, *, by: Any, now: datetime) -> ContactRule:
    """Make a rule, switched off and after the others, or say one anew. Raises RuleUnusable."""
    _check(told)
    if rule_id is None:
        last = ContactRule.objects.aggregate(last=Max("place"))["last"] or 0
        rule = ContactRule(place=last + 1, made_by=by, made_at=now)
    else:
        rule = ContactRule.objects.select_for_update().get(pk=rule_id)
    changed = [name for name in _TOLD if getattr(rule, name) != getattr(told, name)]
    for name in _TOLD:
        setattr(rule, name, getattr(told, name))
    rule.save()
    if changed:
        action = "rule.made" if rule_id is None else "rule.changed"
        record(action, by=by, now=now, subject=f"rule:{rule.pk}", fields=changed)
    return rule


@transaction.atomic
def switch_rule(rule_id: int, *, on: bool, by: Any, now: datetime) -> None:
    """Switch a rule on, from today, or off; its open tasks stay. On twice is on since the first time."""
    today = tell_moment(now, get_business().zone).today
    rules = ContactRule.objects.filter(pk=rule_id, removed_at=None, since__isnull=on)
    if rules.update(since=today if on else None):
        record("rule.switched_on" if on else "rule.switched_off", by=by, now=now, subject=f"rule:{rule_id}")


@transaction.atomic
def move_rule(rule_id: int, *, up: bool, by: Any, now: datetime) -> None:
    """Let a rule decide before, or after, its neighbour."""
    rules = list(ContactRule.objects.select_for_update().filter(removed_at=None))
    place = next((n for n, rule in enumerate(rules) if rule.pk == rule_id), None)
    other = None if place is None else place - 1 if up else place + 1
    if place is None or other is None or not 0 <= other < len(rules):
        return
    rules[place], rules[other] = rules[other], rules[place]
    for n, rule in enumerate(rules, 1):
        rule.place = n
    ContactRule.objects.bulk_update(rules, ["place"])
    record("rule.moved", by=by, now=now, subject=f"rule:{rule_id}")


@transaction.atomic
def remove_rule(rule_id: int, *, by: Any, now: datetime) -> None:
    """Take a rule away, or put it back if it was; it is off then. Its tasks stay."""
    rule = ContactRule.objects.select_for_update().get(pk=rule_id)
    rule.removed_at = now if rule.removed_at is None else None
    rule.since = None
    rule.save(update_fields=["removed_at", "since"])
    action = "rule.removed" if rule.removed_at else "rule.put_back"
    record(action, by=by, now=now, subject=f"rule:{rule_id}")


def list_rules() -> list[ContactRule]:
    """The rules in the order in which they decide."""
    return list(ContactRule.objects.filter(removed_at=None).select_related("assignee"))


def find_rule(rule_id: int) -> ContactRule | None:
    """One rule, also a removed one; or None."""
    return ContactRule.objects.filter(pk=rule_id).first()


def make_due_tasks(now: datetime, snapshot: Snapshot | None = None) -> int:
    """Make the tasks of today of every rule that is on; how many were made. Safe to be run twice at once and to be cut
    off anywhere: a rule's day is one row, written in one transaction with its tasks."""
    today = tell_moment(now, get_business().zone).today
    rules = [rule for rule in list_rules() if rule.since is not None]
    done = set(RuleRun.objects.filter(on=today).values_list("rule_id", flat=True))
    if all(rule.pk in done for rule in rules):
        return 0
    gaps = open_gaps(snapshot or open_snapshot(), today)
    if gaps.until is None:
        return 0
    members = list_members_of(rules, gaps)
    return sum(_make_for(rule, members[rule.pk], gaps, today, now) for rule in rules if rule.pk not in done)


def _make_for(rule: ContactRule, members: Any, gaps: Gaps, today: date, now: datetime) -> int:
    since = rule.since or today
    waiting = list_waiting(rule, members, gaps, since, catches_up=rule.catches_up)
    chosen = waiting[: rule.most_a_day]
    try:
        with transaction.atomic():
            run = RuleRun.objects.create(
                rule=rule, on=today, at=now, made=len(chosen), waiting=len(waiting) - len(chosen)
            )
            before = Task.objects.filter(rule=rule).count()
            tasks = _build_tasks(rule, chosen, today, now)
            Task.objects.bulk_create(tasks, ignore_conflicts=True, batch_size=200)
            made = Task.objects.filter(rule=rule).count() - before
            if made:
                record("rule.made_tasks", by=None, now=now, subject=f"rule:{rule.pk}", count=made)
            if made != run.made:
                run.made = made
                run.save(update_fields=["made"])
    except IntegrityError:  # another worker has this day
        return 0
    return made


def _build_tasks(rule: ContactRule, chosen: list[Waiting], today: date, now: datetime) -> list[Task]:
    owners = list_owners([one.customer_id for one in chosen])
    working = {staff.pk: staff for staff in list_assignable()}
    # Who was given the rule's tasks may be gone by now, or see own customers only.
    usual = working.get(rule.assignee_id or 0)
    usual_id = None if usual is None or sees_own_only(usual) else usual.pk
    return [
        Task(
            title=rule.title, customer_id=one.customer_id, due_on=today, priority=rule.priority, rule=rule,
            assignee_id=owner if (owner := owners.get(one.customer_id)) in working else usual_id, made_for=today,
            made_at=now, changed_at=now,
        )
        for one in chosen
    ]  # fmt: skip


def _check(told: RuleTold) -> None:
    if not told.name.strip():
        raise RuleUnusable(_("Give the rule a name."), field="name")
    if not told.title.strip():
        raise RuleUnusable(_("Say what is to be done."), field="title")
    if not 1 <= told.gap_days <= MOST_GAP:
        raise RuleUnusable(_("A whole number of days from 1 to 3650."), field="gap_days")
    if not 1 <= told.most_a_day <= MOST_A_DAY:
        raise RuleUnusable(_("From 1 to 500 tasks a day."), field="most_a_day")
    if told.priority not in PRIORITIES:
        raise RuleUnusable(_("There is no such priority."), field="priority")
    if told.segment and find_saved(told.segment) is None:
        raise RuleUnusable(_("There is no such segment."), field="segment")
    if told.assignee_id is not None:
        check_assignee(told.assignee_id, [])


def forget_runs(now: datetime) -> int:
    """Forget which days rules made their tasks of, half a year after."""
    return RuleRun.objects.filter(at__lt=now - timedelta(days=183)).delete()[0]
