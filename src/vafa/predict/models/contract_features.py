"""What is known of the contracts of customers before a day, and of the customers around them.

A row tells of its end as soon as it is imported, long before a day that is looked back to. So ends after the day are
never looked at: such a contract runs. When a term will be over is told from its plan instead: by how long the contracts
of that plan lasted that were over before the day.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from vafa.data.business.queries import get_business, get_rate_table
from vafa.lab.currencies import RATE_PLACES
from vafa.lab.design import Feature
from vafa.lab.mrr import MRR_UNIT, UNPRICED, build_all_mrr
from vafa.lab.renewals import NEVER, Terms, find_renewals
from vafa.lab.rules import ActivityRule
from vafa.lab.spells import OPEN_END
from vafa.predict.models.contract_hazard import build_tenure_odds
from vafa.predict.models.contract_members import find_contract_rule
from vafa.predict.models.few import choose_few
from vafa.predict.models.service_features import FEATURES as SERVICE_FEATURES
from vafa.predict.models.service_features import build_service_columns
from vafa.predict.models.types import FeatureTable, Question
from vafa.warehouse.queries import Query, Snapshot

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Rows = dict[str, npt.NDArray[Any]]

# A plan has terms where at least half of its contracts, begun long enough ago, lasted the usual time, give or take.
TERM_SHARE = 0.5
TERM_SLACK = 3
LEAST_TERMS = 10
# A renewal may begin so long after the end; later it is a return.
RENEWAL_GRACE = 31

FEATURES = (
    Feature("plan", "contract", "choice"),
    Feature("interval", "contract", "choice"),
    Feature("days_to_term", "contract", "number"),
    Feature("days_over", "contract", "number"),
    Feature("is_frozen", "contract", "flag"),
    Feature("contracts", "contract", "number"),
    Feature("renewals", "contract", "number"),
    Feature("late_renewals", "contract", "number"),
    Feature("tenure_days", "tenure", "number"),
    Feature("spell_days", "tenure", "number"),
    Feature("has_returned", "tenure", "flag"),
    Feature("monthly_price", "price", "number"),
    Feature("price_change", "price", "number"),
)
TENURE_ODDS = "tenure_odds"
TENURE_FEATURE = Feature(TENURE_ODDS, "tenure", "number")

_ROWS = f"""
    SELECT customer_ix, plan, interval_code, amount, priced, currency, started_no,
        CASE WHEN ended_no <= ? THEN ended_no ELSE {OPEN_END} END AS ended_no,
        coalesce(frozen_no, 0) AS frozen_no, coalesce(thawed_no, 0) AS thawed_no
    FROM subscriptions WHERE started_no < ? AND customer_ix IS NOT NULL
    ORDER BY customer_ix, started_no, row_id
"""


def build_contract_table(
    snapshot: Snapshot, as_of: date, question: Question, numbers: npt.NDArray[np.int64]
) -> FeatureTable:
    """One row for each of these customers (by number), who are all active at the midnight that begins `as_of`; from
    facts of the days before alone."""
    rule = find_contract_rule(snapshot)
    features, columns = _build_columns(snapshot, as_of, rule, numbers)
    odds = build_tenure_odds(snapshot, as_of, rule, numbers, question.horizon_days)
    return FeatureTable(
        as_of, snapshot.list_ids(numbers), columns | {TENURE_ODDS: odds}, (*features, TENURE_FEATURE)
    )


def _build_columns(
    snapshot: Snapshot, as_of: date, rule: ActivityRule, numbers: npt.NDArray[np.int64]
) -> tuple[tuple[Feature, ...], dict[str, npt.NDArray[Any]]]:
    day = as_of.toordinal()
    rows = snapshot.run_columns(Query(_ROWS, (day, day)))
    rows = {name: np.ma.getdata(values) for name, values in rows.items()}
    by_number: dict[str, npt.NDArray[Any]] = {
        **_build_contract_columns(rows, day, snapshot.numbers, _list_rates(snapshot, day)),
        **_build_tenure(snapshot, rule, as_of),
        **build_service_columns(snapshot, as_of, choose_few(snapshot, numbers)),
    }
    features = tuple(own for own in (*FEATURES, *SERVICE_FEATURES) if own.name in by_number)
    return features, {own.name: by_number[own.name][numbers] for own in features}


def _build_tenure(snapshot: Snapshot, rule: ActivityRule, as_of: date) -> dict[str, Floats]:
    day = as_of.toordinal()
    current = snapshot.current_spells(rule, as_of)
    first = np.minimum(snapshot.first_start_days(rule), current.first).astype(np.float64)
    start = current.start.astype(np.float64)
    return {
        "tenure_days": day - first,
        "spell_days": day - start,
        "has_returned": (current.start != current.first).astype(np.float64),
    }


def _list_rates(snapshot: Snapshot, day: int) -> dict[int, float]:
    """What one unit of each currency that contracts have is worth in the business's own on the day before, as figures
    take it; those without a rate are left out."""
    own = get_business().currency
    table = get_rate_table(own)
    told = {0: 1.0}
    for number, code in snapshot.run(Query("SELECT id, code FROM currencies")):
        rate = 10**RATE_PLACES if code in ("", own) else table.find_units(str(code), day - 1)
        if rate is not None:
            told[int(number)] = rate / 10**RATE_PLACES
    return told


def _build_contract_columns(
    rows: Rows, day: int, n: int, rates: Mapping[int, float]
) -> dict[str, npt.NDArray[Any]]:
    """By customer's number; only who has a contract has values."""
    owners = rows["customer_ix"].astype(np.int64)
    runs = rows["ended_no"] == OPEN_END
    at = _find_current(owners, runs, rows)
    told: dict[str, npt.NDArray[Any]] = {}
    for name, source in (("plan", "plan"), ("interval", "interval_code")):
        values = np.full(n, "", dtype=object)
        values[owners[at]] = np.asarray(rows[source], dtype=object)[at]
        told[name] = values.astype(np.str_)
    lengths = _learn_terms(rows, day)
    until = rows["started_no"] + lengths - day
    mrr = _build_mrr(rows) * _find_rates(rows, rates)
    before = _find_before(owners, at, mrr)
    price = mrr[at]
    numbers = {
        # A term that is over and was neither ended nor renewed tells nothing.
        "days_to_term": np.where(runs[at] & (until[at] >= 0), until[at], np.nan),
        "days_over": np.where(runs[at], 0, day - rows["ended_no"][at]),
        "is_frozen": _find_frozen(rows, day)[at],
        "monthly_price": price,
        "price_change": np.where(before > 0, price / np.where(before > 0, before, 1) - 1, np.nan),
    }
    for name, values in numbers.items():
        told[name] = _spread(owners[at], values, n)
    told["contracts"] = np.bincount(owners[runs], minlength=n).astype(np.float64)
    renewed, late = _count_renewals(rows, owners, n)
    told["renewals"], told["late_renewals"] = renewed, late
    return told


