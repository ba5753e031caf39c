"""Customers who may leave and whom nobody has taken on yet."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from vafa.act.saving.queries import get_values_at_stake, list_taken
from vafa.data.consent.queries import list_deceased
from vafa.front.followups.asked import Eyes
from vafa.front.overview.figures import Asker
from vafa.front.risk.asked import Asked, find_segment
from vafa.front.risk.outlook import Outlook
from vafa.front.risk.words import HIGH
from vafa.kit import clock
from vafa.lab.sets import build_set, list_members
from vafa.measure.metrics.queries import resolve_rule
from vafa.warehouse.queries import Query

Ints = npt.NDArray[np.integer]
Floats = npt.NDArray[np.float64]

# The least gaps between purchase days that make a rhythm, as on the customer file.
_LEAST_GAPS = 2


@dataclass(frozen=True)
class Waiting:
    """Who waits to be taken on, in order: numbers, with the value at stake of each (NaN: unknown), and, where no
    risk is known, how many days ago each came last and the usual gap (else None)."""

    numbers: npt.NDArray[np.int64]
    values: npt.NDArray[np.float64]
    silent_days: npt.NDArray[np.int64] | None = None
    gap_days: npt.NDArray[np.float64] | None = None


def find_waiting(asker: Asker, eyes: Eyes, asked: Asked, outlook: Outlook) -> Waiting:
    """Active customers of the asked band (high, unless another is asked for), the most at stake first; where no risk
    is known, those who are latest for their own rhythm. Without whoever has a case, or had one within the horizon."""
    among = _find_among(asker, eyes, asked, outlook)
    if not outlook.is_known:
        return find_latest(asker, among)
    bands = asker.snapshot.published("risk_band")
    wanted = HIGH if asked.band is None else asked.band
    numbers = list_members(among).astype(np.int64)
    if bands is None:
        numbers = numbers[:0]
    else:
        numbers = numbers[numbers < len(bands)]
        numbers = numbers[bands[numbers] == wanted]
    values = get_values_at_stake(asker.snapshot)[numbers]
    order = np.lexsort((numbers, -np.nan_to_num(values, nan=-np.inf)))
    return Waiting(numbers[order], values[order])


def _find_among(asker: Asker, eyes: Eyes, asked: Asked, outlook: Outlook) -> BitMap:
    snapshot = asker.snapshot
    rule = resolve_rule(None, snapshot)
    until = snapshot.freshness(rule).data_until
    if until is None:
        return BitMap()
    since = clock.now() - timedelta(days=outlook.horizon_days)
    left_out = list_taken(since) | list_deceased()
    among = snapshot.active(rule, until) - snapshot.ix_set(sorted(left_out))
    if asker.visible is not None:
        among = among & asker.visible
    if (segment := find_segment(asker, asked)) is not None:
        among = among & segment
    if asked.owner == "nobody":
        owned = snapshot.run_columns(Query("SELECT ix FROM customers WHERE owner_id IS NOT NULL"))
        return among - build_set(owned["ix"])
    if (staff := asked.find_staff(eyes.viewer)) is not None:
        among = among & snapshot.visible_to(staff)
    return among


def find_latest(asker: Asker, among: BitMap) -> Waiting:
    """Those of some customers who are past their usual gap (the median between their purchase days, of at least two),
    the latest for it first: by days since the last purchase over the usual gap."""
    numbers, silent, gaps = asker.keep_for_all("late_for_own_rhythm", lambda: _find_all_late(asker))
    inside = np.isin(numbers, list_members(among))
    numbers, silent, gaps = numbers[inside], silent[inside], gaps[inside]
    order = np.lexsort((numbers, -silent / np.maximum(gaps, 1.0)))
    numbers = numbers[order]
    values = get_values_at_stake(asker.snapshot)[numbers] if len(numbers) else np.empty(0)
    return Waiting(numbers, values, silent[order], gaps[order])


def _find_all_late(asker: Asker) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Floats]:
    """All customers who are late, once for each state of the data."""
    until = asker.snapshot.freshness(resolve_rule(None, asker.snapshot)).data_until
    pieces = [] if until is None else asker.snapshot.iterate_purchase_days(until)
    late = [find_late(numbers, days, (until or date.min).toordinal() - 1) for numbers, days in pieces]
    return (
        np.concatenate([np.empty(0, np.int64), *(one[0] for one in late)]),
        np.concatenate([np.empty(0, np.int64), *(one[1] for one in late)]),
        np.concatenate([np.empty(0), *(one[2] for one in late)]),
    )


def find_late(numbers: Ints, days: Ints, today: int) -> tuple[Ints, Ints, Floats]:
    """The customers whose last day lies longer ago than their usual gap, with both lengths in days; from customers'
    numbers and distinct days (ordinals) of purchase, in any order."""
    order = np.lexsort((days, numbers))
    owners, sorted_days = numbers[order], days[order].astype(np.int64)
    last = np.flatnonzero(np.diff(owners, append=-1))
    silent = today - sorted_days[last]
    same = np.diff(owners) == 0
    gap_owners, gaps = owners[1:][same], np.diff(sorted_days)[same]
    gaps = gaps[np.lexsort((gaps, gap_owners))]
    counts = np.diff(last, prepend=-1) - 1
    ends = np.cumsum(counts)
    enough = counts >= _LEAST_GAPS
    starts, counts = (ends - counts)[enough], counts[enough]
    median = (gaps[starts + (counts - 1) // 2] + gaps[starts + counts // 2]) / 2
    late = silent[enough] > np.rint(median)
    return owners[last][enough][late], silent[enough][late], median[late]
