"""Made-up facts for the laws: few customers, few days, so that facts meet on boundaries all the time."""

from datetime import date

from hypothesis import strategies as st

DAY_ZERO = date(2024, 1, 1).toordinal()
DAYS = st.integers(DAY_ZERO, DAY_ZERO + 24)
BOUNDARIES = st.integers(DAY_ZERO - 3, DAY_ZERO + 40)
CUSTOMERS = 6

Purchases = list[tuple[int, int]]
Subscriptions = list[tuple[int, int, int | None]]

PURCHASES: st.SearchStrategy[Purchases] = st.lists(
    st.tuples(st.integers(0, CUSTOMERS - 1), DAYS), max_size=25
)


def _with_length(subscription: tuple[int, int, int | None]) -> tuple[int, int, int | None]:
    customer, started, length = subscription
    return customer, started, None if length is None else started + length


SUBSCRIPTIONS: st.SearchStrategy[Subscriptions] = st.lists(
    st.tuples(st.integers(0, CUSTOMERS - 1), DAYS, st.none() | st.integers(0, 9)).map(_with_length),
    max_size=15,
)
JOINED: st.SearchStrategy[dict[int, int]] = st.dictionaries(st.integers(0, CUSTOMERS - 1), DAYS)
