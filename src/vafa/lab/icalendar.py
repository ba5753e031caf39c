"""Calendar files that every calendar program reads (RFC 5545): events as text, folded, escaped, with no time zone of
their own: moments in UTC, whole days as dates. Days are Gregorian there; other calendars are a matter of showing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

_LINE_OCTETS = 75
_NEWLINE = "\r\n"


@dataclass(frozen=True)
class CalendarEvent:
    """One event. `start` is an aware moment, or a date for a whole day. `uid` never changes; `changed_at` does."""

    uid: str
    start: datetime | date
    summary: str
    changed_at: datetime
    description: str = ""
    url: str = ""
    minutes: int = 30
    remind_minutes: int | None = None


def build_calendar(name: str, events: Iterable[CalendarEvent], product: str) -> str:
    """The whole file. `product` names the program that made it ("-//Vafa//Tasks//EN")."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{escape_text(product)}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escape_text(name)}",
    ]
    for event in events:
        lines += _list_lines(event)
    lines.append("END:VCALENDAR")
    return "".join(fold_line(line) + _NEWLINE for line in lines)


def _list_lines(event: CalendarEvent) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escape_text(event.uid)}"
    yield f"DTSTAMP:{_write_moment(event.changed_at)}"
    if isinstance(event.start, datetime):
        yield f"DTSTART:{_write_moment(event.start)}"
        yield f"DTEND:{_write_moment(event.start + timedelta(minutes=event.minutes))}"
    else:
        yield f"DTSTART;VALUE=DATE:{event.start:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{event.start + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{escape_text(event.summary)}"
    if event.description:
        yield f"DESCRIPTION:{escape_text(event.description)}"
    if event.url:
        yield f"URL:{_strip_controls(event.url)}"
    yield "TRANSP:TRANSPARENT"
    if event.remind_minutes is not None and isinstance(event.start, datetime):
        yield "BEGIN:VALARM"
        yield "ACTION:DISPLAY"
        yield f"TRIGGER:-PT{event.remind_minutes}M"
        yield f"DESCRIPTION:{escape_text(event.summary)}"
        yield "END:VALARM"
    yield "END:VEVENT"


def _write_moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escape_text(text: str) -> str:
    """A text as a value (3.3.11): backslashes, semicolons and commas escaped, line breaks as \\n, no other controls."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    escaped = unified.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
    return _strip_controls(escaped)


def _strip_controls(text: str) -> str:
    return "".join(letter for letter in text if letter >= " " and letter != "\x7f")


def fold_line(line: str) -> str:
    """A line cut into pieces of at most 75 octets (3.1), each later one begun by a blank; no letter is cut in two."""
    pieces: list[str] = []
    piece, size = "", 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > _LINE_OCTETS:
            pieces.append(piece)
            piece, size = " ", 1
        piece, size = piece + letter, size + octets
    return _NEWLINE.join([*pieces, piece])
