"""Which changes of band are told, and what makes two issues comparable."""

import numpy as np
import numpy.typing as npt

from vafa.predict.scores.types import NO_BAND

Ids = npt.NDArray[np.int64]
Bands = npt.NDArray[np.int8]
Flags = npt.NDArray[np.bool_]


def find_moves(
    before_ids: Ids, before: Bands, after_ids: Ids, after: Bands, shown: tuple[Flags, Flags]
) -> tuple[Ids, Bands, Bands]:
    """Who changed the band between two issues (ids ascending), from which to which.

    Only who was active in both (`shown`, of each issue) and had a band in both: who came back is won back, and who is
    lost is lost; neither is at more or less risk.
    """
    _ids, old, new = np.intersect1d(before_ids, after_ids, assume_unique=True, return_indices=True)
    moved = (
        shown[0][old]
        & shown[1][new]
        & (before[old] != NO_BAND)
        & (after[new] != NO_BAND)
        & (before[old] != after[new])
    )
    return after_ids[new[moved]], before[old[moved]], after[new[moved]]


def can_compare(before: str, after: str) -> bool:
    """Whether bands of two lineages mean the same; what doesn't say of which it is can't be compared."""
    return bool(before) and before == after
