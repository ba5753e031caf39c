"""Moments fast: most are a date, a blank and a time. Dates repeat by the thousand and a day has 86,400 seconds, so
the two halves are parsed once each and only put together; whatever looks otherwise goes the long way."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from typing import Any

from vafa.data.intake.reading.dates import build_date_parser
from vafa.data.intake.reading.problems import ValueProblem

Moment = tuple[str, str | None]

_CLOCK = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?", re.ASCII)
_DAY_SECONDS = 86_400


class _Clocks(dict[str, int]):
    """A time as written -> seconds of the day, -1 where it is not simply hours, minutes and seconds."""

    def __missing__(self, text: str) -> int:
        match = _CLOCK.fullmatch(text)
        seconds = -1
        if match is not None:
            hours, minutes, rest = int(match[1]), int(match[2]), int(match[3] or 0)
            if hours < 24 and minutes < 60 and rest < 60:
                seconds = hours * 3600 + minutes * 60 + rest
        self[text] = seconds
        return seconds


class _Written(dict[int, str]):
    """Seconds of the day -> HH:MM:SS."""

    def __missing__(self, seconds: int) -> str:
        minutes, rest = divmod(seconds, 60)
        text = f"{minutes // 60:02}:{minutes % 60:02}:{rest:02}"
        self[seconds] = text
        return text


class _Days(dict[str, "tuple[str, str, str, int] | None"]):
    """A date as written -> the day before, the day, the day after, and how far the zone is ahead of UTC all that day;
    None where it is no plain date, or where the clocks change on it."""

    def __init__(self, parse: Callable[[str], Any], zone: tzinfo) -> None:
        super().__init__()
        self.parse, self.zone = parse, zone

    def __missing__(self, text: str) -> tuple[str, str, str, int] | None:
        found = None
        try:
            day, at = self.parse(text)
        except ValueProblem:
            at = text
        if at is None:
            one = timedelta(days=1)
            midnight = datetime(day.year, day.month, day.day, tzinfo=self.zone)
            ahead, later = midnight.utcoffset(), (midnight + one).utcoffset()
            if ahead is not None and ahead == later:
                around = ((day - one).isoformat(), day.isoformat(), (day + one).isoformat())
                found = (*around, int(ahead.total_seconds()))
        self[text] = found
        return found


def build_moment_parser(order: Any, zone: tzinfo) -> Callable[[str], Moment]:
    """A parser of one column: text -> (business-local day, UTC moment or None where only the day is told), both in
    database form. The same answers, and the same problems, as `reading.dates.build_date_parser`."""
    parse_whole = build_date_parser(order, zone)
    days, clocks, written = _Days(parse_whole, zone), _Clocks(), _Written()

    def parse(text: str) -> Moment:
        date_text, _blank, clock_text = text.partition("T" if text[10:11] == "T" else " ")
        if clock_text and (seconds := clocks[clock_text]) >= 0 and (day := days[date_text]) is not None:
            before, on, after, ahead = day
            utc = seconds - ahead
            if utc < 0:
                return on, f"{before} {written[utc + _DAY_SECONDS]}"
            if utc >= _DAY_SECONDS:
                return on, f"{after} {written[utc - _DAY_SECONDS]}"
            return on, f"{on} {written[utc]}"
        found, at = parse_whole(text)
        return found.isoformat(), str(at)[:19] if at is not None else None

    return parse
