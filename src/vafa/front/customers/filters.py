"""Which customers a list is of: their state under the rule, a segment, a tag, a field's value, or a search."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from pyroaring import BitMap

from vafa.data.customers.queries import list_ids_with_tag
from vafa.front.customers.risk import find_at_risk
from vafa.front.customers.several import find_with_choice
from vafa.front.overview.figures import Asker
from vafa.kit.errors import VafaError
from vafa.kit.locale.letters import fold_key
from vafa.lab.rules import ActivityRule
from vafa.lab.sets import build_set
from vafa.lab.spells import OPEN_END
from vafa.measure.metrics.queries import resolve_rule
from vafa.measure.segments.queries import get_segment_members
from vafa.predict.scores.types import BAND_NAMES
from vafa.warehouse.types import CUSTOM_PREFIX, CUSTOMER_DIMENSIONS

State = Literal["all", "active", "lost", "never"]
STATES: tuple[State, ...] = get_args(State)


@dataclass(frozen=True)
class Filter:
    """What is asked of a list. `field` is a field of customers and `value` one of its values; `risk` a band's name."""

    state: State
    tag: str
    field: str
    value: str
    text: str
    segment: str = ""
    risk: str = ""


def read_filter(asked: Mapping[str, str], dimensions: tuple[str, ...]) -> Filter:
    """The filter that an address asks for; what is unknown in it is left out."""
    state: State = next((name for name in STATES if name == asked.get("state")), "all")
    field = asked.get("field", "")
    fits = field in dimensions and is_customer_field(field)
    return Filter(
        state=state,
        tag=asked.get("tag", "").strip(),
        field=field if fits else "",
        value=asked.get("value", "") if fits else "",
        text=asked.get("q", "").strip(),
        segment=asked.get("segment", ""),
        risk=next((name for name in BAND_NAMES if name == asked.get("risk")), ""),
    )


def narrows(asked: Filter) -> bool:
    """Whether anything but a text is asked for."""
    return asked.state != "all" or bool(asked.tag or asked.value or asked.segment or asked.risk)


def is_customer_field(dimension: str) -> bool:
    """Whether a dimension is a field of customers."""
    return dimension in CUSTOMER_DIMENSIONS or dimension.startswith(CUSTOM_PREFIX)


def find_members(asker: Asker, asked: Filter, rule: str | None) -> BitMap:
    """The customers that a filter means (its text is left to the search), of those who may be seen."""
    members = asker.snapshot.everyone()
    if asked.state != "all":
        members = members & find_state(asker, asked.state, resolve_rule(rule, asker.snapshot))
    if asked.tag:
        members = members & _find_tagged(asker, asked.tag)
    if asked.field and asked.value:
        members = members & find_with_choice(asker.snapshot, asked.field, asked.value)
    if asked.segment:
        members = members & _find_in_segment(asker, asked.segment)
    if asked.risk:
        members = members & find_at_risk(asker, asked.risk)
    return members if asker.visible is None else members & asker.visible


def _find_in_segment(asker: Asker, slug: str) -> BitMap:
    """Who is in a segment since its last good build; nobody where it has no members yet, or isn't there."""
    try:
        return get_segment_members(slug, asker.snapshot)
    except VafaError:
        return BitMap()


def _find_tagged(asker: Asker, tag: str) -> BitMap:
    snapshot = asker.snapshot
    return snapshot.cached(("tagged", fold_key(tag), tag), lambda: snapshot.ix_set(list_ids_with_tag(tag)))


def find_state(asker: Asker, state: State, rule: ActivityRule) -> BitMap:
    """Who is active at the end of data, who was and is not any more, and who never was."""
    snapshot = asker.snapshot
    until = snapshot.freshness(rule).data_until
    if until is None:
        return snapshot.everyone() if state == "never" else BitMap()
    active = snapshot.active(rule, until)
    if state == "active":
        return active
    begun = snapshot.cached(("begun", rule, until), lambda: _find_begun(asker, rule, until.toordinal()))
    return begun - active if state == "lost" else snapshot.everyone() - begun - active


def _find_begun(asker: Asker, rule: ActivityRule, until: int) -> BitMap:
    """Whose first spell began before the end of data. The day of joining alone makes nobody active."""
    spells = asker.snapshot.spells(rule)
    begun = build_set(spells.customer_ix[(spells.start < until) & (spells.start < OPEN_END)])
    return begun & asker.snapshot.everyone()
