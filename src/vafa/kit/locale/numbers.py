"""Numbers, percentages and intervals as text. None is always written as an em dash."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from vafa.kit.locale.bidi import RTL_MARK, isolate, isolate_rtl
from vafa.kit.locale.digits import Separators, get_separators, write_digits
from vafa.kit.locale.style import UNKNOWN, Language, Style

Number = int | float | Decimal

MINUS = "−"
NO_BREAK_SPACE = "\u00a0"
_MAX_FREE_DECIMALS = 6


@dataclass(frozen=True)
class _Unit:
    """A word for a power of ten; Arabic has another form after 3 to 10."""

    size: int
    word: str
    few: str = ""
    space: str = NO_BREAK_SPACE


_UNITS: dict[Language, tuple[_Unit, ...]] = {
    "fa": (
        _Unit(10**12, "هزار میلیارد"),
        _Unit(10**9, "میلیارد"),
        _Unit(10**6, "میلیون"),
        _Unit(10**3, "هزار"),
    ),
    "ar": (
        _Unit(10**12, "تريليون", "تريليونات"),
        _Unit(10**9, "مليار", "مليارات"),
        _Unit(10**6, "مليون", "ملايين"),
        _Unit(10**3, "ألف", "آلاف"),
    ),
    "zh-hans": (_Unit(10**12, "万亿", space=""), _Unit(10**8, "亿", space=""), _Unit(10**4, "万", space="")),
    "en": (
        _Unit(10**12, "T", space=""),
        _Unit(10**9, "B", space=""),
        _Unit(10**6, "M", space=""),
        _Unit(10**3, "K", space=""),
    ),
}
_COMPACT_FROM = 10_000


def format_number(value: Number | None, style: Style, decimals: int | None = None) -> str:
    """A number with thousands separators in the reader's digits.

    `decimals` fixes their number (rounded half up); without it a number keeps what it has, at most 6.
    """
    if value is None or not _to_decimal(value).is_finite():
        return UNKNOWN
    exact = _to_decimal(value)
    return sign_text(_write_plain(abs(exact), decimals, style), is_negative(exact, decimals), style)


def format_signed(value: Number | None, style: Style, decimals: int | None = None) -> str:
    """Like `format_number`, with a plus sign before what is above zero."""
    if value is None or not _to_decimal(value).is_finite():
        return UNKNOWN
    exact = _to_decimal(value)
    text = _write_plain(abs(exact), decimals, style)
    if exact <= 0 or not round_half_up(exact, _places(exact, decimals)):
        return sign_text(text, is_negative(exact, decimals), style)
    return add_plus(text, style)


def add_plus(text: str, style: Style) -> str:
    """A written number with a plus sign before it."""
    return isolate(f"+{text}") if style.is_rtl else f"+{text}"


def format_compact(value: Number | None, style: Style, decimals: int = 1) -> str:
    """A large number in the language's own units: 万 and 亿, میلیون and میلیارد, K and M.

    Numbers under 10,000 are written out. Decimals that are zero are left away.
    """
    if value is None or not _to_decimal(value).is_finite():
        return UNKNOWN
    exact = _to_decimal(value)
    digits, unit = split_compact(abs(exact), style, decimals)
    return sign_text(digits, is_negative(exact, decimals), style) + unit


def format_percent(fraction: Number | None, style: Style, decimals: int = 1) -> str:
    """A fraction (0.8) as a percentage (80.0%, ۸۰٫۰٪)."""
    if fraction is None or not _to_decimal(fraction).is_finite():
        return UNKNOWN
    percent = _to_decimal(fraction) * 100
    digits = _write_plain(abs(percent), decimals, style)
    negative = is_negative(percent, decimals)
    mark = _separators(style).percent
    if not style.is_rtl:
        return sign_text(digits + mark, negative, style)
    if style.digits == "latn":
        return isolate(f"{MINUS if negative else ''}{digits}{mark}")
    # Left of its digits, where Persian and Arabic have it; bare, it would change sides with the word before it.
    return f"{sign_text(digits, negative, style)}{RTL_MARK}{mark}"


def format_percent_points(fraction: Number | None, style: Style, decimals: int = 1) -> str:
    """A difference of two fractions (0.012) in percentage points, with its sign (+1.2 pp)."""
    if fraction is None or not _to_decimal(fraction).is_finite():
        return UNKNOWN
    points = _to_decimal(fraction) * 100
    word = {"fa": "واحد درصد", "ar": "نقطة مئوية", "zh-hans": "个百分点", "en": "pp"}[style.language]
    if style.language == "ar" and decimals == 0 and 3 <= abs(round_half_up(points, 0)) <= 10:
        word = "نقاط مئوية"
    return f"{format_signed(points, style, decimals)}{NO_BREAK_SPACE}{word}"


def format_interval(low: Number | None, high: Number | None, style: Style, decimals: int = 1) -> str:
    """An interval of fractions as percentages, low end left, in a left-to-right run; a dash if unknown."""
    if low is None or high is None:
        return UNKNOWN
    ends = [format_percent(end, style, decimals) for end in (low, high)]
    if not style.is_rtl:
        return "–".join(ends)
    # Each end is a run of its own, or Arabic digits would flow past the dash and swap the two.
    return isolate("–".join(isolate_rtl(end) for end in ends))


def split_compact(size: Decimal, style: Style, decimals: int = 1) -> tuple[str, str]:
    """The digits and the unit (with its space) of a number that is not negative."""
    if round_half_up(size, 0) < _COMPACT_FROM:
        return _write_plain(size, 0 if size == size.to_integral_value() else decimals, style), ""
    units = _UNITS[style.language]
    position = next(i for i, unit in enumerate(units) if size >= unit.size or i == len(units) - 1)
    # 999,960 rounds to 1,000.0 thousand, which is 1 million.
    if (
        position
        and round_half_up(size / units[position].size, decimals) * units[position].size
        >= units[position - 1].size
    ):
        position -= 1
    unit = units[position]
    scaled = round_half_up(size / unit.size, decimals)
    whole = scaled == scaled.to_integral_value()
    word = unit.few if unit.few and whole and 3 <= scaled <= 10 else unit.word
    # 1234.6万 is how Chinese writes it: no separators inside the thousands of a 万.
    digits = _write_plain(scaled, 0 if whole else decimals, style, grouped=style.language != "zh-hans")
    return digits, f"{unit.space}{word}"


def sign_text(text: str, negative: bool, style: Style) -> str:
    """The text with a minus sign on the left of its digits, also in right-to-left pages."""
    if not negative:
        return text
    return isolate(MINUS + text) if style.is_rtl else MINUS + text


def is_negative(exact: Decimal, decimals: int | None) -> bool:
    """Whether the number is still below zero once rounded: there is no minus zero."""
    return round_half_up(exact, _places(exact, decimals)) < 0


def round_half_up(exact: Decimal, decimals: int) -> Decimal:
    """The number rounded as people round, 0.5 away from zero."""
    return exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def _write_plain(size: Decimal, decimals: int | None, style: Style, *, grouped: bool = True) -> str:
    rounded = round_half_up(size, _places(size, decimals))
    text = f"{rounded:,f}" if grouped else f"{rounded:f}"
    if decimals is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    if style.digits == "latn" and style.language != "ar":
        return text
    marks = _separators(style)
    return write_digits(text.translate({ord(","): marks.group, ord("."): marks.decimal}), style.digits)


def _places(exact: Decimal, decimals: int | None) -> int:
    if decimals is not None:
        return decimals
    exponent = exact.as_tuple().exponent
    return min(max(0, -exponent), _MAX_FREE_DECIMALS) if isinstance(exponent, int) else 0


def _separators(style: Style) -> Separators:
    return get_separators(style.digits, style.language, style.country)


def _to_decimal(value: Number) -> Decimal:
    # Through its shortest text, so that 0.285 rounds as the 0.285 that people read.
    return value if isinstance(value, Decimal) else Decimal(str(value))
