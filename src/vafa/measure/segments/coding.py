"""Definitions as JSON documents, with a version, and back."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from vafa.lab.periods import EVERY
from vafa.measure.segments.types import (
    COUNTS,
    FACTS,
    FIELD_OPS,
    MEASURE_OPS,
    MEASURES,
    MODES,
    SPAN_KINDS,
    STATES,
    Condition,
    Definition,
    DefinitionUnusable,
    FactCondition,
    FactFilter,
    FieldCondition,
    Group,
    MeasureCondition,
    Node,
    SegmentCondition,
    Since,
    Span,
    StateCondition,
)

VERSION = 1
_MOST_DEPTH = 20
_SINCE_OPS = ("at_least", "at_most")


def write_definition(definition: Definition) -> dict[str, Any]:
    """The document of a definition; what says nothing is left out."""
    return {"version": VERSION, "root": write_node(definition.root)}


def read_definition(document: Mapping[str, Any]) -> Definition:
    """The definition that a document holds. Raises DefinitionUnusable for one that this version can't read."""
    if document.get("version") != VERSION:
        raise _refuse(f"version {document.get('version')!r}")
    root = read_node(document.get("root"))
    if not isinstance(root, Group):
        raise _refuse("root")
    return Definition(root)


def write_node(node: Node) -> dict[str, Any]:
    """The document of one part."""
    if isinstance(node, Group):
        return {"group": node.mode, "parts": [write_node(part) for part in node.parts]}
    if isinstance(node, FieldCondition):
        return _drop_empty(
            {"field": node.field, "op": node.op, "values": list(node.values), "span": _write_span(node.span)}
        )
    if isinstance(node, StateCondition):
        since = {"op": node.since.op, "days": node.since.days} if node.since else None
        return _drop_empty({"state": node.state, "since": since})
    if isinstance(node, FactCondition):
        return _drop_empty(
            {
                "fact": node.fact,
                "op": node.op,
                "times": node.times,
                "span": _write_narrowing(node.span),
                "filters": [{"field": one.field, "values": list(one.values)} for one in node.filters],
                "amount": None if node.amount is None else str(node.amount),
            }
        )
    if isinstance(node, MeasureCondition):
        return _drop_empty(
            {
                "measure": node.measure,
                "op": node.op,
                "value": None if node.value is None else str(node.value),
                "upper": None if node.upper is None else str(node.upper),
                "span": _write_narrowing(node.span),
            }
        )
    return {"segment": node.segment, "member": node.member}


def _drop_empty(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if value not in (None, [], {})}


def _write_span(span: Span | None) -> dict[str, Any] | None:
    if span is None:
        return None
    return _drop_empty(
        {
            "kind": span.kind,
            "days": span.days,
            "start": span.start.isoformat() if span.start else None,
            "end": span.end.isoformat() if span.end else None,
            "every": span.every,
        }
    )


def _write_narrowing(span: Span) -> dict[str, Any] | None:
    """The span of a fact or measure, which is ever unless it says otherwise."""
    return None if span == Span() else _write_span(span)


def read_node(document: Any, depth: int = 0) -> Node:
    """The part that a document holds."""
    if not isinstance(document, Mapping) or depth > _MOST_DEPTH:
        raise _refuse("part")
    if "group" in document:
        parts = _check_list(document.get("parts", []), "parts")
        mode = _choose(document["group"], MODES, "group")
        return Group(mode, tuple(read_node(part, depth + 1) for part in parts))
    for name, read in _READERS.items():
        if name in document:
            return read(document)
    raise _refuse("part")


def _read_field(document: Mapping[str, Any]) -> FieldCondition:
    span = document.get("span")
    return FieldCondition(
        field=_check_text(document["field"], "field"),
        op=_choose(document.get("op"), FIELD_OPS, "op"),
        values=_read_texts(document.get("values", []), "values"),
        span=None if span is None else _read_span(span),
    )


def _read_state(document: Mapping[str, Any]) -> StateCondition:
    since = document.get("since")
    state = _choose(document["state"], STATES, "state")
    if since is None:
        return StateCondition(state)
    if not isinstance(since, Mapping):
        raise _refuse("since")
    return StateCondition(
        state, Since(_choose(since.get("op"), _SINCE_OPS, "op"), _check_number(since.get("days"), "days"))
    )


def _read_fact(document: Mapping[str, Any]) -> FactCondition:
    filters = []
    for one in _check_list(document.get("filters", []), "filters"):
        if not isinstance(one, Mapping):
            raise _refuse("filters")
        filters.append(
            FactFilter(_check_text(one.get("field"), "field"), _read_texts(one.get("values", []), "values"))
        )
    return FactCondition(
        fact=_choose(document["fact"], FACTS, "fact"),
        op=_choose(document.get("op", "at_least"), COUNTS, "op"),
        times=_check_number(document.get("times", 1), "times"),
        span=_read_span(document.get("span")),
        filters=tuple(filters),
        amount=_read_decimal(document.get("amount"), "amount"),
    )


def _read_measure(document: Mapping[str, Any]) -> MeasureCondition:
    return MeasureCondition(
        measure=_choose(document["measure"], MEASURES, "measure"),
        op=_choose(document.get("op"), MEASURE_OPS, "op"),
        value=_read_decimal(document.get("value"), "value"),
        upper=_read_decimal(document.get("upper"), "upper"),
        span=_read_span(document.get("span")),
    )


def _read_segment(document: Mapping[str, Any]) -> SegmentCondition:
    member = document.get("member", True)
    if not isinstance(member, bool):
        raise _refuse("member")
    return SegmentCondition(_check_text(document["segment"], "segment"), member)


_READERS: dict[str, Callable[[Mapping[str, Any]], Condition]] = {
    "field": _read_field,
    "state": _read_state,
    "fact": _read_fact,
    "measure": _read_measure,
    "segment": _read_segment,
}


def _read_span(document: Any) -> Span:
    if document is None:
        return Span()
    if not isinstance(document, Mapping):
        raise _refuse("span")
    days = document.get("days")
    every = document.get("every")
    return Span(
        kind=_choose(document.get("kind", "ever"), SPAN_KINDS, "kind"),
        days=None if days is None else _check_number(days, "days"),
        start=_read_day(document.get("start")),
        end=_read_day(document.get("end")),
        every=None if every is None else _choose(every, EVERY, "every"),
    )


def _read_day(text: Any) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise _refuse("day") from error


def _read_decimal(text: Any, name: str) -> Decimal | None:
    if text is None:
        return None
    try:
        value = Decimal(str(text))
    except InvalidOperation as error:
        raise _refuse(name) from error
    if not value.is_finite():
        raise _refuse(name)
    return value


def _read_texts(values: Any, name: str) -> tuple[str, ...]:
    return tuple(_check_text(value, name) for value in _check_list(values, name))


def _check_list(value: Any, name: str) -> list[Any]:
    if not isinstance(value, list):
        raise _refuse(name)
    return value


def _check_text(value: Any, name: str) -> str:
    if not isinstance(value, str):
        raise _refuse(name)
    return value


def _check_number(value: Any, name: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise _refuse(name)
    return value


def _choose(value: Any, known: tuple[Any, ...], name: str) -> Any:
    if value not in known:
        raise _refuse(name)
    return cast("Any", value)


def _refuse(what: str) -> DefinitionUnusable:
    return DefinitionUnusable(f"The definition of a segment can't be read: {what}.")
