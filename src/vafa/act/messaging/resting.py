"""On which days the business's country mourns, and on which it rests by law."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from vafa.kit.home import get_home
from vafa.kit.locale.occasions import DatedOccasion, load_occasions

_LONGEST = 60


@dataclass(frozen=True)
class Rest:
    """The first day that is not solemn any more, and the first that is no official holiday; None: today is neither."""

    solemn_until: date | None = None
    holiday_until: date | None = None


def find_rest(country: str, today: date) -> Rest:
    """Whether a day is solemn or a holiday in a country ("": nobody knows), and until when; days that follow upon one
    another are one time."""
    return _find_rest(country, today, _get_marks(_get_folder())) if country else Rest()


def list_rest_days(country: str, start: date, end: date) -> list[DatedOccasion]:
    """The solemn days and official holidays of a country within [start, end), by date."""
    found = load_occasions(country, _get_folder()).list_between(start, end) if country else []
    return [one for one in found if one.occasion.solemn or is_holiday(one)]


def is_holiday(one: DatedOccasion) -> bool:
    """Whether people have the whole day off."""
    return one.day_off == "full"


# Every piece of a hundred messages asks; the files are read again only when one of them is another.
@lru_cache(maxsize=16)
def _find_rest(country: str, today: date, _marks: tuple[tuple[str, int], ...]) -> Rest:
    days = list_rest_days(country, today, today + timedelta(days=_LONGEST))
    solemn = [one for one in days if one.occasion.solemn]
    return Rest(_find_end(solemn, today), _find_end([one for one in days if is_holiday(one)], today))


def _find_end(days: list[DatedOccasion], today: date) -> date | None:
    end = today
    for one in days:
        if one.occasion.start <= end < one.occasion.end:
            end = one.occasion.end
    return None if end == today else end


def _get_folder() -> Path:
    return get_home() / "occasions"


def _get_marks(folder: Path) -> tuple[tuple[str, int], ...]:
    return tuple((path.name, path.stat().st_mtime_ns) for path in sorted(folder.glob("*.json")))
