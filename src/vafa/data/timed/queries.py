"""Asking about files by timetable."""

from vafa.data.timed.models import Timed
from vafa.data.timed.places import VARIABLE, find_root

__all__ = ["VARIABLE", "Timed", "find_root", "find_timed", "list_timed"]


def list_timed() -> list[Timed]:
    """All folders and addresses that are looked at."""
    return list(Timed.objects.all())


def find_timed(timed_id: int) -> Timed | None:
    """One of them, or None."""
    return Timed.objects.filter(pk=timed_id).first()
