"""How the tables of header names are written down: one line a field, names parted by `|`, the surest first; and what a
known system's export is told by."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class System:
    """A system's export: it is one if all `signs` are among the columns. With `closed`, nothing else is guessed."""

    name: str
    kind: str
    signs: tuple[str, ...]
    fields: dict[str, tuple[str, ...]]
    closed: bool = True


def build_names(text: str) -> dict[str, tuple[str, ...]]:
    """Field -> its header names. A field may go on over several lines that begin with it."""
    fields: dict[str, tuple[str, ...]] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        field, _, names = line.partition(":")
        found = tuple(filter(None, map(str.strip, names.split("|"))))
        fields[field.strip()] = fields.get(field.strip(), ()) + found
    return fields
