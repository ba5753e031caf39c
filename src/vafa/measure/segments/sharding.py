"""Counting a segment cut by customer: each process evaluates its conditions, and counts its own share of the customers.

What travels is whole: the processes open the same state of the warehouse and ask no database.
"""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from pyroaring import BitMap

from vafa.lab.rules import ActivityRule
from vafa.measure.metrics.queries import Shards
from vafa.measure.segments.coding import read_definition
from vafa.measure.segments.evaluating import find_members
from vafa.measure.segments.money import Rates
from vafa.measure.segments.resolving import Resolver, get_segment
from vafa.measure.segments.rules import list_named_segments
from vafa.measure.segments.types import Definition
from vafa.warehouse.queries import Snapshot, open_state
from vafa.warehouse.types import State

if TYPE_CHECKING:
    from vafa.data.business.models import Business


@dataclass(frozen=True)
class _Parcel:
    """A segment on its way to another process: the definitions of all that it names, or the members of lists."""

    state: State
    slug: str
    segments: dict[str, Definition | BitMap]
    business: "Business"
    rule: ActivityRule
    rates: Rates
    as_of: date


def count_in_shards(
    shards: Shards, slug: str, as_of: date, *, snapshot: Snapshot, rule: str | None = None
) -> int:
    """How many are in a segment as of a day: the sum of what the shards count."""
    resolver = Resolver(snapshot, rule=rule)
    parcel = _Parcel(
        state=snapshot.state,
        slug=slug,
        segments=_gather(slug, resolver),
        business=resolver.business,
        rule=resolver.rule,
        rates=resolver.rates,
        as_of=as_of,
    )
    parts: list[int] = shards.run(_count, parcel)
    return sum(parts)


def _gather(slug: str, resolver: Resolver) -> dict[str, Definition | BitMap]:
    found: dict[str, Definition | BitMap] = {}
    waiting = [slug]
    while waiting:
        here = waiting.pop()
        if here in found:
            continue
        document = get_segment(here).definition
        if document is None:
            found[here] = resolver.find_current(here)
        else:
            definition = read_definition(document)
            found[here] = definition
            waiting += list_named_segments(definition.root)
    return found


def _count(place: int, count: int, parcel: _Parcel) -> int:
    snapshot = open_state(parcel.state)

    def find(slug: str, as_of: date) -> BitMap:
        told = parcel.segments[slug]
        if not isinstance(told, Definition):
            return told
        return find_members(told, snapshot, parcel.business, as_of, parcel.rule, find, parcel.rates)

    return len(find(parcel.slug, parcel.as_of) & snapshot.shard(place, count))
