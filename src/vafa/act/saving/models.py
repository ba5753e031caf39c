"""Cases of customers at risk, and how each moved from stage to stage."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from vafa.data.customers.models import Customer
from vafa.kit.fields import FixedField


class Case(models.Model):
    """A customer who may leave, from the moment somebody took it on until it is saved or lost.

    `task` is the next step, while that task is open. `value` (in the business's currency), `chance` and `band` are what
    was known when it was opened, `known_until` the first day of which nothing was known then (None: no day was).
    `closed_on` is the day of the fact that closed it, or of the click.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    stage = models.CharField(max_length=12, default="at_risk")
    staged_at = models.DateTimeField()
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    task = models.ForeignKey("followups.Task", models.SET_NULL, null=True, related_name="+")
    value = FixedField(null=True)
    chance = models.FloatField(null=True)
    band = models.SmallIntegerField(null=True)
    horizon_days = models.PositiveSmallIntegerField()
    known_until = models.DateField(null=True)
    why = models.CharField(max_length=10, blank=True)
    closed_on = models.DateField(null=True)
    closed_at = models.DateTimeField(null=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("customer",), condition=Q(closed_at=None), name="one_open_case")
        ]
        indexes = [models.Index(fields=("stage", "closed_at"), name="cases_by_stage")]


class Move(models.Model):
    """That a case came into a stage; `why` says by whose will (`types.Why`)."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="moves")
    stage = models.CharField(max_length=12)
    why = models.CharField(max_length=10)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
