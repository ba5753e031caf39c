"""Permission with its proof, reasons to stop, the do-not-send list, and what is left of whoever was erased."""

from django.conf import settings
from django.db import models

from vafa.data.customers.models import Customer


class ConsentEntry(models.Model):
    """One word on whether a customer may be contacted by a channel for a purpose. Never changed: the newest by `at`
    holds, an older one is history. `source` is where the permission came from, "" where nobody told: such a yes permits
    nothing but service messages."""

    customer = models.ForeignKey(Customer, models.CASCADE, db_index=False, related_name="+")
    channel = models.CharField(max_length=10)
    purpose = models.CharField(max_length=10)
    allowed = models.BooleanField()
    source = models.CharField(max_length=200, blank=True)
    wording = models.TextField(blank=True)
    evidence = models.CharField(max_length=500, blank=True)
    way = models.CharField(max_length=10)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    import_id = models.BigIntegerField(null=True, db_index=True)

    class Meta:
        indexes = [models.Index(fields=("customer", "channel", "purpose", "at"), name="consent_of_customer")]


class Stop(models.Model):
    """Somebody has died, or a number is not theirs. Ended rather than deleted where it was a mistake.

    `point_kind` and `point` name the address or number; "" where it is about the person.
    """

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=15)
    point_kind = models.CharField(max_length=10, blank=True)
    point = models.CharField(max_length=320, blank=True)
    way = models.CharField(max_length=10)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")


class Suppression(models.Model):
    """An address or number to which nothing is sent, whoever has it: as a keyed digest, and masked for people to see.
    `everything` also stops service messages. Taken off the list it stays, with when and why."""

    kind = models.CharField(max_length=10)
    digest = models.CharField(max_length=64)
    masked = models.CharField(max_length=80)
    everything = models.BooleanField(default=True)
    reason = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True)
    removed_reason = models.CharField(max_length=300, blank=True)
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=("kind", "digest"),
                condition=models.Q(removed_at=None),
                name="one_suppression_a_point",
            )
        ]


class Erasure(models.Model):
    """One person who is being erased, or was: the receipt. Ids and counts only.

    States: asked (files are gone through), files (they are done, the rows come next), rows (they are gone, copies are
    made anew), done.
    """

    code = models.CharField(max_length=20, unique=True)
    customer_id = models.BigIntegerField(db_index=True)
    ids = models.JSONField(default=list)
    state = models.CharField(max_length=10, default="asked", db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    seq = models.BigIntegerField(null=True)
    removed = models.JSONField(default=dict)
    kept = models.JSONField(default=dict)
    changed = models.JSONField(default=dict)
    claim = models.CharField(max_length=20, blank=True)
    lease_until = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)


class Fingerprint(models.Model):
    """A number, address or id of somebody who was erased, as a keyed digest: no import brings them back."""

    digest = models.CharField(max_length=64, unique=True)
    erasure = models.ForeignKey(Erasure, models.CASCADE, related_name="fingerprints")


class Keeping(models.Model):
    """For how many days one kind of data is kept; a kind without a row is kept as `retention` says by itself."""

    kind = models.CharField(max_length=20, unique=True)
    days = models.PositiveIntegerField()
