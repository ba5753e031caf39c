"""The room's own decisions: what facts close a case, what they only hint at, and how long it was in each stage."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Literal

from vafa.act.saving.types import STAGES, CaseFacts, Closing, Noted, Stage

RuleKind = Literal["purchase", "subscription"]


def decide_closing(
    facts: CaseFacts, opened_on: date, horizon_days: int, until: date | None, kind: RuleKind
) -> Closing | None:
    """How the facts close a case; None while they don't.

    Saved is who buys, or begins a subscription anew, after the opening and within the horizon, before the activity rule
    says lost; with subscriptions also who is still active when the horizon is over. Lost is whom the rule loses after
    the opening; who was lost already then, when the horizon is over. `until` is the end of data: what comes after it
    isn't known, and closes nothing.
    """
    over_on = opened_on + timedelta(days=horizon_days)
    lost_on = facts.lost_on if facts.lost_on is not None and facts.lost_on > opened_on else None
    came_on = facts.came_on
    if came_on is not None and came_on <= over_on and (lost_on is None or came_on <= lost_on):
        return Closing("saved", "ordered" if kind == "purchase" else "renewed", came_on)
    if until is None:
        return None
    if lost_on is not None and lost_on <= until:
        return Closing("lost", "left", lost_on)
    if until < over_on:
        return None
    if facts.is_active is False:
        return Closing("lost", "left", over_on)
    if kind == "subscription" and facts.is_active:
        return Closing("saved", "stayed", over_on)
    return None


def decide_hint(facts: CaseFacts, opened_on: date) -> Noted | None:
    """What the facts say of a case that stays open: bought before it was opened (nobody knew yet), bought after the
    horizon, or lost already when it was opened."""
    if facts.came_on is not None:
        return Noted("ordered_late", facts.came_on)
    if facts.came_before_on is not None:
        return Noted("ordered_before", facts.came_before_on)
    if facts.is_active is False and facts.lost_on is not None and facts.lost_on <= opened_on:
        return Noted("left_before", facts.lost_on)
    return None


def tell_stage_times(moves: Iterable[tuple[Stage, datetime]], now: datetime) -> dict[Stage, timedelta]:
    """How long a case was in each open stage, and in the last one until now; `moves` in their order. A stage that it
    came back to counts with all its times; closed ones have none."""
    times: dict[Stage, timedelta] = {}
    listed = list(moves)
    ends = [*(at for _stage, at in listed[1:]), now]
    for (stage, at), end in zip(listed, ends, strict=True):
        if stage in STAGES[:3]:
            times[stage] = times.get(stage, timedelta()) + max(end - at, timedelta())
    return times
