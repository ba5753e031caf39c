"""`vafa trial list`, `show` and `report`: where trials stand, and what a month has proven."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any, cast

import typer
from django.utils.translation import gettext as _

from vafa.data.business.queries import get_business
from vafa.front.figures.printing import iso, write_rows
from vafa.front.trials.report import choose_month, count_contacted, gather, list_months, list_to_stop, sum_up
from vafa.front.trials.shown import build_row
from vafa.front.trials.words import (
    explain_trial,
    explain_verdict,
    find_per_money,
    get_money_unit,
    name_arm,
    name_per_money,
    name_trial,
    write_points_range,
)
from vafa.kit.errors import AskedWrongly
from vafa.kit.locale.formats import build_default_style, format_number, format_percent, format_percent_points
from vafa.kit.permissions import Permission
from vafa.kit.terminal import JsonOption, answer, needs
from vafa.lab.calendars import CalendarName
from vafa.lab.periods import Period
from vafa.lab.trial_pooling import Range, divide_by_cost
from vafa.prove.trials.queries import (
    Decision,
    find_standing,
    find_trial,
    list_decisions,
    list_looks,
    list_standings,
    list_trials,
    pool_series,
)
from vafa.prove.trials.types import Standing, Trial

_STYLE = build_default_style("en")


@needs(Permission.SEE_FIGURES)
def list_all(as_json: JsonOption = False) -> None:
    """List the trials, the newest first, with where each stands."""
    trials = list_trials()
    standings, decisions = list_standings(trial.key for trial in trials), list_decisions()
    documents = [
        build_document(trial, standings.get(trial.key), decisions.get(trial.key, [])) for trial in trials
    ]
    answer(
        {"trials": documents},
        as_json,
        lambda: _write_trials([(trial, standings.get(trial.key)) for trial in trials], decisions),
    )


@needs(Permission.SEE_FIGURES)
def show(
    key: Annotated[str, typer.Argument(metavar="KEY", help="The trial's key, as vafa trial list tells it.")],
    as_json: JsonOption = False,
) -> None:
    """Show one trial: its arms, what it changed with its intervals, what it cost, what was decided."""
    trial = find_trial(key)
    if trial is None:
        raise AskedWrongly(
            _("There is no trial with the key %(key)s.") % {"key": key},
            _("vafa trial list tells which there are."),
            code="trial_unknown",
        )
    standing, decided = find_standing(key), list_decisions([key]).get(key, [])
    pooled = pool_series(trial.series)
    document = build_document(trial, standing, decided) | {
        "arms": [asdict(arm) for arm in standing.arms] if standing else [],
        "each": [asdict(one) for one in standing.each] if standing else [],
        "looks": [_build_look(one) for one in list_looks(key)],
        "pooled": None if pooled is None else asdict(pooled),
        "decisions": [_build_decision(one) for one in decided],
    }
    answer(document, as_json, lambda: _write_trial(trial, standing, decided))


@needs(Permission.SEE_FIGURES)
def report(
    month: Annotated[
        str,
        typer.Option("--month", help="The month's first day, such as 2026-05-01; the newest unless said."),
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Tell what was tried in a month, on how many, what it cost, what it kept, and what to stop."""
    business = get_business()
    months = list_months(cast("CalendarName", business.calendar))
    chosen = choose_month(months, month)
    if month and (chosen is None or chosen.start.isoformat() != month):
        raise AskedWrongly(
            _("Nothing was tried in a month that begins on %(day)s.") % {"day": month},
            _("There are %(names)s.") % {"names": ", ".join(one.start.isoformat() for one in months)},
            code="no_such_month",
            option="--month",
        )
    decisions = list_decisions()
    told = gather(chosen) if chosen else None
    ended, running = (told.ended, told.running) if told else ([], [])
    saved, cost = sum_up(ended)
    per = divide_by_cost(saved, cost or 0.0, get_money_unit(business.currency))
    to_stop = list_to_stop(ended, decisions, _STYLE)
    document = {
        "month": iso(chosen.start) if chosen else None,
        "end": iso(chosen.end) if chosen else None,
        "tried": len(ended),
        "contacted": count_contacted(ended),
        "saved": asdict(saved),
        "cost": cost,
        "currency": business.currency,
        "saved_per_money": asdict(per) | {"unit": get_money_unit(business.currency)},
        "ended": [build_document(trial, one, decisions.get(trial.key, [])) for trial, one in ended],
        "running": [build_document(trial, one, decisions.get(trial.key, [])) for trial, one in running],
        "to_stop": [{"name": one["name"], "why": one["why"]} for one in to_stop],
    }

    def write() -> str:
        if chosen is None:
            return _("Nothing has been tried yet")
        return _write_report(chosen, [*ended, *running], decisions, saved, per, to_stop, business.currency)

    answer(document, as_json, write)


