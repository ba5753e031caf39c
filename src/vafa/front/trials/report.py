"""The monthly proof report: what was tried, on how many, what it cost, what it kept, what to stop."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from vafa.front.overview.exports import FORMATS, build_sheet
from vafa.front.overview.pickers import Option
from vafa.front.trials.access import TrialsPage
from vafa.front.trials.shown import FILE_COLUMNS, Row, build_row, list_file_row
from vafa.front.trials.words import get_money_unit, name_per_money, write_range
from vafa.kit.locale.formats import Style, format_money, format_number, format_period
from vafa.kit.permissions import Permission, requires
from vafa.lab.calendars import CalendarName
from vafa.lab.periods import Period, build_period
from vafa.lab.trial_pooling import Range, divide_by_cost
from vafa.prove.trials.queries import list_decisions, list_results, list_standings, list_trials
from vafa.prove.trials.types import Standing, Trial

_MOST_MONTHS = 36
# A result that did not work is worth a word only if somebody has not decided to stop it already.
_SETTLED = ("stop", "change")


@dataclass(frozen=True)
class Told:
    """The trials of a month with where they stand, those that came due in it first."""

    ended: list[tuple[Trial, Standing]]
    running: list[tuple[Trial, Standing | None]]


@requires(Permission.SEE_FIGURES)
@require_safe
def report(request: HttpRequest) -> HttpResponse:
    """`/trials/report/?month=`: the first day of the month, the newest with results unless asked otherwise."""
    page = TrialsPage(request)
    months = list_months(page.style.calendar)
    month = choose_month(months, request.GET.get("month", ""))
    told = gather(month) if month else Told([], [])
    decisions = list_decisions()
    style, currency = page.style, page.business.currency
    context: dict[str, Any] = {
        "months": [
            Option(one.start.isoformat(), name_month(one, style), one == month) for one in reversed(months)
        ],
        "month": name_month(month, style) if month else "",
        "asked_month": month.start.isoformat() if month else "",
        "ended": [
            build_row(trial, standing, decisions.get(trial.key, []), style) for trial, standing in told.ended
        ],
        "running": [
            build_row(trial, standing, decisions.get(trial.key, []), style)
            for trial, standing in told.running
        ],
        "summary": build_summary(told.ended, style, currency),
        "to_stop": list_to_stop(told.ended, decisions, style),
        "per_money": name_per_money(currency, style),
        "formats": FORMATS,
        "may_export": page.may_export,
    }
    return render(request, "trials/report.html", context)


@requires(Permission.EXPORT)
@require_safe
def export_report(request: HttpRequest, file_format: str) -> HttpResponse:
    """`/trials/report.<csv|xlsx>?month=`: the same as plain values."""
    page = TrialsPage(request)
    month = choose_month(list_months(page.style.calendar), request.GET.get("month", ""))
    told, decisions = gather(month) if month else Told([], []), list_decisions()
    rows = [
        list_file_row(trial, standing, decisions.get(trial.key, []))
        for trial, standing in [*told.ended, *told.running]
    ]
    return build_sheet("proof-report", FILE_COLUMNS, rows, file_format)


def list_months(calendar: CalendarName) -> list[Period]:
    """The months of the business's calendar in which a trial began or came due, in order."""
    days = {standing.as_of for _key, standing in list_results()}
    days |= {trial.started_at.date() for trial in list_trials()}
    periods = {
        build_period(day, "month", calendar).start: build_period(day, "month", calendar) for day in days
    }
    return [periods[start] for start in sorted(periods)][-_MOST_MONTHS:]


def choose_month(months: Sequence[Period], asked: str) -> Period | None:
    """The month that was asked for by its first day, else the newest."""
    try:
        day = date.fromisoformat(asked) if asked else None
    except ValueError:
        day = None
    return next((one for one in months if one.start == day), months[-1] if months else None)


def name_month(month: Period, style: Style) -> str:
    """The month by its name."""
    return format_period(month.start, month.end, "month", style, style.calendar)


