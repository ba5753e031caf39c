"""Saved segments: what defines them, who is in them, and each change of who is."""

from django.conf import settings
from django.db import models


class Segment(models.Model):
    """A named set of customers: by conditions (`rule`, `preset`) or chosen by hand (`list`).

    `definition` is a document of `coding`, None for a list. `number` rises with every change of the definition.
    What was built last: `built_seq` of the warehouse, at the boundary `built_as_of`, by the settings whose
    fingerprint is `built_for`, on the memberships told in `built_on`. A failed build leaves all of that and the
    members as they were, and says why in `error`. `lease_until` and `claim` are of the worker that builds it now.
    """

    slug = models.CharField(max_length=80, unique=True)
    name = models.CharField(max_length=120)
    description = models.CharField(max_length=1000, blank=True)
    colour = models.CharField(max_length=20, blank=True)
    kind = models.CharField(max_length=10)
    preset = models.CharField(max_length=40, blank=True)
    definition = models.JSONField(null=True)
    number = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)
    built_at = models.DateTimeField(null=True)
    built_as_of = models.DateField(null=True)
    built_seq = models.BigIntegerField(null=True)
    built_for = models.CharField(max_length=64, blank=True)
    built_on = models.CharField(max_length=64, blank=True)
    build_seconds = models.FloatField(null=True)
    count = models.BigIntegerField(null=True)
    previous_count = models.BigIntegerField(null=True)
    error = models.CharField(max_length=1000, blank=True)
    error_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    claim = models.CharField(max_length=32, blank=True)

    class Meta:
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(
                fields=("preset",), condition=~models.Q(preset=""), name="one_segment_a_preset"
            )
        ]


class MemberSet(models.Model):
    """Who is in a segment since its last good build: the ids of customers as a serialised set. Apart from the
    segment's row, because a million of them take a megabyte."""

    segment = models.OneToOneField(Segment, models.CASCADE, primary_key=True, related_name="member_set")
    ids = models.BinaryField()


class Change(models.Model):
    """Who entered and who left a segment at once, as serialised sets of ids: the history of every stay.

    `cause` is build, hand, import or undo. `as_of` is the boundary that the state is of. Where `live`, each entry
    and leaving is told to the log one by one, and `told` counts how many of them have been.
    """

    segment = models.ForeignKey(Segment, models.CASCADE, related_name="changes")
    at = models.DateTimeField()
    as_of = models.DateField()
    cause = models.CharField(max_length=10)
    is_first = models.BooleanField(default=False)
    live = models.BooleanField(default=False)
    entered = models.BinaryField()
    left = models.BinaryField()
    entered_count = models.BigIntegerField()
    left_count = models.BigIntegerField()
    count = models.BigIntegerField()
    told = models.BigIntegerField(default=0)
    is_told = models.BooleanField(default=False, db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    undo_of = models.OneToOneField("self", models.SET_NULL, null=True, related_name="undone_by")

    class Meta:
        ordering = ("-id",)
