"""What the timetable does for these pages."""

from datetime import datetime

from vafa.front.followups.digest import send_digests


def send(now: datetime) -> None:
    """Write the digests that are due; a query or two when there are none."""
    send_digests(now)
