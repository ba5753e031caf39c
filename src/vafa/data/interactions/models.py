"""Calls, visits, messages and notes; answers to surveys; tickets: all as facts."""

from django.conf import settings
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


class Topic(models.Model):
    """A theme of feedback or a cause of leaving that the business has added itself; `under` is the code of the cause
    that it is part of, "" for none. The ready ones stand in `topics`."""

    kind = models.CharField(max_length=10)
    under = models.CharField(max_length=60, blank=True)
    name = models.CharField(max_length=120)
    archived = models.BooleanField(default=False)


class Written(models.Model):
    """What somebody wrote down by hand, beside the interaction of the same key: who, and what a fact has no room for.

    A promise has the day it is due on and its `state`: open, kept or broken. `topic` is the code of a theme or a
    cause. What was taken away keeps its row for a while (`removed_at`), so that it can be put back.
    """

    key = models.CharField(max_length=40, unique=True)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    written_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True, db_index=True)
    topic = models.CharField(max_length=60, blank=True)
    due_on = models.DateField(null=True)
    state = models.CharField(max_length=10, blank=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=("state", "due_on"), name="promises_by_day")]


class WrittenChange(models.Model):
    """What was written before and after somebody changed it. Words about people stand here, never in the audit."""

    written = models.ForeignKey(Written, models.CASCADE, related_name="changes")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    what = models.CharField(max_length=10)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)


class Mention(models.Model):
    """A member of staff whom a note calls by name; `read_at` is when they said that they have read it."""

    written = models.ForeignKey(Written, models.CASCADE, related_name="mentions")
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("written", "staff"), name="one_mention_each")]
        indexes = [models.Index(fields=("staff", "-at"), name="mentions_of_staff")]


class Attachment(models.Model):
    """A file beside something written. Its content lies in the home under `place`, never under its own name."""

    written = models.ForeignKey(Written, models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=200)
    place = models.CharField(max_length=64, unique=True)
    size = models.BigIntegerField()
    added_at = models.DateTimeField()
