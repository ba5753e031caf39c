"""What the timetable does here."""

from datetime import datetime

from vafa.measure.history.actions import note

__all__ = ["note_figures"]


def note_figures(now: datetime) -> None:
    """Note the figures where something has happened since the last look."""
    note(now=now)
