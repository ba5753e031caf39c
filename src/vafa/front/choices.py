"""What can be chosen for each setting, in the language of the page."""

from functools import lru_cache
from zoneinfo import available_timezones

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from vafa.kit.locale.collation import sort_key
from vafa.kit.locale.countries import WEEKDAYS, get_country_defaults, list_countries
from vafa.kit.locale.money import IRANIAN_UNITS, get_currency_name
from vafa.kit.locale.months import list_month_names, list_weekday_names
from vafa.kit.locale.style import Language, Style

Choices = list[tuple[str, str]]


def list_calendar_choices() -> Choices:
    """The calendars in which periods are cut and dates are written."""
    return [
        ("gregorian", _("Gregorian")),
        ("jalali", _("Solar Hijri (Jalali)")),
        ("hijri", _("Lunar Hijri (Umm al-Qura)")),
    ]


def list_digit_choices() -> Choices:
    """The digits of Persian and Arabic pages."""
    return [
        ("auto", _("As is usual in the language of the page")),
        ("fa", _("Persian: ۱۲۳۴۵۶")),
        ("arab", _("Arabic: ١٢٣٤٥٦")),
        ("latn", _("Latin: 123456")),
    ]


def list_weekday_choices(language: Language, first: str = "mon") -> Choices:
    """The days of the week from a first one on."""
    names = dict(zip(WEEKDAYS, list_weekday_names(language), strict=True))
    start = WEEKDAYS.index(first) if first in WEEKDAYS else 0
    return [(day, names[day]) for day in (*WEEKDAYS[start:], *WEEKDAYS[:start])]


def list_week_start_choices(language: Language) -> Choices:
    """The days on which a week may start."""
    names = dict(list_weekday_choices(language))
    return [(day, names[day]) for day in ("sat", "sun", "mon")]


def list_day_off_choices() -> Choices:
    """What a day of the week is for this business."""
    return [
        ("", pgettext("day of the week", "Working day")),
        ("half", pgettext("day of the week", "Half day")),
        ("full", pgettext("day of the week", "Day off")),
    ]


def list_month_choices(style: Style) -> Choices:
    """The months of the business's calendar, by number."""
    names = list_month_names(style.calendar, style.language, style.country)
    return [(str(number), name) for number, name in enumerate(names, 1)]


@lru_cache(maxsize=1)
def list_zone_choices() -> Choices:
    """Every time zone of the world, by its name in the zone database."""
    zones = sorted(
        zone
        for zone in available_timezones()
        if "/" in zone and not zone.startswith(("Etc/", "posix", "right"))
    )
    return [("UTC", "UTC"), *((zone, zone.replace("_", " ")) for zone in zones)]


@lru_cache(maxsize=8)
def list_currency_choices(language: Language) -> Choices:
    """Every money in use today, and the units that Iran counts in, by name."""
    codes = {get_country_defaults(country).currency for country, _name in list_countries(language)}
    pairs = [(code, get_currency_name(code, language)) for code in codes | set(IRANIAN_UNITS) if code]
    return sorted(
        ((code, f"{name} ({code})") for code, name in pairs), key=lambda pair: sort_key(pair[1], language)
    )


def list_language_choices() -> Choices:
    """The languages, each in itself."""
    return [("fa", "فارسی"), ("ar", "العربية"), ("zh-hans", "简体中文"), ("en", "English")]


def list_industry_choices(benchmarks: Choices) -> Choices:
    """The industries, each with a benchmark or without."""
    known = {code for code, _title in benchmarks}
    others = [
        ("club", _("Sports club or gym")),
        ("education", _("School or courses")),
        ("health", _("Clinic or health service")),
        ("food", _("Restaurant or café")),
        ("media", _("Media, content and games")),
        ("telecom", _("Telecommunications")),
        ("wholesale", _("Wholesale and industry")),
        ("other", _("Something else")),
    ]
    return [*benchmarks, *((code, title) for code, title in others if code not in known)]
