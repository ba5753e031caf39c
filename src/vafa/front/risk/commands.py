"""`vafa predict` and `vafa backtest`: who may leave, and how well that was told at past days."""

from datetime import date
from typing import Annotated, Any

import numpy as np
import typer
from django.utils import translation
from django.utils.translation import gettext as _

from vafa.data.business.queries import get_business, get_style
from vafa.data.customers.queries import list_customer_rows
from vafa.front.customers.rows import name_customer
from vafa.front.figures.following import open_newest_snapshot
from vafa.front.figures.printing import iso, parse_day, write_rows
from vafa.front.risk.lacks import describe_lack
from vafa.kit import clock
from vafa.kit.errors import AskedWrongly
from vafa.kit.locale.formats import Style, strip_direction_marks
from vafa.kit.permissions import Permission
from vafa.kit.terminal import JsonOption, answer, needs
from vafa.lab.judging import Judgement
from vafa.predict.models.actions import train
from vafa.predict.models.queries import (
    Backtest,
    TestedDay,
    build_refused,
    find_champion,
    find_span,
    get_question,
    learn,
    score,
    tell_scores,
    try_question,
)
from vafa.predict.models.types import HORIZONS, Question, Scores, Verdict
from vafa.warehouse.queries import Snapshot

_AT_ONCE = 1_000
_BANDS = ("low", "raised", "high")
_REASONS = 3
_LONGEST = 1_095

HorizonOption = Annotated[
    int | None,
    typer.Option("--horizon", help="How many days ahead; that of the settings by default."),
]


def register(app: typer.Typer) -> None:
    """Add `vafa predict` and `vafa backtest`."""
    app.command("predict")(predict)
    app.command("backtest")(backtest)


@needs(Permission.SEE_FIGURES)
def backtest(horizon: HorizonOption = None, as_json: JsonOption = False) -> None:
    """Try the predictions at past days, each by what was known then only, beside simpler ones."""
    snapshot = open_newest_snapshot()
    question = _read_question(snapshot, horizon)
    shown, verdict = try_question(snapshot, question, get_business().calendar)  # type: ignore[arg-type]
    answer(
        build_backtest_document(question, shown, verdict), as_json, lambda: _write_backtest(shown, verdict)
    )


def build_backtest_document(question: Question, shown: Backtest | None, verdict: Verdict) -> dict[str, Any]:
    """The tested days, beside the purchase model (or the hazard) alone and the days since the last order alone."""
    days = []
    for day, taken in _list_told(shown, verdict):
        base = day.judged["base"]
        days.append(
            {
                "at": day.at.isoformat(),
                "n": day.n,
                "leavers": day.leavers,
                "auc": taken.auc,
                "brier": taken.brier,
                "baseline_auc": base.auc,
                "baseline_brier": base.brier,
                "recency_auc": day.recency_auc,
            }
        )
    return {
        "horizon": question.horizon_days,
        "cutoffs": days,
        "verdict": verdict.level,
        "reasons": _build_reasons(verdict),
    }


def _list_told(shown: Backtest | None, verdict: Verdict) -> list[tuple[TestedDay, Judgement]]:
    """The tested days with what the model that is used was worth on them; none where nothing may be told."""
    if shown is None or verdict.level == "refused":
        return []
    return [(day, day.judged.get(shown.taken, day.judged["base"])) for day in shown.days]


