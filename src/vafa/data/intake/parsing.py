"""Columns of texts -> columns of values in database form, by field. A cell that can't be read becomes its problem."""

from collections.abc import Callable
from datetime import tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from vafa.data.intake.moments import build_moment_parser
from vafa.data.intake.reading.caches import Cached
from vafa.data.intake.reading.dates import build_date_parser
from vafa.data.intake.reading.emails import parse_email
from vafa.data.intake.reading.intervals import parse_interval
from vafa.data.intake.reading.money import unit_named
from vafa.data.intake.reading.months import parse_month
from vafa.data.intake.reading.phones import parse_phone
from vafa.data.intake.reading.problems import ValueProblem
from vafa.data.intake.reading.questions import parse_question
from vafa.data.intake.reading.scores import parse_scale, parse_score
from vafa.data.intake.reading.spans import find_unit, parse_span
from vafa.data.intake.reading.values import is_scientific, parse_integer, parse_number
from vafa.data.intake.types import COUNT_FIELDS, DATE_FIELDS, MOMENT_FIELDS, MONEY_FIELDS, SPAN_FIELDS, Plan
from vafa.kit.fields import to_fixed
from vafa.kit.locale.letters import fold_key

Column = list[Any]
_YES = frozenset(
    map(fold_key, ("1", "yes", "y", "true", "t", "on", "بله", "بلی", "آری", "نعم", "是", "subscribed"))
)
_NO = frozenset(map(fold_key, ("0", "no", "n", "false", "f", "off", "خیر", "نه", "لا", "否", "unsubscribed")))

_LONGEST = {
    "order": 200, "customer": 200, "return": 200, "subscription": 250, "interaction": 250, "product": 300,
    "product_line": 200, "location": 200, "plan": 200, "status": 60, "kind": 40, "name": 300, "answer": 250,
    "ticket": 250, "spend_id": 250,
}  # fmt: skip
_MOST_COUNTED = 1_000_000
# Fields whose values are ids: what a spreadsheet has cut to 1.2E+05 can't be told apart any more.
_IDS = frozenset(
    {"order", "customer", "return", "subscription", "interaction", "product", "answer", "ticket"}
)


_CURRENCY_WORDS = {
    "$": "USD", "€": "EUR", "£": "GBP", "₹": "INR", "₺": "TRY", "₽": "RUB", "元": "CNY", "人民币": "CNY", "¥": "CNY",
    "￥": "CNY", "rmb": "CNY", fold_key("دلار"): "USD", fold_key("یورو"): "EUR", "euro": "EUR",
    fold_key("ریال سعودی"): "SAR", fold_key("درهم امارات"): "AED",
}  # fmt: skip


class CellProblem(ValueProblem):
    """A problem that only the intake knows of."""

    reasons = {}


class Parsers:
    """The parsers of one file's columns; each remembers what it has parsed."""

    def __init__(self, plan: Plan, zone: str, phone_region: str) -> None:
        self.plan = plan
        self.zone: tzinfo = ZoneInfo(zone)
        self.region = phone_region
        self.by_field = {field: Cached(self._choose(field)) for field in plan.mapping if not _is_text(field)}

    def parse(
        self, texts: dict[str, list[str]]
    ) -> tuple[dict[str, Column], dict[int, tuple[str, ValueProblem]]]:
        """Each field's values, and for each bad row (by place) the first field to blame with its problem."""
        values: dict[str, Column] = {}
        bad: dict[int, tuple[str, ValueProblem]] = {}
        for field, column in texts.items():
            if field not in self.by_field:
                values[field] = column
                _check_texts(field, column, bad)
                continue
            parser = self.by_field[field]
            parsed = values[field] = list(map(parser.__getitem__, column))
            if parser.problems:
                for place, value in enumerate(parsed):
                    if isinstance(value, ValueProblem):
                        bad.setdefault(place, (field, value))
        return values, bad

    def _choose(self, field: str) -> Callable[[str], Any]:
        if field in DATE_FIELDS:
            return self._build_date(field)
        if field == "month":
            calendar: Any = self.plan.date_orders.get(field, "iso")
            return lambda text: parse_month_cell(text, calendar)
        if field in MONEY_FIELDS or field in ("quantity", "index"):
            mark: Any = self.plan.decimal_mark
            return lambda text: to_fixed(parse_number(text, mark))
        if field in COUNT_FIELDS:
            return parse_count
        if field == "email":
            return parse_email
        if field == "phone":
            return lambda text: parse_phone(text, self.region)
        if field == "currency":
            return parse_currency
        if field == "interval":
            return parse_interval_text
        if field in SPAN_FIELDS:
            unit = find_unit(self.plan.mapping[field])
            return lambda text: parse_span(text, unit)
        return _OTHERS.get(field, _parse_yes)

    def _build_date(self, field: str) -> Callable[[str], Any]:
        order: Any = self.plan.date_orders.get(field, "iso")
        if field in MOMENT_FIELDS:
            return build_moment_parser(order, self.zone)
        parse = build_date_parser(order, self.zone)
        return lambda text: parse(text)[0].isoformat()


