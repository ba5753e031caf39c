"""Answers to surveys and tickets as a customer's timeline tells them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vafa.front.customer.events import Event
from vafa.kit.locale.formats import Style, format_day, format_moment, format_number


def name_question(question: str) -> str:
    """A kind of question in words."""
    names = {
        "nps": _("Would recommend (NPS)"),
        "csat": _("Satisfaction (CSAT)"),
        "ces": _("Effort (CES)"),
    }
    return names.get(question, _("Answer"))


def write_answer(row: Any, zone: ZoneInfo, style: Style) -> Event:
    """An answer, or an invitation that has had none."""
    answered = row.answered_on is not None
    return Event(
        day=row.day,
        when=_write_when(row.answered_at if answered else row.invited_at, row.day, zone, style),
        icon="star",
        title=name_question(row.question)
        if answered
        else _("Invited to answer: %(question)s") % {"question": name_question(row.question)},
        amount=_write_score(row, style),
        source=row.source.name,
        notes=tuple(
            filter(None, (" · ".join(filter(None, (row.survey, row.channel))), _write_direction(row)))
        ),
        text=row.comment,
    )


def _write_score(row: Any, style: Style) -> str:
    if row.score is None:
        return ""
    score = format_number(Decimal(row.score).normalize(), style)
    if row.scale_high is None:
        return score
    return _("%(score)s on a scale of %(low)s to %(high)s") % {
        "score": score,
        "low": format_number(row.scale_low, style),
        "high": format_number(row.scale_high, style),
    }


def _write_direction(row: Any) -> str:
    """Said only where it is the unusual way round."""
    return _("A low number is good.") if row.score is not None and row.direction == "low" else ""


def write_ticket(row: Any, zone: ZoneInfo, style: Style) -> Event:
    """A ticket, on the day of its opening."""
    notes = [" · ".join(filter(None, (row.category, row.channel, row.priority, row.status)))]
    notes += [
        text % {"when": _write_when(at, on, zone, style)}
        for text, at, on in (
            (_("First answer: %(when)s"), row.first_response_at, row.first_response_on),
            (_("Solved: %(when)s"), row.solved_at, row.solved_on),
            (_("Closed: %(when)s"), row.closed_at, row.closed_on),
        )
        if on is not None
    ]
    if row.reopened:
        text = ngettext("Reopened %(count)s time", "Reopened %(count)s times", row.reopened)
        notes.append(text % {"count": format_number(row.reopened, style)})
    if row.satisfaction:
        notes.append(_("Rated: %(rating)s") % {"rating": row.satisfaction})
    return Event(
        day=row.day,
        when=_write_when(row.opened_at, row.day, zone, style),
        icon="life-buoy",
        title=row.subject or _("Ticket"),
        amount="",
        source=row.source.name,
        notes=tuple(filter(None, (row.agent_name, *notes))),
    )


def _write_when(at: datetime | None, on: date, zone: ZoneInfo, style: Style) -> str:
    return format_day(on, style) if at is None else format_moment(at, zone, style)
