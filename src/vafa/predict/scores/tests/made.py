"""Scores as `models` gives them, made by hand."""

from collections.abc import Mapping
from datetime import date

import numpy as np

from vafa.predict.models.types import FeatureTable, Level, Question, Scores, Verdict

ORDERS = Question("orders", 30)


def build_scores(
    chances: Mapping[int, float],
    as_of: date,
    *,
    model: int | None = 7,
    level: Level = "percent",
    question: Question = ORDERS,
    low: float = 0.3,
    high: float = 0.6,
) -> Scores:
    """The scores of these customers; low below `low`, high from `high`, unknown where a chance is NaN."""
    ids = np.array(sorted(chances), dtype=np.int64)
    told = np.array([chances[pk] for pk in sorted(chances)], dtype=np.float64)
    bands = np.where(np.isnan(told), -1, (told >= low).astype(int) + (told >= high)).astype(np.int8)
    return Scores(
        question=question,
        as_of=as_of,
        model_id=model,
        verdict=Verdict(level),
        customer_ids=ids,
        chances=told if level == "percent" else None,
        bands=bands,
        groups=(),
        contributions=np.empty((len(ids), 0)),
        stable=(),
        facts=FeatureTable(as_of, ids, {}, ()),
    )
