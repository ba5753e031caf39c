"""Columns that know the answer: found by their name, or by what they tell about who left."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from vafa.lab.design import UNKNOWN, Feature
from vafa.lab.judging import find_auc

LeakCode = Literal["name", "too_good", "known_after"]

TOO_GOOD = 0.95
"""No honest single fact about customers tells so well who will leave."""

_LEAST_ROWS = 20
_NAMES = re.compile(
    r"churn|cancel|status|state of|terminat|attrit|win.?back|final.?invoice|exit|left|leav|satisf|lost|inactive"
    r"|انصراف|ریزش|وضعیت|لغو|رضایت|ترک|علت|إلغاء|الغاء|حالة|مغادرة|رضا|流失|状态|取消|离开|满意|退订",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Leak:
    """A column that is left out: its name, and how it was found. `auc` is what it alone would have told."""

    name: str
    code: LeakCode
    auc: float | None = None


def find_leaking(
    features: Sequence[Feature], columns: Mapping[str, npt.NDArray[Any]], labels: npt.NDArray[np.bool_]
) -> tuple[Leak, ...]:
    """The fields (group "profile") that know who left: by a name that says so, because one alone tells it nearly
    without mistakes, or because being filled in coincides with having left."""
    found = []
    for feature in features:
        if feature.group != "profile":
            continue
        values = np.asarray(columns[feature.name], dtype=np.str_)
        auc = _find_alone(values, labels)
        known = _find_known(values, labels)
        if known is not None and known > TOO_GOOD:
            found.append(Leak(feature.name, "known_after", known))
        elif auc is not None and auc > TOO_GOOD:
            found.append(Leak(feature.name, "too_good", auc))
        elif _NAMES.search(feature.name):
            found.append(Leak(feature.name, "name", auc))
    return tuple(found)


def _find_alone(values: npt.NDArray[np.str_], labels: npt.NDArray[np.bool_]) -> float | None:
    """The AUC of the share that left by value; values of few rows are told by the share of all."""
    _, places = np.unique(values, return_inverse=True)
    rows, left = np.bincount(places), np.bincount(places, labels)
    base = float(labels.mean()) if len(labels) else 0.0
    shares = np.where(rows >= _LEAST_ROWS, left / rows, base)
    return find_auc(shares[places], labels)


def _find_known(values: npt.NDArray[np.str_], labels: npt.NDArray[np.bool_]) -> float | None:
    """How well being filled in, or not, tells who left."""
    auc = find_auc(values != UNKNOWN, labels)
    return None if auc is None else max(auc, 1 - auc)
