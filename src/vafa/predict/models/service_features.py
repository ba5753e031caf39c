"""What is known before a day of how customers were served: contacts and their gaps, visits, tickets, answers.

Arrays are by customer's number. NaN says that there never was any; a business without such facts gives no column.
"""

from datetime import date

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from vafa.lab.design import Feature
from vafa.lab.voice import SCALE
from vafa.measure.segments.types import KINDS_AT_THE_END
from vafa.predict.models.few import limit
from vafa.warehouse.queries import Query, Snapshot

Floats = npt.NDArray[np.float64]

VISIT_DAYS = 30
RECENT_DAYS = 180
# What sources call a visit and a complaint. What is written when somebody leaves (KINDS_AT_THE_END) knows the answer:
# it is no contact.
VISITS = ("visit", "check-in", "checkin", "بازدید", "مراجعه", "زيارة", "到访")
COMPLAINTS = ("complaint", "complaints", "شکایت", "شكوى", "投诉")

FEATURES = (
    Feature("contact_days", "silence", "number"),
    Feature("contacts_recent", "silence", "number"),
    Feature("visit_days", "visits", "number"),
    Feature("visits_recent", "visits", "number"),
    Feature("visits_before", "visits", "number"),
    Feature("complaints_recent", "complaints", "number"),
    Feature("tickets_recent", "complaints", "number"),
    Feature("tickets_open", "complaints", "number"),
    Feature("last_score", "complaints", "number"),
)

_TALK, _VISIT, _COMPLAINT = range(3)
_NAMES = (
    "SELECT DISTINCT lower(coalesce(kind, '')) FROM interactions WHERE day_no < ? AND customer_ix IS NOT NULL"
)
# How far the last answer is from the bad end of its scale, from 0 to 1.
_ANSWERS = """
    SELECT customer_ix, arg_max(
        CASE WHEN direction = 'low' THEN scale_high - score / {scale}.0 ELSE score / {scale}.0 - scale_low END
        / (scale_high - scale_low), answered_no
    )::DOUBLE AS goodness
    FROM {relation}
    WHERE answered_no < ? AND score IS NOT NULL AND scale_high > scale_low AND customer_ix IS NOT NULL
    GROUP BY customer_ix
"""


def build_service_columns(snapshot: Snapshot, as_of: date, few: BitMap | None = None) -> dict[str, Floats]:
    """The columns of FEATURES that this business has, by customer's number; from facts of days before `as_of` alone.
    With `few` of these customers at least, and of others nothing may be told."""
    day = as_of.toordinal()
    return {
        **_build_contacts(snapshot, day, few),
        **_build_tickets(snapshot, day, few),
        **_build_answers(snapshot, day, few),
    }


def _build_contacts(snapshot: Snapshot, day: int, few: BitMap | None) -> dict[str, Floats]:
    names = snapshot.cached(
        ("interaction_kinds", day), lambda: [str(kind) for (kind,) in snapshot.run(Query(_NAMES, (day,)))]
    )
    groups: dict[int, list[str]] = {_TALK: [], _VISIT: [], _COMPLAINT: []}
    for name in names:
        if name in VISITS or name in COMPLAINTS:
            groups[_VISIT if name in VISITS else _COMPLAINT].append(name)
        elif name not in KINDS_AT_THE_END:
            groups[_TALK].append(name)
    told: dict[str, Floats] = {}
    if groups[_TALK]:
        own = _sum_up(snapshot, groups[_TALK], day, few, recent=(day - RECENT_DAYS, day))
        told["contact_days"], told["contacts_recent"] = own["gap"], own["recent"]
    if groups[_VISIT]:
        spans = {
            "recent": (day - VISIT_DAYS, day),
            "before": (day - 2 * VISIT_DAYS, day - VISIT_DAYS),
        }
        own = _sum_up(snapshot, groups[_VISIT], day, few, **spans)
        told["visit_days"], told["visits_recent"] = own["gap"], own["recent"]
        told["visits_before"] = own["before"]
    if groups[_COMPLAINT]:
        own = _sum_up(snapshot, groups[_COMPLAINT], day, few, recent=(day - RECENT_DAYS, day))
        told["complaints_recent"] = own["recent"]
    return told


def _sum_up(
    snapshot: Snapshot, kinds: list[str], day: int, few: BitMap | None, **spans: tuple[int, int]
) -> dict[str, Floats]:
    """Of interactions of these kinds before a day: the days since the last ("gap"), and how many in each span."""
    counts = [
        f"count(*) FILTER (day_no >= {first} AND day_no < {end}) AS {name}"
        for name, (first, end) in spans.items()
    ]
    sql = f"""
        SELECT customer_ix AS ix, max(day_no) AS last_no, {", ".join(counts)} FROM {limit("interactions", few)}
        WHERE day_no < ? AND customer_ix IS NOT NULL AND list_contains(?::VARCHAR[], lower(coalesce(kind, '')))
        GROUP BY 1
    """
    rows = snapshot.run_columns(Query(sql, (day, kinds), few))
    owners = rows["ix"].astype(np.int64)
    told = {name: np.zeros(snapshot.numbers) for name in spans}
    for name in spans:
        told[name][owners] = rows[name]
    told["gap"] = np.full(snapshot.numbers, np.nan)
    told["gap"][owners] = day - rows["last_no"]
    return told


def _build_tickets(snapshot: Snapshot, day: int, few: BitMap | None) -> dict[str, Floats]:
    known = "SELECT 1 FROM tickets WHERE day_no < ? AND customer_ix IS NOT NULL LIMIT 1"
    if not snapshot.run(Query(known, (day,))):
        return {}
    sql = f"""
        SELECT customer_ix AS ix, count(*) FILTER (day_no >= ?) AS recent,
            count(*) FILTER (NOT coalesce(ended_no < ?, false)) AS still_open
        FROM {limit("tickets", few)} WHERE day_no < ? AND customer_ix IS NOT NULL GROUP BY 1
    """
    rows = snapshot.run_columns(Query(sql, (day - RECENT_DAYS, day, day), few))
    owners = rows["ix"].astype(np.int64)
    told = {"tickets_recent": np.zeros(snapshot.numbers), "tickets_open": np.zeros(snapshot.numbers)}
    told["tickets_recent"][owners], told["tickets_open"][owners] = rows["recent"], rows["still_open"]
    return told


def _build_answers(snapshot: Snapshot, day: int, few: BitMap | None) -> dict[str, Floats]:
    known = """
        SELECT 1 FROM answers WHERE answered_no < ? AND score IS NOT NULL AND scale_high > scale_low
        AND customer_ix IS NOT NULL LIMIT 1
    """
    if not snapshot.run(Query(known, (day,))):
        return {}
    sql = _ANSWERS.format(relation=limit("answers", few), scale=SCALE)
    rows = snapshot.run_columns(Query(sql, (day,), few))
    told = np.full(snapshot.numbers, np.nan)
    told[rows["customer_ix"].astype(np.int64)] = rows["goodness"]
    return {"last_score": told}
