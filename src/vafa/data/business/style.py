"""How the pages of this business write digits, dates and money."""

from dataclasses import replace
from typing import cast

from vafa.data.business.models import Business
from vafa.kit.locale.countries import get_country_defaults
from vafa.kit.locale.digits import DigitSet
from vafa.kit.locale.style import Style, build_default_style
from vafa.lab.calendars import CalendarName


def build_style(language: str, business: Business) -> Style:
    """The style of a page in a language. The calendar and the currency are the business's whatever the
    language: days are written in the calendar that its periods are cut by, also before a country is chosen."""
    usual = build_default_style(language)
    style = replace(
        usual,
        digits=_choose_digits(usual, business),
        currency=business.currency,
        country=business.country,
    )
    return style.with_calendar(cast("CalendarName", business.calendar))


def _choose_digits(usual: Style, business: Business) -> DigitSet:
    """The chosen digits, but Persian and Arabic ones only in the scripts they belong to."""
    if not usual.is_rtl:
        return "latn"
    if business.digits in ("fa", "arab", "latn"):
        return cast("DigitSet", business.digits)
    if not business.country:
        return usual.digits
    defaults = get_country_defaults(business.country)
    # Arabic is written with 0-9 in the Emirates and the Maghreb; Persian keeps its own wherever it is read.
    return defaults.digits if usual.language == "ar" and "ar" in defaults.languages else usual.digits
