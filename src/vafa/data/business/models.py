"""Who we are: the one business of this installation, its calendar, money and rules."""

from django.db import models


def _default_revenue() -> dict[str, bool]:
    return {"less_discount": True, "tax": False, "shipping": False}


class Business(models.Model):
    """The settings of the business. One row; see `queries.get_business`."""

    name = models.CharField(max_length=200, blank=True)
    country = models.CharField(max_length=2, blank=True)
    language = models.CharField(max_length=10, default="en")
    customer_word = models.CharField(max_length=20, default="customer")
    address = models.CharField(max_length=300, blank=True, default="", db_default="")
    industry = models.CharField(max_length=40, blank=True)
    zone = models.CharField(max_length=60, default="UTC")
    calendar = models.CharField(max_length=10, default="gregorian")
    week_start = models.CharField(max_length=3, default="mon")
    weekend = models.JSONField(default=dict)
    digits = models.CharField(max_length=5, default="auto")
    month_names = models.CharField(max_length=20, blank=True)
    fiscal_first_month = models.PositiveSmallIntegerField(default=1)
    currency = models.CharField(max_length=4, blank=True)
    phone_region = models.CharField(max_length=2, blank=True)
    activity_rule = models.CharField(max_length=40, blank=True)
    counts_as = models.CharField(max_length=10, default="customer")
    revenue_parts = models.JSONField(default=_default_revenue)
    agents_own_only = models.BooleanField(default=False)
    exclusions = models.JSONField(default=list)
    is_demo = models.BooleanField(default=False)
    is_set_up = models.BooleanField(default=False)


class CurrencyRate(models.Model):
    """One unit of `currency` is `rate` units of the business's currency from a day on."""

    currency = models.CharField(max_length=4)
    rate = models.DecimalField(max_digits=24, decimal_places=10)
    valid_from = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("currency", "valid_from"), name="one_rate_a_day")]


class NamedPeriod(models.Model):
    """A period that the business names itself: a club's season, a school's term. Half-open."""

    name = models.CharField(max_length=80, unique=True)
    start_on = models.DateField()
    end_on = models.DateField()

    class Meta:
        ordering = ("start_on",)