@needs(Permission.EXPORT)
def predict(
    as_of: Annotated[
        str, typer.Option("--as-of", help="The day as of which to tell; the end of the data by default.")
    ] = "",
    horizon: HorizonOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell for each customer the chance of leaving within the next days, as far as the data allow."""
    snapshot = open_newest_snapshot()
    question = _read_question(snapshot, horizon)
    day = parse_day(as_of, "--as-of") if as_of else None
    scores = _tell(snapshot, question, day)
    answer(build_scores_document(scores), as_json, lambda: _write_scores(scores))


def _read_question(snapshot: Snapshot, horizon: int | None) -> Question:
    if horizon is not None and not 1 <= horizon <= _LONGEST:
        raise AskedWrongly(
            _("Predictions look from 1 to %(most)s days ahead.") % {"most": _LONGEST},
            _("Usual are %(days)s.") % {"days": ", ".join(map(str, HORIZONS))},
        )
    return get_question(snapshot, horizon)


def _tell(snapshot: Snapshot, question: Question, day: date | None) -> Scores:
    """By the model in use, trained first where there is none; as of an earlier day by a model that knew no more than
    that day, which isn't kept."""
    span = find_span(snapshot, question)
    if day is None or span is None or day >= span[1]:
        if span is not None and day is not None and day > span[1]:
            raise AskedWrongly(
                _("The data end on %(day)s; nothing can be told as of a later day.") % {"day": iso(span[1])},
                _("Bring newer data in, or ask as of an earlier day."),
            )
        verdict = None
        if find_champion(question) is None:
            _card, verdict = train(snapshot, question, now=clock.now())
        found = score(snapshot, question)
        return found if found.model_id or verdict is None else build_refused(question, found.as_of, verdict)
    trained, verdict = learn(snapshot, question, day, get_business().calendar)  # type: ignore[arg-type]
    if trained is None:
        return build_refused(question, day, verdict)
    return tell_scores(
        snapshot, question, day, verdict, trained.regression, trained.backtest.active_base, None
    )


def build_scores_document(scores: Scores) -> dict[str, Any]:
    """Who is how likely to leave: chances where they have proven right, bands where not yet, nobody where refused."""
    ids = scores.customer_ids.tolist()
    keys: dict[int, str] = {}
    for start in range(0, len(ids), _AT_ONCE):
        keys |= {row.id: row.key for row in list_customer_rows(ids[start : start + _AT_ONCE])}
    in_percent = scores.verdict.level == "percent" and scores.chances is not None
    customers = []
    for place, pk in enumerate(ids):
        band = int(scores.bands[place])
        customers.append(
            {
                "id": pk,
                "key": keys.get(pk, ""),
                "chance": float(scores.chances[place]) if in_percent and scores.chances is not None else None,
                "band": _BANDS[band] if band >= 0 else None,
                "reasons": list_groups(scores, place),
            }
        )
    return {
        "horizon": scores.question.horizon_days,
        "kind": scores.question.kind,
        "as_of": scores.as_of.isoformat(),
        "verdict": scores.verdict.level,
        "reasons": _build_reasons(scores.verdict),
        "customers": customers,
    }


def list_groups(scores: Scores, place: int) -> list[str]:
    """The groups of reasons that raise a customer's risk most, the strongest first; without those of unsure sign."""
    order = np.argsort(-scores.contributions[place], kind="stable")
    return [
        scores.groups[at]
        for at in order.tolist()
        if scores.stable[at] and scores.contributions[place, at] > 0
    ][:_REASONS]


def _build_reasons(verdict: Verdict) -> list[dict[str, Any]]:
    style = get_style(translation.get_language() or "en")
    return [
        {
            "code": lack.code,
            "have": lack.have,
            "needed": lack.needed,
            "text": strip_direction_marks(describe_lack(lack, style)),
        }
        for lack in verdict.lacks
    ]


def _name_verdict(verdict: Verdict, style: Style) -> str:
    texts = {
        "refused": _("There is too little to predict from."),
        "bands": _("Bands of risk may be told, percentages not yet."),
        "percent": _("The chances have proven right, and may be told as percentages."),
    }
    told = [texts[verdict.level], *(describe_lack(lack, style) for lack in verdict.lacks)]
    return strip_direction_marks("\n".join(told))


def _write_backtest(shown: Backtest | None, verdict: Verdict) -> str:
    style = get_style(translation.get_language() or "en")
    header = [
        _("Day"),
        _("Customers"),
        _("Left"),
        "AUC",
        "Brier",
        _("AUC of the base model"),
        _("AUC of recency"),
    ]
    rows = []
    for day, taken in _list_told(shown, verdict):
        rows.append(
            [
                day.at.isoformat(),
                f"{day.n:,}",
                f"{day.leavers:,}",
                _round(taken.auc),
                _round(taken.brier),
                _round(day.judged["base"].auc),
                _round(day.recency_auc),
            ]
        )
    return "\n".join(([write_rows(header, rows)] if rows else []) + [_name_verdict(verdict, style)])


def _round(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}"


def _write_scores(scores: Scores) -> str:
    style = get_style(translation.get_language() or "en")
    told = _name_verdict(scores.verdict, style)
    if scores.verdict.level == "refused" or scores.chances is None:
        return told
    worst = np.argsort(-scores.chances, kind="stable")[:20]
    rows = []
    names = {row.id: name_customer(row) for row in list_customer_rows(scores.customer_ids[worst].tolist())}
    for place in worst.tolist():
        pk = int(scores.customer_ids[place])
        chance = f"{scores.chances[place]:.1%}" if scores.verdict.level == "percent" else ""
        rows.append(
            [
                str(pk),
                strip_direction_marks(names.get(pk, "")),
                chance,
                _BANDS[max(int(scores.bands[place]), 0)],
            ]
        )
    return "\n".join([write_rows([_("Id"), _("Name"), _("Risk of leaving"), _("Band")], rows), told])
