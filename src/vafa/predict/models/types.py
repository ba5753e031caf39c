"""What crosses this room's doors: what is asked, how much may be told, and chances of leaving."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from vafa.kit.errors import VafaError
from vafa.lab.design import Feature

Kind = Literal["orders", "contracts"]
Level = Literal["refused", "bands", "percent"]

HORIZONS = (30, 60, 90, 180, 365)
"""How many days ahead a business may ask."""


class SettingsUnusable(VafaError):
    """Settings of predictions that can't be used."""


class CardUnusable(VafaError):
    """A model that can't be made the champion."""


@dataclass(frozen=True)
class PredictionSettings:
    """How many days ahead is predicted; raised and high risk begin at so many times the odds of the base; what comes a
    month later is worth `monthly_rate` (a share) less."""

    horizon_days: int
    low_odds: float
    high_odds: float
    monthly_rate: float = 0.01


@dataclass(frozen=True)
class Question:
    """Who orders nothing within so many days ("orders"), or has no contract after them ("contracts")."""

    kind: Kind
    horizon_days: int


@dataclass(frozen=True)
class Lack:
    """What there is too little of to predict."""

    code: str
    have: int
    needed: int


@dataclass(frozen=True)
class Verdict:
    """How much may be told: nothing, bands only, or percentages; and what more would need."""

    level: Level
    lacks: tuple[Lack, ...] = ()


@dataclass(frozen=True)
class FeatureTable:
    """What is known of customers as of a day, by ascending id of the kept customer."""

    as_of: date
    customer_ids: npt.NDArray[np.int64]
    columns: Mapping[str, npt.NDArray[Any]]
    features: tuple[Feature, ...]


@dataclass(frozen=True)
class Scores:
    """Chances of leaving as of a day. Bands: 0 low, 1 raised, 2 high, -1 unknown."""

    question: Question
    as_of: date
    model_id: int | None
    verdict: Verdict
    customer_ids: npt.NDArray[np.int64]
    chances: npt.NDArray[np.float64] | None
    bands: npt.NDArray[np.int8]
    groups: tuple[str, ...]
    contributions: npt.NDArray[np.float64]
    stable: tuple[bool, ...]
    facts: FeatureTable
