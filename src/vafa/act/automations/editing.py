"""Changing the steps of a document: pure, on the tree as it is read. Unknown steps change nothing."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from vafa.act.automations.rules import list_ways, walk
from vafa.act.automations.types import Document, StepKind, StepTold

Steps = tuple[StepTold, ...]
DEFAULTS: dict[StepKind, dict[str, Any]] = {
    "wait": {"days": 1, "hours": 0},
    "wait_until": {"time": "10:00", "weekdays": [], "date": ""},
    "message": {"channels": ["email"], "text": "", "template": None, "festive": False},
    "task": {"title": "", "days": 0, "notes": "", "priority": 2, "assignee": ""},
    "tag": {"name": "", "do": "add"},
    "field": {"name": "", "value": ""},
    "list": {"segment": "", "do": "add"},
    "code": {"pool": ""},
    "webhook": {"url": ""},
    "branch": {"by": "segment", "segment": ""},
    "stop": {},
}


def take_id(document: Document) -> str:
    """An id that no step of the document has: one after the highest."""
    numbers = [int(step.id[1:]) for step, _depth in walk(document.steps) if step.id[1:].isdecimal()]
    return f"s{max(numbers, default=0) + 1}"


def add_step(
    document: Document, kind: StepKind, *, after: str = "", inside: str = "", way: str = ""
) -> Document:
    """A new step of a kind: after another one, at the end of a way of one, or at the end of all."""
    step = StepTold(take_id(document), kind, dict(DEFAULTS[kind]))
    if inside:
        return replace(document, steps=_change(document.steps, inside, lambda old: [_append(old, way, step)]))
    if after:
        return replace(document, steps=_change(document.steps, after, lambda old: [old, step]))
    return replace(document, steps=(*document.steps, step))


def _append(old: StepTold, way: str, step: StepTold) -> StepTold:
    if way not in list_ways(old):
        return old
    return replace(old, ways={**old.ways, way: (*old.ways.get(way, ()), step)})


def tell_step(document: Document, step_id: str, told: Mapping[str, Any]) -> Document:
    """Other settings for a step; ways that it no longer has are kept for as long as it might have them again."""
    return replace(
        document,
        steps=_change(document.steps, step_id, lambda old: [replace(old, told={**old.told, **told})]),
    )


def remove_step(document: Document, step_id: str) -> Document:
    """Without a step, and without what is in its ways."""
    return replace(document, steps=_change(document.steps, step_id, lambda _old: []))


def move_step(document: Document, step_id: str, *, up: bool) -> Document:
    """A step before, or after, its neighbour in the same way."""
    return replace(document, steps=_move(document.steps, step_id, -1 if up else 1))


def _change(steps: Steps, step_id: str, change: Callable[[StepTold], list[StepTold]]) -> Steps:
    found: list[StepTold] = []
    for step in steps:
        if step.id == step_id:
            found += change(step)
        else:
            ways = {way: _change(inner, step_id, change) for way, inner in step.ways.items()}
            found.append(replace(step, ways=ways) if step.ways else step)
    return tuple(found)


def _move(steps: Steps, step_id: str, by: int) -> Steps:
    listed = list(steps)
    for place, step in enumerate(listed):
        other = place + by
        if step.id == step_id:
            if 0 <= other < len(listed):
                listed[place], listed[other] = listed[other], listed[place]
            return tuple(listed)
        if step.ways:
            ways = {way: _move(inner, step_id, by) for way, inner in step.ways.items()}
            listed[place] = replace(step, ways=ways)
    return tuple(listed)
