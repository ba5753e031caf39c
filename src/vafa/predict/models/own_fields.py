"""Fields of customers as features: location, tags of few values, the business's own fields.

Fields have no history: what is known of them is as of now, on any day. So those whose name or behaviour says that they
know the answer are left out, by `leaks`.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from vafa.lab.design import MOST_LEVELS, Feature
from vafa.lab.sets import list_members
from vafa.warehouse.queries import Snapshot
from vafa.warehouse.types import CUSTOM_PREFIX, CUSTOMER_DIMENSIONS

FIELD_PREFIX = "field:"
# Whom somebody looks after, and where they work, tells customers apart rather than groups.
_NOT_FEATURES = ("company",)


def build_field_columns(
    snapshot: Snapshot, numbers: npt.NDArray[np.int64]
) -> tuple[tuple[Feature, ...], dict[str, npt.NDArray[Any]]]:
    """A choice for each field of customers that has from 2 to a few values; "" where it isn't known."""
    features, columns = [], {}
    for dimension in snapshot.list_dimensions():
        if dimension in _NOT_FEATURES or not _is_of_customers(dimension):
            continue
        values = _read_values(snapshot, dimension, numbers)
        if values is None:
            continue
        feature = Feature(FIELD_PREFIX + dimension, "profile", "choice")
        features.append(feature)
        columns[feature.name] = values
    return tuple(features), columns


def _is_of_customers(dimension: str) -> bool:
    return dimension in CUSTOMER_DIMENSIONS or dimension.startswith(CUSTOM_PREFIX)


def _read_values(
    snapshot: Snapshot, dimension: str, numbers: npt.NDArray[np.int64]
) -> npt.NDArray[np.str_] | None:
    """The value of each of these customers; None where there are too many values, or only one."""
    groups = [group for group in snapshot.list_groups(dimension) if group.value]
    if not 2 <= len(groups) <= 4 * MOST_LEVELS:
        return None
    names = np.asarray(["", *(str(group.value) for group in groups)], dtype=np.str_)

    def build() -> npt.NDArray[np.uint8]:
        codes = np.zeros(snapshot.numbers, dtype=np.uint8)
        for code, group in enumerate(groups, start=1):
            codes[list_members(snapshot.group_members(group))] = code
        return codes

    told: npt.NDArray[np.str_] = names[snapshot.cached(("field_codes", dimension), build)[numbers]]
    return told
