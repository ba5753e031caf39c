"""What people do in shops and apps, as those programs tell it."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from vafa.api import rows_in, rows_out
from vafa.api.access import RowsAuth
from vafa.api.metrics import PROBLEMS
from vafa.api.repeats import answer_once
from vafa.api.rows import store_batch
from vafa.api.texts import OPERATIONS
from vafa.kit.scopes import Scope

router = Router(tags=["track"])
TrackedBatch = rows_in.build_batch(rows_in.TrackedIn, "TrackedBatch")


@router.post(
    "/track",
    auth=RowsAuth(Scope.WRITE_EVENTS),
    response={200: rows_out.BatchOut, **PROBLEMS},
    description=OPERATIONS["track"],
    operation_id="track",
)
def track(request: HttpRequest, body: TrackedBatch) -> Any:  # type: ignore[valid-type]
    """What is told as new, changed or same is stored when the answer goes out."""
    rows = body.rows  # type: ignore[attr-defined]

    def work() -> tuple[int, Any]:
        return 200, store_batch(request, "interactions", rows_in.TrackedIn, rows)

    return Status(*answer_once(request, work))
