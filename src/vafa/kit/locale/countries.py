"""Countries by name, and what a business in each starts with: every default of the first steps.

From CLDR (by Babel), and over it what CLDR does not know: half days of the weekend, the second calendar,
fiscal years, and the money that people really speak of.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Literal, cast

from babel.core import Locale, UnknownLocaleError
from babel.core import get_global as get_cldr
from babel.languages import get_official_languages
from babel.numbers import get_territory_currencies

from vafa.kit.locale.collation import sort_key
from vafa.kit.locale.digits import DigitSet
from vafa.kit.locale.errors import CountryUnknown
from vafa.kit.locale.money import get_currency_decimals
from vafa.kit.locale.style import Language, Style, find_language
from vafa.lab.calendars import CalendarName

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DayOff = Literal["full", "half"]
WeekStart = Literal["sat", "sun", "mon"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

ARAB_COUNTRIES = (
    "AE", "BH", "DJ", "DZ", "EG", "IQ", "JO", "KM", "KW", "LB", "LY", "MA", "MR", "OM", "PS", "QA", "SA",
    "SD", "SO", "SY", "TN", "YE",
)  # fmt: skip
PROMINENT_COUNTRIES = ("IR", "AF", "CN", *ARAB_COUNTRIES)


@dataclass(frozen=True)
class CountryDefaults:
    """What a business of a country starts with; all of it is shown and can be changed."""

    country: str
    zone: str
    weekend: Mapping[Weekday, DayOff] = field(hash=False)
    week_start: WeekStart
    calendar: CalendarName
    second_calendar: CalendarName | None
    digits: DigitSet
    currency: str
    decimals: int
    fiscal_year_first_month: int
    phone_region: str
    languages: tuple[Language, ...]
    occasions: str

    @property
    def style(self) -> Style:
        """The style in which the country's first language is written."""
        return self.build_style(self.languages[0])

    def build_style(self, language: Language) -> Style:
        """The style of a language in this country: its own digits and calendar only in its own languages."""
        own = language in self.languages and language in ("fa", "ar")
        calendar = "gregorian" if self.calendar == "jalali" and language != "fa" else self.calendar
        return Style(language, self.digits if own else "latn", calendar, self.currency, self.country)


# Without people, without an address, or not a country.
_LEFT_OUT = frozenset({"AC", "AQ", "BV", "CP", "CQ", "DG", "EA", "HM", "IC", "QO", "TA", "TF", "UM", "ZZ"})
_ADDED = {"XK": "Europe/Belgrade"}
_SHORT_NAMES: dict[str, dict[Language, str]] = {
    "PS": {"fa": "فلسطین", "ar": "فلسطين", "zh-hans": "巴勒斯坦", "en": "Palestine"},
}
_MAIN_ZONES = {
    "AR": "America/Argentina/Buenos_Aires", "AU": "Australia/Sydney", "BR": "America/Sao_Paulo",
    "CA": "America/Toronto", "CD": "Africa/Kinshasa", "CL": "America/Santiago", "CN": "Asia/Shanghai",
    "CY": "Asia/Nicosia", "DE": "Europe/Berlin", "EC": "America/Guayaquil", "ES": "Europe/Madrid",
    "FM": "Pacific/Pohnpei", "GL": "America/Nuuk", "ID": "Asia/Jakarta", "KI": "Pacific/Tarawa",
    "KZ": "Asia/Almaty", "MH": "Pacific/Majuro", "MN": "Asia/Ulaanbaatar", "MX": "America/Mexico_City",
    "MY": "Asia/Kuala_Lumpur", "NZ": "Pacific/Auckland", "PF": "Pacific/Tahiti", "PG": "Pacific/Port_Moresby",
    "PS": "Asia/Hebron", "PT": "Europe/Lisbon", "RU": "Europe/Moscow", "UA": "Europe/Kyiv",
    "US": "America/New_York", "UZ": "Asia/Tashkent",
}  # fmt: skip
_CALENDARS: dict[str, CalendarName] = {"IR": "jalali", "AF": "jalali"}
# Official dates stand in both there.
_SECOND_CALENDARS: dict[str, CalendarName] = {"IR": "gregorian", "AF": "gregorian", "SA": "hijri"}
# The shops of Iran count in tomans; Bulgaria's money is the euro since 2026, which older CLDR doesn't know.
_CURRENCIES = {"IR": "IRT", "BG": "EUR"}
_WEEKENDS: dict[str, dict[Weekday, DayOff]] = {
    "IR": {"thu": "half", "fri": "full"},
    "AE": {"fri": "half", "sat": "full", "sun": "full"},
    "PS": {"fri": "full", "sat": "full"},
}
# First months, in the country's own calendar, of the fiscal years that the law sets apart from the year.
_FISCAL_FIRST_MONTHS = {"AU": 7, "BD": 7, "IN": 4, "JP": 4, "MM": 4, "NZ": 4, "PK": 7}
# Countries whose law has no official language, or not the one that business is done in.
_LANGUAGES: dict[str, tuple[Language, ...]] = {
    "AF": ("fa",),
    "SG": ("en", "zh-hans"),
    "HK": ("en", "zh-hans"),
}
_DIGITS: dict[str, DigitSet] = {"arabext": "fa", "arab": "arab"}
_OCCASION_COUNTRIES = frozenset({"AE", "CN", "EG", "IR", "SA"})
_EVERYWHERE = "world"


