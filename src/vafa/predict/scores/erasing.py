"""What this room holds of a person, and forgetting it: the ids leave the issues, their counts stay."""

from collections.abc import Sequence
from functools import partial

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vafa.kit.erasing import Collected, Erased, Holder
from vafa.predict.scores.history import list_history
from vafa.predict.scores.keeping import find_blocks
from vafa.predict.scores.models import Move
from vafa.predict.scores.packing import leave_out, pack
from vafa.predict.scores.types import BAND_NAMES
from vafa.warehouse.actions import forget_in_columns


def collect(customer_ids: Sequence[int]) -> Collected:
    """What was predicted of a person, as of which day."""
    points = list_history(customer_ids)
    return {
        "predictions": [
            {
                "as_of": point.as_of.isoformat(),
                "horizon_days": point.question.horizon_days,
                **({} if point.band is None else {"band": BAND_NAMES[point.band]}),
                **({} if point.chance is None else {"chance": round(point.chance, 4)}),
            }
            for point in points
        ]
    }


def erase(customer_ids: Sequence[int]) -> Erased:
    """Take a person's ids out of every issue and of what is published. How many were scored, and what came of them,
    stays as it was told."""
    ids = list(customer_ids)
    if not ids:
        return Erased()
    removed = 0
    for block, part in find_blocks(ids):
        left = leave_out(part, ids)
        if len(left) == len(part):
            continue
        removed += len(part) - len(left)
        if len(left):
            block.data = pack(left)
            # The borders are ids of customers too.
            block.first_id, block.last_id = int(left.ids[0]), int(left.ids[-1])
            block.save(update_fields=["data", "first_id", "last_id"])
        else:
            block.delete()
    Move.objects.filter(customer_id__in=ids).delete()
    transaction.on_commit(partial(forget_in_columns, ids))
    return Erased(removed={"predictions": removed} if removed else {})


HOLDER = Holder(
    room="scores",
    models=("scores.Block", "scores.Move"),
    names={"predictions": _("Predictions")},
    collect=collect,
    erase=erase,
)
