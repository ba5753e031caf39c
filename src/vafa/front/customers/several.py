"""Fields of several choices: filtered by one choice at a time, whatever else was chosen beside it."""

from typing import TYPE_CHECKING

from pyroaring import BitMap

from vafa.data.customers.queries import list_definitions
from vafa.front.overview.viewer import list_seen_groups
from vafa.warehouse.types import CUSTOM_PREFIX, Group

if TYPE_CHECKING:
    from vafa.warehouse.queries import Snapshot


def list_single_choices(snapshot: "Snapshot", field: str, visible: BitMap | None = None) -> list[str] | None:
    """The choices that customers (who may be seen) have in a field of several, in the order of its definition and then
    those that were taken out of it since; None where the field is of another type."""
    definition = next(
        (
            row
            for row in list_definitions(archived=True)
            if row.type == "choices" and f"{CUSTOM_PREFIX}{row.name}" == field
        ),
        None,
    )
    if definition is None:
        return None
    found = {choice for group in list_seen_groups(snapshot, field, visible) for choice in _split(group.value)}
    known = [choice for choice in definition.choices if choice in found]
    return known + sorted(found - set(known))


def find_with_choice(snapshot: "Snapshot", field: str, choice: str) -> BitMap:
    """Who has this choice, alone or beside others; the whole value of an older address means itself."""
    wanted = Group(field, choice)
    if not (field.startswith(CUSTOM_PREFIX) and choice in (list_single_choices(snapshot, field) or ())):
        return snapshot.group_members(wanted)
    return snapshot.cached(
        ("choice", wanted),
        lambda: BitMap.union(
            BitMap(),
            *(
                snapshot.group_members(group)
                for group in snapshot.list_groups(field)
                if choice in _split(group.value)
            ),
        ),
    )


def _split(value: str) -> list[str]:
    return [part for text in value.split(";") if (part := text.strip())]
