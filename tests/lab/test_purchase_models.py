"""Purchase models: published values, the slow twins, and what must hold of any history."""

import math
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vafa.lab.errors import PurchasesUnfit
from vafa.lab.purchase_models import (
    PurchaseModel,
    build_histories,
    fit_purchase_model,
    naive_alive_chance,
    naive_expected_orders,
    naive_likelihood,
    naive_no_order_chance,
    summarise_days,
)

PUBLISHED = PurchaseModel("bg", 0.243, 4.414, 0.793, 2.426, -9582.4, 2357)
DAYS_A_WEEK = 7
CDNOW = Path(__file__).parents[2].parent / "shared" / "data" / "cdnow" / "CDNOW_sample.txt"
MODELS = st.builds(
    PurchaseModel,
    st.sampled_from(["bg", "mbg"]),
    st.floats(0.1, 5),
    st.floats(0.5, 50),
    # Near 1 the printed formula loses its digits.
    st.floats(0.1, 4).filter(lambda a: abs(a - 1) > 0.01),
    st.floats(0.2, 6),
    st.just(0.0),
    st.just(1),
).filter(lambda model: abs(model.a + model.b - 1) > 0.01)


@st.composite
def histories(draw):
    """(x, t, T): without a repeat order t is 0."""
    x = draw(st.integers(0, 12))
    t = draw(st.floats(1, 60)) if x else 0.0
    return x, t, t + draw(st.floats(0, 90))


def test_no_parameter_is_a_pole():
    """Where a, or a + b, is 1 the formula divides by zero; what it tells goes on smoothly."""
    for a, b in ((1, 2), (0.5, 0.5), (1, 0.3)):
        at, near = (
            PurchaseModel("bg", 0.8, 10, a + by, b, 0.0, 1).expected_orders([0, 3], [0, 20], [30, 30], 20)
            for by in (0, 1e-4)
        )
        assert np.allclose(at, near, rtol=1e-3)


@pytest.mark.parametrize("kind", ["bg", "mbg"])
def test_where_customers_hardly_differ_in_leaving_expected_orders_stay_numbers(kind):
    """A fit to orders without any leaving once gave a = 9,077 and b = 100,000: the series is past all numbers there."""
    x, t, age = [0, 3, 8, 40], [0, 548, 583, 600], [300, 614, 613, 612]
    below, above = (PurchaseModel(kind, 2, 90, 40 * by, 449 * by, 0.0, 1) for by in (1, 1.03))
    assert above.a + above.b > 500 > below.a + below.b
    assert np.allclose(below.expected_orders(x, t, age, 90), above.expected_orders(x, t, age, 90), rtol=2e-3)
    told = PurchaseModel(kind, 6.75, 436, 9077, 100_000, 0.0, 1).expected_orders(x, t, age, 90)
    assert np.isfinite(told).all()
    assert (told > 0).all()
    # Never more than if nobody left.
    assert (told < (6.75 + np.array(x)) / (436 + np.array(age)) * 90).all()


@given(MODELS, histories(), st.floats(1, 120))
def test_the_models_agree_with_their_twins(model, history, horizon):
    x, t, age = history
    one = ([x], [t], [age])
    assert model.log_likelihoods(*one)[0] == pytest.approx(
        math.log(naive_likelihood(model, x, t, age)), abs=1e-8
    )
    quiet = naive_no_order_chance(model, x, t, age, horizon)
    assert model.no_order_chances(*one, horizon)[0] == pytest.approx(quiet, abs=1e-9)
    assert model.alive_chances(*one)[0] == pytest.approx(naive_alive_chance(model, x, t, age), abs=1e-9)
    expected = naive_expected_orders(model, x, t, age, horizon)
    assert model.expected_orders(*one, horizon)[0] == pytest.approx(expected, rel=1e-6, abs=1e-8)


@given(MODELS, histories(), st.floats(1, 60), st.floats(1, 60))
def test_silence_is_rarer_the_longer_it_lasts(model, history, first, more):
    x, t, age = history
    short, long = (float(model.no_order_chances([x], [t], [age], days)[0]) for days in (first, first + more))
    assert 0 <= long <= short + 1e-12 <= 1 + 2e-12
    # Who is expected to order much won't be silent: Markov's inequality.
    assert 1 - short <= float(model.expected_orders([x], [t], [age], first)[0]) + 1e-9


@given(st.lists(histories(), min_size=1, max_size=30))
def test_equal_histories_are_kept_once(rows):
    x, t, age = (np.array(values, dtype=float) for values in zip(*rows, strict=True))
    kept = build_histories(x, t, age)
    assert kept.customers == len(rows) == kept.counts.sum()
    assert len(kept.orders) == len(set(rows))
    for own, values in zip((kept.orders, kept.recency, kept.age), (x, t, age), strict=True):
        assert np.array_equal(own[kept.row_of], values)


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(700, 760)), unique=True), st.integers(700, 770))
def test_days_become_histories(rows, until):
    numbers, days = [row[0] for row in rows], [row[1] for row in rows]
    x, t, age = summarise_days(numbers, days, until, 5)
    for customer in range(5):
        own = sorted(day for number, day in rows if number == customer and day < until)
        told = (x[customer], t[customer], age[customer])
        assert (
            told == (len(own) - 1, own[-1] - own[0], until - 1 - own[0])
            if own
            else all(map(math.isnan, told))
        )