def list_countries(language: Language) -> list[tuple[str, str]]:
    """(code, name) of every country in a language, in that language's own order."""
    return list(_list_countries(language))


def list_prominent_countries(language: Language) -> list[tuple[str, str]]:
    """(code, name) of Iran, Afghanistan, the Arab countries and China, to stand before the long list."""
    return [pair for pair in _list_countries(language) if pair[0] in PROMINENT_COUNTRIES]


def get_country_name(code: str, language: Language) -> str:
    """A country's name. Raises CountryUnknown."""
    names = dict(_list_countries(language))
    if code not in names:
        raise CountryUnknown(code)
    return names[code]


@lru_cache(maxsize=512)
def get_country_defaults(code: str) -> CountryDefaults:
    """What a business of a country (ISO 3166, two letters) starts with. Raises CountryUnknown."""
    if code not in _get_zones():
        raise CountryUnknown(code)
    locale = _find_locale(code)
    currency = _CURRENCIES.get(code) or next(iter(get_territory_currencies(code)), "")
    languages = _list_languages(code)
    return CountryDefaults(
        country=code,
        zone=_MAIN_ZONES.get(code) or _get_zones()[code],
        weekend=MappingProxyType(_WEEKENDS.get(code) or _build_weekend(locale)),
        week_start=_get_week_start(locale),
        calendar=_CALENDARS.get(code, "gregorian"),
        second_calendar=_SECOND_CALENDARS.get(code),
        digits=_DIGITS.get(locale.default_numbering_system, "latn")
        if languages[0] in ("fa", "ar")
        else "latn",
        currency=currency,
        decimals=get_currency_decimals(currency),
        fiscal_year_first_month=_FISCAL_FIRST_MONTHS.get(code, 1),
        phone_region=code,
        languages=languages,
        occasions=code if code in _OCCASION_COUNTRIES else _EVERYWHERE,
    )


@lru_cache(maxsize=4)
def _list_countries(language: Language) -> tuple[tuple[str, str], ...]:
    names = Locale.parse(Style(language).babel_language).territories
    pairs = [(code, _SHORT_NAMES.get(code, {}).get(language) or str(names[code])) for code in _get_zones()]
    return tuple(sorted(pairs, key=lambda pair: (sort_key(pair[1], language), pair[0])))


@lru_cache(maxsize=1)
def _get_zones() -> dict[str, str]:
    zones = cast("Mapping[str, list[str]]", get_cldr("territory_zones"))
    listed = {code: of[0] for code, of in zones.items() if code.isalpha() and code not in _LEFT_OUT}
    return {**listed, **_ADDED}


def _find_locale(code: str) -> Locale:
    try:
        return Locale.parse(f"und_{code}")
    except UnknownLocaleError:
        return Locale.parse("en_001")


def _build_weekend(locale: Locale) -> dict[Weekday, DayOff]:
    days = range(locale.weekend_start, locale.weekend_end + 1)
    return {WEEKDAYS[day]: "full" for day in days}


def _get_week_start(locale: Locale) -> WeekStart:
    first = WEEKDAYS[locale.first_week_day]
    # Only the Maldives begin on a Friday; their working week begins on Sunday.
    return cast("WeekStart", first) if first in ("sat", "sun", "mon") else "sun"


def _list_languages(code: str) -> tuple[Language, ...]:
    if code in _LANGUAGES:
        return _LANGUAGES[code]
    told = [find_language(name) for name in get_official_languages(code, regional=True, de_facto=True)]
    known = tuple(dict.fromkeys(language for language in told if language))
    return known or ("en",)
