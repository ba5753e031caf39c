"""The counts of the newest look at the data."""

from django.db import models


class Found(models.Model):
    """What one check found in all the data, at one state of them. Names of checks only: nothing of anybody."""

    name = models.CharField(max_length=60, unique=True)
    count = models.BigIntegerField(null=True)
    total = models.BigIntegerField(null=True)
    is_warning = models.BooleanField()
    seq = models.BigIntegerField()
    seen_on = models.DateField()
    seen_at = models.DateTimeField()
