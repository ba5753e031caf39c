"""Asking who we are. Without set-up: UTC, Gregorian, Monday, an unnamed currency."""

from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from vafa.data.business.models import Business, CurrencyRate, NamedPeriod
from vafa.data.business.setup import build_country_settings, choose_language
from vafa.data.business.style import build_style
from vafa.data.business.words import CUSTOMER_WORDS, CustomerWord, get_customer_word
from vafa.kit.locale.style import Style
from vafa.lab.currencies import RateTable

__all__ = [
    "CUSTOMER_WORDS",
    "RIAL_UNITS",
    "Business",
    "CustomerWord",
    "build_country_settings",
    "choose_language",
    "get_business",
    "get_customer_word",
    "get_rate_table",
    "get_style",
    "list_all_rates",
    "list_named_periods",
    "list_rates",
]

# Units of one money: what one of them is worth in the plain rial. Shop plug-ins write these four codes.
RIAL_UNITS = {"IRR": Decimal(1), "IRT": Decimal(10), "IRHR": Decimal(1000), "IRHT": Decimal(10000)}


def get_business() -> Business:
    """The business of this installation; the defaults where it has not been set up (not saved then)."""
    return next(iter(Business.objects.raw(*_build_question())), None) or Business(pk=1)


@cache
def _build_question() -> tuple[str, tuple[Any, ...]]:
    """The SELECT of the one row, made once: a page asks dozens of times, and making it is two thirds of the asking."""
    return Business.objects.filter(pk=1).query.sql_with_params()


def get_style(language: str, business: Business | None = None) -> Style:
    """How a page in this language writes digits, dates and money."""
    return build_style(language, business or get_business())


def list_named_periods() -> list[NamedPeriod]:
    """The periods that the business named itself, by start."""
    return list(NamedPeriod.objects.all())


def list_all_rates() -> list[CurrencyRate]:
    """The whole table of rates, by currency, the newest first."""
    return list(CurrencyRate.objects.order_by("currency", "-valid_from"))


def list_rates(currency: str, currencies: list[str], on: date) -> dict[str, Decimal]:
    """What one unit of each currency is worth in `currency` on a day.

    Its own is 1, rial and toman follow from each other, the rest comes from the rate table; a currency
    without a rate is absent, and its amounts must stay out of totals.
    """
    rates = _list_fixed_rates(currency)
    for row in CurrencyRate.objects.filter(valid_from__lte=on).order_by("valid_from"):
        rates[row.currency] = row.rate
    return {name: rates[name] for name in currencies if name in rates}


def get_rate_table(currency: str) -> RateTable:
    """What one unit of each currency is worth in `currency` on each day, read once: the same rates as `list_rates`."""
    steps: dict[str, list[tuple[int, Decimal]]] = {}
    for row in CurrencyRate.objects.all():
        steps.setdefault(row.currency, []).append((row.valid_from.toordinal(), row.rate))
    return RateTable(_list_fixed_rates(currency), steps)


def _list_fixed_rates(currency: str) -> dict[str, Decimal]:
    """The rates that hold on every day without being told."""
    rates = {currency: Decimal(1), "": Decimal(1)}
    if currency in RIAL_UNITS:
        rates |= {unit: worth / RIAL_UNITS[currency] for unit, worth in RIAL_UNITS.items()}
    return rates
