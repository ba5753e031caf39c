"""Subscriptions: half-open periods with their price."""

from django.db import models

from vafa.data.customers.models import Customer
from vafa.data.log.models import Source
from vafa.kit.fields import FixedField


class Subscription(models.Model):
    """A subscription from `started_on` until `ended_on`, which is the first day without it (None: it runs on)."""

    source = models.ForeignKey(Source, models.PROTECT, db_index=False, related_name="+")
    key = models.CharField(max_length=300)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    plan = models.CharField(max_length=200, blank=True)
    amount = FixedField(null=True)
    currency = models.CharField(max_length=4, blank=True)
    interval = models.CharField(max_length=20, blank=True)
    started_on = models.DateField()
    ended_on = models.DateField(null=True)
    cancel_reason = models.CharField(max_length=300, blank=True)
    custom = models.JSONField(null=True)
    import_id = models.BigIntegerField(null=True)
    seq = models.BigIntegerField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("source", "key"), name="one_subscription_a_key")]
