"""Targets, who watches which figure, what was told of it, and marks on charts."""

from django.conf import settings
from django.db import models


class FigureModel(models.Model):
    """What names a figure: a metric, a segment's short name ("" for everybody) and a length of period."""

    metric = models.CharField(max_length=60)
    segment = models.CharField(max_length=80, blank=True)
    every = models.CharField(max_length=10)

    class Meta:
        abstract = True


class Target(FigureModel):
    """What a figure should be, in its unit (shares as fractions)."""

    value = models.FloatField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("metric", "segment", "every"), name="one_target_a_figure")
        ]


class Watch(FigureModel):
    """Somebody wants to be told of a figure, from `since` on."""

    staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    by_mail = models.BooleanField(default=True)
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("staff", "metric", "segment", "every"), name="one_watch_each")
        ]


class Judged(FigureModel):
    """A period that was judged, so that it is judged once."""

    start_on = models.DateField()
    judged_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("metric", "segment", "every", "start_on"), name="one_judgement_a_period"
            )
        ]


class Alert(FigureModel):
    """A period whose value was out of its range, or missed its target. Half-open days."""

    start_on = models.DateField()
    end_on = models.DateField()
    kind = models.CharField(max_length=10)
    side = models.CharField(max_length=5)
    good = models.BooleanField(null=True)
    value = models.FloatField()
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    target = models.FloatField(null=True)
    raised_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("metric", "segment", "every", "start_on", "kind"), name="one_alert_a_period"
            )
        ]


class Mark(models.Model):
    """Something that happened, for charts to show: a price rise, an outage. `end_on` is the first day after."""

    title = models.CharField(max_length=120)
    start_on = models.DateField()
    end_on = models.DateField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField()
