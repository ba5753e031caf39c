"""Calls, visits, messages and notes; answers to surveys; tickets: all as facts."""

from django.db import models

from vafa.data.customers.models import Customer
from vafa.data.log.models import Source
from vafa.kit.fields import FixedField


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


class SurveyAnswer(models.Model):
    """One question put to one person: an invitation until `answered_on` is known, then an answer.

    `question` is nps, csat, ces or other. `score` lies on the scale [scale_low, scale_high], of which the end
    `direction` ("high" or "low") is good; it is None where there was no answer, or only words. `method` says how such
    answers are added up: nps, top2, top1, easy or mean. `day` is that of the answer, else of the invitation.
    """

    source = models.ForeignKey(Source, models.PROTECT, db_index=False, related_name="+")
    key = models.CharField(max_length=300)
    customer = models.ForeignKey(Customer, models.SET_NULL, null=True, db_index=False, related_name="+")
    survey = models.CharField(max_length=200, blank=True)
    question = models.CharField(max_length=10)
    score = FixedField(null=True)
    scale_low = models.SmallIntegerField(null=True)
    scale_high = models.SmallIntegerField(null=True)
    direction = models.CharField(max_length=4, blank=True)
    method = models.CharField(max_length=6, blank=True)
    channel = models.CharField(max_length=60, blank=True)
    comment = models.TextField(blank=True)
    invited_at = models.DateTimeField(null=True)
    invited_on = models.DateField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_on = models.DateField(null=True)
    day = models.DateField()
    custom = models.JSONField(null=True)
    import_id = models.BigIntegerField(null=True)
    seq = models.BigIntegerField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("source", "key"), name="one_answer_a_key")]
        indexes = [models.Index(fields=("customer", "day"), name="answers_of_customer")]


class Ticket(models.Model):
    """One request for help. Of each moment the day in the business's zone is kept beside it; a moment is None where
    only its day is known, and both where it has not come. `day` is that of the opening."""

    source = models.ForeignKey(Source, models.PROTECT, db_index=False, related_name="+")
    key = models.CharField(max_length=300)
    customer = models.ForeignKey(Customer, models.SET_NULL, null=True, db_index=False, related_name="+")
    subject = models.CharField(max_length=300, blank=True)
    category = models.CharField(max_length=200, blank=True)
    channel = models.CharField(max_length=60, blank=True)
    priority = models.CharField(max_length=40, blank=True)
    status = models.CharField(max_length=60, blank=True)
    agent_name = models.CharField(max_length=150, blank=True)
    opened_at = models.DateTimeField(null=True)
    day = models.DateField()
    first_response_at = models.DateTimeField(null=True)
    first_response_on = models.DateField(null=True)
    solved_at = models.DateTimeField(null=True)
    solved_on = models.DateField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_on = models.DateField(null=True)
    reopened = models.PositiveIntegerField(null=True)
    satisfaction = models.CharField(max_length=60, blank=True)
    custom = models.JSONField(null=True)
    import_id = models.BigIntegerField(null=True)
    seq = models.BigIntegerField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("source", "key"), name="one_ticket_a_key")]
        indexes = [models.Index(fields=("customer", "day"), name="tickets_of_customer")]