def _find_current(owners: Ints, runs: npt.NDArray[np.bool_], rows: Rows) -> Ints:
    """The row of each customer's contract: of those that run the last begun, else the last ended."""
    if not len(owners):
        return np.empty(0, dtype=np.int64)
    ended = np.where(runs, 0, rows["ended_no"])
    order = np.lexsort((rows["started_no"], ended, runs, owners))
    last = np.append(owners[order][1:] != owners[order][:-1], True)
    found: Ints = order[last].astype(np.int64)
    return found


def _learn_terms(rows: Rows, day: int) -> Floats:
    """The usual days of a contract of each row's plan and interval; NaN where it has no term."""
    lasted = rows["ended_no"].astype(np.int64) - rows["started_no"]
    over = rows["ended_no"] != OPEN_END
    _, kinds = np.unique(
        np.char.add(np.char.add(_texts(rows["plan"]), "\x1f"), _texts(rows["interval_code"])),
        return_inverse=True,
    )
    told = np.full(len(lasted), np.nan)
    for kind in range(int(kinds.max(initial=-1)) + 1):
        own = kinds == kind
        ended = lasted[own & over]
        if len(ended) < LEAST_TERMS:
            continue
        found, counts = np.unique(ended, return_counts=True)
        usual = int(found[np.argmax(counts)])
        ripe = own & (rows["started_no"] + usual + TERM_SLACK <= day)
        kept = over & ripe & (np.abs(lasted - usual) <= TERM_SLACK)
        if usual > TERM_SLACK and ripe.sum() >= LEAST_TERMS and kept.sum() >= TERM_SHARE * ripe.sum():
            told[own] = usual
    return told


def _build_mrr(rows: Rows) -> Floats:
    """What each contract brings a month, in units of its currency; NaN where it isn't known."""
    intervals, codes = np.unique(_texts(rows["interval_code"]), return_inverse=True)
    mrr = build_all_mrr(
        rows["amount"].astype(np.int64),
        codes.astype(np.int64),
        {number: str(text) for number, text in enumerate(intervals)},
        rows["started_no"],
        rows["ended_no"],
        rows["priced"],
    )
    return np.where(mrr == UNPRICED, np.nan, mrr * float(MRR_UNIT))


def _find_rates(rows: Rows, rates: Mapping[int, float]) -> Floats:
    """The rate of each row's currency; NaN where there is none."""
    numbers, places = np.unique(rows["currency"].astype(np.int64), return_inverse=True)
    told: Floats = np.array([rates.get(int(number), np.nan) for number in numbers])[places]
    return told


def _find_before(owners: Ints, at: Ints, mrr: Floats) -> Floats:
    """The price of the customer's contract before each of these rows; 0 where there is none or it isn't known."""
    earlier = at - 1
    has = (earlier >= 0) & (owners[earlier] == owners[at])
    price = np.where(has, mrr[earlier], 0.0)
    return np.where(np.isfinite(price), price, 0.0)


def _find_frozen(rows: Rows, day: int) -> Floats:
    begun = (rows["frozen_no"] > 0) & (rows["frozen_no"] < day)
    told: Floats = (begun & ((rows["thawed_no"] == 0) | (rows["thawed_no"] > day))).astype(np.float64)
    return told


def _count_renewals(rows: Rows, owners: Ints, n: int) -> tuple[Floats, Floats]:
    """How often each customer has renewed, and how often late."""
    _, plans = np.unique(_texts(rows["plan"]), return_inverse=True)
    terms = Terms(
        owners.astype(np.int32),
        plans.astype(np.int32),
        rows["started_no"].astype(np.int32),
        rows["ended_no"].astype(np.int32),
    )
    renewals = find_renewals(terms, RENEWAL_GRACE)
    old = np.flatnonzero(renewals != NEVER)
    late = old[terms.start[renewals[old]] > terms.end[old]]
    return (
        np.bincount(owners[old], minlength=n).astype(np.float64),
        np.bincount(owners[late], minlength=n).astype(np.float64),
    )


def _spread(owners: Ints, values: npt.NDArray[Any], n: int) -> Floats:
    told = np.full(n, np.nan)
    told[owners] = values
    return told


def _texts(values: npt.NDArray[Any]) -> npt.NDArray[np.str_]:
    return np.asarray(values, dtype=np.str_)
