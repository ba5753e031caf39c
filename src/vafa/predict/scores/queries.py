"""DOOR: asking what is predicted now, what was, and what came of it."""

from datetime import date

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from vafa.lab.sets import build_set
from vafa.predict.scores.history import find_last_move, list_history
from vafa.predict.scores.publishing import RISK, RISK_BAND
from vafa.predict.scores.record import find_next, list_judged, list_safe_leavers, list_told, narrow_judged
from vafa.predict.scores.rises import list_moves, list_rises
from vafa.predict.scores.standing import find_standing
from vafa.warehouse.queries import Snapshot

__all__ = [
    "RISK",
    "RISK_BAND",
    "find_band",
    "find_last_move",
    "find_next",
    "find_standing",
    "get_as_of",
    "get_bands",
    "get_chances",
    "list_history",
    "list_judged",
    "list_moves",
    "list_rises",
    "list_safe_leavers",
    "list_told",
    "narrow_judged",
]

Floats = npt.NDArray[np.float32]


def get_bands(snapshot: Snapshot) -> Floats | None:
    """The current band of each customer by number (0 low, 1 raised, 2 high, NaN none); None where nothing may be
    told."""
    return snapshot.published(RISK_BAND)


def get_chances(snapshot: Snapshot) -> Floats | None:
    """The current chance of leaving of each customer by number, NaN where unknown; None where no percentages may be
    told."""
    return snapshot.published(RISK)


def get_as_of(snapshot: Snapshot) -> date | None:
    """As of which day the current bands are; None where there are none."""
    return snapshot.published_as_of(RISK_BAND)


def find_band(snapshot: Snapshot, band: int) -> BitMap:
    """The customers who are in a band now."""
    bands = get_bands(snapshot)
    return BitMap() if bands is None else build_set(np.flatnonzero(bands == band))
