"""Evaluating a definition: the set of each condition, and what the tree makes of them."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from pyroaring import BitMap

from vafa.lab.rules import ActivityRule
from vafa.measure.segments.context import Context, FindSegment
from vafa.measure.segments.facts import find_by_fact
from vafa.measure.segments.fields import find_by_field
from vafa.measure.segments.measures import find_by_measure
from vafa.measure.segments.money import Rates, read_rates
from vafa.measure.segments.rules import combine
from vafa.measure.segments.states import find_by_state
from vafa.measure.segments.types import (
    Condition,
    Definition,
    FactCondition,
    FieldCondition,
    MeasureCondition,
    SegmentCondition,
    SegmentUnknown,
    StateCondition,
)
from vafa.warehouse.queries import Snapshot

if TYPE_CHECKING:
    from vafa.data.business.models import Business

_FINDERS: dict[type[Any], Callable[[Context, Any, BitMap | None], BitMap]] = {
    FieldCondition: find_by_field,
    StateCondition: find_by_state,
    FactCondition: find_by_fact,
    MeasureCondition: find_by_measure,
}


def find_members(
    definition: Definition,
    snapshot: Snapshot,
    business: "Business",
    as_of: date,
    rule: ActivityRule,
    find_segment: FindSegment | None = None,
    rates: Rates | None = None,
) -> BitMap:
    """The customers who meet a definition as of a day: by what is known of the days before it.

    `rule` has its days settled. `find_segment` gives the members of other segments that the definition names, `rates`
    what other currencies are worth (those entered now, unless given). The set may be shared: never change it.
    """
    known_rates = rates or read_rates(business.currency)
    context = Context(snapshot, business, as_of, rule, find_segment or _refuse_segment, known_rates)

    def find(condition: Condition, among: BitMap | None) -> BitMap:
        return find_by_condition(context, condition, among)

    return combine(definition.root, find, snapshot.everyone())


def find_by_condition(context: Context, condition: Condition, among: BitMap | None = None) -> BitMap:
    """The customers who meet one condition; with `among` at least those of them who are in it."""
    if isinstance(condition, SegmentCondition):
        members = context.find_segment(condition.segment, context.as_of) & context.snapshot.everyone()
        return members if condition.member else context.snapshot.everyone() - members
    return _FINDERS[type(condition)](context, condition, among)


def _refuse_segment(slug: str, _as_of: date) -> BitMap:
    raise SegmentUnknown(slug)
