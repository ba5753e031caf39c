"""A customer's own rhythm against its slow twin."""

from hypothesis import given
from hypothesis import strategies as st

from vafa.lab.rhythm import build_double_rhythms, naive_lateness, naive_rhythm

PURCHASES = st.lists(st.tuples(st.integers(0, 5), st.integers(700_000, 700_060)), max_size=60)


@given(PURCHASES)
def test_rhythms_are_the_medians_of_each_customers_gaps(purchases):
    doubled = build_double_rhythms([ix for ix, _ in purchases], [day for _, day in purchases], 6)
    for customer in range(6):
        slow = naive_rhythm(day for ix, day in purchases if ix == customer)
        assert (doubled[customer] / 2 if doubled[customer] else None) == slow


def test_a_worked_example():
    # Bought on days 0, 10, 40 and 50: gaps 10, 30, 10, so ten days are usual.
    days = [1000, 1010, 1040, 1050]
    assert build_double_rhythms([0] * 4, days, 1).tolist() == [20]
    assert naive_lateness(days, 1065) == 1.5
    assert naive_lateness([1000], 1065) is None