def _is_text(field: str) -> bool:
    """Whether a field's values are kept as they are."""
    typed = field in DATE_FIELDS | MONEY_FIELDS | COUNT_FIELDS | SPAN_FIELDS | _OTHERS.keys()
    typed = typed or field.startswith("consent_")
    return not typed and field not in ("quantity", "index", "month", "email", "phone", "currency", "interval")


def _check_texts(field: str, column: list[str], bad: dict[int, tuple[str, ValueProblem]]) -> None:
    """Blame the texts that can't be kept as they are; a column without any is passed in two quick strides."""
    most = _LONGEST.get(field, 10_000)
    if max(map(len, column), default=0) > most:
        for place, text in enumerate(column):
            if len(text) > most:
                bad.setdefault(place, (field, CellProblem("too_long", most=most, value=text[:80])))
    if field in _IDS and "+" in "".join(column):
        for place, text in enumerate(column):
            if "+" in text and is_scientific(text):
                bad.setdefault(place, (field, ValueProblem("scientific", value=text)))


def parse_month_cell(text: str, calendar: Any) -> tuple[str, str]:
    """The days [start, end) of a month."""
    start, end = parse_month(text, calendar)
    return start.isoformat(), end.isoformat()


def parse_currency(text: str) -> str:
    """The code of a currency: three letters, a sign or word of one meaning, or a rial unit (IRR IRT IRHR IRHT)."""
    unit = unit_named(text)
    if unit is not None:
        return unit
    code = text.strip().upper()
    if len(code) == 3 and code.isascii() and code.isalpha():
        return code
    found = _CURRENCY_WORDS.get(fold_key(text)) or _CURRENCY_WORDS.get(text.strip())
    if found is None:
        raise CellProblem("unknown_currency", value=text[:40])
    return found


def parse_count(text: str) -> int:
    """How many of something that is counted one by one, at most a million. Raises ValueProblem."""
    count = parse_integer(text)
    if count < 0:
        raise CellProblem("below_zero", value=text)
    if count > _MOST_COUNTED:
        raise ValueProblem("number_too_large", value=text)
    return count


def parse_interval_text(text: str) -> str:
    """An interval in the form of the records, such as "3 month". Raises ValueProblem."""
    unit, count = parse_interval(text)
    return f"{count} {unit}"


def _parse_yes(text: str) -> bool:
    folded = fold_key(text)
    if folded in _YES:
        return True
    if folded in _NO:
        return False
    raise CellProblem("not_yes_or_no", value=text)


def _parse_count(text: str) -> int:
    count = parse_integer(text)
    if count < 0:
        raise ValueProblem("not_whole", value=text)
    return count


_OTHERS: dict[str, Callable[[str], Any]] = {
    "score": parse_score,
    "scale": parse_scale,
    "question": parse_question,
    "reopened": _parse_count,
}
