"""Two versions of a template, line by line."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from django.utils.translation import gettext as _

from vafa.act.messaging.types import LANGUAGES, TemplateContent, Text
from vafa.front.choices import list_language_choices
from vafa.front.messages.editors.kinds import get_direction
from vafa.front.messages.editors.mail import BLOCK_NAMES, FIELDS

Line = tuple[str, str]


@dataclass(frozen=True)
class Row:
    """A line of a text: what it is of ("Subject", "Button · Where it leads"), and whether it stayed, went or came."""

    kind: Literal["same", "gone", "new"]
    label: str
    text: str


@dataclass(frozen=True)
class Compared:
    """One language of two versions."""

    code: str
    name: str
    direction: str
    rows: tuple[Row, ...]

    @property
    def is_same(self) -> bool:
        """Whether nothing changed."""
        return all(row.kind == "same" for row in self.rows)


def compare(before: TemplateContent, after: TemplateContent) -> list[Compared]:
    """What went and what came from one version to another, in each language that either is written in."""
    names = dict(list_language_choices())
    found = []
    for code in LANGUAGES:
        rows = tuple(_compare(_list(before.find_text(code)), _list(after.find_text(code))))
        if rows:
            found.append(Compared(code, names[code], get_direction(code), rows))
    return found


def _compare(before: list[Line], after: list[Line]) -> Iterator[Row]:
    for tag, start, end, new_start, new_end in SequenceMatcher(
        None, before, after, autojunk=False
    ).get_opcodes():
        if tag == "equal":
            yield from (Row("same", *line) for line in before[start:end])
            continue
        yield from (Row("gone", *line) for line in before[start:end])
        yield from (Row("new", *line) for line in after[new_start:new_end])


def _list(text: Text | None) -> list[Line]:
    """A text as lines with what each is of."""
    if text is None or text.is_empty:
        return []
    found: list[Line] = [
        (_("Subject"), text.subject),
        (_("Preview line"), text.preview),
        (_("Text"), text.body),
    ]
    for block in text.blocks:
        name = str(BLOCK_NAMES[block.kind])
        fields = FIELDS[block.kind]
        if not fields:
            found.append((name, "—"))
        for field, label in fields:
            told = name if field == "text" else f"{name} · {label}"
            found += [(told, line) for line in getattr(block, field).split("\n")]
    found.append((_("Approved pattern"), text.pattern))
    found += list(text.slots)
    return [line for line in found if line[1].strip()]
