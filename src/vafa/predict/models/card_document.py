"""What a card holds, as JSON: parameters, features, the record of the back-test. Never a pickle."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from vafa.lab.drift import Reference
from vafa.lab.judging import Judgement
from vafa.predict.models.backtesting import Backtest
from vafa.predict.models.training import Regression
from vafa.predict.models.types import Lack

Document = dict[str, Any]

VERSION = 1


@dataclass(frozen=True)
class Trained:
    """What a training has made. `regression` is None where the base model alone is taken; `base` are the parameters of
    the base model at that time; `left_out` and `treated` the customers who
    were left out because of a treatment, and who are in it in spite of one; `references` how features and chances were
    spread."""

    backtest: Backtest
    lacks: tuple[Lack, ...]
    regression: Regression | None
    base: Document
    training_days: tuple[date, ...]
    rows: int
    customers: int
    left_out: int
    treated: int
    references: dict[str, Reference]


def build_document(trained: Trained) -> Document:
    """All of it, as it is kept."""
    shown = trained.backtest
    return {
        "version": VERSION,
        "taken": shown.taken,
        "lacks": [[lack.code, lack.have, lack.needed] for lack in trained.lacks],
        "active_base": shown.active_base,
        "base": trained.base,
        "regression": None if trained.regression is None else trained.regression.to_document(),
        "training": {
            "days": [day.isoformat() for day in trained.training_days],
            "rows": trained.rows,
            "customers": trained.customers,
            "left_out": trained.left_out,
            "treated": trained.treated,
        },
        "leaks": [{"name": leak.name, "code": leak.code, "auc": leak.auc} for leak in shown.leaks],
        "cutoffs": [
            {
                "at": day.at.isoformat(),
                "n": day.n,
                "leavers": day.leavers,
                "recency_auc": day.recency_auc,
                "models": {name: build_judgement(judged) for name, judged in day.judged.items()},
            }
            for day in shown.days
        ],
        "overall": None if shown.overall is None else build_judgement(shown.overall, with_curve=True),
        "gaps": [
            {"later": later, "earlier": earlier, "low": gap[0], "high": gap[1]}
            for (later, earlier), gap in shown.gaps.items()
            if gap is not None
        ],
        "references": {name: own.to_document() for name, own in trained.references.items()},
    }


def build_judgement(judged: Judgement, *, with_curve: bool = False) -> Document:
    """What chances were worth, as JSON."""
    told: Document = {
        "n": judged.n,
        "leavers": judged.positives,
        "auc": judged.auc,
        "brier": judged.brier,
        "log_loss": judged.log_loss,
        "lift": judged.lift,
        "skill": judged.skill,
        "slope": judged.slope,
        "slope_low": judged.slope_low,
        "slope_high": judged.slope_high,
        "mean_chance": judged.mean_chance,
    }
    if with_curve:
        told["curve"] = [
            {
                "low": group.low,
                "high": group.high,
                "told": group.told,
                "n": group.happened.denominator,
                "left": group.happened.numerator,
                "happened": group.happened.value,
                "happened_low": group.happened.low,
                "happened_high": group.happened.high,
            }
            for group in judged.curve
        ]
    return told


def read_lacks(document: Document) -> tuple[Lack, ...]:
    """What stood against telling more when the model was trained."""
    told: Sequence[Any] = document["lacks"]
    return tuple(Lack(code, have, needed) for code, have, needed in told)


def read_regression(document: Document) -> Regression | None:
    """The regression; None where the base model alone is taken."""
    kept = document["regression"]
    return None if kept is None else Regression.from_document(kept)
