"""Files of dated occasions: what may stand in them, and clear words for what may not.

    {"format": 1, "country": "IR", "note": "...", "covered": {"from": "2023-03-21", "to": "2028-03-20"},
     "occasions": [
       {"key": "nowruz", "names": {"fa": "نوروز", "en": "Nowruz"}, "day_off": "full", "solemn": false,
        "yearly": {"calendar": "jalali", "month": 1, "day": 1, "days": 4}},
       {"key": "ashura", "names": {...}, "day_off": "full", "solemn": true,
        "dates": [{"start": "2025-07-06", "days": 1, "sure": true}]},
       {"key": "valentine", "remove": true}]}

`day_off` is full, half, none or work (a weekend day on which people work). `days` may be "month" for a whole
month of the calendar. `sure` is false for a date not announced yet. `covered`, `to` exclusive, is the time for
which all moving dates are listed.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Literal, TypeGuard, cast

from django.utils.translation import gettext as _

from vafa.kit.locale.errors import OccasionsBroken
from vafa.lab.calendars import CALENDARS, CalendarName

DayOff = Literal["full", "half", "none", "work"]
DAYS_OFF: tuple[DayOff, ...] = ("full", "half", "none", "work")

FORMAT = 1
_MAX_DAYS = 400
_LONGEST_MONTH = 31


@dataclass(frozen=True)
class YearlyRule:
    """A day fixed in a calendar; `days` is None for the whole month."""

    calendar: CalendarName
    month: int
    day: int
    days: int | None = 1
    sure: bool = True


@dataclass(frozen=True)
class GivenDate:
    """One announced (or, if not sure, expected) occurrence, [start, end)."""

    start: date
    end: date
    sure: bool = True


@dataclass(frozen=True)
class OccasionEntry:
    """One occasion of a file."""

    key: str
    names: Mapping[str, str] = field(hash=False)
    day_off: DayOff
    solemn: bool
    yearly: YearlyRule | None
    dates: tuple[GivenDate, ...]
    removed: bool = False


@dataclass(frozen=True)
class OccasionFile:
    """A file's country, its occasions, and the time [from, to) for which its moving dates are complete."""

    country: str
    covered: tuple[date, date] | None
    entries: tuple[OccasionEntry, ...]


def read_occasion_file(path: Path) -> OccasionFile:
    """The occasions of a file. Raises OccasionsBroken, naming the file and the place, if it is not as above."""
    try:
        content = json.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise OccasionsBroken(str(path), "-", str(error)) from error
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise OccasionsBroken(str(path), "-", _("it is not JSON (%(detail)s)") % {"detail": error}) from error
    return _Reader(str(path)).read(content)


class _Reader:
    """Checks one file's values, knowing its name for the errors."""

    def __init__(self, file: str) -> None:
        self.file = file

    def fail(self, place: str, reason: str) -> OccasionsBroken:
        return OccasionsBroken(self.file, place, reason)

    def read(self, content: object) -> OccasionFile:
        root = self.read_object(content, "-")
        if root.get("format") != FORMAT:
            raise self.fail("format", _("it must be %(number)s") % {"number": FORMAT})
        country = root.get("country")
        if not isinstance(country, str) or not country:
            raise self.fail("country", _("a country's two letters are missing"))
        rows = root.get("occasions")
        if not isinstance(rows, list):
            raise self.fail("occasions", _("a list is missing"))
        entries = tuple(self.read_entry(row, f"occasions[{place}]") for place, row in enumerate(rows))
        keys = [entry.key for entry in entries]
        for place, key in enumerate(keys):
            if key in keys[:place]:
                raise self.fail(f"occasions[{place}].key", _("“%(key)s” stands twice") % {"key": key})
        covered = root.get("covered")
        return OccasionFile(country, None if covered is None else self.read_covered(covered), entries)

    def read_covered(self, value: object) -> tuple[date, date]:
        covered = self.read_object(value, "covered")
        start = self.read_day(covered.get("from"), "covered.from")
        end = self.read_day(covered.get("to"), "covered.to")
        if end <= start:
            raise self.fail("covered.to", _("it must be after the beginning"))
        return start, end

    def read_entry(self, value: object, place: str) -> OccasionEntry:
        row = self.read_object(value, place)
        key = row.get("key")
        if not isinstance(key, str) or not key:
            raise self.fail(f"{place}.key", _("a key is missing"))
        if row.get("remove") is True:
            return OccasionEntry(key, {}, "none", solemn=False, yearly=None, dates=(), removed=True)
        names = row.get("names", {})
        if not isinstance(names, dict) or not all(isinstance(name, str) and name for name in names.values()):
            raise self.fail(f"{place}.names", _("names by language are expected"))
        day_off = row.get("day_off", "none")
        if day_off not in DAYS_OFF:
            raise self.fail(
                f"{place}.day_off", _("one of %(choices)s is expected") % {"choices": ", ".join(DAYS_OFF)}
            )
        yearly = row.get("yearly")
        dates = row.get("dates", [])
        if not isinstance(dates, list):
            raise self.fail(f"{place}.dates", _("a list is missing"))
        return OccasionEntry(
            key,
            names,
            cast("DayOff", day_off),
            solemn=self.read_flag(row.get("solemn", False), f"{place}.solemn"),
            yearly=None if yearly is None else self.read_rule(yearly, f"{place}.yearly"),
            dates=tuple(self.read_given(given, f"{place}.dates[{n}]") for n, given in enumerate(dates)),
        )

    def read_rule(self, value: object, place: str) -> YearlyRule:
        row = self.read_object(value, place)
        calendar = row.get("calendar")
        if calendar not in CALENDARS:
            choices = {"choices": ", ".join(CALENDARS)}
            raise self.fail(f"{place}.calendar", _("one of %(choices)s is expected") % choices)
        days = row.get("days", 1)
        return YearlyRule(
            cast("CalendarName", calendar),
            self.read_number(row.get("month"), f"{place}.month", 12),
            self.read_number(row.get("day"), f"{place}.day", _LONGEST_MONTH),
            None if days == "month" else self.read_number(days, f"{place}.days", _MAX_DAYS),
            self.read_flag(row.get("sure", True), f"{place}.sure"),
        )

    def read_given(self, value: object, place: str) -> GivenDate:
        row = self.read_object(value, place)
        start = self.read_day(row.get("start"), f"{place}.start")
        days = self.read_number(row.get("days", 1), f"{place}.days", _MAX_DAYS)
        sure = self.read_flag(row.get("sure", True), f"{place}.sure")
        return GivenDate(start, start + timedelta(days=days), sure)

    def read_object(self, value: object, place: str) -> dict[str, object]:
        if not isinstance(value, dict):
            raise self.fail(place, _("an object is expected"))
        return value

    def read_day(self, value: object, place: str) -> date:
        try:
            return date.fromisoformat(value if isinstance(value, str) else "")
        except ValueError as error:
            reason = _("“%(value)s” is no date such as 2026-03-21") % {"value": value}
            raise self.fail(place, reason) from error

    def read_number(self, value: object, place: str, largest: int) -> int:
        if not _is_whole(value) or not 1 <= value <= largest:
            raise self.fail(
                place, _("a whole number from 1 to %(largest)s is expected") % {"largest": largest}
            )
        return value

    def read_flag(self, value: object, place: str) -> bool:
        if not isinstance(value, bool):
            raise self.fail(place, _("true or false is expected"))
        return value


def _is_whole(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)
