"""Days on which something turns: the edges of periods in three calendars, and a rule's length away from them."""

from datetime import date, timedelta

from hypothesis import strategies as st

# First days of months that also begin a quarter, a year or a week in one of the calendars.
EDGES = (
    date(2023, 12, 22),  # 1 Dey 1402
    date(2024, 1, 1),
    date(2024, 1, 13),  # 1 Rajab 1445, a Saturday
    date(2024, 2, 1),
    date(2024, 2, 29),
    date(2024, 3, 11),  # 1 Ramadan 1445, a Monday
    date(2024, 3, 20),  # 1 Farvardin 1403, Nowruz
    date(2024, 4, 1),
    date(2024, 4, 10),  # 1 Shawwal 1445
    date(2024, 6, 30),
    date(2024, 7, 1),
    date(2024, 7, 7),  # 1 Muharram 1446, a Sunday
)
SHIFTS = (0, -1, 1, -7, -8, -6, 29, 30, 31, -30, -31, 89, 90, 91, -90)

EDGE_DAYS = st.builds(
    lambda day, shift: day + timedelta(days=shift), st.sampled_from(EDGES), st.sampled_from(SHIFTS)
)
LATEST = max(EDGES) + timedelta(days=max(SHIFTS))
