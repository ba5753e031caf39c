"""Tasks for people, the rules and the batches that make them, and how each member of staff is reminded."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from vafa.data.customers.models import Customer


class ContactRule(models.Model):
    """Customers of a segment ("": all who are active) are to be in touch at least every so many days.

    Rules are asked in the order of `place`: the first that holds a customer decides. `since` is the day on which the
    rule was switched on (None: it is off); with `catches_up` also those get a task who were late on that day already.
    """

    name = models.CharField(max_length=120)
    segment = models.CharField(max_length=80, blank=True)
    gap_days = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=300)
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    priority = models.PositiveSmallIntegerField(default=2)
    most_a_day = models.PositiveSmallIntegerField(default=20)
    catches_up = models.BooleanField(default=False)
    place = models.PositiveSmallIntegerField()
    since = models.DateField(null=True)
    removed_at = models.DateTimeField(null=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("place", "id")


class RuleRun(models.Model):
    """That a rule has made its tasks of a day, so that it does so once, whoever comes first."""

    rule = models.ForeignKey(ContactRule, models.CASCADE, related_name="runs")
    on = models.DateField()
    at = models.DateTimeField()
    made = models.PositiveIntegerField(default=0)
    waiting = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("rule", "on"), name="one_run_a_day")]


class Batch(models.Model):
    """Tasks that were made at once, one for each of many customers. `key` is the form's own: sent twice it is one."""

    key = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=300)
    segment = models.CharField(max_length=80, blank=True)
    made = models.PositiveIntegerField(default=0)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)


class Task(models.Model):
    """Something to be done by a person on a day of the business's calendar.

    `due_time` is a time of day in the business's zone. A repeated task counts from `series_on`, its first day; when it
    is finished, the one that `follows` it is made. `snoozed_from` is the day it was due before it was put off. Tasks of
    a rule have the day they were `made_for`: with it, and by customer, a rule makes each once.
    """

    title = models.CharField(max_length=300)
    notes = models.TextField(blank=True)
    customer = models.ForeignKey(Customer, models.CASCADE, null=True, db_index=False, related_name="+")
    due_on = models.DateField()
    due_time = models.TimeField(null=True)
    priority = models.PositiveSmallIntegerField(default=2)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, db_index=False, related_name="+"
    )
    state = models.CharField(max_length=10, default="open")
    outcome = models.CharField(max_length=20, blank=True)
    outcome_note = models.CharField(max_length=500, blank=True)
    repeat_unit = models.CharField(max_length=5, blank=True)
    repeat_every = models.PositiveSmallIntegerField(null=True)
    series_on = models.DateField(null=True)
    follows = models.ForeignKey("self", models.SET_NULL, null=True, related_name="followed_by")
    snoozed_from = models.DateField(null=True)
    rule = models.ForeignKey(ContactRule, models.SET_NULL, null=True, db_index=False, related_name="tasks")
    made_for = models.DateField(null=True)
    batch = models.ForeignKey(Batch, models.SET_NULL, null=True, db_index=False, related_name="tasks")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("rule", "customer", "made_for"), name="one_task_a_rule_and_day"),
            models.UniqueConstraint(
                fields=("rule", "customer"), condition=Q(state="open"), name="one_open_task_a_rule"
            ),
            models.UniqueConstraint(fields=("batch", "customer"), name="one_task_a_batch"),
            models.UniqueConstraint(fields=("follows",), name="one_task_follows"),
        ]
        indexes = [
            models.Index(fields=("state", "due_on"), name="tasks_due"),
            models.Index(fields=("assignee", "state", "due_on"), name="tasks_of_staff"),
            models.Index(fields=("customer", "state"), name="tasks_of_customer"),
        ]


class Dismissed(models.Model):
    """That an occasion of a customer was seen to: the birthday of a day, a subscription's end, having gone quiet."""

    kind = models.CharField(max_length=10)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    on = models.DateField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("kind", "customer", "on"), name="one_dismissal_an_occasion")
        ]


class BirthdayCalendar(models.Model):
    """The calendar in which a customer keeps the birthday, where it is not the business's (such as the Chinese one)."""

    customer = models.OneToOneField(Customer, models.CASCADE, related_name="+")
    calendar = models.CharField(max_length=10)


class Reminding(models.Model):
    """How a member of staff is reminded: the page after signing in, the digest's hour (None: none), and the digest of
    the calendar's secret address ("": there is none)."""

    staff = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    start_page = models.CharField(max_length=10, blank=True)
    digest_at = models.TimeField(null=True)
    feed_digest = models.CharField(max_length=64, blank=True, db_index=True)
    feed_made_at = models.DateTimeField(null=True)


class DigestSent(models.Model):
    """That somebody's digest of a day was seen to: written, or not needed because there was nothing."""

    staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    on = models.DateField()
    at = models.DateTimeField()
    was_empty = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("staff", "on"), name="one_digest_a_day")]
