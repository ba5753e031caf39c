"""Training: from a state of the data to a card, and which card is the champion."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from vafa.data.business.queries import get_business
from vafa.kit.audit import record
from vafa.lab.calendars import CalendarName
from vafa.lab.drift import Reference, learn_reference
from vafa.lab.errors import LabError, PurchasesUnfit
from vafa.predict.models.asking import find_span, settle_verdict
from vafa.predict.models.backtesting import SEED, Trial, run_backtest
from vafa.predict.models.card_document import Trained, build_document
from vafa.predict.models.contract_hazard import fit_tenure_hazard
from vafa.predict.models.contract_members import find_contract_rule
from vafa.predict.models.models import Card
from vafa.predict.models.order_features import fit_purchases
from vafa.predict.models.rules import SUSPICIOUS_JUMP, list_training
from vafa.predict.models.training import Regression, Rows, fit_regression, thin_rows
from vafa.predict.models.types import CardUnusable, Question, Verdict
from vafa.warehouse.queries import Snapshot

TRAIN_EVERY = timedelta(days=30)
TRAIN_ON_DRIFT = timedelta(days=7)
OTHERS = 0.2
"""So many customers more or fewer, as a share, make it another business."""
HELD_FOR_JUMP = "jump"


def learn(
    snapshot: Snapshot,
    question: Question,
    until: date,
    calendar: CalendarName,
) -> tuple[Trained | None, Verdict]:
    """Try and train by facts before `until` only; nothing is kept. None, and why, where the data don't suffice.

    Customers who were being treated beside a control group are left out: what became of them tells of the treatment.
    """
    span = find_span(snapshot, question)
    if span is None or until <= span[0]:
        return None, settle_verdict(snapshot, question, None)
    trial = Trial(snapshot, question, calendar)
    try:
        shown = run_backtest(trial, span[0], until)
    except PurchasesUnfit:  # too few ever came again, on one of the past days at least
        return None, settle_verdict(snapshot, question, None, until)
    verdict = settle_verdict(snapshot, question, shown, until)
    if verdict.level == "refused":
        return None, verdict
    days = list_training(until, span[0], question.horizon_days, calendar)
    features, rows, _leaks = trial.learn_rows(days)
    regression = None
    if shown.taken == "logistic":
        regression = fit_regression(features, rows, SEED, with_stability=True)
    return (
        Trained(
            shown,
            verdict.lacks,
            regression,
            _fit_base(snapshot, question, until),
            tuple(days),
            len(rows.ids),
            snapshot.customer_count,
            trial.count_treated(days, left_out=True),
            trial.count_treated(days, left_out=False),
            _learn_references(regression, rows),
        ),
        verdict,
    )


def _fit_base(snapshot: Snapshot, question: Question, until: date) -> dict[str, Any]:
    """The parameters of the base model, for the card; scoring fits it anew."""
    try:
        if question.kind == "orders":
            return fit_purchases(snapshot, until).to_document()
        return fit_tenure_hazard(snapshot, until, find_contract_rule(snapshot)).to_document()
    except LabError:
        return {}


def _learn_references(regression: Regression | None, rows: Rows) -> dict[str, Reference]:
    if regression is None:
        return {}
    kept = thin_rows(rows, SEED)
    found = {
        feature.name: learn_reference(feature.kind, kept.columns[feature.name])
        for feature in regression.design.features
    }
    return found | {"chances": learn_reference("number", regression.chances(kept.columns))}


def train(snapshot: Snapshot, question: Question, *, now: datetime) -> tuple[Card | None, Verdict]:
    """Train by all that is known, and keep the model on a card; it becomes the champion unless it looks too good.

    Killed anywhere before the end it leaves what was: the card and its promotion are one transaction.
    """
    span = find_span(snapshot, question)
    if span is None:
        return None, settle_verdict(snapshot, question, None)
    trained, verdict = learn(snapshot, question, span[1], get_business().calendar)  # type: ignore[arg-type]
    if trained is None:
        return None, verdict
    document = build_document(trained)
    form = "logistic" if trained.regression is not None else _name_base(question)
    with transaction.atomic():
        before = find_champion(question)
        document["held_for"] = HELD_FOR_JUMP if _jumps(before, form, document) else ""
        card = Card.objects.create(
            kind=question.kind,
            horizon_days=question.horizon_days,
            form=form,
            verdict=verdict.level,
            seq=snapshot.seq,
            data_until=span[1],
            as_of=span[1],
            document=document,
            trained_at=now,
            judged_at=now,
        )
        if not document["held_for"]:
            _crown(card, by=None, now=now)
    return card, verdict


def _name_base(question: Question) -> str:
    return "purchase" if question.kind == "orders" else "hazard"


def _jumps(before: Card | None, form: str, document: dict[str, Any]) -> bool:
    """Whether it looks so much better than the champion that a column must know the answer."""
    if before is None or before.form != form or not before.document["overall"] or not document["overall"]:
        return False
    earlier, later = before.document["overall"]["auc"], document["overall"]["auc"]
    return earlier is not None and later is not None and later - earlier > SUSPICIOUS_JUMP


def find_champion(question: Question) -> Card | None:
    """The card by which is scored."""
    return Card.objects.filter(
        kind=question.kind, horizon_days=question.horizon_days, is_champion=True
    ).first()


def list_cards(question: Question) -> list[Card]:
    """All cards of a question, the newest first."""
    return list(Card.objects.filter(kind=question.kind, horizon_days=question.horizon_days))


@transaction.atomic
def promote(card_id: int, *, by: Any, now: datetime) -> Card:
    """Make a card the champion, a newer or an earlier one. Raises CardUnusable where there is none, or it is one."""
    card = Card.objects.select_for_update().filter(pk=card_id).first()
    if card is None:
        raise CardUnusable(_("There is no such model."), code="card_unknown")
    if card.is_champion:
        raise CardUnusable(_("This model is in use already."), code="card_in_use")
    _crown(card, by=by, now=now)
    record("model.promoted", by=by, now=now, subject=f"model:{card.pk}")
    return card


def _crown(card: Card, *, by: Any, now: datetime) -> None:
    Card.objects.filter(kind=card.kind, horizon_days=card.horizon_days, is_champion=True).update(
        is_champion=False
    )
    card.is_champion, card.promoted_at, card.promoted_by = True, now, by
    card.save(update_fields=["is_champion", "promoted_at", "promoted_by"])


def is_due(snapshot: Snapshot, question: Question, now: datetime) -> bool:
    """Whether it is time to train: no card yet, the newest is a month old (a week, where customers have drifted from
    those it learned from), or the customers are others by now (as after a great import)."""
    newest = Card.objects.filter(kind=question.kind, horizon_days=question.horizon_days).first()
    if newest is None:
        return True
    drifts = (newest.document.get("drift") or {}).get("level") == "alarm"
    if newest.trained_at + (TRAIN_ON_DRIFT if drifts else TRAIN_EVERY) <= now:
        return True
    then = newest.document["training"]["customers"]
    return bool(abs(snapshot.customer_count - then) > OTHERS * then)
