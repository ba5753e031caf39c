"""The conditions of a segment while they are edited: whatever a form holds, half said things too.

A form's names say where each input belongs: `n0-1.op` is the comparison of the second part of the first group. Buttons
are named `do` and say what is done where: `add@0`, `group@0`, `remove@0-1`, `shape@` (show the fields anew).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from vafa.measure.segments.types import MODES, Path

_NAME = re.compile(r"n((?:\d{1,3}-)*\d{1,3})?\.([a-z_.]{1,30})")
MOST_PARTS = 200
# What an input says before anybody has written in it.
USUAL = {"times": "1", "days": "90", "since_days": "30"}


@dataclass
class DraftCondition:
    """One condition as its form says it: `what` it is about, and the texts of its inputs."""

    what: str = ""
    said: dict[str, list[str]] = field(default_factory=dict)
    is_new: bool = False

    def get(self, name: str, default: str = "") -> str:
        """The text of an input; what is usual where it was never shown."""
        return self.said.get(name, [default or USUAL.get(name, "")])[-1].strip()

    def list(self, name: str) -> Sequence[str]:
        """All texts of an input, without blank ones."""
        return [text.strip() for text in self.said.get(name, []) if text.strip()]


@dataclass
class DraftGroup:
    """A group as its form says it."""

    mode: str = "all"
    parts: "list[DraftCondition | DraftGroup]" = field(default_factory=list)


DraftNode = DraftCondition | DraftGroup


def list_used(draft: DraftGroup) -> frozenset[str]:
    """What the conditions are about, without its kind: fields, numbers, states and facts by their names."""
    parts = [
        list_used(part) if isinstance(part, DraftGroup) else {part.what.partition(":")[2]}
        for part in draft.parts
    ]
    return frozenset().union(*parts)


def read_draft(posted: Mapping[str, Any]) -> DraftGroup:
    """The tree that a form holds; what is named wrongly in it is passed over. `posted` gives lists of texts."""
    said: dict[Path, dict[str, list[str]]] = {}
    for name, values in posted.items():
        match = _NAME.fullmatch(name)
        if match and len(said) < MOST_PARTS:
            path = tuple(int(part) for part in match[1].split("-")) if match[1] else ()
            said.setdefault(path, {})[match[2]] = [str(value) for value in values]
    return _read_group((), said)


def _read_group(path: Path, said: Mapping[Path, dict[str, list[str]]]) -> DraftGroup:
    own = said.get(path, {})
    mode = own.get("mode", ["all"])[-1]
    children = sorted(other for other in said if len(other) == len(path) + 1 and other[: len(path)] == path)
    parts: list[DraftNode] = [
        _read_group(child, said) if "mode" in said[child] else _read_condition(said[child])
        for child in children
    ]
    return DraftGroup(mode if mode in MODES else "all", parts)


def _read_condition(said: dict[str, list[str]]) -> DraftCondition:
    what = said.get("what", [""])[-1]
    if said.get("was", [what])[-1] != what:
        # It is about something else now: the old answers fit no longer.
        return DraftCondition(what)
    return DraftCondition(
        what, {name: values for name, values in said.items() if name not in ("what", "was")}
    )


def apply(draft: DraftGroup, asked: str) -> Path | None:
    """Do what a button says: change the draft, and return the path to what is new (None: nothing is)."""
    verb, _at, place = asked.partition("@")
    if not re.fullmatch(r"(?:\d{1,3}(?:-\d{1,3})*)?", place):
        return None
    path = tuple(int(part) for part in place.split("-")) if place else ()
    if verb == "remove" and path:
        parent = _find_group(draft, path[:-1])
        if parent is not None and path[-1] < len(parent.parts):
            del parent.parts[path[-1]]
        return None
    group = _find_group(draft, path)
    if group is None or verb not in ("add", "group"):
        return None
    new: DraftNode = DraftCondition(is_new=True)
    here = (*path, len(group.parts))
    if verb == "group":
        new, here = DraftGroup("any", [new]), (*here, 0)
    group.parts.append(new)
    return here


def _find_group(draft: DraftGroup, path: Path) -> DraftGroup | None:
    here: DraftNode = draft
    for place in path:
        if not isinstance(here, DraftGroup) or place >= len(here.parts):
            return None
        here = here.parts[place]
    return here if isinstance(here, DraftGroup) else None


def write_path(path: Path) -> str:
    """A path as names of inputs and buttons write it."""
    return "-".join(str(place) for place in path)
