"""Tasks in words: outcomes, priorities, how they come back, when they are due."""

from datetime import date, time, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from vafa.act.followups.types import HIGH, LOW, NORMAL
from vafa.kit.locale.digits import write_digits
from vafa.kit.locale.formats import Style, format_day, format_number, isolate
from vafa.lab.recurrence import Repeat

# How far a task can be put off by one click.
SNOOZES = (1, 2, 7, 14, 30)
MANY_TIMES = (0, 1, 2, 3, 7, 14, 30)


def name_outcome(outcome: str) -> str:
    """What came of a task; "" where nothing is known."""
    return {
        "done": _("Done"),
        "no_answer": _("No answer"),
        "declined": _("Declined"),
        "later": _("Wants to be asked later"),
        "not_needed": _("Not needed any more"),
        "wrong_contact": _("Wrong number or address"),
    }.get(outcome, "")


def list_outcome_choices() -> list[tuple[str, str]]:
    """The outcomes, the usual one first."""
    names = ("done", "no_answer", "declined", "later", "not_needed", "wrong_contact")
    return [(name, name_outcome(name)) for name in names]


def name_priority(priority: int) -> str:
    """How urgent a task is."""
    return {
        HIGH: pgettext("priority", "High"),
        NORMAL: pgettext("priority", "Normal"),
        LOW: pgettext("priority", "Low"),
    }.get(priority, "")


def list_priority_choices() -> list[tuple[str, str]]:
    """The priorities, the highest first."""
    return [(str(value), name_priority(value)) for value in (HIGH, NORMAL, LOW)]


def name_state(state: str) -> str:
    """Whether a task is open."""
    return {
        "open": pgettext("task", "Open"),
        "done": pgettext("task", "Finished"),
        "cancelled": pgettext("task", "Cancelled"),
    }.get(state, "")


def describe_repeat(repeat: Repeat | None, style: Style) -> str:
    """How often a task comes back; "" if it doesn't."""
    if repeat is None:
        return ""
    count, shown = repeat.every, {"count": format_number(repeat.every, style)}
    return {
        "day": ngettext("every day", "every %(count)s days", count),
        "week": ngettext("every week", "every %(count)s weeks", count),
        "month": ngettext("every month", "every %(count)s months", count),
        "year": ngettext("every year", "every %(count)s years", count),
    }[repeat.unit] % shown


def list_unit_choices() -> list[tuple[str, str]]:
    """The units in which a task comes back."""
    return [
        ("", _("Not repeated")),
        ("day", _("Days")),
        ("week", _("Weeks")),
        ("month", pgettext("repetition", "Months")),
        ("year", _("Years")),
    ]


def describe_due(due_on: date, due_time: time | None, today: date, style: Style) -> str:
    """When a task is due: near days by their names, all with the hour where there is one."""
    day = {
        -1: _("Yesterday"),
        0: _("Today"),
        1: _("Tomorrow"),
    }.get((due_on - today).days) or format_day(due_on, style, "long")
    if due_time is None:
        return day
    return _("%(day)s, %(time)s") % {"day": day, "time": write_time(due_time, style)}


def write_time(value: time, style: Style) -> str:
    """A time of day in the page's digits, from left to right."""
    text = write_digits(f"{value:%H:%M}", style.digits)
    return isolate(text) if style.is_rtl else text


def describe_ahead(days: int, style: Style) -> str:
    """So many days from today."""
    names = {0: _("Today"), 1: _("Tomorrow"), 7: _("In a week"), 14: _("In two weeks"), 30: _("In a month")}
    if days in names:
        return names[days]
    return ngettext("In %(count)s day", "In %(count)s days", days) % {"count": format_number(days, style)}


def list_ahead_choices(days: tuple[int, ...], today: date, style: Style) -> list[tuple[str, str]]:
    """Days ahead to choose from, each with its date."""
    return [
        (
            str(count),
            _("%(when)s (%(day)s)")
            % {
                "when": describe_ahead(count, style),
                "day": format_day(today + timedelta(days=count), style, "day_month"),
            },
        )
        for count in days
    ]
