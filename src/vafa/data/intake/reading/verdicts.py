"""Which order and calendar a column of dates is written in: tried on its values, asked where they can't tell. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, timedelta

from .dateparts import fold_date, split_date
from .moments import OTHER_CALENDAR_YEARS, DateOrder, build_date_parser, to_gregorian
from .problems import ValueProblem

# Business records: nothing before 1990 unless it is a birthday, and a due date lies at most two years ahead.
_FAR_AHEAD = timedelta(days=731)
_LONG_AGO = timedelta(days=20 * 366)
_ENOUGH = 0.9


@dataclass(frozen=True)
class DateVerdict:
    """The order that the values are in; `ambiguous` with the `choices` left where they can't tell; None and not
    ambiguous where they are no dates. `evidence` counts the values that each order could read."""

    order: DateOrder | None
    ambiguous: bool
    choices: tuple[DateOrder, ...] = ()
    evidence: dict[str, int] = field(default_factory=dict)
    example: str = ""

    @property
    def is_date_column(self) -> bool:
        """Whether most of the values are dates at all."""
        return self.order is not None or self.ambiguous


def decide_dates(samples: Iterable[str], today: date) -> DateVerdict:
    """The verdict on a column's values (blanks are passed over; give a few hundred up to a few thousand)."""
    texts = list(dict.fromkeys(text for text in samples if text))[:5_000]
    if not texts:
        return DateVerdict(None, False)
    shapes = [_shape(text) for text in texts]
    evidence = {shape: shapes.count(shape) for shape in sorted(set(shapes)) if shape}
    dated = len(texts) - shapes.count("")
    if dated < len(texts) * _ENOUGH:
        return DateVerdict(None, False, (), evidence)
    others = [text for text, shape in zip(texts, shapes, strict=True) if shape == "other"]
    if others:
        return _decide_calendar(others, today, evidence)
    unordered = [text for text, shape in zip(texts, shapes, strict=True) if shape in ("last", "short")]
    if not unordered:
        return DateVerdict("iso", False, (), evidence)
    if "short" not in shapes:
        return _decide_order(unordered, ("dmy", "mdy"), today, evidence)
    return _decide_order(unordered, ("dmy", "mdy", "jalali", "ymd"), today, evidence)


def _shape(text: str) -> str:
    """`first` (year first, or a month by name, or a serial), `last` (year last), `short` (two-digit year),
    `other` (a year of the Jalali or Hijri calendar), or "" for no date."""
    folded = fold_date(text)
    if folded.replace(".", "", 1).isdigit():
        return _shape_of_digits(folded, text)
    parts = split_date(folded)
    if parts is None:
        return ""
    if parts.named is not None:
        return "first"
    assert parts.numbers is not None
    lengths = tuple(map(len, parts.numbers))
    years = [int(number) for number in parts.numbers if len(number) == 4]
    if len(years) > 1 or max(lengths) > 4 or 3 in lengths or lengths[1] > 2:
        return ""
    if not years:
        return "short"
    if years[0] in OTHER_CALENDAR_YEARS:
        return "other"
    return "first" if lengths[0] == 4 else "last"


def _shape_of_digits(folded: str, text: str) -> str:
    if len(folded) == 8 and int(folded[:4]) in OTHER_CALENDAR_YEARS:
        return "other" if 1 <= int(folded[4:6]) <= 12 and 1 <= int(folded[6:]) <= 31 else ""
    if len(folded) == 6 and "." not in folded:
        return "short" if int(folded[2:4]) <= 12 and int(folded[4:]) >= 1 else ""
    return "first" if _reads(text, "iso") is not None else ""


def _reads(text: str, order: DateOrder) -> date | None:
    try:
        return build_date_parser(order, UTC)(text)[0]
    except ValueProblem:
        return None


def _leave_out_impossible(texts: list[str], orders: tuple[DateOrder, ...]) -> list[str]:
    """The values that some order can read: a thirteenth month tells nothing of how the others are meant."""
    return [text for text in texts if any(_reads(text, order) for order in orders)] or texts


