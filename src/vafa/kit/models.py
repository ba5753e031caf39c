"""The audit trail: who did what, when and from where. Ids and field names only, never personal text."""

from django.conf import settings
from django.db import models


class AuditEntry(models.Model):
    """One thing that somebody did. Written once, never changed."""

    at = models.DateTimeField(db_index=True)
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    action = models.CharField(max_length=60, db_index=True)
    subject = models.CharField(max_length=80, blank=True)
    details = models.JSONField(default=dict)
    address = models.GenericIPAddressField(null=True)

    class Meta:
        ordering = ("-id",)
