"""The end of data: through which day the figures may be told."""

from collections.abc import Collection
from datetime import date
from typing import Any

from vafa.lab.rules import ActivityRule
from vafa.warehouse.feeds import parse_moment
from vafa.warehouse.types import FeedState, Freshness

# The facts that make a customer active, where no rule says which.
_MEMBERSHIP = ("orders", "subscriptions")


def build_freshness(
    feeds: list[dict[str, Any]], rule: ActivityRule | None, kinds: Collection[str]
) -> Freshness:
    """The earliest end among the open feeds that the rule and the kinds need.

    Where all of them are closed nothing more will come, and the latest end counts. Without a rule and kinds
    these are the feeds of orders and subscriptions.
    """
    needed = set(kinds)
    if rule is not None:
        needed.add("orders" if rule.kind == "purchase" else "subscriptions")
    states = tuple(_build_state(feed) for feed in feeds if feed["kind"] in (needed or _MEMBERSHIP))
    open_ends = [state.complete_until for state in states if state.complete_until and not state.closed]
    closed_ends = [state.complete_until for state in states if state.complete_until and state.closed]
    firsts = [state.first_on for state in states if state.first_on]
    until = min(open_ends) if open_ends else max(closed_ends, default=None)
    return Freshness(until, min(firsts, default=None), states)


def _build_state(feed: dict[str, Any]) -> FeedState:
    stated, last = feed["complete_through"], feed["last"]
    through = stated if stated is not None else last
    return FeedState(
        source=feed["source"],
        kind=feed["kind"],
        first_on=date.fromordinal(feed["first"]) if feed["first"] else None,
        complete_until=date.fromordinal(through + 1) if through else None,
        closed=feed["closed"],
        is_set=stated is not None,
        last_received_at=parse_moment(feed["received"]),
    )
