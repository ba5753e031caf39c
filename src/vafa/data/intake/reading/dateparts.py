"""The pieces of a date's text: month names, time of day, and the shape of its numbers. Pure."""

from __future__ import annotations

import re
from datetime import UTC, time, timedelta, timezone, tzinfo
from typing import Literal, NamedTuple

from .text import drop_marks, fold_digits, trim

Calendar = Literal["gregorian", "jalali", "hijri"]

_GREGORIAN = (
    "january jan janvier janv يناير كانون الثاني جانفي ينايير ژانویه",
    "february feb fevrier février شباط فبراير فيفري فوریه",
    "march mar mars آذار مارس",
    "april apr avril نيسان أبريل ابريل إبريل أفريل آوریل",
    "may mai أيار مايو ماي مه می",
    "june jun juin حزيران يونيو يونيه جوان ژوئن",
    "july jul juillet تموز يوليو يوليه جويلية ژوئیه جولای",
    "august aug aout août آب أغسطس اغسطس أوت اوت",
    "september sept sep septembre أيلول سبتمبر سپتامبر",
    "october oct octobre أكتوبر اكتوبر اکتبر",
    "november nov novembre نوفمبر نوامبر",
    "december dec decembre décembre ديسمبر دسامبر",
)
_TWO_WORDS = {
    "كانون الثاني": 1,
    "تشرين الأول": 10,
    "تشرين الاول": 10,
    "تشرين الثاني": 11,
    "كانون الأول": 12,
    "كانون الاول": 12,
}
_JALALI = (
    "فروردین farvardin", "اردیبهشت ordibehesht", "خرداد khordad", "تیر tir", "مرداد امرداد mordad",
    "شهریور shahrivar", "مهر mehr", "آبان aban", "آذر azar", "دی dey", "بهمن bahman", "اسفند esfand",
)  # fmt: skip
_HIJRI = (
    "محرم muharram", "صفر safar", "ربیع الاول|ربیع الأول|rabi i", "ربیع الثانی|ربیع الآخر|ربیع الاخر|rabi ii",
    "جمادی الاولی|جمادی الأولی|جمادی الاول", "جمادی الثانیه|جمادی الآخره|جمادی الاخره|جمادی الثانی", "رجب rajab",
    "شعبان shaban", "رمضان ramadan", "شوال shawwal", "ذوالقعده|ذو القعده|ذی القعده", "ذوالحجه|ذو الحجه|ذی الحجه",
)  # fmt: skip
_LETTERS = str.maketrans(
    {"ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "أ": "ا", "إ": "ا", "ـ": None, "\u200c": " ", ".": " "}
)


def _fold(word: str) -> str:
    return word.translate(_LETTERS).casefold()


def _build_months() -> dict[str, tuple[Calendar, int]]:
    months: dict[str, tuple[Calendar, int]] = {}
    for number, line in enumerate(_GREGORIAN, start=1):
        words = line.replace("كانون الثاني", "") if number == 1 else line
        months.update({_fold(word): ("gregorian", number) for word in words.split()})
    months.update({_fold(words): ("gregorian", number) for words, number in _TWO_WORDS.items()})
    for number, line in enumerate(_HIJRI, start=1):
        months.update({_fold(word).strip(): ("hijri", number) for word in re.split(r"\|| (?=[a-z])", line)})
    for number, line in enumerate(_JALALI, start=1):
        # آذار is March and آذر the ninth Jalali month; both stand as they are written.
        months.update({_fold(word): ("jalali", number) for word in line.split()})
    return months


MONTHS = _build_months()
_MONTH = re.compile(
    r"(?<![^\W\d_])(" + "|".join(sorted(map(re.escape, MONTHS), key=len, reverse=True)) + r")(?![^\W\d_])"
)

_AFTER_NOON = (
    "pm",
    "p m",
    "p.m.",
    "p.m",
    "ب.ظ",
    "ب.ظ.",
    "ب ظ",
    "بعدازظهر",
    "بعد از ظهر",
    "م",
    "مساء",
    "下午",
    "晚上",
)
_BEFORE_NOON = (
    "am",
    "a m",
    "a.m.",
    "a.m",
    "ق.ظ",
    "ق.ظ.",
    "ق ظ",
    "قبل از ظهر",
    "ص",
    "صباحا",
    "上午",
    "早上",
    "凌晨",
)
_HALF = "|".join(sorted(map(re.escape, _AFTER_NOON + _BEFORE_NOON), key=len, reverse=True))
_CLOCK = re.compile(
    rf"(?:(?P<before>{_HALF})\s*)?(?<!\d)(?P<h>\d{{1,2}})(?:[:：٫时時](?P<m>\d{{2}})|(?=\s*(?:am|pm)\b))"
    rf"(?:[:：٫分](?P<s>\d{{2}})(?:[.,](?P<f>\d{{1,9}}))?秒?|分)?"
    rf"(?:\s*(?P<after>{_HALF})(?![^\W\d_]))?"
    r"(?:\s*(?P<zone>z|utc|gmt)?\s*(?P<offset>[+-]\d{2}:?(?:\d{2})?)?)?$"
)
_NUMBERS = re.compile(r"(\d+)\s*[-/.,،年\s]\s*(\d+)\s*[-/.,،月\s]\s*(\d+)\s*(?:日|号|號)?")
_DAY_NAMES = re.compile(
    r"(?<![^\W\d_])(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
    r"|(?:یک|دو|سه|چهار|پنج)?\s?شنبه|جمعه|الاحد|الاثنین|الثلاثاء|الاربعاء|الخمیس|الجمعه|السبت)(?![^\W\d_])|星期[一二三四五六日天]|周[一二三四五六日]"
)


class Clock(NamedTuple):
    """A time of day, whole days to add (24:00), and the zone that the text itself names."""

    at: time
    days: int
    zone: tzinfo | None


class Parts(NamedTuple):
    """A date's three numbers in the order of the text, or with a month by name: its calendar, month, and the rest."""

    numbers: tuple[str, str, str] | None
    named: tuple[Calendar, int, tuple[str, str]] | None
    clock: Clock | None


def fold_date(text: str) -> str:
    """The text with Latin digits, small letters and plain blanks, as the patterns here expect it."""
    return re.sub(r"\s+", " ", _fold_keep_dots(drop_marks(fold_digits(trim(text))))).strip()


def _fold_keep_dots(text: str) -> str:
    table = {key: value for key, value in _LETTERS.items() if key != ord(".")}
    return text.translate(table).casefold()


def split_date(text: str) -> Parts | None:
    """The parts of a folded text, or None where it has no shape of a date."""
    day, clock = _split_clock(text)
    if day is None:
        return None
    day = _DAY_NAMES.sub(" ", day).strip(" ,،")
    match = _NUMBERS.fullmatch(day)
    if match is not None:
        return Parts((match[1], match[2], match[3]), None, clock)
    month = _MONTH.search(day)
    if month is None:
        return None
    calendar, number = MONTHS[month[1]]
    rest = re.findall(r"\d+", day[: month.start()] + " " + day[month.end() :])
    beside = re.sub(
        r"\d+|(?<=\d)(?:st|nd|rd|th)\b|\b(?:of|de|سنه|سال|ماه|هـ|ه|م|ش)\b|[\s,،./\-']",
        "",
        day.replace(month[1], " ", 1),
    )
    if len(rest) != 2 or beside:
        return None
    return Parts(None, (calendar, number, (rest[0], rest[1])), clock)


def _split_clock(text: str) -> tuple[str | None, Clock | None]:
    match = _CLOCK.search(text)
    if match is None or (match.start() and text[match.start() - 1] in "/-."):
        return text, None
    clock = _build_clock(match)
    if clock is None:
        return None, None
    day = re.sub(r"(?:\b(?:at|ساعت|الساعه|زمان)|[\s,،t:\-])+$", "", text[: match.start()])
    return day or None, clock


def _build_clock(match: re.Match[str]) -> Clock | None:
    hour, minute, second = int(match["h"]), int(match["m"] or 0), int(match["s"] or 0)
    half = match["before"] or match["after"]
    if half in _AFTER_NOON and hour < 12:
        hour += 12
    elif half in _BEFORE_NOON and hour == 12:
        hour = 0
    days = 0
    if (hour, minute, second) == (24, 0, 0):
        hour, days = 0, 1
    second = min(second, 59) if second == 60 else second
    if hour > 23 or minute > 59 or second > 59:
        return None
    micro = int((match["f"] or "").ljust(6, "0")[:6] or 0)
    return Clock(time(hour, minute, second, micro), days, _build_zone(match))


def _build_zone(match: re.Match[str]) -> tzinfo | None:
    offset = match["offset"]
    if offset:
        hours, minutes = int(offset[1:3]), int(offset[3:].lstrip(":") or 0)
        if hours > 15 or minutes > 59:
            return None
        span = timedelta(hours=hours, minutes=minutes)
        return timezone(-span if offset[0] == "-" else span)
    return UTC if match["zone"] else None
