"""The penalty is chosen by customers that were not learned from."""

import numpy as np

from vafa.lab.penalty import PENALTIES, _deal, choose_penalty


def draw(seed: int, customers: int, strength: float, width: int = 12):
    random = np.random.default_rng(seed)
    matrix = random.normal(0, 1, (customers, width))
    odds = -1 + strength * matrix[:, :3].sum(axis=1)
    return matrix, random.random(customers) < 1 / (1 + np.exp(-odds))


def test_noise_is_held_back_hard_and_what_is_clear_is_not() -> None:
    matrix, labels = draw(1, 600, 0.0)
    assert choose_penalty(matrix, labels, np.arange(600), 1) == max(PENALTIES)
    matrix, labels = draw(2, 3_000, 1.0)
    assert choose_penalty(matrix, labels, np.arange(3_000), 1) <= 10


def test_copies_of_customers_do_not_loosen_it() -> None:
    """Six rows a customer, all alike: told apart as rows they would choose the weakest, as customers they don't."""
    matrix, labels = draw(3, 150, 0.3)
    copies, again = np.repeat(matrix, 6, axis=0), np.repeat(labels, 6)
    by_customer = choose_penalty(copies, again, np.repeat(np.arange(150), 6), 1)
    by_row = choose_penalty(copies, again, np.arange(900), 1)
    assert by_customer > by_row


def test_all_rows_of_a_customer_are_in_one_fold() -> None:
    unit = np.random.default_rng(4).integers(0, 3_000, 30_000)
    fold = _deal(unit, 4, 1)
    for own in range(0, 3_000, 97):
        assert len(set(fold[unit == own])) <= 1
    asked = fold >= 0
    assert 6_000 < asked.sum() < 10_000
    assert set(fold[asked]) == {0, 1, 2, 3}


def test_where_nobody_left_the_greatest_is_taken() -> None:
    matrix, _ = draw(5, 40, 0.0)
    assert choose_penalty(matrix, np.zeros(40, dtype=np.bool_), np.arange(40), 1) == max(PENALTIES)
