"""Tickets as the figures need them: when they were opened, first answered and solved."""

from vafa.measure.metrics.dated_facts import DatedFacts, read_facts
from vafa.warehouse.queries import Snapshot

_FIELDS = {
    "ticket_category": "category",
    "ticket_agent": "agent",
    "ticket_priority": "priority",
    "ticket_channel": "channel",
}
_EVENTS = {
    "first_response_time": ("responded_no", "responded_s"),
    "resolution_time": ("ended_no", "ended_s"),
}
NEVER = 9_999_999


def get_events(snapshot: Snapshot, metric: str) -> DatedFacts:
    """The tickets that came to their end, by the day of it; the end is the first answer or the solution.

    Columns `begun` and `ended` are seconds since 1970, `lab.service.UNKNOWN` where only the day is known.
    """
    day, second = _EVENTS[metric]
    return snapshot.cached(
        ("ticket events", metric),
        lambda: read_facts(
            snapshot, "tickets", day, "true", (), {"begun": "opened_s", "ended": second}, _FIELDS
        ),
    )


def get_openings(snapshot: Snapshot, metric: str) -> DatedFacts:
    """All tickets by the day of their opening; the column `until` is the day of their end, NEVER where it has none."""
    day, _second = _EVENTS[metric]
    return snapshot.cached(
        ("ticket openings", metric),
        lambda: read_facts(
            snapshot, "tickets", "day_no", "true", (), {"until": f"coalesce({day}, {NEVER})"}, _FIELDS
        ),
    )
