"""The door of the formatting layer: import from here."""

from collections.abc import Sequence

from babel.lists import format_list

from vafa.kit.locale.bidi import isolate, isolate_auto, strip_direction_marks
from vafa.kit.locale.dates import DayForm, format_ago_days, format_day, format_days, format_moment
from vafa.kit.locale.money import (
    format_money,
    get_currency_decimals,
    get_currency_mark,
    get_currency_name,
    is_known_currency,
)
from vafa.kit.locale.numbers import (
    Number,
    format_compact,
    format_interval,
    format_number,
    format_percent,
    format_percent_points,
    format_signed,
)
from vafa.kit.locale.periods import format_day_range, format_period
from vafa.kit.locale.style import LANGUAGES, UNKNOWN, Language, Style, build_default_style, find_language

__all__ = [
    "LANGUAGES",
    "UNKNOWN",
    "DayForm",
    "Language",
    "Number",
    "Style",
    "build_default_style",
    "find_language",
    "format_ago_days",
    "format_compact",
    "format_day",
    "format_day_range",
    "format_days",
    "format_interval",
    "format_list_of",
    "format_moment",
    "format_money",
    "format_number",
    "format_percent",
    "format_percent_points",
    "format_period",
    "format_signed",
    "get_currency_decimals",
    "get_currency_mark",
    "get_currency_name",
    "is_known_currency",
    "isolate",
    "isolate_auto",
    "strip_direction_marks",
]


def format_list_of(items: Sequence[str], style: Style) -> str:
    """Items joined as the language joins them: "a, b, and c", «a، b، و c», a、b和c. Empty for none."""
    return format_list(list(items), locale=style.babel_language).replace("\u200f", "")
