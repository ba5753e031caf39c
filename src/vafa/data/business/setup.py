"""Setting up the business from its country: one answer that settles a dozen questions, all of them editable."""

from datetime import datetime
from typing import Any

from vafa.data.business.actions import change_business
from vafa.data.business.models import Business
from vafa.kit.locale.countries import get_country_defaults


def build_country_settings(country: str) -> dict[str, Any]:
    """The fields of the business that its country settles, as names and values of `models.Business`."""
    defaults = get_country_defaults(country)
    return {
        "country": country,
        "zone": defaults.zone,
        "weekend": dict(defaults.weekend),
        "week_start": defaults.week_start,
        "calendar": defaults.calendar,
        "digits": "auto",
        "currency": defaults.currency,
        "fiscal_first_month": defaults.fiscal_year_first_month,
        "phone_region": defaults.phone_region,
    }


def choose_language(country: str) -> str:
    """The product's language that is most usual in a country; English where none of them is."""
    return next(iter(get_country_defaults(country).languages), "en")


def set_up_country(country: str, *, language: str, by: Any, now: datetime) -> Business:
    """Take over everything that a country settles; without a language, its most usual one."""
    settings = build_country_settings(country) | {"language": language or choose_language(country)}
    return change_business(by=by, now=now, **settings)
