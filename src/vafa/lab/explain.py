"""Why a customer is active, or isn't, at a boundary: the spell, and the facts that make it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from vafa.lab.rules import ActivityRule
from vafa.lab.spells import (
    OPEN_END,
    Spell,
    build_purchase_spells,
    build_subscription_spells,
)

Verdict = Literal["active", "lapsed", "starts_that_day", "not_yet", "never", "not_known_yet"]


@dataclass(frozen=True)
class Fact:
    """A purchase (start is its day, end is None) or a subscription, with the caller's key of its row.

    Only the facts of the rule's own kind count: purchases for a purchase rule, subscriptions for the other.
    """

    kind: Literal["purchase", "subscription"]
    key: str
    start: int
    end: int | None = None


@dataclass(frozen=True)
class Explanation:
    """The verdict at a boundary and what it rests on.

    `active` is None when no source has told of that day yet. `spell` is the one that covers the boundary,
    else the last one before it, else the next one after it. `facts` are the rows that make that spell, in
    order; `decisive` those of them that reach furthest towards the boundary: what covers it, or what ran out
    last, or what will start it. `first_start` is the earlier of the day of joining and the first spell.
    """

    boundary: int
    rule: ActivityRule
    verdict: Verdict
    active: bool | None
    spell: Spell | None
    facts: tuple[Fact, ...]
    decisive: tuple[Fact, ...]
    first_start: int | None


def _get_reach(fact: Fact, rule: ActivityRule) -> Spell:
    """The spell that this fact would make alone."""
    if fact.kind == "purchase":
        return Spell(fact.start, fact.start + rule.settled_days + 1)
    return Spell(fact.start, OPEN_END if fact.end is None else fact.end + rule.settled_days)


def _build_spells(facts: list[Fact], rule: ActivityRule) -> list[Spell]:
    if rule.kind == "purchase":
        return build_purchase_spells({fact.start for fact in facts}, rule.settled_days)
    return build_subscription_spells([(fact.start, fact.end) for fact in facts], rule.settled_days)


def _find_nearest_spell(spells: list[Spell], boundary: int) -> tuple[Spell | None, Verdict]:
    """The spell to show for a boundary, and the verdict."""
    covering = [spell for spell in spells if spell.covers(boundary)]
    if covering:
        return covering[0], "active"
    starting = [spell for spell in spells if spell.start == boundary]
    if starting:
        return starting[0], "starts_that_day"
    ended = [spell for spell in spells if spell.end <= boundary]
    if ended:
        return ended[-1], "lapsed"
    return (spells[0], "not_yet") if spells else (None, "never")


def _list_decisive(facts: list[Fact], rule: ActivityRule, boundary: int, verdict: Verdict) -> list[Fact]:
    if not facts:
        return []
    reaches = {fact: _get_reach(fact, rule) for fact in facts}
    if verdict == "active":
        covering = [fact for fact in facts if reaches[fact].covers(boundary)]
        # Of two subscriptions that touch at the boundary neither covers it alone: both together do.
        return covering or [fact for fact in facts if boundary in reaches[fact]]
    if verdict == "lapsed":
        last = max(reach.end for reach in reaches.values())
        return [fact for fact in facts if reaches[fact].end == last]
    first = min(fact.start for fact in facts)
    return [fact for fact in facts if fact.start == first]


def explain_activity(
    facts: Iterable[Fact],
    rule: ActivityRule,
    boundary: int,
    data_until: int | None = None,
    joined_on: int | None = None,
) -> Explanation:
    """Why a customer with these facts is active at the boundary (an ordinal day), or isn't.

    `data_until` is the first day of which nothing is known: past it nobody is called active or lost. Raises
    ActivityRuleUnsettled for `purchase:auto`, and SubscriptionEndsBeforeStart.
    """
    own = sorted((fact for fact in facts if fact.kind == rule.kind), key=lambda fact: (fact.start, fact.key))
    spells = _build_spells(own, rule)
    spell, verdict = _find_nearest_spell(spells, boundary)
    making = (
        []
        if spell is None
        else [fact for fact in own if spell.start <= fact.start < spell.end and fact.end != fact.start]
    )
    decisive = _list_decisive(making, rule, boundary, verdict)
    starts = [day for day in (joined_on, spells[0].start if spells else None) if day is not None]
    unknown = data_until is not None and boundary > data_until
    return Explanation(
        boundary=boundary,
        rule=rule,
        verdict="not_known_yet" if unknown else verdict,
        active=None if unknown else verdict == "active",
        spell=spell,
        facts=tuple(making),
        decisive=tuple(decisive),
        first_start=min(starts, default=None),
    )
