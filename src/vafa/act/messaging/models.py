"""Sending accounts, templates, messages, and the ledger of what is sent to whom."""

from django.conf import settings as django_settings
from django.db import models
from django.db.models import Q

from vafa.act.messaging.channel_models import Incoming, Listening, StaffTask
from vafa.act.messaging.holdout_models import Holdout
from vafa.data.customers.models import Customer

__all__ = ["Holdout", "Incoming", "Listening", "StaffTask"]

# An account has settings of its own.
STAFF = django_settings.AUTH_USER_MODEL


class Account(models.Model):
    """A sending account: by what messages of a channel go out. `settings` are plain, `secret` is sealed (see
    `accounts`). `rate_*` are how many go in a second, a minute and a day (None: as many as it takes), `window_*` the
    hours of the business's day between which it sends. Paused by a person or by itself it keeps its rows, and says why.
    """

    name = models.CharField(max_length=120)
    channel = models.CharField(max_length=10)
    kind = models.CharField(max_length=12)
    settings = models.JSONField(default=dict)
    secret = models.TextField(blank=True)
    purposes = models.JSONField(default=list)
    profile = models.CharField(max_length=40, blank=True)
    rate_second = models.PositiveIntegerField(null=True)
    rate_minute = models.PositiveIntegerField(null=True)
    rate_day = models.PositiveIntegerField(null=True)
    window_from = models.TimeField(null=True)
    window_until = models.TimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    paused_why = models.CharField(max_length=30, blank=True)
    paused_answer = models.CharField(max_length=500, blank=True)
    paused_by = models.ForeignKey(STAFF, models.SET_NULL, null=True, related_name="+")
    failures = models.PositiveIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    tested_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("id",)


class Bucket(models.Model):
    """How many messages an account may still hand over in a span ("second", "minute", "day"), as it was at `at`."""

    account = models.ForeignKey(Account, models.CASCADE, db_index=False, related_name="buckets")
    span = models.CharField(max_length=6)
    tokens = models.FloatField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("account", "span"), name="one_bucket_a_span")]


class Budget(models.Model):
    """One row: how often one customer is contacted at most, over all purposes, and when not. None: no cap.
    `per_point_day` is for one address or number, whoever shares it; `zone_field` the customers' own field that tells in
    which zone they live."""

    per_day = models.PositiveSmallIntegerField(null=True, default=1)
    per_week = models.PositiveSmallIntegerField(null=True, default=3)
    per_month = models.PositiveSmallIntegerField(null=True, default=8)
    per_point_day = models.PositiveSmallIntegerField(null=True, default=2)
    quiet_from = models.TimeField(null=True, default="21:00")
    quiet_until = models.TimeField(null=True, default="09:00")
    rests_on_holidays = models.BooleanField(default=True)
    rests_on_solemn_days = models.BooleanField(default=True)
    only_preferred = models.BooleanField(default=False)
    zone_field = models.CharField(max_length=80, blank=True, default="", db_default="")
    complaint_days = models.PositiveSmallIntegerField(default=60)
    refund_days = models.PositiveSmallIntegerField(default=7)
    changed_at = models.DateTimeField(null=True)


class Template(models.Model):
    """A text that messages are made of; `content` as `TemplateContent` writes it. Changed, it becomes a new version:
    what runs keeps the text it was frozen with."""

    name = models.CharField(max_length=120)
    channel = models.CharField(max_length=10)
    purpose = models.CharField(max_length=10)
    festive = models.BooleanField(default=False)
    content = models.JSONField(default=dict)
    number = models.PositiveIntegerField(default=1)
    made_by = models.ForeignKey(STAFF, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)


class TemplateVersion(models.Model):
    """A template as it was at one of its numbers."""

    template = models.ForeignKey(Template, models.CASCADE, db_index=False, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField(default=dict)
    by = models.ForeignKey(STAFF, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-number",)
        constraints = [models.UniqueConstraint(fields=("template", "number"), name="one_version_a_number")]


class Message(models.Model):
    """Something that is sent to many, frozen: nothing that it says changes after it was opened.

    States: open (recipients are being written), running, paused, stopped. `next_at` is the earliest moment at which one
    of its recipients may be due, None while nobody waits; `why` what all of them wait for (a rate, an account's hours),
    "" where each one's own row says. `answers` marks receipts and answers to a customer's own question, which no budget
    holds back.
    """

    origin = models.CharField(max_length=120, unique=True)
    template = models.ForeignKey(Template, models.SET_NULL, null=True, related_name="+")
    template_number = models.PositiveIntegerField(null=True)
    content = models.JSONField()
    channels = models.JSONField()
    purpose = models.CharField(max_length=10)
    festive = models.BooleanField(default=False)
    answers = models.BooleanField(default=False)
    trial = models.CharField(max_length=120, blank=True)
    account = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=8, default="open")
    next_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=20, blank=True)
    not_before = models.DateTimeField(null=True)
    not_after = models.DateTimeField(null=True)
    by = models.ForeignKey(STAFF, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)
        indexes = [models.Index(fields=("state", "next_at"), name="messages_due")]


