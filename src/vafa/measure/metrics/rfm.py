"""RFM of each customer who has bought: when last, on how many days, for how much; the scores and the group of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext as _
from pyroaring import BitMap

from vafa.data.business.queries import get_rate_table
from vafa.lab.currencies import RATE_PLACES, RateTable
from vafa.lab.rfm import (
    RFM_GROUPS,
    RfmGroup,
    RfmHistograms,
    RfmLimits,
    Scores,
    build_limits,
    find_groups,
    score,
)
from vafa.lab.sets import build_set, list_members
from vafa.measure.metrics.order_sql import build_revenue_sql
from vafa.warehouse.queries import Query, Snapshot

if TYPE_CHECKING:
    from vafa.data.business.models import Business

Whole = npt.NDArray[np.int64]

_FIRST_DAY = date(1, 1, 1)


@dataclass(frozen=True)
class RfmValues:
    """Who has bought before a day, in order of their numbers: the last day of purchase (an ordinal), the days of
    purchase, and what it brought in the business's currency (ten-thousandths, returns taken off)."""

    numbers: Whole
    last_days: Whole
    purchase_days: Whole
    amounts: Whole

    def within(self, members: BitMap | None) -> "RfmValues":
        """Those of these customers only."""
        if members is None:
            return self
        kept = np.isin(self.numbers, list_members(members))
        return RfmValues(
            self.numbers[kept], self.last_days[kept], self.purchase_days[kept], self.amounts[kept]
        )

    def build_histograms(self) -> RfmHistograms:
        """What the limits of the scores come from."""
        return RfmHistograms.of(self.last_days, self.purchase_days, self.amounts)


@dataclass(frozen=True)
class RfmTable:
    """The scores (1..5) beside the values, and each customer's place in `lab.rfm.RFM_GROUPS`.

    Whoever may be seen, the scores are those among everybody.
    """

    values: RfmValues
    recency: Scores
    frequency: Scores
    money: Scores
    groups: npt.NDArray[np.uint8]
    limits: RfmLimits

    def list_members(self, group: RfmGroup) -> BitMap:
        """The customers of a group."""
        return build_set(self.values.numbers[self.groups == RFM_GROUPS.index(group)])


def get_rfm(
    snapshot: Snapshot,
    business: "Business",
    as_of: date,
    visible: BitMap | None = None,
    rates: RateTable | None = None,
) -> RfmTable:
    """R, F, M and the group of everybody who had bought before the midnight that begins `as_of`, as arrays by number.

    Only those who may be seen are told of; their scores are those among all customers. `rates` are what other
    currencies are worth (those entered now, unless given).
    """
    limits = build_limits(get_values(snapshot.unlimited, business, as_of, rates).build_histograms())
    return score_values(get_values(snapshot, business, as_of, rates).within(visible), limits)


def score_values(values: RfmValues, limits: RfmLimits) -> RfmTable:
    """The scores of these customers by limits that are known."""
    recency = score(values.last_days, limits.recency)
    frequency = score(values.purchase_days, limits.frequency)
    money = score(values.amounts, limits.money)
    return RfmTable(values, recency, frequency, money, find_groups(recency, frequency, money), limits)


def get_values(
    snapshot: Snapshot, business: "Business", as_of: date, rates: RateTable | None = None
) -> RfmValues:
    """The values of everybody before a day, made once for each state of the data, of the rates and of what counts
    as revenue."""
    revenue = build_revenue_sql(business.revenue_parts)
    pieces = _list_pieces(snapshot, rates or get_rate_table(business.currency), business, as_of)
    return snapshot.cached(
        ("rfm", as_of, revenue, business.currency, pieces),
        lambda: _build_values(snapshot, business, as_of, revenue, pieces),
    )


def _build_values(
    snapshot: Snapshot, business: "Business", as_of: date, revenue: str, pieces: tuple["_Piece", ...]
) -> RfmValues:
    days = snapshot.count_purchase_days(_FIRST_DAY, as_of)
    numbers = np.flatnonzero(days)
    amounts = np.zeros(snapshot.numbers, dtype=np.int64)
    for query in (
        _build_own_query(business.currency, revenue, as_of),
        *([_build_foreign_query(revenue, pieces)] if pieces else []),
    ):
        rows = snapshot.run_columns(query)
        amounts[rows["ix"].astype(np.int64)] += rows["amount"].astype(np.int64)
    lasts = snapshot.last_purchase_days(as_of)
    return RfmValues(
        numbers, lasts[numbers].astype(np.int64), days[numbers].astype(np.int64), amounts[numbers]
    )