def build_document(trial: Trial, standing: Standing | None, decided: Sequence[Decision]) -> dict[str, Any]:
    """One trial with where it stands; figures are None before the first look. Shares are fractions."""
    document: dict[str, Any] = {
        "key": trial.key,
        "name": name_trial(trial, _STYLE),
        "origin": trial.origin,
        "shares": dict(trial.shares),
        "horizon_days": trial.horizon_days,
        "planned": trial.planned,
        "started_at": trial.started_at,
        "ended_early_on": iso(trial.cut_on),
        "decision": decided[0].choice if decided else None,
    }
    if standing is None:
        return document | {"verdict": None, "data_until": None, "kept": None}
    return document | {
        "verdict": standing.verdict,
        "final": standing.is_final,
        "data_until": iso(standing.last_on),
        "basis": standing.basis,
        "dealt": dict(standing.dealt),
        "sample_ratio_p": standing.ratio_p,
        "kept": None if standing.kept is None else asdict(standing.kept),
        "kept_plain": None if standing.kept_plain is None else asdict(standing.kept_plain),
        "adjusted": standing.is_adjusted,
        "orders": None if standing.orders is None else asdict(standing.orders),
        "money": None if standing.money is None else asdict(standing.money),
        "saved": asdict(standing.saved),
        "smallest": standing.smallest,
        "cost": standing.cost,
        "spent": dict(standing.spent),
        "currency": standing.currency,
        "saved_per_money": asdict(find_per_money(standing)) | {"unit": get_money_unit(standing.currency)},
    }


def _build_look(standing: Standing) -> dict[str, Any]:
    kept = standing.kept
    return {
        "data_until": iso(standing.last_on),
        "verdict": standing.verdict,
        "value": kept.value if kept else None,
        "low": kept.low if kept else None,
        "high": kept.high if kept else None,
    }


def _build_decision(decision: Decision) -> dict[str, Any]:
    by = str(decision.by) if decision.by else None
    return {"choice": decision.choice, "why": decision.why, "by": by, "at": decision.at}


def _write_trials(
    listed: Sequence[tuple[Trial, Standing | None]], decisions: dict[str, list[Decision]]
) -> str:
    if not listed:
        return _("Nothing has been tried yet")
    rows = []
    for trial, standing in listed:
        row = build_row(trial, standing, decisions.get(trial.key, []), _STYLE)
        rows.append([trial.key, row.name, row.verdict, row.customers, row.points, row.range, row.cost])
    header = [_("Key"), _("Name"), _("Result"), _("Customers"), _("Difference"), _("95% interval"), _("Cost")]
    return write_rows(header, rows)


def _write_trial(trial: Trial, standing: Standing | None, decided: Sequence[Decision]) -> str:
    row = build_row(trial, standing, decided, _STYLE)
    lines = [f"{row.name}: {row.verdict}", *explain_trial(trial, _STYLE)]
    if standing is None:
        return "\n".join(lines)
    lines += [explain_verdict(standing, _STYLE), ""]
    arms = [
        [
            name_arm(arm.name),
            format_number(arm.n, _STYLE),
            format_number(arm.kept, _STYLE),
            format_percent(arm.kept / arm.n if arm.n else None, _STYLE),
        ]
        for arm in standing.arms
    ]
    lines.append(write_rows([_("Group"), _("Customers"), _("Kept"), _("Share kept")], arms))
    if standing.each:
        each = [
            [
                name_arm(one.name),
                format_percent_points(one.kept.value, _STYLE),
                write_points_range(one.kept, _STYLE),
            ]
            for one in standing.each
        ]
        lines += ["", write_rows([_("Group"), _("Difference"), _("Interval for several comparisons")], each)]
    lines += ["", f"{_('What it cost')}: {row.cost or _('unknown')}"]
    if row.per_money:
        lines.append(f"{name_per_money(standing.currency, _STYLE)}: {row.per_money}")
    return "\n".join(lines)


def _write_report(
    month: Period,
    listed: Sequence[tuple[Trial, Standing | None]],
    decisions: dict[str, list[Decision]],
    saved: Range,
    per: Range,
    to_stop: Sequence[dict[str, str]],
    currency: str,
) -> str:
    def write(told: Range, decimals: int) -> str:
        if told.value is None:
            return _("unknown")
        ends = [format_number(one, _STYLE, decimals) for one in (told.value, told.low, told.high)]
        return "{} ({} … {})".format(*ends)

    lines = [
        f"{_('Proof report')} {month.start} … {month.end}",
        f"{_('Customers kept by them')}: {write(saved, 0)}",
        f"{name_per_money(currency, _STYLE)}: {write(per, 1)}",
        "",
        _write_trials(listed, decisions),
    ]
    if to_stop:
        lines += ["", _("What to stop"), *(f"{one['name']}: {one['why']}" for one in to_stop)]
    return "\n".join(lines)
