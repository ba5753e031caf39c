"""Which day, which rule and which other segments a definition is evaluated with."""

import hashlib
import json
from collections.abc import Callable, Hashable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
from django.db.models import Max
from django.utils.translation import gettext as _
from pyroaring import BitMap

from vafa.data.business.queries import get_business, list_all_rates
from vafa.kit.fields import SCALE
from vafa.lab.rules import ActivityRule
from vafa.measure.metrics.queries import resolve_rule
from vafa.measure.segments.coding import read_definition
from vafa.measure.segments.context import Context
from vafa.measure.segments.evaluating import find_members
from vafa.measure.segments.known_texts import read_texts
from vafa.measure.segments.measures import get_ratios
from vafa.measure.segments.members import find_numbers, read_member_ids
from vafa.measure.segments.models import Segment
from vafa.measure.segments.money import read_rates
from vafa.measure.segments.predicted import get_versions, list_columns, list_makers
from vafa.measure.segments.presets import name_segment
from vafa.measure.segments.rules import list_conditions, list_named_segments, write_circle
from vafa.measure.segments.types import (
    FACT_FIELDS,
    Definition,
    DefinitionUnusable,
    FactCondition,
    FieldCondition,
    Group,
    MeasureCondition,
    SegmentNotBuilt,
    SegmentsInCircle,
    SegmentUnknown,
    StateCondition,
)
from vafa.warehouse.queries import Snapshot

if TYPE_CHECKING:
    from vafa.data.business.models import Business

_FEED_OF = {
    "purchase": "orders",
    "order": "orders",
    "cancelled_order": "orders",
    "return": "returns",
    "subscription_start": "subscriptions",
    "subscription_end": "subscriptions",
    "interaction": "interactions",
    "ticket": "tickets",
    "answer": "answers",
}
# Other numbers follow from orders.
_FEED_OF_MEASURE = {"mrr": "subscriptions", "last_nps": "answers", "days_since_last_contact": "interactions"}
_FEED_OF_FIELD = {
    "plan": "subscriptions",
    "contact_kind": "interactions",
    "ticket_category": "tickets",
    "ticket_channel": "tickets",
}


def get_segment(slug_or_id: str | int) -> Segment:
    """The segment of a slug or an id, archived ones too. Raises SegmentUnknown."""
    by_id = isinstance(slug_or_id, int)
    found = Segment.objects.filter(**({"pk": slug_or_id} if by_id else {"slug": slug_or_id})).first()
    if found is None:
        raise SegmentUnknown(
            _("There is no segment named “%(name)s”.") % {"name": slug_or_id},
            _("The page Segments lists them, and so does vafa segment list."),
        )
    return found


def settle_as_of(
    definition: Definition | None, snapshot: Snapshot, rule: ActivityRule, now: datetime
) -> date:
    """The boundary up to which every source tells that the definition needs; today where none tells of any day."""
    kinds: set[str] = set()
    needs_rule = False
    for _path, condition in list_conditions(definition.root) if definition else ():
        if isinstance(condition, StateCondition):
            needs_rule = True
        elif isinstance(condition, FactCondition):
            kinds.add(_FEED_OF[condition.fact])
        elif any(list_columns([condition])):
            # Predictions are as of the day up to which the activity rule can be told.
            needs_rule = True
        elif isinstance(condition, MeasureCondition):
            kinds.add(_FEED_OF_MEASURE.get(condition.measure, "orders"))
        elif isinstance(condition, FieldCondition) and condition.field in FACT_FIELDS:
            kinds.add(_FEED_OF_FIELD.get(condition.field, "orders"))
    until = snapshot.freshness(rule if needs_rule else None, sorted(kinds)).data_until
    until = until or snapshot.freshness().data_until
    return until or now.astimezone(ZoneInfo(get_business().zone)).date()


def build_settings_print(
    segment: Segment, rule: ActivityRule, business: "Business", snapshot: Snapshot
) -> str:
    """A fingerprint of what a segment's members follow from, beside the facts, other segments and predictions: with
    what these were made by."""
    rates = [(rate.currency, str(rate.rate), rate.valid_from.isoformat()) for rate in list_all_rates()]
    settings = [
        segment.definition, str(rule), business.calendar, business.week_start, business.fiscal_first_month,
        business.zone, business.currency, sorted(business.revenue_parts.items()), rates,
    ]  # fmt: skip
    if columns := list_predicted(segment):
        settings.append(list_makers(snapshot, columns))
    return hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()


def list_predicted(segment: Segment) -> list[str]:
    """The published columns that a segment's own conditions follow from; none of an unreadable definition."""
    try:
        root = read_definition(segment.definition).root if segment.definition else Group("all")
    except DefinitionUnusable:
        return []
    return sorted(set(list_columns(condition for _path, condition in list_conditions(root))))


def tell_circle(slugs: list[str]) -> SegmentsInCircle:
    """The refusal of segments that are defined by each other, by their names."""
    names = {segment.slug: name_segment(segment) for segment in Segment.objects.filter(slug__in=slugs)}
    circle = write_circle(names.get(slug, slug) for slug in slugs)
    return SegmentsInCircle(
        _("These segments would be defined by each other in a circle: %(circle)s.") % {"circle": circle},
        _("Take the condition on one of them away."),
        circle=circle,
    )


