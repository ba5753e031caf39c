"""How predictions are made: the business's settings, and the cards of the models that were trained."""

from django.conf import settings
from django.db import models
from django.db.models import Q

DEFAULT_HORIZON = 90
LOW_ODDS, HIGH_ODDS = 1.0, 2.0
MONTHLY_RATE = 0.01


class Setting(models.Model):
    """The settings of predictions; one row. Bands are bounded by so many times the odds of the base; what comes a month
    later is worth `monthly_rate` less."""

    horizon_days = models.PositiveSmallIntegerField(default=DEFAULT_HORIZON)
    low_odds = models.FloatField(default=LOW_ODDS)
    high_odds = models.FloatField(default=HIGH_ODDS)
    monthly_rate = models.FloatField(default=MONTHLY_RATE)


class Card(models.Model):
    """One trained model: `form` says of which sort ("purchase", "recency", "logistic"), `document` holds the rest
    (`card_document.py`): parameters, features, record, calibration, drift and thresholds.

    It knows facts before `as_of` only, of the copy at `seq`. Of each question one card is the champion, by which is
    scored; `promoted_by` is None where the rules promoted it.
    """

    kind = models.CharField(max_length=12)
    horizon_days = models.PositiveSmallIntegerField()
    form = models.CharField(max_length=12)
    verdict = models.CharField(max_length=10)
    seq = models.BigIntegerField()
    data_until = models.DateField()
    as_of = models.DateField()
    document = models.JSONField()
    trained_at = models.DateTimeField()
    judged_at = models.DateTimeField()
    is_champion = models.BooleanField(default=False)
    promoted_at = models.DateTimeField(null=True)
    promoted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=("kind", "horizon_days"), condition=Q(is_champion=True), name="one_champion_a_question"
            )
        ]
