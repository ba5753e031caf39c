"""Where files are fetched from by timetable."""

from django.conf import settings
from django.db import models


class Timed(models.Model):
    """A folder or an address that is looked at every so often. `last_digest` is that of the last file that came by the
    address; `last_import` the number of the last import that it led to."""

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20)
    source_name = models.CharField(max_length=60)
    place = models.CharField(max_length=1000)
    is_address = models.BooleanField()
    every_minutes = models.PositiveIntegerField()
    options = models.JSONField(default=dict)
    is_on = models.BooleanField(default=True)
    next_at = models.DateTimeField(db_index=True)
    claim = models.CharField(max_length=40, blank=True)
    lease_until = models.DateTimeField(null=True)
    last_digest = models.CharField(max_length=64, blank=True)
    last_import = models.BigIntegerField(null=True)
    looked_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
