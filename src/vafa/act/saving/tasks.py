"""What the timetable does for this room."""

from datetime import datetime

from vafa.act.saving.closing import close_settled


def close(now: datetime) -> None:
    """Close the cases that the facts have settled; one query when no case is open."""
    close_settled(now)
