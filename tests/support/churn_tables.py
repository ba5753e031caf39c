"""Public tables of customers who left or stayed, and cross-validation over them."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from vafa.lab.design import Feature, learn_design
from vafa.lab.judging import Judgement, find_auc, judge
from vafa.lab.logistic import fit_logistic
from vafa.lab.pairs import add_pairs

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
PENALTY = 1.0
FOLDS = 5

TableName = Literal["telco", "mlc", "iranian"]
ModelName = Literal["base rate", "best feature", "logistic", "logistic with pairs"]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

# The file, the column and value that tell who left, columns that are names, and choices written as numbers.
_TABLES: dict[TableName, tuple[str, str, str, set[str], set[str]]] = {
    "telco": ("telco_ibm/Telco-Customer-Churn.csv", "Churn", "Yes", {"customerID"}, {"SeniorCitizen"}),
    "mlc": ("mlc_churn/mlc_churn.csv", "churn", "yes", set(), set()),
    "iranian": ("iranian_churn/Customer_Churn.csv", "Churn", "1", set(), {"Tariff Plan", "Status"}),
}


@dataclass(frozen=True)
class ChurnTable:
    """Customers as columns, and who left."""

    features: tuple[Feature, ...]
    columns: dict[str, npt.NDArray[Any]]
    left: Bools


def is_there(name: TableName) -> bool:
    """Whether the file is on this machine."""
    return (DATA / _TABLES[name][0]).exists()


def read_table(name: TableName) -> ChurnTable:
    """The table without rows that are there twice, and blank numbers unknown."""
    path, label, left, names, choices = _TABLES[name]
    with (DATA / path).open(newline="", encoding="utf-8") as file:
        rows = [
            {" ".join(key.split()): value.strip() for key, value in row.items()}
            for row in csv.DictReader(file)
        ]
    distinct = list({tuple(row.items()): row for row in rows}.values())
    features, columns = [], {}
    for key in distinct[0]:
        if key == label or key in names:
            continue
        values = [row[key] for row in distinct]
        numbers = None if key in choices else _read_numbers(values)
        columns[key] = np.asarray(values) if numbers is None else numbers
        features.append(Feature(key, "profile", "choice" if numbers is None else "number"))
    return ChurnTable(tuple(features), columns, np.asarray([row[label] == left for row in distinct]))


def _read_numbers(values: list[str]) -> Floats | None:
    try:
        return np.asarray([float(value) if value else np.nan for value in values])
    except ValueError:
        return None


def deal_folds(left: Bools, seed: int) -> npt.NDArray[np.int64]:
    """The fold of each row, with the same share of leavers in each."""
    random = np.random.default_rng(seed)
    folds = np.empty(len(left), dtype=np.int64)
    for value in (False, True):
        own = random.permutation(np.flatnonzero(left == value))
        folds[own] = np.arange(len(own)) % FOLDS
    return folds


def judge_folds(table: ChurnTable, model: ModelName, seed: int) -> Iterator[Judgement]:
    """One judgement a fold: everything, the choice of features and pairs too, is learned from the other folds."""
    folds = deal_folds(table.left, seed)
    for fold in range(FOLDS):
        training = folds != fold
        yield judge(predict(table, model, training)[~training], table.left[~training])


def predict(table: ChurnTable, model: ModelName, training: Bools) -> Floats:
    """The chances of all rows, learned from those of training."""
    left = table.left[training]
    if model == "base rate":
        return np.full(len(training), left.mean())
    if model == "best feature":
        alone = [_fit(table, (feature,), training) for feature in table.features]
        return max(alone, key=lambda chances: find_auc(chances[training], left) or 0)
    return _fit(table, table.features, training, model == "logistic with pairs")


def _fit(
    table: ChurnTable, features: tuple[Feature, ...], training: Bools, with_pairs: bool = False
) -> Floats:
    design = learn_design(features, table.columns, training)
    matrix = design.build_matrix(table.columns)
    model = fit_logistic(matrix[training], table.left[training], PENALTY)
    if with_pairs:
        paired = add_pairs(design, model, table.columns, table.left, training)
        if paired.pairs:
            matrix = paired.build_matrix(table.columns)
            model = fit_logistic(matrix[training], table.left[training], PENALTY)
    return model.chances(matrix)
