"""Tables of the kit: the audit trail, and mail to staff."""

from django.conf import settings
from django.db import models


class AuditEntry(models.Model):
    """One thing that somebody did. Written once, never changed. Ids and field names only, never personal text."""

    at = models.DateTimeField(db_index=True)
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    action = models.CharField(max_length=60, db_index=True)
    subject = models.CharField(max_length=80, blank=True, db_index=True)
    details = models.JSONField(default=dict)
    address = models.GenericIPAddressField(null=True)
    device = models.CharField(max_length=120, blank=True)
    # Of what is noted once an hour only; the others have none, and nulls are never equal.
    once = models.CharField(max_length=120, null=True, unique=True)  # noqa: DJ001

    class Meta:
        ordering = ("-id",)


class AuditDoor(models.Model):
    """A row here, inside a transaction, opens the audit trail to that transaction; see `audit_guard`."""


class MailSetup(models.Model):
    """The mail server as it was entered on the settings page. One row; the password is a file of the home."""

    host = models.CharField(max_length=253)
    port = models.PositiveIntegerField()
    security = models.CharField(max_length=10)
    username = models.CharField(max_length=254, blank=True)
    sender_name = models.CharField(max_length=150, blank=True)
    sender_address = models.EmailField()


class StaffMail(models.Model):
    """One mail to one member of staff. The row is the queue: see `mail_outbox` for its states."""

    key = models.CharField(max_length=200, unique=True)
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    address = models.EmailField()
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField()
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=10, default="pending")
    created_at = models.DateTimeField()
    not_before = models.DateTimeField()
    claim = models.CharField(max_length=40, blank=True)
    lease_until = models.DateTimeField(null=True)
    handed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    answer = models.TextField(blank=True)

    class Meta:
        ordering = ("-id",)
        indexes = [models.Index(fields=("state", "not_before"), name="staff_mail_waiting")]


class RateWindow(models.Model):
    """How often somebody did something since a moment (in seconds); see `rate_limit`."""

    key = models.CharField(max_length=100, primary_key=True)
    began = models.BigIntegerField(db_index=True)
    count = models.PositiveIntegerField()


class PublicAddress(models.Model):
    """Where customers reach our pages from outside, as it was entered; and whether it answered when it was last asked.
    One row. `problem` is the code of what went wrong, "" when it answered."""

    address = models.CharField(max_length=300, blank=True)
    asked_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=40, blank=True)
    told = models.CharField(max_length=300, blank=True)
