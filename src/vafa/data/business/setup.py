"""Setting up the business from its country: one answer that settles a dozen questions, all of them editable."""

from typing import Any

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
