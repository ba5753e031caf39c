"""Scoring: the chances, bands and reasons of everybody the question is about, by a trained model."""

from datetime import date

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit

from vafa.lab.purchase_models import PurchaseModel
from vafa.predict.models.asking import count_refusal, find_span
from vafa.predict.models.card_document import read_lacks, read_regression
from vafa.predict.models.features import KINDS, build_features
from vafa.predict.models.making import find_champion
from vafa.predict.models.models import Card
from vafa.predict.models.rules import decide_thresholds
from vafa.predict.models.settings import get_settings
from vafa.predict.models.training import Regression
from vafa.predict.models.types import FeatureTable, Level, Question, Scores, Verdict
from vafa.warehouse.queries import Snapshot

Floats = npt.NDArray[np.float64]

_BASE_GROUP = {"orders": "rhythm", "contracts": "tenure"}


def score(
    snapshot: Snapshot,
    question: Question,
    as_of: date | None = None,
    numbers: npt.NDArray[np.int64] | None = None,
) -> Scores:
    """What the champion tells as of a day (the end of data by default); refused where there is none, or where the data
    have become too few since. With `numbers` only of these customers, as far as the question is about them."""
    card, span = find_champion(question), find_span(snapshot, question)
    day = as_of or (span[1] if span else date.min)
    lacks = count_refusal(snapshot, question, None if card is None else card.document)
    if card is None or span is None or lacks:
        return build_refused(question, day, Verdict("refused", lacks))
    if numbers is not None:
        _take_noted(snapshot, question, card, day)
    level: Level = card.verdict  # type: ignore[assignment]
    verdict = Verdict(level, read_lacks(card.document))
    return tell_scores(
        snapshot,
        question,
        day,
        verdict,
        read_regression(card.document),
        card.document["active_base"],
        card.pk,
        numbers,
    )


def _take_noted(snapshot: Snapshot, question: Question, card: Card, day: date) -> None:
    """For a few customers the purchase model isn't fitted to everybody again: the scoring of that day has noted it."""
    noted = card.document.get("base_now") or {}
    if question.kind == "orders" and noted.get("as_of") == day.isoformat() and noted.get("parameters"):
        snapshot.cached(("purchase_model", day), lambda: PurchaseModel.from_document(noted["parameters"]))


def tell_scores(
    snapshot: Snapshot,
    question: Question,
    as_of: date,
    verdict: Verdict,
    regression: Regression | None,
    active_base: float | None,
    model_id: int | None,
    numbers: npt.NDArray[np.int64] | None = None,
) -> Scores:
    """The scores by a model that was trained, whether it is kept on a card or not; of some customers, or of all."""
    if numbers is not None:
        numbers = np.intersect1d(numbers, KINDS[question.kind].list_numbers(snapshot, as_of))
    table = build_features(snapshot, as_of, question, numbers)
    odds = np.asarray(table.columns[KINDS[question.kind].base], dtype=np.float64)
    if regression is None:
        chances: Floats = expit(odds)
        groups: tuple[str, ...] = (_BASE_GROUP[question.kind],)
        contributions = (odds - _find_centre(odds, active_base))[:, None]
        stable: tuple[bool, ...] = (True,)
    else:
        groups = regression.groups
        chances, contributions = regression.tell(table.columns)
        stable = tuple(regression.stable.get(group, False) for group in groups)
    own = get_settings()
    low, high = decide_thresholds(
        float(chances.mean()) if active_base is None and len(chances) else active_base or 0.0,
        own.low_odds,
        own.high_odds,
    )
    return Scores(
        question=question,
        as_of=as_of,
        model_id=model_id,
        verdict=verdict,
        customer_ids=table.customer_ids,
        chances=chances,
        bands=tell_bands(chances, low, high),
        groups=groups,
        contributions=contributions,
        stable=stable,
        facts=table,
    )


def _find_centre(odds: Floats, active_base: float | None) -> float:
    """The log-odds of the average customer: those of the share who left, which are the same whoever is asked about."""
    if active_base is not None and 0 < active_base < 1:
        return float(logit(active_base))
    return float(odds.mean()) if len(odds) else 0.0


def tell_bands(chances: Floats, low: float, high: float) -> npt.NDArray[np.int8]:
    """0 below `low`, 1 from there on, 2 from `high` on."""
    return ((chances >= low).astype(np.int8) + (chances >= high).astype(np.int8)).astype(np.int8)


def build_refused(question: Question, as_of: date, verdict: Verdict) -> Scores:
    """Scores of nobody."""
    nobody = np.empty(0, dtype=np.int64)
    return Scores(
        question=question,
        as_of=as_of,
        model_id=None,
        verdict=verdict,
        customer_ids=nobody,
        chances=None,
        bands=np.empty(0, dtype=np.int8),
        groups=(),
        contributions=np.empty((0, 0)),
        stable=(),
        facts=FeatureTable(as_of, nobody, {}, ()),
    )


def build_lineage(card: Card) -> str:
    """By which model and which borders of bands is scored: bands of two lineages can't be compared."""
    own = get_settings()
    return f"{card.pk}:{own.low_odds}:{own.high_odds}"
