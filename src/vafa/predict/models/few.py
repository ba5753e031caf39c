"""Asking about some customers alone: what has to do with others isn't gone through then."""

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from vafa.warehouse.queries import Snapshot

# Of more customers than this share everybody is gone through, which is kept for the next who asks.
FEW_SHARE = 0.5


def choose_few(snapshot: Snapshot, numbers: npt.NDArray[np.int64]) -> BitMap | None:
    """These customers (by number) as a set, where they are few; None where everybody is to be gone through."""
    return BitMap(numbers.astype(np.uint32)) if len(numbers) < FEW_SHARE * snapshot.numbers else None


def limit(relation: str, few: BitMap | None) -> str:
    """A relation of facts, of the customers of `members` only where a question brings these along."""
    return relation if few is None else f"{relation} SEMI JOIN members ON members.ix = customer_ix"
