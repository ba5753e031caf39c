"""Hooks, and what was delivered to them."""

from django.conf import settings
from django.db import models


class Hook(models.Model):
    """An address that is told of what happens. `followed` is the number of the log that it has been told through; while
    a secret is being changed, the one before signs beside it until `old_until`."""

    name = models.CharField(max_length=120)
    url = models.CharField(max_length=1000)
    kinds = models.JSONField(default=list)
    secret = models.CharField(max_length=80)
    old_secret = models.CharField(max_length=80, blank=True)
    old_until = models.DateTimeField(null=True)
    is_on = models.BooleanField(default=True)
    switched_on_at = models.DateTimeField()
    followed = models.BigIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("id",)


class Delivery(models.Model):
    """One happening for one hook. The row is the queue: pending -> claimed -> delivered, or failed in the end."""

    hook = models.ForeignKey(Hook, models.CASCADE, related_name="deliveries")
    happening = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    payload = models.JSONField()
    state = models.CharField(max_length=10, default="pending")
    not_before = models.DateTimeField()
    claim = models.CharField(max_length=40, blank=True)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        ordering = ("-id",)
        constraints = [models.UniqueConstraint(fields=("hook", "happening"), name="one_delivery_a_happening")]
        indexes = [models.Index(fields=("state", "not_before"), name="deliveries_waiting")]
