"""What an order brings, and what a customer will: published values, the slow twins, laws."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vafa.lab.errors import SpendUnfit
from vafa.lab.purchase_models import build_histories, fit_purchase_model
from vafa.lab.spend_model import (
    SpendModel,
    correlate,
    fit_spend_model,
    naive_expected_mean,
    naive_shrunken_mean,
    shrink_means,
)
from vafa.lab.worth import build_deciles, build_worth, naive_deciles, naive_worth

CDNOW = Path(__file__).parents[2].parent / "shared" / "data" / "cdnow" / "CDNOW_sample.txt"
PAYMENTS = st.lists(st.lists(st.floats(0.5, 500), max_size=6), min_size=1, max_size=8)


@given(st.floats(0.2, 20), st.floats(1.1, 20), st.floats(0.5, 100), PAYMENTS)
def test_the_expected_means_agree_with_their_twin(p, q, v, payments):
    model = SpendModel(p, q, v, 0.0, 1)
    count, mean = [len(own) for own in payments], [np.mean(own) if own else np.nan for own in payments]
    told = model.expected_means(count, mean)
    assert told == pytest.approx([naive_expected_mean(model, own) for own in payments], rel=1e-9)
    everything = [one for own in payments for one in own]
    average = sum(everything) / len(everything) if everything else 0.0
    shrunk = shrink_means(count, mean)
    assert shrunk == pytest.approx([naive_shrunken_mean(own, average) for own in payments], rel=1e-9)


@given(st.lists(st.floats(0, 5), min_size=1, max_size=24), st.floats(0.1, 100), st.floats(0, 0.1))
def test_worth_agrees_with_its_twin(orders, size, rate):
    sums = np.concatenate(([0.0], np.cumsum(orders)))
    told = build_worth(lambda days: np.array([sums[round(days)]]), [size], len(orders), rate, 1)
    assert told[0] == pytest.approx(naive_worth(orders, size, rate), abs=1e-9)


@given(st.lists(st.tuples(st.floats(0, 1e6), st.floats(0, 1e6)), max_size=40), st.integers(1, 12))
def test_deciles_agree_with_their_twin(pairs, groups):
    told = build_deciles([pair[0] for pair in pairs], [pair[1] for pair in pairs], groups)
    found = [(one.customers, one.expected, one.happened) for one in told]
    assert len(found) == min(groups, len(pairs))
    for own, other in zip(found, naive_deciles(pairs, groups), strict=True):
        assert own == pytest.approx(other)


def test_deciles_leave_out_what_is_unknown():
    (one,) = build_deciles([np.nan, 2, 3], [1, np.nan, 5], 1)
    assert (one.customers, one.expected, one.happened) == (1, 3, 5)


def test_a_fit_finds_the_parameters_that_made_the_world():
    random = np.random.default_rng(5)
    rates = random.gamma(4, 1 / 30, 4000)
    count = random.integers(1, 12, 4000)
    mean = random.gamma(6 * count, 1 / (rates * count))
    model = fit_spend_model(count, mean)
    # p and v make up for each other; what they tell together is sure.
    assert (model.q, model.average) == pytest.approx((4, 60), rel=0.1)
    assert SpendModel.from_document(model.to_document()) == model
    assert abs(correlate(count, mean) or 1) < 0.1
    assert correlate([3, 3, 3], [1, 2, 3]) is None


def test_what_cannot_be_fitted_says_so():
    with pytest.raises(SpendUnfit):
        fit_spend_model([1] * 19, [2.0] * 19)
    with pytest.raises(SpendUnfit):
        fit_spend_model([1] * 30, [0.0] * 30)


def test_the_published_values_of_cdnow():
    """Parameters, conditional means, and the value of twelve true months at 1% of customers 1..10."""
    if not CDNOW.exists():
        pytest.skip("needs ../shared/data/cdnow")
    spent: dict[int, dict[int, float]] = {}
    for line in CDNOW.read_text().splitlines():
        if line.strip():
            _, customer, day, _, money = line.split()
            on = date(int(day[:4]), int(day[4:6]), int(day[6:])).toordinal()
            own = spent.setdefault(int(customer), {})
            own[on] = own.get(on, 0.0) + float(money)
    until = date(1997, 9, 30).toordinal()
    days = [sorted(day for day in spent[pk] if day <= until) for pk in sorted(spent)]
    x = np.array([len(own) - 1 for own in days], dtype=float)
    t = np.array([round((own[-1] - own[0]) / 7, 2) for own in days])
    age = np.array([round((until - own[0]) / 7, 2) for own in days])
    mean = np.array(
        [
            np.mean([spent[pk][day] for day in own[1:]]) if len(own) > 1 else 0.0
            for pk, own in zip(sorted(spent), days, strict=True)
        ]
    )
    repeated = x > 0
    model = fit_spend_model(x[repeated], mean[repeated])
    assert (model.p, model.q, model.v) == pytest.approx((6.24880, 3.74459, 15.44774), rel=1e-3)
    first = slice(0, 10)
    told = model.expected_means(x[first], mean[first])
    means = [24.658619, 18.911489, *[35.170981] * 3, 71.462843, 18.911489, 35.170981, 27.282408, 35.170981]
    assert told == pytest.approx(means, rel=1e-3)
    buying = fit_purchase_model(build_histories(x, t, age), "bg")
    worth = build_worth(
        lambda weeks: buying.expected_orders(x[first], t[first], age[first], weeks), told, 12, 0.01, 4.345
    )
    published = [36.2785, 4.6375, *[8.3441] * 3, 283.5236, 6.8814, 8.3441, 43.3536, 8.3441]
    assert worth == pytest.approx(published, rel=1e-3)
