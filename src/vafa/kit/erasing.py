"""What is held of people, room by room: each room registers what it tells of somebody and how it forgets them.

A room writes a `Holder` in its `erasing.py` and registers it when its app is ready:

    def ready(self) -> None:
        from vafa.data.orders.erasing import HOLDER
        register(HOLDER)

Rooms above a room forget before it does, so that the customers themselves go last.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db.models import Model

# A kind of thing ("orders") -> the rows of it, as values that JSON can hold.
Collected = Mapping[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Erased:
    """How many rows went, and how many stay without a person, by kind of thing."""

    removed: Mapping[str, int] = field(default_factory=dict)
    kept: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Traits:
    """By what a person can be found in a text or a file. Names as they are written and folded, addresses in lower case,
    numbers as E.164; a key with the id of the source that gave it."""

    names: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    keys: frozenset[tuple[int, str]] = frozenset()


def _collect_nothing(_customer_ids: Sequence[int]) -> Collected:
    return {}


def _erase_nothing(_customer_ids: Sequence[int]) -> Erased:
    return Erased()


@dataclass(frozen=True)
class Holder:
    """What one room holds of people: `models` by label ("orders.OrderLine").

    `collect` tells all that is held of the given ids (a customer and those merged into it), for the export of a
    person's data. `erase` forgets them, inside a transaction and once or twice with the same end; rows that point to
    a customer with CASCADE go with the customer and need none. It is also called to see what would go, and taken back:
    so files are removed by `transaction.on_commit`. `scrub` takes a person out of files and texts that know
    no ids, outside of any transaction, and returns how many it changed. `sweep` makes copies anew that know nothing of
    what is gone up to a number of the log, told the time and whether to hurry; whether it is done (else it is called
    again). `guard` keeps others from writing meanwhile, or raises. `names` says each kind in words.
    """

    room: str
    models: tuple[str, ...]
    names: Mapping[str, Any] = field(default_factory=dict)
    collect: Callable[[Sequence[int]], Collected] = _collect_nothing
    erase: Callable[[Sequence[int]], Erased] = _erase_nothing
    scrub: Callable[[Traits], Mapping[str, int]] | None = None
    sweep: Callable[[int, datetime, bool], bool] | None = None
    guard: Callable[[], AbstractContextManager[None]] | None = None


_HOLDERS: dict[str, Holder] = {}


def register(holder: Holder) -> None:
    """Make a room's holder known. A room registers one; apps are ready from the lowest floor up."""
    _HOLDERS[holder.room] = holder


def list_holders() -> list[Holder]:
    """All holders, the highest room first."""
    return list(reversed(_HOLDERS.values()))


def collect_person(customer_ids: Sequence[int]) -> dict[str, list[dict[str, Any]]]:
    """All that is held of a person (the ids of a customer and of those merged into it), by kind, lowest room first."""
    found: dict[str, list[dict[str, Any]]] = {}
    for holder in _HOLDERS.values():
        for kind, rows in holder.collect(customer_ids).items():
            found.setdefault(kind, []).extend(rows)
    return found


def erase_person(customer_ids: Sequence[int]) -> Erased:
    """Forget a person in every room. Call in a transaction."""
    removed: dict[str, int] = {}
    kept: dict[str, int] = {}
    for holder in list_holders():
        erased = holder.erase(customer_ids)
        for totals, counts in ((removed, erased.removed), (kept, erased.kept)):
            for kind, count in counts.items():
                totals[kind] = totals.get(kind, 0) + count
    return Erased(removed, kept)


def scrub_person(traits: Traits) -> dict[str, int]:
    """Take a person out of every file and text that knows no ids; how many were changed, by kind."""
    changed: dict[str, int] = {}
    for holder in list_holders():
        if holder.scrub is not None:
            for kind, count in holder.scrub(traits).items():
                changed[kind] = changed.get(kind, 0) + count
    return changed


def sweep_copies(seq: int, now: datetime, *, hurry: bool) -> bool:
    """Let every copy be made anew; whether all are done."""
    done = [holder.sweep(seq, now, hurry) for holder in list_holders() if holder.sweep is not None]
    return all(done)  # each is called, whatever another says


def list_guards() -> list[Callable[[], AbstractContextManager[None]]]:
    """What keeps others from writing while somebody is erased."""
    return [holder.guard for holder in list_holders() if holder.guard is not None]


def get_names() -> dict[str, Any]:
    """Every kind of thing that holders tell of, in words (lazy texts)."""
    return {kind: name for holder in _HOLDERS.values() for kind, name in holder.names.items()}


def collect_rows(
    model: type[Model],
    customer_ids: Sequence[int],
    *,
    by: str = "customer_id",
    only: Sequence[str] = (),
    leave_out: Sequence[str] = ("import_id", "seq"),
) -> list[dict[str, Any]]:
    """The rows of a table that belong to these customers, as plain values, in the order of their ids.

    All columns with something in them, or `only` those named.
    """
    rows = model._default_manager.filter(**{f"{by}__in": list(customer_ids)}).order_by("pk").values(*only)
    return [
        {
            name: _settle(value)
            for name, value in row.items()
            if name not in leave_out and value not in (None, "")
        }
        for row in rows
    ]


def _settle(value: Any) -> Any:
    """A value as JSON holds it."""
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        # Without the zeros of its four places, and never as 1E+2.
        return format(value.normalize(), "f")
    return value
