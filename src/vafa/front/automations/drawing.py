"""The flow as it is drawn: each step with its sentence, its ways, who waits there, and in the form its inputs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vafa.act.automations.queries import list_ways
from vafa.act.automations.types import Document, Problem, StepTold, When
from vafa.data.staff.queries import list_staff
from vafa.front.automations.fields import Asking, Input, list_step_inputs, write_date
from vafa.front.automations.words import (
    ICONS,
    name_by,
    name_channel,
    name_problem,
    name_step,
    name_way,
    name_when,
)
from vafa.kit.errors import VafaError
from vafa.kit.locale.formats import format_day, format_days, format_list_of, format_number
from vafa.measure.segments.queries import Names, describe_definition, read_definition


@dataclass(frozen=True)
class WayView:
    """One way of a branch."""

    name: str
    title: str
    steps: "Sequence[StepView]"


@dataclass(frozen=True)
class StepView:
    """One step as it is drawn."""

    id: str
    kind: str
    title: str
    icon: str
    sentence: str
    waiting: str
    problems: Sequence[str]
    inputs: Sequence[Input]
    ways: Sequence[WayView]
    is_first: bool
    is_last: bool
    place: str


def build_steps(
    document: Document,
    asking: Asking,
    *,
    waiting: Mapping[str, int] | None = None,
    problems: Sequence[Problem] = (),
    editing: bool = False,
) -> list[StepView]:
    """The steps of a document, in order."""
    builder = _Builder(asking, waiting or {}, problems, editing=editing)
    return builder.build(document.steps)


class _Builder:
    def __init__(
        self, asking: Asking, waiting: Mapping[str, int], problems: Sequence[Problem], *, editing: bool
    ) -> None:
        self.asking = asking
        self.waiting = waiting
        self.problems = problems
        self.editing = editing
        self.place = 0

    def build(self, steps: Sequence[StepTold]) -> list[StepView]:
        """Steps of one way."""
        return [self._build(step, n == 0, n == len(steps) - 1) for n, step in enumerate(steps)]

    def _build(self, step: StepTold, is_first: bool, is_last: bool) -> StepView:
        self.place += 1
        place = format_number(self.place, self.asking.style)
        count = self.waiting.get(step.id, 0)
        inputs = list_step_inputs(step, self.asking) if self.editing else []
        return StepView(
            id=step.id,
            kind=step.kind,
            title=name_step(step.kind),
            icon=ICONS[step.kind],
            sentence=describe_step(step, self.asking),
            waiting=_tell_waiting(count, self.asking),
            problems=[name_problem(one.code) for one in self.problems if one.step == step.id],
            inputs=[self._settle(one, step.id) for one in inputs],
            ways=[WayView(way, name_way(way), self.build(step.ways.get(way, ()))) for way in list_ways(step)],
            is_first=is_first,
            is_last=is_last,
            place=place,
        )

    def _settle(self, one: Input, step_id: str) -> Input:
        value = write_date(str(one.value), self.asking) if one.kind == "date" else one.value
        return replace(one, value=value, id=f"{step_id}-{one.name}")


def _tell_waiting(count: int, asking: Asking) -> str:
    if not count:
        return ""
    said = ngettext("%(count)s waits here", "%(count)s wait here", count)
    return said % {"count": format_number(count, asking.style)}


def describe_step(step: StepTold, asking: Asking) -> str:
    """What a step does, in a sentence."""
    return _WRITERS[step.kind](step.told, asking)


def _describe_wait(told: Mapping[str, Any], asking: Asking) -> str:
    days, hours = int(told.get("days") or 0), int(told.get("hours") or 0)
    parts = [format_days(days, asking.style)] if days else []
    if hours:
        said = ngettext("%(count)s hour", "%(count)s hours", hours)
        parts.append(said % {"count": format_number(hours, asking.style)})
    return format_list_of(parts, asking.style) if parts else ""


def _describe_until(told: Mapping[str, Any], asking: Asking) -> str:
    names = dict(asking.weekdays)
    parts = [names[str(one)] for one in told.get("weekdays", ()) if str(one) in names]
    if fixed := told.get("date"):
        parts.append(format_day(date.fromisoformat(str(fixed)), asking.style))
    if at := told.get("time"):
        parts.append(write_time(str(at), asking))
    return format_list_of(parts, asking.style) if parts else ""


def write_time(text: str, asking: Asking) -> str:
    """A time of day in the reader's digits."""
    hours, colon, minutes = text.partition(":")
    if not colon or not (hours + minutes).isdecimal():
        return text
    tens = format_number(int(minutes) // 10, asking.style) + format_number(int(minutes) % 10, asking.style)
    return f"{format_number(int(hours), asking.style)}:{tens}"


def _describe_message(told: Mapping[str, Any], asking: Asking) -> str:
    channel = str(next(iter(told.get("channels", ())), "email"))
    key = f"template:{told['template']}" if told.get("template") else f"text:{told.get('text', '')}"
    name = next((one.name for one in asking.texts if one.key == key), _("no text yet"))
    return _("%(channel)s: %(text)s") % {"channel": name_channel(channel), "text": name}


def _describe_tag(told: Mapping[str, Any], _asking: Asking) -> str:
    name = str(told.get("name", ""))
    said = _("Take the tag “%(name)s” off") if told.get("do") == "remove" else _("Put the tag “%(name)s” on")
    return said % {"name": name}


def _describe_field(told: Mapping[str, Any], _asking: Asking) -> str:
    return _("%(field)s becomes “%(value)s”") % {
        "field": told.get("name", ""),
        "value": told.get("value", ""),
    }


def _describe_list(told: Mapping[str, Any], asking: Asking) -> str:
    name = dict(asking.segments).get(str(told.get("segment", "")), "")
    said = (
        _("Take the customer off “%(name)s”")
        if told.get("do") == "remove"
        else _("Put the customer on “%(name)s”")
    )
    return said % {"name": name}


def _describe_branch(told: Mapping[str, Any], asking: Asking) -> str:
    by = str(told.get("by", "segment"))
    if by == "segment" and told.get("segment"):
        name = dict(asking.segments).get(str(told.get("segment")), "")
        return _("Is the customer in “%(name)s”?") % {"name": name}
    if by == "rules" and (said := describe_rules(told.get("definition"), asking)):
        return f"{name_by(by)} {said}"
    return name_by(by)


def describe_rules(told: Mapping[str, Any] | None, asking: Asking) -> str:
    """Rules as a sentence; "" where there are none, or none that can be read any more."""
    if not told:
        return ""
    try:
        definition = read_definition(dict(told))
    except VafaError:
        return ""
    staff = {str(one.pk): str(one) for one in list_staff()}
    return describe_definition(definition, asking.style, Names(dict(asking.segments), staff))


_WRITERS: dict[str, Callable[[Mapping[str, Any], Asking], str]] = {
    "wait": _describe_wait,
    "wait_until": _describe_until,
    "message": _describe_message,
    "task": lambda told, _asking: str(told.get("title", "")),
    "tag": _describe_tag,
    "field": _describe_field,
    "list": _describe_list,
    "code": lambda told, asking: dict(asking.pools).get(str(told.get("pool") or ""), ""),
    "webhook": lambda told, _asking: str(told.get("url", "")),
    "branch": _describe_branch,
    "stop": lambda _told, _asking: _("Whoever comes here is through."),
}


def describe_when(when: When, asking: Asking) -> str:
    """What lets customers in, in a sentence."""
    name = name_when(when.kind)
    segments = dict(asking.segments)
    if when.kind in ("entered_segment", "left_segment", "draw"):
        return _("%(what)s: %(detail)s") % {"what": name, "detail": segments.get(when.segment, "–")}
    if when.kind in ("risk_rose", "risk_fell") and when.band:
        return _("%(what)s: %(detail)s") % {"what": name, "detail": name_way(when.band)}
    if when.kind == "silence":
        return _("No order for %(days)s") % {"days": format_days(when.days, asking.style)}
    if when.kind == "occasion":
        detail = dict(asking.occasions).get(when.occasion, "–")
        return _("%(what)s: %(detail)s") % {"what": name, "detail": detail} + _tell_offset(when, asking)
    return name + _tell_offset(when, asking)


def _tell_offset(when: When, asking: Asking) -> str:
    if when.kind not in ("birthday", "joined", "subscription_end", "occasion") or not when.days:
        return ""
    days = format_days(abs(when.days), asking.style)
    said = _("%(days)s before") if when.days < 0 else _("%(days)s after")
    return f" · {said % {'days': days}}"


def describe_conditions(document: Document, asking: Asking) -> list[str]:
    """The conditions of entry, each in a sentence."""
    names = dict(asking.segments)
    found = []
    for one in document.conditions:
        if one.segment:
            said = _("In the segment “%(name)s”") if one.member else _("Not in the segment “%(name)s”")
            found.append(said % {"name": names.get(one.segment, one.segment)})
        else:
            told = describe_rules(one.definition, asking)
            found.append(told or _("Meets conditions of its own"))
    return found
