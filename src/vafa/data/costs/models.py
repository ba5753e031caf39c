"""Margins, marketing spend and the index of prices."""

from django.db import models

from vafa.data.log.models import Source
from vafa.kit.fields import FixedField


class Margin(models.Model):
    """The share of revenue that is left after the cost of the goods, from a day on (None: from the beginning)."""

    share = models.DecimalField(max_digits=7, decimal_places=6)
    valid_from = models.DateField(null=True, unique=True)


class MarketingSpend(models.Model):
    """Money spent on winning customers over the days [started_on, ended_on), evenly by day."""

    source = models.ForeignKey(Source, models.PROTECT, db_index=False, related_name="+")
    key = models.CharField(max_length=300)
    started_on = models.DateField()
    ended_on = models.DateField()
    amount = FixedField()
    currency = models.CharField(max_length=4, blank=True)
    channel = models.CharField(max_length=200, blank=True)
    location = models.CharField(max_length=200, blank=True)
    custom = models.JSONField(null=True)
    import_id = models.BigIntegerField(null=True)
    seq = models.BigIntegerField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("source", "key"), name="one_spend_a_key")]


class PriceMonth(models.Model):
    """The index of prices of one month, [started_on, ended_on); the source is whose index it is."""

    source = models.ForeignKey(Source, models.PROTECT, db_index=False, related_name="+")
    key = models.CharField(max_length=10)
    started_on = models.DateField(unique=True)
    ended_on = models.DateField()
    value = FixedField()
    import_id = models.BigIntegerField(null=True)
    seq = models.BigIntegerField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("source", "key"), name="one_price_a_month")]
