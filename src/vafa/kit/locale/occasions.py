"""Occasions of a country by date: holidays, mourning, make-up work days, shopping seasons.

The packaged files know what was announced when they were written. Files of the same form in a folder of the
installation come over them, so that a sighting announced tonight is in force tomorrow without a release.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

from vafa.kit.locale.occasion_files import (
    DayOff,
    GivenDate,
    OccasionEntry,
    OccasionFile,
    YearlyRule,
    read_occasion_file,
)
from vafa.lab.calendars import build_date, get_month_length, split_date
from vafa.lab.errors import CalendarDateInvalid, CalendarRangeExceeded
from vafa.lab.occasions import Occasion

PACKAGED_FOLDER = Path(__file__).parent / "occasion_data"
WORLD = "world"

# A date given nearer than this to another of the same occasion corrects it; further away it is another year's.
_SAME_OCCURRENCE_DAYS = 20


@dataclass(frozen=True)
class DatedOccasion:
    """An occurrence of an occasion, with what people are told about it."""

    occasion: Occasion
    names: dict[str, str] = field(hash=False, repr=False)
    day_off: DayOff
    sure: bool

    def get_name(self, language: str) -> str:
        """Its name in a language, else in English, else its key."""
        return self.names.get(language) or self.names.get("en") or self.occasion.key


@dataclass(frozen=True)
class OccasionCalendar:
    """All that is known of a country's occasions."""

    country: str
    covered: tuple[date, date] | None
    entries: tuple[OccasionEntry, ...]

    def is_announced(self, start: date, end: date) -> bool:
        """Whether the moving dates of [start, end) are listed; else say "not yet announced".

        True where nothing is announced by list (all dates follow a calendar, if only nearly).
        """
        return self.covered is None or (self.covered[0] <= start and end <= self.covered[1])

    def list_between(self, start: date, end: date) -> list[DatedOccasion]:
        """The occurrences that share a day with [start, end), by date and key."""
        found = [
            dated
            for entry in self.entries
            for dated in _expand(entry, start, end)
            if dated.occasion.start < end and start < dated.occasion.end
        ]
        return sorted(found, key=lambda dated: (dated.occasion.start, dated.occasion.key))


def load_occasions(country: str, folder: Path | None = None) -> OccasionCalendar:
    """The occasions of a country (those of many countries if it has no file of its own), with the folder's.

    Every *.json of `folder` for that country is read, by name; a later file corrects an earlier one: a date
    within 20 days of a known one of the same key replaces it, other dates and keys are added, `"remove": true`
    takes an occasion away. Raises OccasionsBroken.
    """
    packaged = PACKAGED_FOLDER / f"{country.lower()}.json"
    base = read_occasion_file(packaged if packaged.is_file() else PACKAGED_FOLDER / f"{WORLD}.json")
    calendar = OccasionCalendar(country, base.covered, base.entries)
    for file in _read_folder(folder):
        if file.country == country:
            calendar = _merge(calendar, file)
    return calendar


def _read_folder(folder: Path | None) -> list[OccasionFile]:
    if folder is None or not folder.is_dir():
        return []
    return [read_occasion_file(path) for path in sorted(folder.glob("*.json"))]


def _merge(calendar: OccasionCalendar, file: OccasionFile) -> OccasionCalendar:
    entries = {entry.key: entry for entry in calendar.entries}
    for entry in file.entries:
        if entry.removed:
            entries.pop(entry.key, None)
        else:
            known = entries.get(entry.key)
            entries[entry.key] = entry if known is None else _correct(known, entry)
    return OccasionCalendar(calendar.country, _join(calendar.covered, file.covered), tuple(entries.values()))


def _correct(known: OccasionEntry, entry: OccasionEntry) -> OccasionEntry:
    kept = [old for old in known.dates if not any(_is_same(old.start, new.start) for new in entry.dates)]
    return replace(
        entry,
        names={**known.names, **entry.names},
        yearly=entry.yearly or known.yearly,
        dates=(*kept, *entry.dates),
    )


def _expand(entry: OccasionEntry, start: date, end: date) -> Iterable[DatedOccasion]:
    given = list(entry.dates)
    if entry.yearly is not None:
        computed = _list_yearly(entry.yearly, start, end)
        given += [one for one in computed if not any(_is_same(one.start, old.start) for old in entry.dates)]
    calendar = None if entry.yearly is None else entry.yearly.calendar
    for one in given:
        occasion = Occasion(entry.key, one.start, one.end, entry.solemn, calendar)
        yield DatedOccasion(occasion, dict(entry.names), entry.day_off, one.sure)


def _list_yearly(rule: YearlyRule, start: date, end: date) -> list[GivenDate]:
    found = []
    try:
        # A year earlier, for what began before the start and still goes on.
        first, last = split_date(start, rule.calendar).year - 1, split_date(end, rule.calendar).year
    except CalendarRangeExceeded:
        return []
    for year in range(first, last + 1):
        try:
            begin = build_date(year, rule.month, rule.day, rule.calendar)
            days = rule.days or get_month_length(year, rule.month, rule.calendar)
        except (CalendarDateInvalid, CalendarRangeExceeded):
            continue  # no such day that year (29 February), or past the calendar's tables
        found.append(GivenDate(begin, begin + timedelta(days=days), rule.sure))
    return found


def _is_same(one: date, other: date) -> bool:
    return abs((one - other).days) <= _SAME_OCCURRENCE_DAYS


def _join(one: tuple[date, date] | None, other: tuple[date, date] | None) -> tuple[date, date] | None:
    if one is None or other is None:
        return one or other
    # A gap between the two would be called announced: then only the earlier one counts.
    if other[0] > one[1] or one[0] > other[1]:
        return min(one, other)
    return min(one[0], other[0]), max(one[1], other[1])
