"""Reading several tables as one story, the newest first, page by page: each page begins after the last place of the
one before, so that no page costs more than the first."""

from datetime import UTC, date, datetime
from typing import NamedTuple

from django.db.models import Q

_EARLIEST = datetime(1, 1, 1, tzinfo=UTC)


class Place(NamedTuple):
    """Where a row stands: its day, its moment (None where only the day is known: after the others of that day), the
    rank of its table and the row."""

    day: date
    at: datetime | None
    rank: int
    row: int

    @property
    def order(self) -> tuple[date, datetime, int, int]:
        """By which places are compared; the greatest comes first."""
        return (self.day, self.at or _EARLIEST, self.rank, self.row)

    def __str__(self) -> str:
        moment = "" if self.at is None else str(int(self.at.timestamp()))
        return f"{self.day.isoformat()}.{moment}.{self.rank}.{self.row}"


def read_place(text: str) -> Place | None:
    """The place that `str` wrote; None for anything else."""
    parts = text.split(".")
    if len(parts) != 4 or not all(part == "" or (part.isascii() and part.isdigit()) for part in parts[1:]):
        return None
    day, moment, rank, row = parts
    try:
        at = datetime.fromtimestamp(int(moment), UTC) if moment else None
        return Place(date.fromisoformat(day), at, int(rank), int(row[:18]))
    except (ValueError, OverflowError, OSError):
        return None


def build_after(place: Place | None, rank: int, day: str = "day", at: str | None = "at") -> Q:
    """The condition of the rows of one table (of this rank) that come after a place; all of them without one. `day`
    and `at` name its columns; `at` is None for a table that knows days only."""
    if place is None:
        return Q()
    same_moment = Q(pk__lt=place.row) if rank == place.rank else Q() if rank < place.rank else Q(pk__lt=0)
    if at is None:
        # All its rows stand after the moments of their day.
        within = Q() if place.at is not None else same_moment
    elif place.at is None:
        within = Q(**{f"{at}__isnull": True}) & same_moment
    else:
        within = (
            Q(**{f"{at}__isnull": True}) | Q(**{f"{at}__lt": place.at}) | (Q(**{at: place.at}) & same_moment)
        )
    # The first condition is what the index is read by.
    return Q(**{f"{day}__lte": place.day}) & (
        Q(**{f"{day}__lt": place.day}) | (Q(**{day: place.day}) & within)
    )


def list_spellings(text: str) -> list[str]:
    """How a text may stand in the records: as it is typed, and with the letters of Persian and of Arabic."""
    persian = text.translate(str.maketrans("يىك", "ییک"))
    arabic = text.translate(str.maketrans("یک", "يك"))
    return list(dict.fromkeys([text, persian, arabic]))


def build_search(text: str, columns: tuple[str, ...]) -> Q:
    """The condition that any of these columns holds a text; every row without one."""
    found = Q()
    for spelling in list_spellings(text) if text else ():
        for column in columns:
            found |= Q(**{f"{column}__icontains": spelling})
    return found
