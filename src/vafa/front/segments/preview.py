"""What a definition finds, while it is edited: how many, which share, how well they are kept, what they brought."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from pyroaring import BitMap

from vafa.data.customers.queries import list_customer_rows
from vafa.front.customers.rows import name_customer
from vafa.front.overview.figures import Asker
from vafa.kit.errors import VafaError
from vafa.kit.locale.formats import (
    Style,
    format_day,
    format_interval,
    format_money,
    format_number,
    format_percent,
    format_period,
)
from vafa.lab.sets import list_members
from vafa.measure.metrics.queries import get_metric
from vafa.measure.metrics.types import MetricRow
from vafa.measure.segments.queries import Resolver, get_revenue, settle_as_of
from vafa.measure.segments.types import Definition, PredictionUnknown

SAMPLE = 10


@dataclass(frozen=True)
class Person:
    """A member of the sample."""

    id: int
    name: str


@dataclass(frozen=True)
class Preview:
    """The figures ready written. `percent` is the share in hundredths, for the bar; `problem` says why none are."""

    count: str = ""
    share: str = ""
    percent: int = 0
    as_of: str = ""
    crr: str | None = None
    crr_interval: str = ""
    crr_period: str = ""
    crr_reason: str = ""
    revenue: str = ""
    revenue_share: str = ""
    sample: tuple[Person, ...] = ()
    is_limited: bool = False
    problem: str = ""


def build_preview(asker: Asker, definition: Definition, style: Style, now: Any) -> Preview:
    """The figures of a definition as of the end of data, of those whom the asker may see."""
    try:
        return _build(asker, definition, style, now)
    except VafaError as error:
        return Preview(problem=str(error))


def _build(asker: Asker, definition: Definition, style: Style, now: Any) -> Preview:
    snapshot = asker.snapshot.by_customer()
    resolver = Resolver(snapshot, asker.business)
    as_of = settle_as_of(definition, snapshot, resolver.rule, now)
    members = resolver.evaluate(definition, as_of)
    everyone = snapshot.everyone()
    if asker.visible is not None:
        members, everyone = members & asker.visible, everyone & asker.visible
    share = len(members) / len(everyone) if everyone else None
    row = _ask_crr(asker, resolver, definition)
    revenue, whole = _sum_revenue(resolver, members, as_of), _sum_revenue(resolver, everyone, as_of)
    return Preview(
        count=format_number(len(members), style),
        share=format_percent(share, style),
        percent=round(100 * share) if share is not None else 0,
        as_of=format_day(as_of - timedelta(days=1), style, "short"),
        crr=None if row is None or row.value is None else format_percent(row.value, style),
        crr_interval="" if row is None or row.low is None else format_interval(row.low, row.high, style),
        crr_period="" if row is None else format_period(row.start, row.end, "month", style),
        revenue=format_money(revenue, style.currency, style),
        revenue_share=format_percent(revenue / whole, style) if whole > 0 else "",
        sample=_list_sample(resolver, members),
        is_limited=asker.owner_id is not None,
    )


def _ask_crr(asker: Asker, resolver: Resolver, definition: Definition) -> MetricRow | None:
    """The retention of those who were in the segment when the last complete month began; None where who was in it
    then follows from a prediction that was made later."""
    found: dict[date, BitMap] = {}

    def choose(day: date) -> BitMap:
        if day not in found:
            found[day] = resolver.evaluate(definition, day)
        return found[day]

    try:
        table = get_metric("crr", chosen=choose, visible=asker.visible, snapshot=resolver.snapshot)
    except PredictionUnknown:
        return None
    return table.rows[0] if table.rows else None


def _sum_revenue(resolver: Resolver, members: BitMap, as_of: date) -> float:
    values = get_revenue(resolver, as_of)
    return float(np.sum(values[list_members(members)], dtype=np.float64)) if members else 0.0


def _list_sample(resolver: Resolver, members: BitMap) -> tuple[Person, ...]:
    """A few names, spread over the whole segment, the same ones each time."""
    step = max(1, len(members) // SAMPLE)
    chosen = BitMap(list_members(members)[::step][:SAMPLE])
    ids = [int(pk) for pk in resolver.snapshot.ids(chosen)]
    return tuple(Person(row.id, name_customer(row)) for row in list_customer_rows(ids))
