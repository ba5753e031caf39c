"""The ledger of figures that were seen. Ids and numbers only: nothing of anybody that erasing would have to find."""

from django.db import models


class State(models.Model):
    """One look at the figures: the sequence of the records, the moment up to which they were copied, the settings."""

    seq = models.BigIntegerField()
    seen_at = models.DateTimeField(unique=True)
    settings = models.CharField(max_length=64)


class FigureSeen(models.Model):
    """A figure from this state on, until the next row of the same figure."""

    state = models.ForeignKey(State, models.CASCADE, related_name="figures")
    metric = models.CharField(max_length=60)
    start_on = models.DateField()
    end_on = models.DateField()
    value = models.FloatField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("state", "metric", "start_on", "end_on"), name="one_figure_a_state"
            )
        ]
        indexes = [models.Index(fields=("metric", "start_on", "end_on"), name="figures_seen_by_key")]


class SetSeen(models.Model):
    """The customers (ids, as a serialised bitmap) behind a period from this state on: start, end or new."""

    state = models.ForeignKey(State, models.CASCADE, related_name="sets")
    start_on = models.DateField()
    end_on = models.DateField()
    name = models.CharField(max_length=10)
    members = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=("start_on", "end_on", "name"), name="sets_seen_by_key")]


class ChangeSeen(models.Model):
    """Something that happened between the state before and this one."""

    state = models.ForeignKey(State, models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=20)
    ref = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField(null=True)
    fields = models.JSONField(default=list)


class Part(models.Model):
    """What one change did alone to a figure, measured without its rows."""

    change = models.ForeignKey(ChangeSeen, models.CASCADE, related_name="parts")
    metric = models.CharField(max_length=60)
    start_on = models.DateField()
    end_on = models.DateField()
    effect = models.FloatField()