class Resolver:
    """Evaluates saved segments against one state of the data under one rule, each once for each day.

    As of the boundary that members were built at, other segments are what their last good builds say; as of any
    other day they are evaluated anew. A list chosen by hand has no history of its own: it is the same on every day.
    """

    def __init__(
        self, snapshot: Snapshot, business: "Business | None" = None, rule: str | None = None
    ) -> None:
        self.snapshot = snapshot
        self.business = business or get_business()
        self.rule = resolve_rule(rule, snapshot)
        self.rates = read_rates(self.business.currency)
        self._open: list[str] = []

    def find_current(self, slug: str, _as_of: date | None = None) -> BitMap:
        """The members since the last good build. Raises SegmentNotBuilt."""
        return get_members(get_segment(slug), self.snapshot)

    def find_as_of(self, slug: str, as_of: date) -> BitMap:
        """The members as of a day, by the present definition and facts."""
        segment = get_segment(slug)
        if segment.definition is None:
            return self.find_current(slug)
        if slug in self._open:
            raise tell_circle([*self._open[self._open.index(slug) :], slug])
        key = self._build_key(segment, as_of)
        self._open.append(slug)
        try:
            return self.evaluate(read_definition(segment.definition), as_of, key)
        finally:
            self._open.pop()

    def evaluate(self, definition: Definition, as_of: date, key: Hashable = None) -> BitMap:
        """Who meets a definition as of a day; kept under a key."""

        def find() -> BitMap:
            return find_members(
                definition, self.snapshot, self.business, as_of, self.rule, self.find_as_of, self.rates
            )

        return find() if key is None else self.snapshot.cached(key, find)

    def _build_key(self, segment: Segment, as_of: date, seen: tuple[str, ...] = ()) -> tuple[Any, ...]:
        """What the members follow from: the segment's own print, and those of the segments that it names."""
        settings = build_settings_print(segment, self.rule, self.business, self.snapshot)
        own = (segment.pk, settings, as_of, get_versions(self.snapshot, list_predicted(segment)))
        if segment.definition is None:
            return ("segment_as_of", *own, list_change_numbers([segment.slug]))
        names = [
            name
            for name in list_named_segments(read_definition(segment.definition).root)
            if name not in seen and name != segment.slug
        ]
        keys = [self._build_key(get_segment(name), as_of, (*seen, segment.slug)) for name in names]
        return ("segment_as_of", *own, *keys)


def get_members(segment: Segment, snapshot: Snapshot) -> BitMap:
    """Who is in a segment since its last good build, as this state of the data sees them. Raises SegmentNotBuilt."""
    if snapshot.by_customer() is not snapshot:
        return snapshot.map_customers(get_members(segment, snapshot.by_customer()))
    key = ("segment_members", segment.pk, list_change_numbers([segment.slug]))

    def read() -> BitMap:
        ids = read_member_ids(segment)
        if ids is None and segment.definition is None:
            return BitMap()
        if ids is None:
            raise SegmentNotBuilt(
                _("The segment “%(name)s” has no members yet: it has not been built.")
                % {"name": name_segment(segment)},
                _("It is built within a minute; if it isn't, its page says why."),
            )
        return find_numbers(ids, snapshot)

    return snapshot.cached(key, read)


def list_change_numbers(slugs: list[str]) -> tuple[tuple[str, int | None], ...]:
    """The newest change of who is in each of these segments."""
    rows = Segment.objects.filter(slug__in=slugs).annotate(newest=Max("changes__pk"))
    return tuple(sorted(rows.values_list("slug", "newest")))


def get_stamp(slug: str) -> str:
    """What changes whenever the members of a segment may, beside the facts. Raises SegmentUnknown."""
    segment = get_segment(slug)
    parts = [str(segment.pk), str(segment.number), str(list_change_numbers([slug]))]
    if segment.definition is not None:
        names = list_named_segments(read_definition(segment.definition).root)
        parts += [f"{name}:{number}" for name, number in _list_numbers(names)]
    return "|".join(parts)


def get_stamp_of_all() -> str:
    """What changes whenever the members of any segment may, or what one is called, beside the facts."""
    changed = Segment.objects.aggregate(at=Max("changed_at"), newest=Max("changes__pk"))
    return f"{changed['at']} {changed['newest']}"


def _list_numbers(slugs: list[str]) -> list[tuple[str, str]]:
    rows = Segment.objects.filter(slug__in=slugs).values_list("slug", "number")
    changes = dict(list_change_numbers(slugs))
    return [(slug, f"{number}.{changes.get(slug)}") for slug, number in sorted(rows)]


def build_chosen(slug: str, snapshot: Snapshot, rule: str | None = None) -> Callable[[date], BitMap]:
    """A segment as the metrics want it: its members as of the day on which a period begins.

    Where the snapshot counts companies, a company is in as soon as one of its customers is. Raises SegmentUnknown.
    """
    resolver = Resolver(snapshot.by_customer(), rule=rule)
    get_segment(slug)
    found: dict[date, BitMap] = {}

    def find(as_of: date) -> BitMap:
        if as_of not in found:
            found[as_of] = snapshot.map_customers(resolver.find_as_of(slug, as_of))
        return found[as_of]

    return find


def get_texts(resolver: Resolver, field: str, as_of: date) -> npt.NDArray[np.str_]:
    """What each customer's facts before a day tell in a field of FACT_FIELDS, by number; "" where nothing."""
    context = Context(
        resolver.snapshot, resolver.business, as_of, resolver.rule, resolver.find_as_of, resolver.rates
    )
    told = read_texts(context, field)
    return np.asarray(told.names, dtype=np.str_)[told.codes]


def get_revenue(resolver: Resolver, as_of: date) -> npt.NDArray[np.float64]:
    """What each customer brought before a day, returns taken off, by number, in the business's currency."""
    context = Context(
        resolver.snapshot, resolver.business, as_of, resolver.rule, resolver.find_as_of, resolver.rates
    )
    scaled: npt.NDArray[np.float64] = get_ratios(context, "revenue").numerator / SCALE
    return scaled
