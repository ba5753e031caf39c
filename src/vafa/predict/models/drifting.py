"""Looking whether customers have drifted from those that the model in use learned from, and noting it on its card."""

from datetime import date, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db import transaction

from vafa.lab.drift import Reference, find_level, find_psi
from vafa.lab.errors import LabError
from vafa.lab.hazard import HazardModel
from vafa.lab.purchase_models import PurchaseModel
from vafa.predict.models.asking import find_span
from vafa.predict.models.card_document import read_regression
from vafa.predict.models.contract_hazard import build_stays, find_chances, get_tenure_hazard
from vafa.predict.models.contract_members import find_contract_rule, list_contract_numbers
from vafa.predict.models.features import build_features
from vafa.predict.models.making import find_champion
from vafa.predict.models.models import Card
from vafa.predict.models.order_features import fit_purchases, summarise_purchases
from vafa.predict.models.types import Question
from vafa.warehouse.queries import Snapshot

Floats = npt.NDArray[np.float64]

CHANCES = "chances"
# What moves by the calendar alone, for everybody at once, is no drift.
_BY_ITSELF = ("tenure_days", "orders_last_year", "days_to_term")


def note_drift(snapshot: Snapshot, question: Question) -> dict[str, Any] | None:
    """What is noted on the card of the model in use; None where none is, or where it was looked at before.

    A model is trained again on an alarm (`making.is_due`): the whole of its chances has moved, or half of what it looks
    at has.
    """
    champion, span = find_champion(question), find_span(snapshot, question)
    if champion is None or span is None or not champion.document.get("references"):
        return None
    known = champion.document.get("drift")
    if known is not None and known["as_of"] >= span[1].isoformat():
        return None
    drift = find_drift(snapshot, champion, question, span[1])
    with transaction.atomic():
        card = Card.objects.select_for_update().get(pk=champion.pk)
        card.document = {**card.document, "drift": drift}
        card.save(update_fields=["document"])
    return drift


def find_drift(snapshot: Snapshot, card: Card, question: Question, as_of: date) -> dict[str, Any]:
    """The population stability index of the chances and of each feature as of a day, against the rows of training."""
    table = build_features(snapshot, as_of, question)
    columns = dict(table.columns)
    regression = read_regression(card.document)
    if regression is not None:
        columns[CHANCES] = regression.chances(columns)
    found = {
        name: find_psi(Reference.from_document(document), columns[name])
        for name, document in card.document["references"].items()
        if name in columns and name not in _BY_ITSELF
    }
    return {"as_of": as_of.isoformat(), "level": judge_drift(found), "indexes": found}


def judge_drift(found: dict[str, float | None]) -> str:
    """ "alarm" where the chances have moved far, or at least half of the features; "look" where anything has moved."""
    levels = {name: find_level(index) for name, index in found.items()}
    far = [name for name, level in levels.items() if level == "alarm"]
    if CHANCES in far or (far and 2 * len(far) >= len(levels)):
        return "alarm"
    return "steady" if all(level == "steady" for level in levels.values()) else "look"


def note_refit(snapshot: Snapshot, question: Question, now: datetime) -> None:
    """Note on the card of the model in use with which parameters its base model was fitted for this scoring, when, and
    by how much the chances have moved that it tells, against the parameters of the training; once for each day of data.
    """
    champion, span = find_champion(question), find_span(snapshot, question)
    if champion is None or span is None or not champion.document.get("base"):
        return
    known = champion.document.get("base_now")
    if known is not None and known["as_of"] == span[1].isoformat():
        return
    told = {
        "as_of": span[1].isoformat(),
        "at": now.isoformat(),
        **compare_base(snapshot, question, champion, span[1]),
    }
    with transaction.atomic():
        card = Card.objects.select_for_update().get(pk=champion.pk)
        card.document = {**card.document, "base_now": told}
        card.save(update_fields=["document"])


def compare_base(snapshot: Snapshot, question: Question, card: Card, as_of: date) -> dict[str, Any]:
    """The parameters as of a day, and the mean of how far chances lie from those by the parameters of the training:
    None where nothing can be compared."""
    try:
        if question.kind == "orders":
            return _compare_purchases(snapshot, question, card, as_of)
        return _compare_hazards(snapshot, question, card, as_of)
    except LabError:
        return {"parameters": None, "moved": None}


def _compare_purchases(snapshot: Snapshot, question: Question, card: Card, as_of: date) -> dict[str, Any]:
    now, then = fit_purchases(snapshot, as_of), PurchaseModel.from_document(card.document["base"])
    x, t, age = summarise_purchases(snapshot, as_of)
    known = np.isfinite(x)
    one, other = (
        model.no_order_chances(x[known], t[known], age[known], question.horizon_days) for model in (now, then)
    )
    return {"parameters": now.to_document(), "moved": _measure_move(one, other)}


def _compare_hazards(snapshot: Snapshot, question: Question, card: Card, as_of: date) -> dict[str, Any]:
    rule = find_contract_rule(snapshot)
    stays = build_stays(snapshot, as_of, rule, list_contract_numbers(snapshot, as_of))
    now, then = get_tenure_hazard(snapshot, as_of, rule), HazardModel.from_document(card.document["base"])
    one, other = (find_chances(model, stays, question.horizon_days) for model in (now, then))
    return {"parameters": None, "moved": _measure_move(one, other)}


def _measure_move(one: Floats, other: Floats) -> float | None:
    told = np.abs(one - other)
    return float(told.mean()) if len(told) and np.isfinite(told).all() else None
