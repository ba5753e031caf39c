"""What the page of the day tells of customers at risk: one's own cases that wait for somebody."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vafa.act.saving.queries import Case, get_person_id, list_due
from vafa.data.customers.queries import list_customer_rows, list_reach
from vafa.front.customers.rows import name_customer
from vafa.front.followups.asked import Eyes
from vafa.front.followups.words import describe_due
from vafa.front.risk.words import name_stage
from vafa.kit.locale.formats import format_number

SHOWN = 8


@dataclass(frozen=True)
class DueCase:
    """An open case whose next step is due, or that has none."""

    name: str
    url: str
    stage: str
    step: str
    due: str
    is_late: bool
    phone: str


@dataclass(frozen=True)
class Due:
    """The cases that wait, and how many there are besides."""

    rows: list[DueCase]
    more: str


def list_due_cases(eyes: Eyes) -> Due:
    """One's own cases whose next step is due today or was, or that have none."""
    cases, total = list_due(eyes.viewer, eyes.moment.today, SHOWN)
    people = [get_person_id(case) for case in cases]
    names = {row.id: name_customer(row) for row in list_customer_rows(people)}
    reach = list_reach(people)
    left = total - len(cases)
    more = ngettext("and %(count)s more", "and %(count)s more", left) % {
        "count": format_number(left, eyes.style)
    }
    return Due([_build(case, names, reach, eyes) for case in cases], more if left > 0 else "")


def _build(case: Case, names: dict[int, str], reach: Any, eyes: Eyes) -> DueCase:
    person = get_person_id(case)
    task = case.task if case.task is not None and case.task.state == "open" else None
    return DueCase(
        name=names.get(person, ""),
        url=reverse("risk_case", args=[case.pk]),
        stage=name_stage(case.stage),
        step=task.title if task else _("No next step"),
        due=describe_due(task.due_on, task.due_time, eyes.moment.today, eyes.style) if task else "",
        is_late=task is not None and task.due_on < eyes.moment.today,
        phone=reach[person].phone if person in reach else "",
    )
