"""Calls, visits, messages and notes, as facts."""

from django.db import models

from vafa.data.customers.models import Customer
from vafa.data.log.models import Source


class Interaction(models.Model):
    """One contact between the business and a customer."""

    source = models.ForeignKey(Source, models.PROTECT, db_index=False, related_name="+")
    key = models.CharField(max_length=300)
    customer = models.ForeignKey(Customer, models.CASCADE, db_index=False, related_name="+")
    kind = models.CharField(max_length=40)
    at = models.DateTimeField(null=True)
    day = models.DateField()
    subject = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    staff_name = models.CharField(max_length=150, blank=True)
    outcome = models.CharField(max_length=200, blank=True)
    minutes = models.PositiveIntegerField(null=True)
    custom = models.JSONField(null=True)
    import_id = models.BigIntegerField(null=True)
    seq = models.BigIntegerField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("source", "key"), name="one_interaction_a_key")]
        indexes = [models.Index(fields=("customer", "day"), name="interactions_of_customer")]