def gather(month: Period) -> Told:
    """The trials that came due in a month, and those that had begun before its end and had not."""
    trials = {trial.key: trial for trial in list_trials()}
    results = dict(list_results()) | _list_cut(trials.values())
    ended = [
        (trials[key], standing)
        for key, standing in results.items()
        if key in trials and month.start <= standing.as_of < month.end
    ]
    open_ones = [
        trial
        for trial in trials.values()
        if trial.started_at.date() < month.end
        and not (trial.key in results and results[trial.key].as_of < month.end)
    ]
    standings = list_standings(trial.key for trial in open_ones)
    # A result that came later was not known in this month.
    running = [(trial, None if trial.key in results else standings.get(trial.key)) for trial in open_ones]
    return Told(ended, running)


def _list_cut(trials: Iterable[Trial]) -> dict[str, Standing]:
    """Where those stand whom people ended before their planned end: as they were then."""
    cut = {trial.key: trial.cut_on for trial in trials if trial.cut_on is not None}
    return {key: one for key, one in list_standings(cut).items() if one.as_of == cut[key]}


def sum_up(ended: Sequence[tuple[Trial, Standing]]) -> tuple[Range, float | None]:
    """Customers kept by all trials together with the interval (their variances add up), and what they cost; None where
    the cost of one is unknown. Trials that nothing may be claimed from are left out, and the universal
    holdout, which tells of the same messages once more."""
    claimed = [
        one
        for trial, one in ended
        if one.kept is not None and one.verdict != "mismatch" and not trial.is_universal
    ]
    if not claimed:
        return Range(None, None, None), None
    value = sum(one.saved.value or 0.0 for one in claimed)
    halves = [
        ((one.saved.high - one.saved.low) / 2) ** 2
        for one in claimed
        if one.saved.high is not None and one.saved.low is not None
    ]
    half = sum(halves) ** 0.5
    costs = [one.cost for one in claimed]
    cost = None if any(one is None for one in costs) else float(sum(one or 0.0 for one in costs))
    return Range(value, value - half, value + half), cost


def count_contacted(ended: Sequence[tuple[Trial, Standing]]) -> int:
    """How many customers something was sent to, each once a trial; the universal holdout sends nothing of its own."""
    return sum(one.treated for trial, one in ended if not trial.is_universal)


def build_summary(ended: Sequence[tuple[Trial, Standing]], style: Style, currency: str) -> dict[str, Any]:
    """The numbers on top."""
    saved, cost = sum_up(ended)
    per = divide_by_cost(saved, cost or 0.0, get_money_unit(currency))
    contacted = count_contacted(ended)
    return {
        "tried": format_number(len(ended), style),
        "contacted": format_number(contacted, style),
        "cost": None if cost is None else format_money(cost, currency, style),
        "saved": None if saved.value is None else format_number(saved.value, style, 0),
        "saved_range": write_range(saved, style),
        "per": None if per.value is None else format_number(per.value, style, 1),
        "per_range": write_range(per, style, 1),
    }


def list_to_stop(
    ended: Sequence[tuple[Trial, Standing]], decisions: dict[str, list[Any]], style: Style
) -> list[dict[str, str]]:
    """What has done harm, or cost money without a proven effect, and was not stopped or changed yet, and why."""
    found = []
    for trial, standing in ended:
        decided = decisions.get(trial.key)
        if decided and decided[0].choice in _SETTLED:
            continue
        why = explain_why_stop(standing, style)
        if why:
            row: Row = build_row(trial, standing, decided or [], style)
            found.append({"name": row.name, "url": row.url, "why": why})
    return found


def explain_why_stop(standing: Standing, style: Style) -> str:
    """Why to stop it; "" where there is no reason."""
    if standing.verdict == "harms":
        return _("It lost customers.")
    if standing.verdict == "unproven" and standing.cost:
        told = {
            "count": format_number(standing.treated, style),
            "cost": format_money(standing.cost, standing.currency, style),
        }
        return (
            ngettext(
                "It cost %(cost)s for %(count)s customer, and no effect is proven.",
                "It cost %(cost)s for %(count)s customers, and no effect is proven.",
                standing.treated,
            )
            % told
        )
    return ""
