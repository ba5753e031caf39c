"""Calendar files keep to RFC 5545, whatever is written in them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from vafa.lab.icalendar import CalendarEvent, build_calendar, escape_text, fold_line

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
CHANGED = datetime(2026, 3, 15, 9, 30, tzinfo=UTC)


def unfold(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def unescape(text: str) -> str:
    found, letters = "", iter(text)
    for letter in letters:
        after = next(letters) if letter == "\\" else None
        found += letter if after is None else "\n" if after in "nN" else after
    return found


def test_a_calendar_is_written_as_the_standard_says() -> None:
    timed = CalendarEvent(
        uid="task-1@vafa",
        start=datetime(2026, 3, 21, 10, 30, tzinfo=ZoneInfo("Asia/Tehran")),
        summary="Call; then write, twice\\",
        changed_at=CHANGED,
        description="one\ntwo",
        url="https://vafa.example/tasks/1/",
        remind_minutes=15,
    )
    whole = CalendarEvent(uid="task-2@vafa", start=date(2026, 2, 28), summary="جلسه", changed_at=CHANGED)
    text = build_calendar("Vafa", [timed, whole], "-//Vafa//Tasks//EN")
    assert unfold(text) == [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Vafa//Tasks//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
        "X-WR-CALNAME:Vafa",
        "BEGIN:VEVENT", "UID:task-1@vafa", "DTSTAMP:20260315T093000Z", "DTSTART:20260321T070000Z",
        "DTEND:20260321T073000Z", "SUMMARY:Call\\; then write\\, twice\\\\", "DESCRIPTION:one\\ntwo",
        "URL:https://vafa.example/tasks/1/", "TRANSP:TRANSPARENT",
        "BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT15M", "DESCRIPTION:Call\\; then write\\, twice\\\\", "END:VALARM",
        "END:VEVENT",
        "BEGIN:VEVENT", "UID:task-2@vafa", "DTSTAMP:20260315T093000Z", "DTSTART;VALUE=DATE:20260228",
        "DTEND;VALUE=DATE:20260301", "SUMMARY:جلسه", "TRANSP:TRANSPARENT", "END:VEVENT",
        "END:VCALENDAR", "",
    ]  # fmt: skip


@given(WORDS)
def test_no_line_is_longer_than_75_octets_and_nothing_is_lost(words: str) -> None:
    line = f"SUMMARY:{escape_text(words)}"
    folded = fold_line(line)
    pieces = folded.split("\r\n")
    assert max(len(piece.encode()) for piece in pieces) <= 75
    assert all(piece.startswith(" ") for piece in pieces[1:])
    assert folded.replace("\r\n ", "") == line


@given(WORDS)
def test_a_text_can_be_read_back_and_begins_no_line_of_its_own(words: str) -> None:
    escaped = escape_text(words)
    assert "\n" not in escaped
    assert "\r" not in escaped
    kept = words.replace("\r\n", "\n").replace("\r", "\n")
    assert unescape(escaped) == "".join(
        letter for letter in kept if letter == "\n" or (letter >= " " and letter != "\x7f")
    )
