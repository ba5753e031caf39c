"""Made-up subscriptions for the laws of money: few customers and days, so that ends, starts and freezes meet."""

from fractions import Fraction

import numpy as np
from hypothesis import strategies as st

from tests.lab.facts import CUSTOMERS, DAY_ZERO, DAYS
from vafa.lab.mrr import UNPRICED
from vafa.lab.revenue import NaiveSubscription, Subscriptions
from vafa.lab.spells import OPEN_END

Owned = tuple[int, NaiveSubscription]
CURRENCIES = 2


@st.composite
def _owned(draw: st.DrawFn) -> Owned:
    start = draw(DAYS)
    length = draw(st.none() | st.integers(0, 9))
    frozen = draw(st.none() | st.integers(start - 3, start + 12))
    frozen_for = draw(st.none() | st.integers(0, 6))
    return draw(st.integers(0, CUSTOMERS - 1)), NaiveSubscription(
        start,
        None if length is None else start + length,
        draw(st.none() | st.integers(0, 40)),
        draw(st.integers(0, CURRENCIES - 1)),
        frozen,
        None if frozen is None or frozen_for is None else frozen + frozen_for,
    )


OWNED: st.SearchStrategy[list[Owned]] = st.lists(_owned(), max_size=14)
FACTORS = st.dictionaries(
    st.integers(0, CURRENCIES - 1), st.fractions(0, 4, max_denominator=7), max_size=CURRENCIES
) | st.just({0: Fraction(1), 1: Fraction(1)})
BOUNDARY_LISTS = st.lists(st.integers(DAY_ZERO - 3, DAY_ZERO + 40), min_size=2, max_size=6, unique=True).map(
    sorted
)


def to_arrays(owned: list[Owned]) -> Subscriptions:
    """The subscriptions as lab takes them."""

    def days(values: list[int | None]) -> "np.ndarray[tuple[int], np.dtype[np.int32]]":
        return np.array([OPEN_END if day is None else day for day in values], dtype=np.int32)

    rows = [one for _, one in owned]
    return Subscriptions(
        np.array([customer for customer, _ in owned], dtype=np.int32),
        days([one.start for one in rows]),
        days([one.end for one in rows]),
        days([one.frozen_from for one in rows]),
        days([one.frozen_until for one in rows]),
        np.array([UNPRICED if one.mrr is None else one.mrr for one in rows], dtype=np.int64),
        np.array([one.currency for one in rows], dtype=np.int16),
    )


def of_customer(owned: list[Owned], customer: int) -> list[NaiveSubscription]:
    """One customer's own."""
    return [one for ix, one in owned if ix == customer]
