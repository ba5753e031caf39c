"""Writing and reading the blocks of an issue."""

from collections.abc import Iterator, Sequence

import numpy as np
from pyroaring import BitMap

from vafa.predict.models.types import Question, Scores
from vafa.predict.scores.models import Block, Issue
from vafa.predict.scores.packing import Packed, join, pack, split, unpack
from vafa.warehouse.queries import Snapshot

_AT_ONCE = 50


def get_question(issue: Issue) -> Question:
    """What an issue answered."""
    return Question("contracts" if issue.kind == "contracts" else "orders", issue.horizon_days)


def build_packed(scores: Scores, active: BitMap, snapshot: Snapshot) -> Packed:
    """Scores as they are kept; `active` are the numbers of who is active in the snapshot as of that day."""
    ids = np.asarray(scores.customer_ids, dtype=np.int64)
    chances = np.full(len(ids), np.nan) if scores.chances is None else np.asarray(scores.chances, np.float64)
    shown = np.isin(ids, snapshot.ids(active))
    return Packed(ids, chances, np.asarray(scores.bands, np.int8), shown, np.zeros(len(ids), bool))


def write_blocks(issue: Issue, whole: Packed) -> None:
    """Keep who was told what, in stretches."""
    Block.objects.bulk_create(
        (
            Block(issue=issue, first_id=int(part.ids[0]), last_id=int(part.ids[-1]), data=pack(part))
            for part in split(whole)
        ),
        batch_size=_AT_ONCE,
    )


def iterate_blocks(issue_id: int) -> Iterator[tuple[Block, Packed]]:
    """The stretches of an issue, by ascending id."""
    for block in Block.objects.filter(issue_id=issue_id).order_by("first_id").iterator(chunk_size=8):
        yield block, unpack(block.data)


def read_whole(issue_id: int) -> Packed:
    """All of an issue."""
    return join(part for _block, part in iterate_blocks(issue_id))


def find_blocks(customer_ids: Sequence[int]) -> Iterator[tuple[Block, Packed]]:
    """The stretches of every issue in which one of these customers may be, the earliest issue first."""
    seen: set[int] = set()
    for pk in customer_ids:
        found = Block.objects.filter(first_id__lte=pk, last_id__gte=pk).select_related("issue")
        for block in found.order_by("issue__as_of", "issue_id").iterator(chunk_size=8):
            if block.pk not in seen:
                seen.add(block.pk)
                yield block, unpack(block.data)
