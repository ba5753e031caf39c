"""Dashboards, their items, scheduled reports with their runs, and links that show a dashboard to anyone."""

from django.conf import settings
from django.db import models


class Dashboard(models.Model):
    """A saved page of chosen metrics. Deleted ones stay for a while, to be taken back."""

    name = models.CharField(max_length=120)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    is_shared = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("name", "id")

    def __str__(self) -> str:
        return self.name


class DashboardItem(models.Model):
    """One metric on a dashboard; see `types.Item`."""

    dashboard = models.ForeignKey(Dashboard, models.CASCADE, related_name="items")
    position = models.PositiveIntegerField()
    metric = models.CharField(max_length=60)
    chart = models.CharField(max_length=10)
    every = models.CharField(max_length=10)
    periods = models.PositiveSmallIntegerField()
    by = models.CharField(max_length=120, blank=True)
    segment = models.CharField(max_length=120, blank=True)
    rule = models.CharField(max_length=40, blank=True)
    real = models.BooleanField(default=False)
    title = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ("position", "id")


class Schedule(models.Model):
    """A dashboard that goes to staff by mail, again and again. Nothing that was due before `starts_at` is sent."""

    dashboard = models.ForeignKey(Dashboard, models.CASCADE, related_name="schedules")
    every = models.CharField(max_length=10)
    weekday = models.CharField(max_length=3)
    month_day = models.PositiveSmallIntegerField()
    hour = models.PositiveSmallIntegerField()
    paused = models.BooleanField(default=False)
    starts_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)


class Recipient(models.Model):
    """Who gets a scheduled report, and in which language (empty: their own)."""

    schedule = models.ForeignKey(Schedule, models.CASCADE, related_name="recipients")
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    language = models.CharField(max_length=10, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=("schedule", "staff"), name="one_mail_for_each")]


class Run(models.Model):
    """One time that a report is due. The row is the queue: `key` holds the schedule and its day (or, for one sent by
    hand, the form that asked), so that it is made once, whoever comes first and whatever is killed."""

    schedule = models.ForeignKey(Schedule, models.CASCADE, related_name="runs")
    key = models.CharField(max_length=80, unique=True)
    due_on = models.DateField()
    by_hand = models.BooleanField(default=False)
    state = models.CharField(max_length=10, default="pending", db_index=True)
    claim = models.CharField(max_length=40, blank=True)
    lease_until = models.DateTimeField(null=True)
    not_before = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)


class SharedLink(models.Model):
    """A link that shows a dashboard to whoever has it. Only a digest of it is kept."""

    dashboard = models.ForeignKey(Dashboard, models.CASCADE, related_name="links")
    label = models.CharField(max_length=120, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField(null=True)
    seen = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-id",)
