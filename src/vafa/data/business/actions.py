"""Changing who we are."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from vafa.data.business.models import Business, CurrencyRate, NamedPeriod
from vafa.data.business.setup import build_country_settings, choose_language
from vafa.data.business.types import PeriodUnusable
from vafa.kit.audit import record


@transaction.atomic
def change_business(*, by: Any, now: datetime, **changes: Any) -> Business:
    """Set fields of the business (names as in `models.Business`); returns it as it now is."""
    business, _made = Business.objects.get_or_create(pk=1)
    changed = {name: value for name, value in changes.items() if getattr(business, name) != value}
    for name, value in changed.items():
        setattr(business, name, value)
    business.save()
    if changed:
        record("business.changed", by=by, now=now, fields=sorted(changed))
    return business


def set_up_country(country: str, *, language: str, by: Any, now: datetime) -> Business:
    """Take over everything that a country settles; without a language, its most usual one."""
    settings = build_country_settings(country) | {"language": language or choose_language(country)}
    return change_business(by=by, now=now, **settings)


@transaction.atomic
def set_rate(currency: str, rate: Decimal, valid_from: date, *, by: Any, now: datetime) -> CurrencyRate:
    """Say what one unit of a currency is worth in the business's own, from a day on."""
    row, _made = CurrencyRate.objects.update_or_create(
        currency=currency, valid_from=valid_from, defaults={"rate": rate}
    )
    record("rate.set", by=by, now=now, subject=f"rate:{currency}", valid_from=valid_from.isoformat())
    return row


@transaction.atomic
def remove_rate(rate_id: int, *, by: Any, now: datetime) -> None:
    """Take a rate away; nothing happens if it is gone already."""
    row = CurrencyRate.objects.filter(pk=rate_id).first()
    if row is None:
        return
    row.delete()
    record(
        "rate.removed", by=by, now=now, subject=f"rate:{row.currency}", valid_from=row.valid_from.isoformat()
    )


@transaction.atomic
def add_named_period(name: str, start_on: date, end_on: date, *, by: Any, now: datetime) -> NamedPeriod:
    """Name a period, half-open: `end_on` is the first day after it. Raises PeriodUnusable."""
    if end_on <= start_on:
        raise PeriodUnusable(_("The period ends before it begins."), code="period_backwards")
    if NamedPeriod.objects.filter(name=name).exists():
        raise PeriodUnusable(_("There is a period of this name already."), code="period_name_taken")
    period = NamedPeriod.objects.create(name=name, start_on=start_on, end_on=end_on)
    record("period.added", by=by, now=now, subject=f"period:{period.pk}")
    return period


@transaction.atomic
def remove_named_period(period_id: int, *, by: Any, now: datetime) -> None:
    """Take a named period away; nothing happens if it is gone already."""
    if NamedPeriod.objects.filter(pk=period_id).delete()[0]:
        record("period.removed", by=by, now=now, subject=f"period:{period_id}")
