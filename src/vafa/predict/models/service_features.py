"""What is known before a day of how customers were served: contacts and their gaps, visits, tickets, answers.

Arrays are by customer's number. NaN says that there never was any; a business without such facts gives no column.
"""

from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from vafa.lab.contact import NEVER, find_last_contacts
from vafa.lab.design import Feature
from vafa.lab.voice import SCALE
from vafa.measure.segments.types import KINDS_AT_THE_END
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

_INTERACTIONS = """
    SELECT customer_ix, lower(kind) AS kind, day_no FROM interactions WHERE day_no < ? AND customer_ix IS NOT NULL
"""
_TICKETS = """
    SELECT customer_ix, day_no, CASE WHEN ended_no < ? THEN 1 ELSE 0 END AS is_over
    FROM tickets WHERE day_no < ? AND customer_ix IS NOT NULL
"""
# How far the last answer is from the bad end of its scale, from 0 to 1.
_ANSWERS = f"""
    SELECT customer_ix, arg_max(
        CASE WHEN direction = 'low' THEN scale_high - score / {SCALE}.0 ELSE score / {SCALE}.0 - scale_low END
        / (scale_high - scale_low), answered_no
    )::DOUBLE AS goodness
    FROM answers
    WHERE answered_no < ? AND score IS NOT NULL AND scale_high > scale_low AND customer_ix IS NOT NULL
    GROUP BY customer_ix
"""


def build_service_columns(snapshot: Snapshot, as_of: date) -> dict[str, Floats]:
    """The columns of FEATURES that this business has, by customer's number; from facts of days before `as_of` alone."""
    day, n = as_of.toordinal(), snapshot.numbers
    return {
        **_build_contacts(snapshot, day, n),
        **_build_tickets(snapshot, day, n),
        **_build_answers(snapshot, day, n),
    }


def _build_contacts(snapshot: Snapshot, day: int, n: int) -> dict[str, Floats]:
    rows = snapshot.run_columns(Query(_INTERACTIONS, (day,)))
    kinds = np.asarray(rows["kind"], dtype=np.str_)
    visit, complaint = np.isin(kinds, VISITS), np.isin(kinds, COMPLAINTS)
    talk = ~visit & ~complaint & ~np.isin(kinds, KINDS_AT_THE_END)
    told: dict[str, Floats] = {}
    if talk.any():
        told["contact_days"] = _measure_gap(rows, talk, day, n)
        told["contacts_recent"] = _count(rows, talk, day - RECENT_DAYS, day, n)
    if visit.any():
        told["visit_days"] = _measure_gap(rows, visit, day, n)
        told["visits_recent"] = _count(rows, visit, day - VISIT_DAYS, day, n)
        told["visits_before"] = _count(rows, visit, day - 2 * VISIT_DAYS, day - VISIT_DAYS, n)
    if complaint.any():
        told["complaints_recent"] = _count(rows, complaint, day - RECENT_DAYS, day, n)
    return told


def _build_tickets(snapshot: Snapshot, day: int, n: int) -> dict[str, Floats]:
    rows = snapshot.run_columns(Query(_TICKETS, (day, day)))
    if not len(rows["day_no"]):
        return {}
    everything = np.ones(len(rows["day_no"]), dtype=np.bool_)
    still_open = np.asarray(rows["is_over"]) == 0
    return {
        "tickets_recent": _count(rows, everything, day - RECENT_DAYS, day, n),
        "tickets_open": _count(rows, still_open, 0, day, n),
    }


def _build_answers(snapshot: Snapshot, day: int, n: int) -> dict[str, Floats]:
    rows = snapshot.run_columns(Query(_ANSWERS, (day,)))
    if not len(rows["goodness"]):
        return {}
    told = np.full(n, np.nan)
    told[rows["customer_ix"]] = rows["goodness"]
    return {"last_score": told}


def _measure_gap(rows: dict[str, Any], which: npt.NDArray[np.bool_], day: int, n: int) -> Floats:
    last = find_last_contacts(rows["customer_ix"][which], rows["day_no"][which], day, n)
    return np.where(last == NEVER, np.nan, day - last).astype(np.float64)


def _count(rows: dict[str, Any], which: npt.NDArray[np.bool_], start: int, end: int, n: int) -> Floats:
    inside = which & (rows["day_no"] >= start) & (rows["day_no"] < end)
    return np.bincount(rows["customer_ix"][inside], minlength=n).astype(np.float64)
