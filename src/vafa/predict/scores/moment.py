"""The moment of a day as of which was predicted."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from vafa.data.business.queries import get_business


def build_moment(day: date) -> datetime:
    """The midnight that begins a day in the business's zone."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(get_business().zone))
