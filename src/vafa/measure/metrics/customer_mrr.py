"""The MRR of each customer at a boundary, by customer's number."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from vafa.data.business.queries import get_rate_table
from vafa.lab.currencies import RateTable
from vafa.lab.rules import ActivityRule
from vafa.measure.metrics.book import find_units, get_book, get_revenue_index
from vafa.measure.metrics.definitions import get_grace
from vafa.warehouse.queries import Snapshot

if TYPE_CHECKING:
    from vafa.data.business.models import Business


@dataclass(frozen=True)
class CustomerMrr:
    """By customer's number: MRR in `lab.mrr.MRR_UNIT`s of the business's currency (0 without a subscription), and
    whether it is known: it isn't where a running subscription has no price, or one in a currency without a rate."""

    units: npt.NDArray[np.int64]
    known: npt.NDArray[np.bool_]


def get_customer_mrr(
    snapshot: Snapshot,
    business: "Business",
    as_of: date,
    rule: ActivityRule,
    rates: RateTable | None = None,
) -> CustomerMrr:
    """Each customer's MRR at the midnight that begins `as_of`, at the rates of that day: the figure MRR is their sum.

    `rule` has its days settled. `rates` are what other currencies are worth (those entered now, unless given).
    """
    book, boundary = get_book(snapshot), as_of.toordinal()
    factors = find_units(rates or get_rate_table(business.currency), book.currencies, boundary)
    state = next(get_revenue_index(snapshot, get_grace(rule)).states([boundary]))
    lacks = state.unpriced > 0
    for currency in state.currencies - factors.keys():
        lacks |= state.total({currency: Fraction(1)}) > 0
    units, known = np.zeros(snapshot.numbers, dtype=np.int64), np.ones(snapshot.numbers, dtype=np.bool_)
    units[book.owners], known[book.owners] = state.total(factors), ~lacks
    return CustomerMrr(units, known)
