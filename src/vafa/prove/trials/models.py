"""What was told of trials, what was decided, and the sums of those who were erased. No row names a customer."""

from django.conf import settings
from django.db import models


class Look(models.Model):
    """Where a running trial stood as of a day: kept as it was told then, for the drawing of its course."""

    trial_key = models.CharField(max_length=120)
    as_of = models.DateField()
    document = models.JSONField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("trial_key", "as_of"), name="one_look_a_day")]
        ordering = ("as_of",)


class Result(models.Model):
    """The result of a trial at its planned end: written once, never changed by facts that come later."""

    trial_key = models.CharField(max_length=120, unique=True)
    series = models.CharField(max_length=120, db_index=True)
    as_of = models.DateField()
    verdict = models.CharField(max_length=10)
    document = models.JSONField()
    made_at = models.DateTimeField()


class Decision(models.Model):
    """Who decided what after a trial, when and why."""

    trial_key = models.CharField(max_length=120, db_index=True)
    choice = models.CharField(max_length=10)
    why = models.CharField(max_length=1000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-id")


class Gone(models.Model):
    """Sums over the customers of an arm who were erased while the trial ran: they stay in it as numbers alone."""

    trial_key = models.CharField(max_length=120)
    arm = models.CharField(max_length=40)
    n = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)
    orders = models.FloatField(default=0)
    orders_squares = models.FloatField(default=0)
    money = models.FloatField(default=0)
    money_squares = models.FloatField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("trial_key", "arm"), name="one_sum_an_arm")]


class Expense(models.Model):
    """What a trial cost beside its messages, as somebody wrote it down; what was taken back stays, with the moment."""

    trial_key = models.CharField(max_length=120, db_index=True)
    kind = models.CharField(max_length=10)
    amount = models.DecimalField(max_digits=20, decimal_places=4)
    currency = models.CharField(max_length=3)
    note = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-at", "-id")
