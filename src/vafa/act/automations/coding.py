"""Documents as JSON and back. What is missing takes its default; what nobody knows is refused."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from vafa.act.automations.types import STEP_KINDS, WHEN_KINDS, Again, Condition, Document, StepTold, When


def write_document(document: Document) -> dict[str, Any]:
    """The document as JSON holds it."""
    return {
        "when": asdict(document.when),
        "if": [_write_condition(one) for one in document.conditions],
        "again": asdict(document.again),
        "goal": document.goal,
        "exits": document.exits,
        "purpose": document.purpose,
        "holdout": document.holdout,
        "horizon_days": document.horizon_days,
        "steps": [_write_step(step) for step in document.steps],
    }


def _write_condition(one: Condition) -> dict[str, Any]:
    return {"segment": one.segment, "member": one.member, "definition": one.definition}


def _write_step(step: StepTold) -> dict[str, Any]:
    ways = {name: [_write_step(inner) for inner in steps] for name, steps in step.ways.items()}
    return {"id": step.id, "kind": step.kind, **step.told, **({"ways": ways} if ways else {})}


def read_document(told: Mapping[str, Any]) -> Document:
    """A document from its JSON. Raises ValueError for a kind that nobody knows."""
    when = _pick(When, told.get("when", {"kind": "order"}))
    if when.kind not in WHEN_KINDS:
        raise ValueError(when.kind)
    return Document(
        when=when,
        conditions=tuple(_pick(Condition, one) for one in told.get("if", ())),
        again=_pick(Again, told.get("again", {})),
        goal=told.get("goal", ""),
        exits=bool(told.get("exits", False)),
        purpose=told.get("purpose", "marketing"),
        holdout=None if told.get("holdout", 0.0) is None else float(told.get("holdout", 0.0)),
        horizon_days=int(told.get("horizon_days", 30)),
        steps=tuple(_read_step(step) for step in told.get("steps", ())),
    )


def _pick(kind: type[Any], told: Mapping[str, Any]) -> Any:
    known = {one.name for one in fields(kind)}
    return kind(**{name: value for name, value in told.items() if name in known})


def _read_step(told: Mapping[str, Any]) -> StepTold:
    if told["kind"] not in STEP_KINDS:
        raise ValueError(told["kind"])
    own = {name: value for name, value in told.items() if name not in ("id", "kind", "ways")}
    ways = {name: tuple(_read_step(one) for one in steps) for name, steps in told.get("ways", {}).items()}
    return StepTold(told["id"], told["kind"], own, ways)
