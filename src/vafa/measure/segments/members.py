"""Sets of customers' ids as they are kept, and as a state of the warehouse sees them."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from vafa.lab.sets import build_set, list_members
from vafa.warehouse.queries import Snapshot

if TYPE_CHECKING:
    from vafa.measure.segments.models import Segment


def pack(ids: BitMap) -> bytes:
    """A set of ids as bytes."""
    ids.run_optimize()
    return bytes(ids.serialize())


def unpack(content: bytes | memoryview) -> BitMap:
    """The set that was packed."""
    return BitMap.deserialize(bytes(content))


def build_ids(numbers: BitMap, snapshot: Snapshot) -> BitMap:
    """The ids of the customers with these numbers."""
    return build_set(snapshot.ids(numbers))


def list_ids(ids: BitMap) -> npt.NDArray[np.int64]:
    """The ids in order."""
    return list_members(ids).astype(np.int64)


def find_numbers(ids: BitMap, snapshot: Snapshot) -> BitMap:
    """The numbers of these customers: a merged one is the kept one, who is gone or left out has none."""
    return snapshot.ix_set(list_ids(ids)) if ids else BitMap()


def read_member_ids(segment: "Segment") -> BitMap | None:
    """The ids of who is in a segment since its last good build; None where it was never built."""
    from vafa.measure.segments.models import MemberSet

    kept = MemberSet.objects.filter(segment_id=segment.pk).values_list("ids", flat=True).first()
    return None if kept is None else unpack(kept)
