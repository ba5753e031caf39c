"""From what a form says to a definition, and back. What can't be understood is told beside its condition."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, cast

from django.core.exceptions import ValidationError

from vafa.front.date_field import parse_day, write_day
from vafa.front.segments.draft import DraftCondition, DraftGroup, DraftNode
from vafa.kit.locale.reading import NumberUnreadable, read_number
from vafa.lab.calendars import CalendarName
from vafa.lab.periods import EVERY
from vafa.measure.segments.queries import find_problems
from vafa.measure.segments.types import (
    COUNTS,
    FACTS,
    FACTS_WITH_AMOUNT,
    FIELD_OPS,
    FILTERS_OF,
    MEASURE_OPS,
    MEASURES,
    MEASURES_WITH_SPAN,
    SPAN_KINDS,
    STATES,
    Condition,
    Definition,
    FactCondition,
    FactFilter,
    FieldCondition,
    Group,
    MeasureCondition,
    Node,
    Path,
    Problem,
    SegmentCondition,
    Since,
    Span,
    StateCondition,
)


@dataclass(frozen=True)
class Understood:
    """A draft as a definition (None where any part can't be read), and what is wrong with its parts."""

    definition: Definition | None
    problems: tuple[Problem, ...]

    @property
    def is_usable(self) -> bool:
        """Whether it can be evaluated and saved."""
        return self.definition is not None and not self.problems

    def list_codes(self, path: Path) -> list[str]:
        """The codes of what is wrong with one part."""
        return [problem.code for problem in self.problems if problem.path == path]


class _Unread(Exception):
    """An input can't be read."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def understand(
    draft: DraftGroup, calendar: CalendarName, segments: Mapping[str, str], own_slug: str = ""
) -> Understood:
    """What a draft says. `segments` are the slugs that may be named."""
    problems: list[Problem] = []
    root = _read_group(draft, (), calendar, problems)
    if not problems:
        problems += find_problems(root, [slug for slug in segments if slug != own_slug])
    return Understood(Definition(root) if not problems else None, tuple(problems))


def _read_group(draft: DraftGroup, path: Path, calendar: CalendarName, problems: list[Problem]) -> Group:
    parts: list[Node] = []
    for place, part in enumerate(draft.parts):
        here = (*path, place)
        if isinstance(part, DraftGroup):
            parts.append(_read_group(part, here, calendar, problems))
            continue
        try:
            parts.append(read_condition(part, calendar))
        except _Unread as unread:
            problems.append(Problem(here, unread.code))
    return Group(cast("Any", draft.mode), tuple(parts))


def read_condition(draft: DraftCondition, calendar: CalendarName) -> Condition:
    """The condition that a draft says."""
    kind, _colon, name = draft.what.partition(":")
    if kind == "field":
        return _read_field(draft, name, calendar)
    if kind == "state" and name in STATES:
        return _read_state(draft, name)
    if kind == "fact" and name in FACTS:
        return _read_fact(draft, name, calendar)
    if kind == "measure" and name in MEASURES:
        return _read_measure(draft, name, calendar)
    if kind == "segment":
        return SegmentCondition(draft.get("segment"), draft.get("op") != "is_not")
    raise _Unread("what_missing")


def _read_field(draft: DraftCondition, name: str, calendar: CalendarName) -> FieldCondition:
    op = _choose(draft.get("op"), FIELD_OPS, "within" if name == "joined_on" else "is")
    if op in ("within", "not_within"):
        return FieldCondition(name, op, span=_read_span(draft, calendar))
    if op in ("known", "unknown"):
        return FieldCondition(name, op)
    values = list(draft.list("value"))
    for text in draft.list("text"):
        values += [line.strip() for line in text.splitlines() if line.strip()]
    return FieldCondition(name, op, tuple(dict.fromkeys(values)))


def _read_state(draft: DraftCondition, name: str) -> StateCondition:
    state = cast("Any", name)
    op = draft.get("since", "at_most" if state in ("new", "won_back") else "")
    if op not in ("at_least", "at_most"):
        return StateCondition(state)
    days = _read_whole(draft.get("since_days"))
    if days is None:
        raise _Unread("days_missing")
    return StateCondition(state, Since(cast("Any", op), days))


def _read_fact(draft: DraftCondition, name: str, calendar: CalendarName) -> FactCondition:
    fact = cast("Any", name)
    op = draft.get("op", "at_least")
    times = _read_whole(draft.get("times"))
    if op == "never":
        op, times = "at_most", 0
    filters = tuple(
        FactFilter(field, tuple(values))
        for field in FILTERS_OF[fact]
        if (values := [*draft.list(f"f.{field}"), *_split_lines(draft, f"t.{field}")])
    )
    return FactCondition(
        fact,
        _choose(op, COUNTS, "at_least"),
        1 if times is None else times,
        _read_span(draft, calendar),
        filters,
        _read_decimal(draft.get("amount")) if fact in FACTS_WITH_AMOUNT else None,
    )


def _split_lines(draft: DraftCondition, name: str) -> list[str]:
    return [line.strip() for text in draft.list(name) for line in text.splitlines() if line.strip()]


def _read_measure(draft: DraftCondition, name: str, calendar: CalendarName) -> MeasureCondition:
    measure = cast("Any", name)
    op = _choose(draft.get("op"), MEASURE_OPS, "at_least")
    span = _read_span(draft, calendar) if measure in MEASURES_WITH_SPAN else Span()
    if op in ("known", "unknown"):
        return MeasureCondition(measure, op, span=span)
    upper = _read_decimal(draft.get("upper")) if op == "between" else None
    return MeasureCondition(measure, op, _read_decimal(draft.get("value")), upper, span)


def _read_span(draft: DraftCondition, calendar: CalendarName) -> Span:
    kind = _choose(draft.get("span"), SPAN_KINDS, "ever")
    if kind in ("last_days", "before_days"):
        return Span(kind, days=_read_whole(draft.get("days")))
    if kind == "between":
        return Span(
            kind, start=_read_day(draft.get("start"), calendar), end=_read_day(draft.get("end"), calendar)
        )
    if kind in ("this", "previous"):
        return Span(kind, every=_choose(draft.get("every"), EVERY, "month"))
    return Span()


def _choose(text: str, known: tuple[Any, ...], usual: str) -> Any:
    return text if text in known else usual


def _read_whole(text: str) -> int | None:
    number = _read_decimal(text)
    if number is None:
        return None
    if number != int(number):
        raise _Unread("number_not_whole")
    return int(number)


def _read_decimal(text: str) -> Decimal | None:
    try:
        return read_number(text)
    except NumberUnreadable as error:
        raise _Unread("number_unreadable") from error


def _read_day(text: str, calendar: CalendarName) -> date | None:
    if not text:
        return None
    try:
        return parse_day(text, calendar)
    except ValidationError as error:
        raise _Unread("day_unreadable") from error


# Back again


def write_draft(definition: Definition, calendar: CalendarName) -> DraftGroup:
    """A definition as its form would say it."""
    written = _write_node(definition.root, calendar)
    assert isinstance(written, DraftGroup)
    return written


def _write_node(node: Node, calendar: CalendarName) -> DraftNode:
    if isinstance(node, Group):
        return DraftGroup(node.mode, [_write_node(part, calendar) for part in node.parts])
    write: Callable[[Any, CalendarName], tuple[str, dict[str, Any]]] = _WRITERS[type(node)]
    what, said = write(node, calendar)
    lists = {
        name: value if isinstance(value, list) else [str(value)]
        for name, value in said.items()
        if value is not None
    }
    return DraftCondition(what, lists)


def _write_field(condition: FieldCondition, calendar: CalendarName) -> tuple[str, dict[str, Any]]:
    span = _write_span(condition.span, calendar) if condition.span else {}
    return f"field:{condition.field}", {"op": condition.op, "value": list(condition.values), **span}


def _write_state(condition: StateCondition, _calendar: CalendarName) -> tuple[str, dict[str, Any]]:
    since = condition.since
    said = {"since": since.op, "since_days": since.days} if since else {}
    return f"state:{condition.state}", said


def _write_fact(condition: FactCondition, calendar: CalendarName) -> tuple[str, dict[str, Any]]:
    is_never = condition.op != "at_least" and condition.times == 0
    said: dict[str, Any] = {"op": "never" if is_never else condition.op, "times": condition.times}
    said |= {f"f.{one.field}": list(one.values) for one in condition.filters}
    said["amount"] = condition.amount
    return f"fact:{condition.fact}", said | _write_span(condition.span, calendar)


def _write_measure(condition: MeasureCondition, calendar: CalendarName) -> tuple[str, dict[str, Any]]:
    said = {"op": condition.op, "value": condition.value, "upper": condition.upper}
    return f"measure:{condition.measure}", said | _write_span(condition.span, calendar)


def _write_segment(condition: SegmentCondition, _calendar: CalendarName) -> tuple[str, dict[str, Any]]:
    return "segment:", {"segment": condition.segment, "op": "is" if condition.member else "is_not"}


_WRITERS: dict[type[Any], Callable[[Any, CalendarName], tuple[str, dict[str, Any]]]] = {
    FieldCondition: _write_field,
    StateCondition: _write_state,
    FactCondition: _write_fact,
    MeasureCondition: _write_measure,
    SegmentCondition: _write_segment,
}


def _write_span(span: Span, calendar: CalendarName) -> dict[str, Any]:
    return {
        "span": span.kind,
        "days": span.days,
        "start": write_day(span.start, calendar) if span.start else None,
        "end": write_day(span.end, calendar) if span.end else None,
        "every": span.every,
    }
