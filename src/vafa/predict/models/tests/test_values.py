"""What customers are expected to bring: the pure parts."""

import numpy as np
import pytest

from vafa.lab.purchase_models import PurchaseModel
from vafa.lab.spend_model import shrink_means
from vafa.predict.models.values import build_sizes, find_next_days

MODEL = PurchaseModel("mbg", 0.6, 60.0, 0.9, 2.5, 0.0, 1)


def test_the_next_order_is_due_when_it_is_more_likely_than_not():
    x, t, age = np.array([0.0, 3, 12, 12]), np.array([0.0, 80, 300, 100]), np.array([400.0, 100, 310, 900])
    days = find_next_days(MODEL, x, t, age)
    assert np.isnan(days[0])
    assert np.isnan(days[3])
    for place in (1, 2):
        one = (x[place : place + 1], t[place : place + 1], age[place : place + 1])
        assert (
            MODEL.no_order_chances(*one, days[place])[0]
            <= 0.5
            < MODEL.no_order_chances(*one, days[place] - 1)[0]
        )


def test_sizes_follow_the_model_unless_the_data_contradict_it():
    random = np.random.default_rng(1)
    orders = random.integers(1, 10, 500).astype(float)
    means = random.gamma(4, 10, 500)
    free = build_sizes(orders * means, orders)
    # Drawn towards the average, those with few orders more.
    assert free.std() < means.std()
    assert free.mean() == pytest.approx(means.mean(), rel=0.1)
    bound = build_sizes(orders * orders * 10, orders)
    assert np.allclose(bound, shrink_means(orders, orders * 10))
    # Who brought nothing on balance is expected to order like others.
    assert np.isfinite(build_sizes(np.append(orders * means, -5.0), np.append(orders, 1.0))).all()
