"""The universal holdout: periods in which a few customers get no marketing at all."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Holdout(models.Model):
    """One period of the universal holdout, dealt by a key of its own. It is never changed, but that it ends.

    States: dealing (everybody who may be written to is dealt, from `place` on) -> running (`began_at` until `ends_at`)
    -> over (`ended_at`; before `ends_at` where people ended it). Withdrawn is what was taken back soon after; its
    `ended_at` stays None, and nothing is told of it. `renews`: another period, dealt anew, follows by itself.
    """

    number = models.PositiveIntegerField(unique=True)
    state = models.CharField(max_length=10, default="dealing")
    share = models.FloatField()
    days = models.PositiveSmallIntegerField()
    renews = models.BooleanField(default=True)
    place = models.BigIntegerField(default=0)
    dealt = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    began_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-number",)
        constraints = [
            models.UniqueConstraint(
                fields=("state",), condition=Q(state="running"), name="one_running_holdout"
            ),
            models.UniqueConstraint(
                fields=("state",), condition=Q(state="dealing"), name="one_dealing_holdout"
            ),
        ]
