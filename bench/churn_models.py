"""The regression of `lab` on public tables of churn beside two baselines, cross-validated; each fold learns all anew.

    .venv/bin/python bench/churn_models.py [--repeats 3]

Reads ../shared/data; a table that is not there is left out. Prints one JSON document: by table and model the means over
5 folds a repeat, the standard deviation of the AUC, and the seconds a fit took.
"""

import argparse
import json
import statistics
import sys
from collections.abc import Iterable
from pathlib import Path
from time import perf_counter
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.support.churn_tables import FOLDS, ModelName, TableName, is_there, judge_folds, read_table

TABLES: tuple[TableName, ...] = ("telco", "mlc", "iranian")
MODELS: tuple[ModelName, ...] = ("base rate", "best feature", "logistic", "logistic with pairs")


def measure(table: TableName, model: ModelName, repeats: int) -> dict[str, Any]:
    """The means over all folds."""
    read, began = read_table(table), perf_counter()
    found = [own for seed in range(repeats) for own in judge_folds(read, model, seed)]
    aucs = [own.auc for own in found if own.auc is not None]
    return {
        "auc": round(statistics.mean(aucs), 4),
        "auc_sd": round(statistics.stdev(aucs), 4),
        "brier": average(own.brier for own in found),
        "log_loss": average(own.log_loss for own in found),
        "lift": average(own.lift for own in found),
        "slope": average(own.slope for own in found),
        "seconds": round((perf_counter() - began) / (repeats * FOLDS), 2),
    }


def average(values: Iterable[float | None]) -> float | None:
    """Their mean, where all are known."""
    told = list(values)
    return None if None in told else round(statistics.mean(value for value in told if value is not None), 4)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=3)
    repeats = parser.parse_args().repeats
    tables = [table for table in TABLES if is_there(table)]
    print(
        json.dumps(
            {table: {model: measure(table, model, repeats) for model in MODELS} for table in tables}, indent=2
        )
    )


if __name__ == "__main__":
    main()
