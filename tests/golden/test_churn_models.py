"""The regression on public tables of churn reaches what was published with ordinary care, and not more."""

import numpy as np
import pytest

from tests.support.churn_tables import ModelName, TableName, is_there, judge_folds, predict, read_table
from vafa.lab.judging import find_auc

# Above this the telco table has told the answer: resampling before the split alone makes 0.94.
LEAK = 0.86


def find_mean_auc(table: TableName, model: ModelName, folds: int = 5) -> float:
    if not is_there(table):
        pytest.skip("the development data are not on this machine")
    judgements = judge_folds(read_table(table), model, seed=1)
    aucs = [own.auc for own, _ in zip(judgements, range(folds), strict=False)]
    assert len(aucs) == folds
    return float(np.mean([auc for auc in aucs if auc is not None]))


def test_telco_is_as_good_as_published_and_no_better() -> None:
    """Published 0.845 to 0.851; more than 0.86 is a leak."""
    found = find_mean_auc("telco", "logistic")
    assert 0.845 <= found <= 0.855
    assert found < LEAK


def test_mlc_needs_pairs() -> None:
    """Published 0.924: a price that complaints make dear is no sum. One fold, to be quick; five are in the bench."""
    alone, paired = (
        find_mean_auc("mlc", "logistic", folds=1),
        find_mean_auc("mlc", "logistic with pairs", folds=1),
    )
    assert alone > 0.85
    assert paired > max(0.90, alone + 0.02)


def test_iranian_without_its_doubles() -> None:
    """Published 0.982."""
    assert find_mean_auc("iranian", "logistic with pairs", folds=1) > 0.97


def test_the_tables_are_read_whole() -> None:
    if not is_there("iranian"):
        pytest.skip("the development data are not on this machine")
    iranian, telco = read_table("iranian"), read_table("telco")
    assert (len(iranian.left), len(telco.left)) == (2850, 7043)
    assert int(telco.left.sum()) == 1869
    assert int(np.isnan(telco.columns["TotalCharges"]).sum()) == 11


def test_shuffled_labels_are_learned_by_nothing() -> None:
    if not is_there("telco"):
        pytest.skip("the development data are not on this machine")
    table = read_table("telco")
    np.random.default_rng(1).shuffle(table.left)
    training = np.arange(len(table.left)) % 2 == 0
    auc = find_auc(predict(table, "logistic with pairs", training)[~training], table.left[~training])
    assert auc is not None
    assert 0.45 <= auc <= 0.55
