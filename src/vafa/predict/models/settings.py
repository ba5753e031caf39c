"""The business's settings of predictions, and the question that follows from them."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from vafa.kit.audit import record
from vafa.measure.metrics.queries import resolve_rule
from vafa.predict.models.models import Setting
from vafa.predict.models.types import HORIZONS, Kind, PredictionSettings, Question, SettingsUnusable
from vafa.warehouse.queries import Snapshot

_ONLY = 1
MOST_RATE = 0.2


def get_settings() -> PredictionSettings:
    """The settings as they are now."""
    row = Setting.objects.filter(pk=_ONLY).first() or Setting()
    return PredictionSettings(row.horizon_days, row.low_odds, row.high_odds, row.monthly_rate)


def get_question(snapshot: Snapshot | None = None, horizon_days: int | None = None) -> Question:
    """What is asked of this business: of contracts under a rule of subscriptions, of orders else; within the horizon
    of its settings, unless another is given."""
    rule = resolve_rule(None, snapshot)
    kind: Kind = "contracts" if rule.kind == "subscription" else "orders"
    return Question(kind, horizon_days or get_settings().horizon_days)


@transaction.atomic
def change_settings(told: PredictionSettings, *, by: Any, now: datetime) -> None:
    """Set them. Raises SettingsUnusable for a horizon that isn't offered, bands in the wrong order, or a rate that is
    none."""
    if told.horizon_days not in HORIZONS:
        raise SettingsUnusable(
            _("Predictions look %(days)s days ahead.") % {"days": ", ".join(map(str, HORIZONS))},
            _("Choose one of these."),
            code="horizon_unusable",
            field="horizon_days",
        )
    if not 0 < told.low_odds < told.high_odds <= 100:
        raise SettingsUnusable(
            _("High risk must begin above raised risk."),
            _("Both are numbers above 0 and up to 100; the second is the greater one."),
            code="bands_unusable",
            field="high_odds",
        )
    if not 0 <= told.monthly_rate <= MOST_RATE:
        raise SettingsUnusable(
            _("What comes a month later can be worth up to a fifth less."),
            _("Choose a percentage from 0 to 20."),
            code="rate_unusable",
            field="monthly_rate",
        )
    before = get_settings()
    changed = [
        name
        for name in ("horizon_days", "low_odds", "high_odds", "monthly_rate")
        if getattr(before, name) != getattr(told, name)
    ]
    if not changed:
        return
    Setting.objects.update_or_create(
        pk=_ONLY,
        defaults={
            "horizon_days": told.horizon_days,
            "low_odds": told.low_odds,
            "high_odds": told.high_odds,
            "monthly_rate": told.monthly_rate,
        },
    )
    record("predictions.set", by=by, now=now, fields=changed)
