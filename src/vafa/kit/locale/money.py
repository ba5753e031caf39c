"""Amounts of money as text. Nothing is converted here: the amount is in the currency that is given."""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from babel.core import Locale
from babel.core import get_global as get_cldr
from babel.numbers import get_currency_precision

from vafa.kit.locale.bidi import isolate, strip_direction_marks
from vafa.kit.locale.numbers import (
    NO_BREAK_SPACE,
    Number,
    add_plus,
    format_number,
    is_negative,
    round_half_up,
    sign_text,
    split_compact,
)
from vafa.kit.locale.style import UNKNOWN, Language, Style

UNNAMED_CURRENCY = ""
# Units of Iran that shops and their plug-ins use and ISO 4217 doesn't know.
IRANIAN_UNITS = ("IRR", "IRT", "IRHR", "IRHT")

_UNNAMED_DECIMALS = 2
_COMPACT_FROM = 10_000
_IRANIAN_NAMES: dict[str, dict[Language, str]] = {
    "IRR": {"fa": "ریال", "ar": "ريال إيراني", "zh-hans": "伊朗里亚尔", "en": "rial"},
    "IRT": {"fa": "تومان", "ar": "تومان", "zh-hans": "土曼", "en": "toman"},
    "IRHR": {"fa": "هزار ریال", "ar": "ألف ريال إيراني", "zh-hans": "千伊朗里亚尔", "en": "thousand rial"},
    "IRHT": {"fa": "هزار تومان", "ar": "ألف تومان", "zh-hans": "千土曼", "en": "thousand toman"},
}
# Words that Persian shops use where CLDR has only a sign or a code.
_PERSIAN_WORDS = {
    "AED": "درهم", "AFN": "افغانی", "CNY": "یوان", "EUR": "یورو", "GBP": "پوند", "IQD": "دینار عراق",
    "KWD": "دینار کویت", "OMR": "ریال عمان", "QAR": "ریال قطر", "SAR": "ریال سعودی", "TRY": "لیر",
    "USD": "دلار",
}  # fmt: skip


@dataclass(frozen=True)
class CurrencyMark:
    """How a currency is named beside an amount, and on which side."""

    text: str
    is_prefix: bool
    space: str


@lru_cache(maxsize=512)
def get_currency_decimals(currency: str) -> int:
    """The decimals of a currency (CLDR): 0 for rial and toman, 3 for the Kuwaiti dinar, 2 while unnamed."""
    if not currency:
        return _UNNAMED_DECIMALS
    return 0 if currency in IRANIAN_UNITS else get_currency_precision(currency)


def is_known_currency(currency: str) -> bool:
    """Whether a code is a currency of CLDR (past ones too) or one of the four Iranian units."""
    return currency in IRANIAN_UNITS or currency in get_cldr("all_currencies")


@lru_cache(maxsize=1024)
def get_currency_name(currency: str, language: Language) -> str:
    """The currency's name in a language ("US Dollar", «دلار امریکا»); the code itself if it has none."""
    if currency in _IRANIAN_NAMES:
        return _IRANIAN_NAMES[currency][language]
    names = Locale.parse(Style(language).babel_language).currencies
    return str(names.get(currency, currency))


@lru_cache(maxsize=1024)
def get_currency_mark(currency: str, language: Language) -> CurrencyMark:
    """The sign, word or code that stands beside amounts of a currency in a language."""
    if currency in _IRANIAN_NAMES:
        space = "" if language == "zh-hans" else NO_BREAK_SPACE
        return CurrencyMark(_IRANIAN_NAMES[currency][language], is_prefix=False, space=space)
    if language == "fa" and currency in _PERSIAN_WORDS:
        return CurrencyMark(_PERSIAN_WORDS[currency], is_prefix=False, space=NO_BREAK_SPACE)
    symbols = Locale.parse(Style(language).babel_language).currency_symbols
    symbol = strip_direction_marks(str(symbols.get(currency, currency)))
    if language in ("fa", "ar"):
        # US$ and the like would be torn apart by the text around them; ر.س. belongs to it.
        text = symbol if "\u0600" <= symbol[0] <= "\u06ff" else isolate(symbol)
        return CurrencyMark(text, is_prefix=False, space=NO_BREAK_SPACE)
    return CurrencyMark(symbol, is_prefix=True, space=NO_BREAK_SPACE if symbol[-1].isalpha() else "")


def format_money(
    amount: Number | None,
    currency: str,
    style: Style,
    *,
    decimals: int | None = None,
    compact: bool = False,
    signed: bool = False,
) -> str:
    """An amount with its currency: ۱٬۲۰۰ تومان, $12.50, ¥1234.6万 (compact). A dash if unknown.

    `decimals` defaults to the currency's own. An unnamed currency ("") gives the bare number. `signed` writes a plus
    before what is above zero.
    """
    if amount is None:
        return UNKNOWN
    exact = amount if isinstance(amount, Decimal) else Decimal(str(amount))
    if not exact.is_finite():
        return UNKNOWN
    places = get_currency_decimals(currency) if decimals is None else decimals
    size = abs(exact)
    digits, unit = format_number(size, style, places), ""
    if compact and size >= _COMPACT_FROM:
        digits, unit = split_compact(size, style)
    negative = is_negative(exact, places)
    plus = signed and exact > 0 and bool(round_half_up(exact, places))
    write = add_plus if plus else (lambda text, style: sign_text(text, negative, style))
    if not currency:
        return write(digits, style) + unit
    mark = get_currency_mark(currency, style.language)
    if mark.is_prefix:
        return write(f"{mark.text}{mark.space}{digits}{unit}", style)
    return f"{write(digits, style)}{unit}{mark.space}{mark.text}"
