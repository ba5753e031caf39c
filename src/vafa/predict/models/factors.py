"""What each single feature adds to the log-odds of leaving, on average over some rows."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from vafa.predict.models.card_document import read_regression
from vafa.predict.models.models import Card
from vafa.predict.models.training import complete_columns, tell_group
from vafa.predict.models.types import Scores

Floats = npt.NDArray[np.float64]

BLOCK = 50_000
# The means of so many rows move by no digit that is shown; those of a million took half a minute.
MOST_ROWS = 40_000
# How surely more of a number must go with more of a push to say so.
LEAST_CORRELATION = 0.5


@dataclass(frozen=True)
class FactorMean:
    """One feature over the chosen rows: the mean of its contributions and of their sizes, and whether more of it goes
    with leaving (1) or staying (-1), depends (0), or it is no number (None)."""

    name: str
    group: str
    push: float
    weight: float
    direction: int | None


def tell_factors(card: Card, scores: Scores, chosen: npt.NDArray[np.bool_]) -> tuple[FactorMean, ...]:
    """The features of a card's regression over the chosen rows of its scores, in their order; the base model alone is
    one factor. Nothing without rows."""
    places = np.flatnonzero(chosen)
    places = places[:: max(1, -(-len(places) // MOST_ROWS))]
    if not len(places):
        return ()
    regression = read_regression(card.document)
    if regression is None:
        own = scores.contributions[places, 0]
        return (
            FactorMean(
                scores.groups[0], scores.groups[0], float(own.mean()), float(np.abs(own).mean()), None
            ),
        )
    features, spans = regression.design.features, regression.design.spans
    single = np.empty((len(places), len(features)), dtype=np.float32)
    for start in range(0, len(places), BLOCK):
        part = places[start : start + BLOCK]
        columns = {name: values[part] for name, values in scores.facts.columns.items()}
        matrix = regression.design.build_matrix(complete_columns(columns, regression.design))
        single[start : start + BLOCK] = regression.model.contributions(matrix, spans)
    return tuple(
        FactorMean(
            feature.name,
            tell_group(feature),
            float(single[:, place].mean(dtype=np.float64)),
            float(np.abs(single[:, place]).mean(dtype=np.float64)),
            _find_direction(scores.facts.columns.get(feature.name), places, single[:, place]),
        )
        for place, feature in enumerate(features)
    )


def _find_direction(
    values: npt.NDArray[Any] | None, places: npt.NDArray[np.int64], pushes: npt.NDArray[np.float32]
) -> int | None:
    """By the correlation of ranks, so that a few great values decide nothing."""
    if values is None or values.dtype.kind in "USO":
        return None
    own = np.asarray(values, dtype=np.float64)[places]
    known = np.isfinite(own)
    if known.sum() < 3 or np.ptp(own[known]) == 0 or np.ptp(pushes[known]) == 0:
        return 0
    ranks = [np.unique(one[known], return_inverse=True)[1].astype(np.float64) for one in (own, pushes)]
    one, other = (rank - rank.mean() for rank in ranks)
    correlation = float(one @ other / np.sqrt((one @ one) * (other @ other)))
    return 0 if abs(correlation) < LEAST_CORRELATION else int(np.sign(correlation))
