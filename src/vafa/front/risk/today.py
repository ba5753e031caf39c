"""What the page of the day tells of customers at risk: one's own cases that wait, and whose risk rose."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vafa.act.saving.queries import Case, get_next_step, get_person_id, list_due, list_taken
from vafa.data.consent.queries import list_deceased
from vafa.data.customers.queries import list_customer_rows, list_reach
from vafa.front.customers.rows import name_customer
from vafa.front.followups.asked import Eyes
from vafa.front.followups.words import describe_due
from vafa.front.risk.words import get_band_tone, name_band, name_stage
from vafa.kit import clock
from vafa.kit.locale.formats import format_day, format_number
from vafa.predict.scores.queries import list_rises

SHOWN = 8
RISEN_WITHIN = timedelta(days=7)


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
    rows = [_build(case, names, reach, eyes) for case in cases]
    return Due(rows, _describe_more(total - len(cases), eyes))


@dataclass(frozen=True)
class RisenPerson:
    """A customer whose risk rose: how, and since when."""

    id: int
    name: str
    url: str
    band: str
    tone: str
    note: str
    phone: str


@dataclass(frozen=True)
class Rises:
    """Customers whose risk rose and whom nobody has taken on, and how many there are besides."""

    rows: list[RisenPerson]
    more: str


def list_risen_people(eyes: Eyes, whose: str) -> Rises:
    """Whose band of risk rose in the last week, without those who have a case: one's own customers, or with `whose`
    "all" everybody's whom one may see."""
    now = clock.now()
    own = eyes.viewer.own_only or whose == "mine"
    risen = list_rises(now - RISEN_WITHIN, (eyes.viewer.staff_id,) if own else None)
    taken = list_taken(now) | list_deceased()
    risen = [one for one in risen if one.customer_id not in taken]
    ids = [one.customer_id for one in risen[:SHOWN]]
    names = {row.id: name_customer(row) for row in list_customer_rows(ids)}
    reach = list_reach(ids)
    rows = [
        RisenPerson(
            id=one.customer_id,
            name=names[one.customer_id],
            url=reverse("customer", args=[one.customer_id]),
            band=_("Risk: %(band)s") % {"band": name_band(one.after)},
            tone=get_band_tone(one.after),
            note=_("since %(day)s, before: %(band)s")
            % {"day": format_day(one.as_of, eyes.style), "band": name_band(one.before)},
            phone=reach[one.customer_id].phone if one.customer_id in reach else "",
        )
        for one in risen[:SHOWN]
        if one.customer_id in names
    ]
    return Rises(rows, _describe_more(len(risen) - SHOWN, eyes))


def _describe_more(left: int, eyes: Eyes) -> str:
    more = ngettext("and %(count)s more", "and %(count)s more", left) % {
        "count": format_number(left, eyes.style)
    }
    return more if left > 0 else ""


def _build(case: Case, names: dict[int, str], reach: Any, eyes: Eyes) -> DueCase:
    person = get_person_id(case)
    task = get_next_step(case)
    return DueCase(
        name=names.get(person, ""),
        url=reverse("risk_case", args=[case.pk]),
        stage=name_stage(case.stage),
        step=task.title if task else _("No next step"),
        due=describe_due(task.due_on, task.due_time, eyes.moment.today, eyes.style) if task else "",
        is_late=task is not None and task.due_on < eyes.moment.today,
        phone=reach[person].phone if person in reach else "",
    )
