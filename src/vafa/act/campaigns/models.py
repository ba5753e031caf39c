"""Campaigns, and each time that one goes out."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from vafa.measure.segments.models import Segment


class Campaign(models.Model):
    """What is to be sent to whom, when, and with which holdout.

    The text is a template (`template`) or was written for this campaign alone (`content`). `holdout` is the share of
    the audience that receives nothing, 0 for nobody, None until the start for the one that suits the list. `every` is
    "" for a campaign that goes out once: at `starts_at`, or as soon as it is started. A recurring one goes out by
    `every`, `weekday`, `month_day` and `hour`, from the moment `counts_from` on. `hours_valid` is how long after its
    begin a run may still send, `expected` how many were in its segment when somebody looked and let it go.
    """

    name = models.CharField(max_length=120)
    state = models.CharField(max_length=10, default="draft")
    channel = models.CharField(max_length=10)
    purpose = models.CharField(max_length=10)
    festive = models.BooleanField(default=False)
    segment = models.ForeignKey(Segment, models.PROTECT, null=True, related_name="+")
    template = models.ForeignKey("messaging.Template", models.SET_NULL, null=True, related_name="+")
    content = models.JSONField(default=dict)
    account = models.ForeignKey("messaging.Account", models.SET_NULL, null=True, related_name="+")
    holdout = models.FloatField(null=True)
    horizon_days = models.PositiveSmallIntegerField(default=30)
    once_each = models.BooleanField(default=False)
    hours_valid = models.PositiveIntegerField(null=True)
    expected = models.PositiveIntegerField(null=True)
    starts_at = models.DateTimeField(null=True)
    every = models.CharField(max_length=10, blank=True)
    weekday = models.CharField(max_length=3, default="sat")
    month_day = models.PositiveSmallIntegerField(default=1)
    hour = models.PositiveSmallIntegerField(default=10)
    from_on = models.DateField(null=True)
    until_on = models.DateField(null=True)
    counts_from = models.DateTimeField(null=True)
    copied_from = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    started_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)
        indexes = [models.Index(fields=("state", "every"), name="campaigns_by_state")]


class Run(models.Model):
    """One time that a campaign goes out: a message of its own, with a trial of its own.

    `due_on` is the business's day of a recurring one. `ids` is the frozen audience as a serialised set until all of it
    stands in the ledger, `place` the last customer who does. A worker holds a run by `lease` until `lease_until`;
    `not_before` is when it may be tried next. `problem` says why it waits or was refused (`types.Hindrance`).
    """

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="runs")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, default="waiting")
    due_at = models.DateTimeField()
    due_on = models.DateField(null=True)
    not_before = models.DateTimeField()
    problem = models.CharField(max_length=30, blank=True)
    message = models.ForeignKey("messaging.Message", models.SET_NULL, null=True, related_name="+")
    trial = models.CharField(max_length=60, blank=True)
    holdout = models.FloatField(default=0.0)
    ids = models.BinaryField(default=bytes)
    place = models.BigIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    controls = models.PositiveIntegerField(default=0)
    segment_as_of = models.DateField(null=True)
    lease = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True)
    frozen_at = models.DateTimeField(null=True)
    handed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-number",)
        constraints = [
            models.UniqueConstraint(fields=("campaign", "number"), name="one_campaign_run_a_number"),
            models.UniqueConstraint(
                fields=("campaign", "due_on"), condition=~Q(due_on=None), name="one_campaign_run_a_day"
            ),
        ]
        indexes = [models.Index(fields=("state", "not_before"), name="campaign_runs_due")]