def _decide_calendar(texts: list[str], today: date, evidence: dict[str, int]) -> DateVerdict:
    """Jalali or Hijri: the same numbers lie some forty years apart, so at most one of them is near today."""
    orders: tuple[DateOrder, ...] = ("jalali", "hijri")
    texts = _leave_out_impossible(texts, orders)
    found = {order: [_reads(text, order) for text in texts] for order in orders}
    years = [int(match[0]) for text in texts if (match := re.search(r"1[234]\d\d", fold_date(text)))]
    newest = max(years, default=0)
    hijri_now = _year_now("hijri", today)
    jalali_now = _year_now("jalali", today)
    readable = [order for order in found if None not in found[order]] or [
        order for order in found if sum(day is not None for day in found[order]) >= len(texts) * _ENOUGH
    ]
    # A year that the Jalali calendar has just reached is forty years past in the Hijri one.
    reached = newest <= jalali_now and (newest > jalali_now - 30 or "hijri" not in readable)
    if "jalali" in readable and (reached or readable == ["jalali"]):
        return DateVerdict("jalali", False, (), evidence)
    if "hijri" in readable and jalali_now + 2 < newest <= hijri_now + 2:
        return DateVerdict("hijri", False, (), evidence)
    if readable == ["hijri"]:
        return DateVerdict("hijri", False, (), evidence)
    if "jalali" in readable and jalali_now - 70 < newest <= jalali_now + 2:
        return DateVerdict("jalali", False, (), evidence)
    return DateVerdict(None, True, tuple(readable) or orders, evidence, texts[0])


def _year_now(calendar: DateOrder, today: date) -> int:
    """The year of a calendar that today lies in (to a year's precision, which is all that is asked of it)."""
    if calendar == "jalali":
        year = today.year - 621
        return year if today >= to_gregorian("jalali", year, 1, 1) else year - 1
    return int((today.year - 621.57) * 1.0307)


def _decide_order(
    texts: list[str], orders: tuple[DateOrder, ...], today: date, evidence: dict[str, int]
) -> DateVerdict:
    evidence = dict(evidence)
    texts = _leave_out_impossible(texts, orders)
    near: list[DateOrder] = []
    possible: list[DateOrder] = []
    for order in orders:
        days = [day for day in (_reads(text, order) for text in texts) if day is not None]
        evidence[order] = len(days)
        if len(days) < max(1, len(texts) * _ENOUGH):
            continue
        possible.append(order)
        if len(days) == len(texts) and max(days) <= today + _FAR_AHEAD and min(days) >= today - _LONG_AGO:
            near.append(order)
    whole: list[DateOrder] = [order for order in possible if evidence[order] == len(texts)]
    left = near or whole or possible
    if "ymd" in left and len(left) > 1:
        # A Gregorian year of two digits in front is rare; what else fits goes before it.
        left = [order for order in left if order != "ymd"]
    if len(left) > 1 and "jalali" in left:
        left = _weigh_jalali(left, texts)
    if len(left) == 1:
        return DateVerdict(left[0], False, (), evidence)
    if not left:
        return DateVerdict(None, False, (), evidence)
    return DateVerdict(None, True, tuple(left), evidence, texts[0])


def _weigh_jalali(left: list[DateOrder], texts: list[str]) -> list[DateOrder]:
    """Years vary least, days most: many first numbers speak against a year in front, many last ones for it."""
    numbers = [parts.numbers for text in texts if (parts := split_date(fold_date(text))) and parts.numbers]
    firsts, lasts = {n[0] for n in numbers}, {n[2] for n in numbers}
    if len(numbers) >= 12 and len(lasts) > 2 * len(firsts):
        return ["jalali"]
    if len(numbers) >= 12 and len(firsts) > 2 * len(lasts):
        return [order for order in left if order != "jalali"]
    return left
