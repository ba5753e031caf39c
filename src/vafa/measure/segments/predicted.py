"""What is predicted of each customer, as the floor above publishes it: known from the day of the prediction on only."""

from collections.abc import Hashable, Iterable, Iterator

import numpy as np
import numpy.typing as npt
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from pyroaring import BitMap

from vafa.data.business.queries import get_style
from vafa.kit.locale.formats import format_day
from vafa.lab.sets import build_set
from vafa.measure.segments.context import Context
from vafa.measure.segments.types import (
    PREDICTED_MEASURES,
    RISK_BANDS,
    Condition,
    FieldCondition,
    MeasureCondition,
    PredictionUnknown,
)
from vafa.warehouse.queries import Snapshot

Floats = npt.NDArray[np.float32]

BAND = "risk_band"


def read_predicted(context: Context, column: str) -> Floats:
    """The published values by number, NaN where unknown.

    Raises PredictionUnknown where nothing may be told, and for a day before that of the prediction: what was not known
    on a day makes nobody a member on it.
    """
    values, as_of = context.snapshot.published(column), context.snapshot.published_as_of(column)
    if values is None or as_of is None:
        raise PredictionUnknown(
            _("What the customers are predicted to do can't be told at present."),
            _("The page Risk says what is missing."),
        )
    if context.as_of < as_of:
        style = get_style(get_language() or context.business.language, context.business)
        raise PredictionUnknown(
            _("What the customers are predicted to do is known from %(day)s on, and of no day before.")
            % {"day": format_day(as_of, style)},
            _("Choose a day from then on, or a segment without predictions."),
        )
    return values


def find_in_bands(context: Context, bands: Iterable[str]) -> BitMap:
    """The customers in any of these bands of risk. Raises PredictionUnknown."""
    wanted = [RISK_BANDS.index(band) for band in bands if band in RISK_BANDS]
    return build_set(np.flatnonzero(np.isin(read_predicted(context, BAND), wanted)))


def find_with_band(context: Context) -> BitMap:
    """The customers whose band of risk is known. Raises PredictionUnknown."""
    return build_set(np.flatnonzero(~np.isnan(read_predicted(context, BAND))))


def list_columns(conditions: Iterable[Condition]) -> Iterator[str]:
    """The published columns that these conditions follow from."""
    for condition in conditions:
        if isinstance(condition, FieldCondition) and condition.field == BAND:
            yield BAND
        if isinstance(condition, MeasureCondition) and condition.measure in PREDICTED_MEASURES:
            yield condition.measure


def list_makers(snapshot: Snapshot, columns: Iterable[str]) -> list[str]:
    """What made each of these columns: when that changes, members change without having done anything."""
    return [snapshot.published_made_by(column) for column in sorted(set(columns))]


def get_versions(snapshot: Snapshot, columns: Iterable[str]) -> tuple[Hashable, ...]:
    """What changes whenever one of these columns does."""
    return tuple(snapshot.published_version(column) for column in sorted(set(columns)))
