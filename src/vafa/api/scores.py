"""What is predicted of customers, as far as it may be told."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from django.http import HttpRequest
from ninja import Query, Router

from vafa.api.access import Asking, TokenAuth, get_asking
from vafa.api.metrics import PROBLEMS
from vafa.api.shapes import ScoreQuery, ScoresOut
from vafa.api.texts import OPERATIONS
from vafa.kit import clock
from vafa.kit.audit import record
from vafa.kit.scopes import Scope
from vafa.lab.sets import list_members
from vafa.predict.scores.queries import RISK, RISK_BAND, find_standing, get_bands, get_chances
from vafa.predict.scores.types import BAND_NAMES
from vafa.warehouse.queries import Snapshot

router = Router(tags=["scores"])
VALUES = ("value_12m", "value_36m", "value_at_risk", "expected_orders", "next_order_days")
"""Published numbers that stand beside the risk."""


@router.get(
    "/scores",
    auth=TokenAuth(Scope.READ_CUSTOMERS),
    response={200: ScoresOut, **PROBLEMS},
    description=OPERATIONS["list_scores"],
)
def list_scores(request: HttpRequest, asked: Query[ScoreQuery]) -> Any:
    """Who may leave. Pages go by ids, so that a scoring in between loses nobody who stays."""
    asking = get_asking(request)
    ids = _find(asking, asked)
    first = int(np.searchsorted(ids, asked.cursor, side="right"))
    page = [int(pk) for pk in ids[first : first + asked.limit]]
    record(
        "api.customers_read",
        by=asking.token.staff,
        now=clock.now(),
        subject="scores",
        token=asking.token.pk,
        rows=len(page),
    )
    more = page and first + len(page) < len(ids)
    return {
        **describe_standing(asking.snapshot),
        "count": len(ids),
        "rows": tell_scores(asking.snapshot, page, [RISK_BAND, RISK, *VALUES]),
        "next_cursor": page[-1] if more else None,
    }


def describe_standing(snapshot: Snapshot) -> dict[str, Any]:
    """What is asked, as of which day it is answered, and how much may be told ("none": it was never worked out)."""
    standing = find_standing()
    if standing is None:
        return {"kind": None, "horizon_days": None, "as_of": None, "verdict": "none", "lacks": []}
    return {
        "kind": standing.question.kind,
        "horizon_days": standing.question.horizon_days,
        "as_of": snapshot.published_as_of(RISK_BAND),
        "verdict": standing.verdict.level,
        "lacks": [
            {"code": lack.code, "have": lack.have, "needed": lack.needed} for lack in standing.verdict.lacks
        ],
    }


def tell_scores(snapshot: Snapshot, ids: Sequence[int], names: Sequence[str]) -> list[dict[str, Any]]:
    """The published values of these customers by the names of their columns; null is unknown, or may not be told."""
    numbers = snapshot.list_numbers(list(ids))
    columns = {name: _read(snapshot, name, numbers) for name in names}
    return [
        {"customer": pk, **{name: values[row] for name, values in columns.items()}}
        for row, pk in enumerate(ids)
    ]


def tell_risk(ids: Sequence[int], snapshot: Snapshot) -> dict[int, dict[str, Any]]:
    """The risk of these customers, by id: the band, the chance, of how many days, as of which day; null where it is
    unknown or may not be told."""
    about = describe_standing(snapshot)
    told = tell_scores(snapshot, ids, [RISK_BAND, RISK])
    return {
        row.pop("customer"): {
            **row,
            "risk_horizon_days": None if row[RISK_BAND] is None else about["horizon_days"],
            "risk_as_of": None if row[RISK_BAND] is None else about["as_of"],
        }
        for row in told
    }


def _find(asking: Asking, asked: ScoreQuery) -> npt.NDArray[np.int64]:
    """The ids, in order, of the customers who are asked for and may be seen."""
    snapshot, bands = asking.snapshot, get_bands(asking.snapshot)
    if bands is None:
        return np.empty(0, np.int64)
    fits = ~np.isnan(bands) if asked.band is None else bands == BAND_NAMES.index(asked.band)
    if asked.least_risk is not None:
        chances = get_chances(snapshot)
        # Where no chance may be told, nobody is known to have so high a one.
        fits &= (
            np.zeros(len(fits), bool)
            if chances is None
            else np.nan_to_num(chances, nan=-1) >= asked.least_risk
        )
    members = snapshot.everyone() if asking.visible is None else snapshot.everyone() & asking.visible
    numbers = list_members(members)
    return np.sort(snapshot.list_ids(numbers[fits[numbers]]))


def _read(snapshot: Snapshot, name: str, numbers: npt.NDArray[np.int64]) -> list[Any]:
    values = snapshot.published(name)
    if values is None:
        return [None] * len(numbers)
    told = [float(values[number]) if number >= 0 else float("nan") for number in numbers]
    if name == RISK_BAND:
        return [None if np.isnan(value) else BAND_NAMES[int(value)] for value in told]
    return [round(value, 4) if np.isfinite(value) else None for value in told]
