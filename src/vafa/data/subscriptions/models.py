"""Subscriptions: half-open periods with their price, freezes and session packs."""

from datetime import date, timedelta

from django.db import models

from vafa.data.customers.models import Customer
from vafa.data.log.models import Source
from vafa.kit.fields import FixedField


class Subscription(models.Model):
    """A subscription from `started_on` until `ended_on`, which is the first day without it (None: it runs on).

    From `frozen_from` until `frozen_until` it rests: the customer stays a member and pays nothing. A pack of `sessions`
    also ends with the day of the last visit once all of them are used.
    """

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
    frozen_from = models.DateField(null=True)
    frozen_until = models.DateField(null=True)
    sessions = models.IntegerField(null=True)
    sessions_used = models.IntegerField(null=True)
    last_visit_on = models.DateField(null=True)
    custom = models.JSONField(null=True)
    import_id = models.BigIntegerField(null=True)
    seq = models.BigIntegerField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("source", "key"), name="one_subscription_a_key")]

    @property
    def until(self) -> date | None:
        """The first day without it: the earlier of its end and the day after the visit that used the pack up."""
        if not self.sessions or self.last_visit_on is None or (self.sessions_used or 0) < self.sessions:
            return self.ended_on
        used_up = max(self.last_visit_on + timedelta(days=1), self.started_on)
        return used_up if self.ended_on is None else min(used_up, self.ended_on)
