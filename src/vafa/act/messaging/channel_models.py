"""What the channels keep beside the ledger: what came in, and which task does a sending."""

from django.db import models
from django.db.models import Q


class Incoming(models.Model):
    """Something that a provider told: a delivery report, an answer, a word to the bot. Each once: `event` is the
    provider's own id of it.

    `kind`: "report", "answer". `number` is who wrote, in normal form, and `text` what; both go once there is nothing to
    read in them (a report, a word that stops messages), and with the person. `meaning`: "stop", "back", "link",
    "blocked", "" where a person has to read it. `shared`: several customers have the number. `handled_at`: somebody has
    read it.
    """

    account = models.ForeignKey("messaging.Account", models.CASCADE, related_name="+")
    event = models.CharField(max_length=120)
    kind = models.CharField(max_length=10)
    meaning = models.CharField(max_length=10, blank=True)
    state = models.CharField(max_length=10, default="pending")
    body = models.JSONField(default=dict)
    number = models.CharField(max_length=40, blank=True)
    text = models.TextField(blank=True)
    customer = models.ForeignKey(
        "customers.Customer", models.CASCADE, null=True, db_index=False, related_name="+"
    )
    sending = models.ForeignKey(
        "messaging.Sending", models.SET_NULL, null=True, db_index=False, related_name="+"
    )
    shared = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    error = models.CharField(max_length=300, blank=True)
    received_at = models.DateTimeField(db_index=True)
    handled_at = models.DateTimeField(null=True)
    handled_by = models.ForeignKey("staff.Staff", models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ("-id",)
        constraints = [models.UniqueConstraint(fields=("account", "event"), name="one_incoming_an_event")]
        indexes = [
            models.Index(fields=("not_before",), condition=Q(state="pending"), name="incoming_waiting"),
            models.Index(fields=("customer",), name="incoming_of_customer"),
        ]


class StaffTask(models.Model):
    """The task by which somebody of the staff does a sending (a call, a visit, a note by hand, a gift); what came of it
    is told to the ledger once (`told_at`)."""

    sending = models.OneToOneField("messaging.Sending", models.CASCADE, related_name="+")
    task = models.OneToOneField("followups.Task", models.CASCADE, related_name="+")
    told_at = models.DateTimeField(null=True)


class Listening(models.Model):
    """How far an account was asked for what came in: `cursor` is the number of the last word to a bot."""

    account = models.OneToOneField("messaging.Account", models.CASCADE, related_name="+")
    cursor = models.BigIntegerField(default=0)
    asked_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=300, blank=True)