_Piece = tuple[int, int, int, str]
"""A currency's number, from which day until which (ordinals), and the rate in 10 ** -10 as a text."""


def _list_pieces(
    snapshot: Snapshot, table: RateTable, business: "Business", as_of: date
) -> tuple[_Piece, ...]:
    """The rates of the foreign currencies before a day; what has no rate is in no amount."""
    foreign: list[tuple[int, str]] = snapshot.cached(
        ("currencies",), lambda: snapshot.run(Query("SELECT id, code FROM currencies ORDER BY id"))
    )
    return tuple(
        (int(number), start, until, str(rate))
        for number, code in foreign
        if code not in ("", business.currency)
        for start, until, rate in table.list_pieces(code, 1, as_of.toordinal())
        if rate is not None
    )


def _build_rows(revenue: str) -> str:
    """What came in and went out again, row by row. A cancelled order's lines and returns make up for each other."""
    return f"""(
        SELECT f.customer_ix, f.day_no, f.currency, {revenue} AS amount FROM facts AS f WHERE f.counts
        UNION ALL SELECT customer_ix, day_no, currency, -abs(amount) FROM returns
    )"""


def _build_own_query(currency: str, revenue: str, as_of: date) -> Query:
    return Query(
        f"""
        SELECT customer_ix AS ix, sum(amount)::BIGINT AS amount FROM {_build_rows(revenue)} AS r
        WHERE customer_ix IS NOT NULL AND day_no < ?
            AND currency IN (SELECT id FROM currencies WHERE code IN ('', ?))
        GROUP BY customer_ix
        """,
        (as_of.toordinal(), currency),
    )


def _build_foreign_query(revenue: str, pieces: tuple[_Piece, ...]) -> Query:
    """Sums of whole parts of the own currency, rounded down once a customer to ten-thousandths."""
    columns: list[list[Any]] = [list(column) for column in zip(*pieces, strict=True)]
    # SQL divides towards 0, and what is left of a number below 0 is below 0.
    unit = 10**RATE_PLACES
    return Query(
        f"""
        SELECT ix, ((total - (total % {unit} + {unit}) % {unit}) // {unit})::BIGINT AS amount FROM (
        SELECT customer_ix AS ix, sum(amount::HUGEINT * p.rate) AS total
        FROM {_build_rows(revenue)} AS r
        JOIN (
            SELECT unnest(?::INTEGER[]) AS currency, unnest(?::INTEGER[]) AS start, unnest(?::INTEGER[]) AS until,
                unnest(?::VARCHAR[])::HUGEINT AS rate
        ) AS p ON p.currency = r.currency AND r.day_no >= p.start AND r.day_no < p.until
        WHERE customer_ix IS NOT NULL
        GROUP BY customer_ix
        )
        """,
        tuple(columns),
    )


@dataclass(frozen=True)
class RfmGroupEntry:
    """A named group, in the active language."""

    key: RfmGroup
    title: str
    meaning: str


def list_rfm_groups() -> list[RfmGroupEntry]:
    """The named groups, the best customers first."""
    texts = _build_texts()
    return [RfmGroupEntry(key, *texts[key]) for key in RFM_GROUPS]


def _build_texts() -> Mapping[RfmGroup, tuple[str, str]]:
    return {
        "champions": (_("Champions"), _("Bought lately, often and for much.")),
        "loyal": (_("Loyal"), _("Buy often and for much, and not long ago.")),
        "potential_loyalists": (
            _("Potential loyalists"),
            _("Bought lately, and more than once or for a fair amount."),
        ),
        "new": (_("New buyers"), _("Bought very lately, but little so far.")),
        "promising": (_("Promising"), _("Bought lately, but little so far.")),
        "needs_attention": (
            _("Need attention"),
            _("Middling in everything; their last purchase moves away."),
        ),
        "about_to_sleep": (_("About to sleep"), _("Bought little, and not lately.")),
        "at_risk": (_("At risk"), _("Used to buy well, but have not come for long.")),
        "cant_lose": (_("Not to be lost"), _("Were among the best, and have not come for long.")),
        "hibernating": (_("Hibernating"), _("Bought little, and long ago.")),
        "lost": (_("Lost buyers"), _("Bought little, and longer ago than nearly all others.")),
    }
