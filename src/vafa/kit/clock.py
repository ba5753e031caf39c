"""The only place that reads the clock. Everything else is told the time."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def today(zone: str) -> date:
    """The calendar day that it is now in a zone."""
    return now().astimezone(ZoneInfo(zone)).date()
