"""Tickets as the figures need them: when they were opened, first answered and solved."""

from vafa.measure.metrics.dated_facts import DatedFacts, Source, read_facts
from vafa.warehouse.queries import Snapshot

_FIELDS = {
    "ticket_category": ("category",),
    "ticket_agent": ("agent",),
    "ticket_priority": ("priority",),
    "ticket_channel": ("channel",),
}
_EVENTS = {
    "first_response_time": ("responded_no", "responded_s"),
    "resolution_time": ("ended_no", "ended_s"),
}
NEVER = 9_999_999


def get_events(snapshot: Snapshot, metric: str, by: str | None = None) -> DatedFacts:
    """The tickets that came to their end, by the day of it; the end is the first answer or the solution.

    Columns `begun` and `ended` are seconds since 1970, `lab.service.UNKNOWN` where only the day is known. `by` is the
    field to split them by.
    """
    day, second = _EVENTS[metric]
    own = by if by in _FIELDS else None
    source = Source("tickets", day, numbers={"begun": "opened_s", "ended": second}, codes=_FIELDS)
    return snapshot.cached(("ticket events", metric, own), lambda: read_facts(snapshot, source, own))


def get_openings(snapshot: Snapshot, metric: str, by: str | None = None) -> DatedFacts:
    """All tickets by the day of their opening; the column `until` is the day of their end, NEVER where it has none."""
    day, _second = _EVENTS[metric]
    own = by if by in _FIELDS else None
    source = Source("tickets", "day_no", numbers={"until": f"coalesce({day}, {NEVER})"}, codes=_FIELDS)
    return snapshot.cached(("ticket openings", metric, own), lambda: read_facts(snapshot, source, own))
