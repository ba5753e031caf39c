"""Predictions as they were issued, what came of them, and which of them is current."""

from django.db import models

from vafa.data.customers.models import Customer


class Issue(models.Model):
    """The chances of leaving of all who were scored, as of a day; its `Block`s hold them.

    The question is `kind` and `horizon_days`. `model` is the card's id (0: none), `lineage` says by which model and
    borders of bands: only issues of one lineage can be compared. `live`: changes of band are told one by one, and
    `is_told` once all of them have been.
    """

    kind = models.CharField(max_length=12)
    horizon_days = models.PositiveSmallIntegerField()
    as_of = models.DateField()
    model = models.BigIntegerField(default=0)
    lineage = models.CharField(max_length=64, blank=True)
    verdict = models.CharField(max_length=10)
    n = models.BigIntegerField()
    active = models.BigIntegerField()
    issued_at = models.DateTimeField()
    live = models.BooleanField(default=False)
    is_told = models.BooleanField(default=True, db_index=True)

    class Meta:
        ordering = ("as_of", "id")
        constraints = [
            models.UniqueConstraint(
                fields=("kind", "horizon_days", "as_of", "model"), name="one_issue_a_day_and_model"
            )
        ]


class Block(models.Model):
    """A stretch of an issue's customers, by ascending id: `packing` says how `data` is made."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="blocks")
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    data = models.BinaryField()

    class Meta:
        ordering = ("issue_id", "first_id")
        indexes = [models.Index(fields=("issue", "first_id", "last_id"), name="blocks_by_customer")]


class Outcome(models.Model):
    """What came of an issue, once its days were over and known.

    `shown` is of the customers who were active (whose risk was shown), `everyone` of all who were scored: documents
    of `judging`. `auc` and the baselines' are of everyone, as in a back-test.
    """

    issue = models.OneToOneField(Issue, models.CASCADE, primary_key=True, related_name="outcome")
    judged_at = models.DateTimeField()
    auc = models.FloatField(null=True)
    brier = models.FloatField(null=True)
    recency_auc = models.FloatField(null=True)
    baseline_auc = models.FloatField(null=True)
    baseline_brier = models.FloatField(null=True)
    shown = models.JSONField()
    everyone = models.JSONField()


class Move(models.Model):
    """A customer's change of band that was told to the log."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    issue = models.ForeignKey(Issue, models.CASCADE, related_name="moves")
    kind = models.CharField(max_length=12)
    horizon_days = models.PositiveSmallIntegerField()
    as_of = models.DateField()
    before = models.SmallIntegerField()
    after = models.SmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("customer", "kind", "horizon_days", "as_of"), name="one_move_a_day_and_question"
            )
        ]


class Standing(models.Model):
    """What is current; one row. `issue` is None where nothing may be told: `lacks` says what is missing.

    `asked` is the fingerprint of what was scored last: scoring is repeated when it differs.
    """

    kind = models.CharField(max_length=12)
    horizon_days = models.PositiveSmallIntegerField()
    as_of = models.DateField(null=True)
    verdict = models.CharField(max_length=10)
    lacks = models.JSONField(default=list)
    issue = models.ForeignKey(Issue, models.SET_NULL, null=True, related_name="+")
    asked = models.CharField(max_length=200, blank=True)
    looked_at = models.DateTimeField()