class Sending(models.Model):
    """One message for one customer by one channel: the ledger, and the queue. Written before anything is sent.

    States: pending (`not_before` and `why` say until when and why it waits) -> claimed (by `worker` until
    `lease_until`; `handed_at` is set before the first byte of it leaves) -> accepted, failed, suppressed (`why`), or
    unknown: handed over, and nobody knows whether it was taken. `spent_at` is since when it counts in the customer's
    budget. `point` is the contact point's id, `reached` its keyed digest: never the address; `mail_id` the Message-ID
    of a mail. `customer` is None once the person was erased.
    """

    message = models.ForeignKey(Message, models.CASCADE, db_index=False, related_name="sendings")
    customer = models.ForeignKey(Customer, models.SET_NULL, null=True, db_index=False, related_name="+")
    channel = models.CharField(max_length=10)
    state = models.CharField(max_length=10, default="pending")
    why = models.CharField(max_length=20, blank=True)
    not_before = models.DateTimeField()
    worker = models.CharField(max_length=24, blank=True)
    lease_until = models.DateTimeField(null=True)
    handed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    account = models.ForeignKey(Account, models.SET_NULL, null=True, db_index=False, related_name="+")
    point = models.BigIntegerField(null=True)
    reached = models.CharField(max_length=40, blank=True)
    mail_id = models.CharField(max_length=200, blank=True)
    provider_id = models.CharField(max_length=120, blank=True)
    answer = models.CharField(max_length=500, blank=True)
    arm = models.CharField(max_length=20, blank=True)
    values = models.JSONField(default=dict)
    parts = models.PositiveSmallIntegerField(null=True)
    cost = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    created_at = models.DateTimeField()
    spent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    delivery_state = models.CharField(max_length=12, blank=True)
    delivered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=("message", "customer", "channel"), name="one_sending_each")
        ]
        indexes = [
            models.Index(fields=("message", "state", "not_before", "id"), name="sendings_due"),
            models.Index(fields=("customer", "spent_at"), name="sendings_of_customer"),
            models.Index(fields=("lease_until",), condition=Q(state="claimed"), name="sendings_claimed"),
            models.Index(fields=("reached", "spent_at"), condition=~Q(reached=""), name="sendings_to_point"),
            models.Index(fields=("provider_id",), condition=~Q(provider_id=""), name="sendings_by_provider"),
            models.Index(fields=("id",), condition=Q(state="unknown"), name="sendings_unknown"),
        ]


class Happened(models.Model):
    """What became of a sending afterwards: delivered, bounced (`detail` "hard" or "soft"), blocked, complained,
    replied, clicked (`link` is the number of the message's link), unsubscribed. `bot` marks a click that no person
    seems to have made. `key` tells one report from the same one sent again."""

    sending = models.ForeignKey(Sending, models.CASCADE, db_index=False, related_name="happened")
    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=120)
    detail = models.CharField(max_length=500, blank=True)
    link = models.PositiveSmallIntegerField(null=True)
    bot = models.BooleanField(default=False)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=("sending", "kind", "key"), name="one_report_each")]


class Trial(models.Model):
    """The declaration of a trial, made before anything is sent and never changed: who is dealt into which arm by which
    shares, and after how many days what came of it is judged. Results and decisions belong to prove."""

    key = models.CharField(max_length=120, unique=True)
    origin = models.CharField(max_length=120)
    name = models.CharField(max_length=200)
    purpose = models.CharField(max_length=10)
    shares = models.JSONField()
    horizon_days = models.PositiveSmallIntegerField()
    planned = models.PositiveIntegerField()
    declared_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)


class Exposure(models.Model):
    """Into which arm of a trial a customer was dealt, written before anything was sent. `score` is the chance of
    leaving as it was told then, `value` what the customer was worth a year; None: nobody could tell."""

    trial_key = models.CharField(max_length=120)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    arm = models.CharField(max_length=20)
    at = models.DateTimeField()
    score = models.FloatField(null=True)
    value = models.FloatField(null=True)

    class Meta:
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=("trial_key", "customer"), name="one_arm_each")]
