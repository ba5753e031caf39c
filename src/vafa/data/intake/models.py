"""Imports: what came in by which file, and what it changed, so that it can be undone whole."""

from django.conf import settings
from django.db import models


class Import(models.Model):
    """One file on its way in. States: uploaded, queued, running, done, failed, undoing, undone."""

    kind = models.CharField(max_length=20)
    source_name = models.CharField(max_length=60)
    file_name = models.CharField(max_length=255)
    file_path = models.CharField(max_length=1000, blank=True)
    file_digest = models.CharField(max_length=64)
    options = models.JSONField(default=dict)
    state = models.CharField(max_length=10, default="uploaded", db_index=True)
    progress = models.FloatField(default=0)
    counts = models.JSONField(default=dict)
    summary = models.JSONField(default=dict)
    error = models.JSONField(null=True)
    rejects_path = models.CharField(max_length=1000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    first_seq = models.BigIntegerField(null=True)
    last_seq = models.BigIntegerField(null=True)

    class Meta:
        ordering = ("-id",)


class BeforeImage(models.Model):
    """A row as it was before an import changed it."""

    imported = models.ForeignKey(Import, models.CASCADE, related_name="before_images")
    table = models.CharField(max_length=20)
    row = models.BigIntegerField()
    values = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("imported", "table", "row"), name="one_image_a_row")]
