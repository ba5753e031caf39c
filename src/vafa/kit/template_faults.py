"""Where a text with variables is broken, told in plain words: what the engine says is for programmers."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

FaultKind = Literal["unclosed", "unclosed_tag", "stray_tag", "unknown_tag"]
_OPENING = re.compile(r"\{\{|\{%")
_NAME = re.compile(r"\{%-?\s*([\w-]*)")
_BLOCKS = frozenset({"if", "unless", "case", "for", "comment"})
_INNER = {
    "else": ("if", "unless", "case", "for"),
    "elsif": ("if", "unless"),
    "when": ("case",),
    "break": ("for",),
    "continue": ("for",),
}


@dataclass(frozen=True)
class Fault:
    """What is broken: the bracket or the tag by name, and where it begins."""

    kind: FaultKind
    shown: str
    at: int

    @property
    def closing(self) -> str:
        """What would close it."""
        return {"{{": "}}", "{%": "%}"}.get(self.shown, f"end{self.shown}")


def find_fault(text: str, tags: Collection[str]) -> Fault | None:
    """The first bracket or tag that doesn't fit; None where these are all right. `tags` are the known ones."""
    open_tags: list[tuple[str, int]] = []
    starts = [found.start() for found in _OPENING.finditer(text)]
    for at, following in zip(starts, [*starts[1:], len(text)], strict=True):
        bracket = text[at : at + 2]
        if ("}}" if bracket == "{{" else "%}") not in text[at:following]:
            return Fault("unclosed", bracket, at)
        if bracket == "{%" and (fault := _follow(text, at, open_tags, tags)):
            return fault
    return Fault("unclosed_tag", *open_tags[-1]) if open_tags else None


def _follow(text: str, at: int, open_tags: list[tuple[str, int]], tags: Collection[str]) -> Fault | None:
    found = _NAME.match(text, at)
    name = found[1] if found else ""
    inside = open_tags[-1][0] if open_tags else ""
    if inside == "comment" and name != "endcomment":
        return None
    if name in _BLOCKS:
        open_tags.append((name, at))
    elif name.startswith("end") and name[3:] in _BLOCKS:
        if inside != name[3:]:
            return Fault("stray_tag", name, at)
        open_tags.pop()
    elif name in _INNER:
        if not any(one in _INNER[name] for one, _at in open_tags):
            return Fault("stray_tag", name, at)
    elif name not in tags:
        return Fault("unknown_tag", name, at)
    return None


def find_line(text: str, at: int) -> int:
    """The line in which a place of a text is, from 1 on; 0 for no place."""
    return text.count("\n", 0, at) + 1 if at >= 0 else 0


def find_first(text: str, word: str) -> int:
    """Where a word first stands inside brackets; -1 where it doesn't."""
    for opened in _OPENING.finditer(text):
        closing = text.find("}}" if opened[0] == "{{" else "%}", opened.start())
        piece = text[opened.start() : closing if closing >= 0 else len(text)]
        if found := re.search(rf"(?<![\w.-]){re.escape(word)}(?![\w-])", piece):
            return opened.start() + found.start()
    return -1