def draw_world(seed: int, customers: int, days: int = 500):
    """Customers of MBG/NBD with r 1.2, alpha 40 days, a 0.8, b 3: what is seen of each after so many days."""
    random = np.random.default_rng(seed)
    rates = random.gamma(1.2, 1 / 40, customers)
    leaving = random.beta(0.8, 3, customers)
    rows = []
    for rate, chance in zip(rates, leaving, strict=True):
        at, orders, last = 0.0, 0, 0.0
        while random.random() >= chance:
            at += random.exponential(1 / rate)
            if at > days:
                break
            orders, last = orders + 1, at
        rows.append((orders, last, float(days)))
    return (np.array(column) for column in zip(*rows, strict=True))


def test_a_fit_finds_the_parameters_that_made_the_world():
    x, t, age = draw_world(7, 6000)
    model = fit_purchase_model(build_histories(x, t, age))
    assert (model.r, model.alpha) == pytest.approx((1.2, 40), rel=0.12)
    assert model.a / (model.a + model.b) == pytest.approx(0.8 / 3.8, rel=0.12)
    assert PurchaseModel.from_document(model.to_document()) == model
    assert model.log_likelihood == pytest.approx(float(model.log_likelihoods(x, t, age).sum()), rel=1e-9)
    # No neighbour is likelier, in any direction.
    for name in ("r", "alpha", "a", "b"):
        for factor in (0.98, 1.02):
            other = PurchaseModel(**{**model.to_document(), name: getattr(model, name) * factor})
            assert other.log_likelihoods(x, t, age).sum() < model.log_likelihood


@settings(max_examples=20)
@given(st.floats(0.05, 400))
def test_the_unit_of_time_changes_alpha_alone(unit):
    x, t, age = draw_world(3, 300)
    model, other = (fit_purchase_model(build_histories(x, t / by, age / by), "bg") for by in (1, unit))
    assert other.alpha * unit == pytest.approx(model.alpha, rel=1e-3)
    assert (other.r, other.a, other.b) == pytest.approx((model.r, model.a, model.b), rel=1e-2)


def test_what_cannot_be_fitted_says_so():
    with pytest.raises(PurchasesUnfit):
        fit_purchase_model(build_histories([0, 0], [0, 0], [10, 20]))
    with pytest.raises(PurchasesUnfit):
        build_histories([1], [20], [10])


def test_the_published_expectation():
    """E[Y(39) | x = 2, t = 30.43, T = 38.86] = 1.226 (Fader, Hardie and Lee 2005)."""
    assert PUBLISHED.expected_orders([2], [30.43], [38.86], 39)[0] == pytest.approx(1.226, abs=0.0005)


@pytest.fixture(scope="module")
def sample():
    """The CDNOW sample as published: weeks until 1997-09-30, orders of one day merged."""
    if not CDNOW.exists():
        pytest.skip("needs ../shared/data/cdnow")
    rows = {(row.split()[0], row.split()[2]) for row in CDNOW.read_text().splitlines() if row.strip()}
    numbers = {pk: place for place, pk in enumerate(sorted({pk for pk, _ in rows}))}
    days = [date(int(day[:4]), int(day[4:6]), int(day[6:])).toordinal() for _, day in rows]
    until = date(1997, 10, 1).toordinal()
    x, t, age = summarise_days([numbers[pk] for pk, _ in rows], days, until, len(numbers))
    # The published table holds weeks with two digits.
    return build_histories(x, np.round(t / DAYS_A_WEEK, 2), np.round(age / DAYS_A_WEEK, 2))


def test_the_published_parameters_of_cdnow(sample):
    assert (sample.customers, sample.repeat_customers) == (2357, 946)
    model = fit_purchase_model(sample, "bg")
    assert (model.r, model.alpha, model.a, model.b) == pytest.approx(
        (0.242593, 4.413532, 0.792886, 2.425753), rel=2e-4
    )
    assert model.log_likelihood == pytest.approx(-9582.4256, abs=1e-3)
    modified = fit_purchase_model(sample, "mbg")
    assert (modified.r, modified.alpha, modified.a, modified.b) == pytest.approx(
        (0.5248, 6.183, 0.8914, 1.614), rel=1e-3
    )
    assert modified.log_likelihood == pytest.approx(-9582.13, abs=0.01)
    row = sample.row_of
    expected = model.expected_orders(sample.orders[row], sample.recency[row], sample.age[row], 39)
    assert expected.sum() == pytest.approx(1653.4, abs=0.5)
