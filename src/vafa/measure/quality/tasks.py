"""What the timetable does here."""

from datetime import datetime

from vafa.measure.quality.actions import look

__all__ = ["renew"]


def renew(now: datetime) -> None:
    """Look at the data anew where they have changed."""
    look(now=now)
