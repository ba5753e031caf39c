"""The list of trials, and the result of one."""

from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vafa.data.intake.queries import ValueProblem, parse_number
from vafa.front.overview.exports import FORMATS, build_sheet
from vafa.front.overview.pickers import Option
from vafa.front.trials.access import TrialsPage
from vafa.front.trials.report import sum_up
from vafa.front.trials.shown import (
    FILE_COLUMNS,
    build_arms,
    build_costs,
    build_course,
    build_each,
    build_effects,
    build_pooled,
    build_row,
    list_file_row,
)
from vafa.front.trials.words import (
    explain_kept,
    explain_trial,
    explain_verdict,
    find_per_money,
    get_money_unit,
    name_choice,
    name_kind,
    name_per_money,
    name_trial,
    write_range,
)
from vafa.kit import clock
from vafa.kit.errors import AskedWrongly
from vafa.kit.ids import read_id
from vafa.kit.locale.formats import (
    Style,
    format_day,
    format_days,
    format_moment,
    format_money,
    format_number,
    format_percent,
    get_currency_name,
    isolate,
)
from vafa.kit.permissions import Permission, requires
from vafa.lab.trial_looks import MISMATCH_P
from vafa.lab.trial_pooling import divide_by_cost
from vafa.prove.trials.actions import add_expense, decide, remove_expense, restore_expense
from vafa.prove.trials.queries import (
    Decision,
    Expense,
    find_standing,
    find_trial,
    list_decided,
    list_decisions,
    list_expenses,
    list_looks,
    list_results,
    list_standings,
    list_trials,
    pool_series,
)
from vafa.prove.trials.types import CHOICES, KINDS, Standing, Trial

# The key of the session under which stands what was taken back last, to be brought back by one click.
_REMOVED = "trial_expense_removed"
STATES = ("all", "running", "over")


@requires(Permission.SEE_FIGURES)
@require_safe
def trials(request: HttpRequest) -> HttpResponse:
    """`/trials/?state=`: all trials, the newest first, or those that run or are over."""
    page = TrialsPage(request)
    state = request.GET.get("state", "all")
    found = _list_asked(state)
    standings, decisions = list_standings(trial.key for trial in found), list_decisions()
    names = {"all": _("All"), "running": _("Running"), "over": _("Over")}
    context: dict[str, Any] = {
        "rows": [
            build_row(trial, standings.get(trial.key), decisions.get(trial.key, []), page.style)
            for trial in found
        ],
        "has_any": bool(found) or bool(list_trials()),
        "tabs": [{"url": f"?state={name}", "title": names[name], "active": state == name} for name in STATES],
        "state": state if state in STATES else "all",
        "per_money": name_per_money(page.business.currency, page.style),
        "holdout_url": reverse("settings_holdout") if page.may_set_holdout else "",
        "formats": FORMATS,
        "may_export": page.may_export,
    }
    return render(request, "trials/trials.html", context)


@requires(Permission.EXPORT)
@require_safe
def export_trials(request: HttpRequest, file_format: str) -> HttpResponse:
    """`/trials.<csv|xlsx>?state=`: the list as plain values."""
    TrialsPage(request)
    found = _list_asked(request.GET.get("state", "all"))
    standings, decisions = list_standings(trial.key for trial in found), list_decisions()
    rows = [list_file_row(trial, standings.get(trial.key), decisions.get(trial.key, [])) for trial in found]
    return build_sheet("trials", FILE_COLUMNS, rows, file_format)


@requires(Permission.SEE_FIGURES)
@require_safe
def trial(request: HttpRequest, key: str) -> HttpResponse:
    """`/trials/<key>/`: the result, or where it stands."""
    page = TrialsPage(request)
    context = _build_trial(page, _find(key)) | {"removed_expense": request.session.pop(_REMOVED, None)}
    return render(request, "trials/trial.html", context)


@requires(Permission.SEND_MESSAGES)
@require_POST
def decide_trial(request: HttpRequest, key: str) -> HttpResponseBase:
    """Write down what was decided and why."""
    page = TrialsPage(request)
    found = _find(key)
    try:
        decide(
            key, request.POST.get("choice", ""), request.POST.get("why", ""), by=request.user, now=clock.now()
        )
    except AskedWrongly as error:
        context = _build_trial(page, found) | {
            "problem": str(error),
            "asked_choice": request.POST.get("choice", ""),
            "asked_why": request.POST.get("why", ""),
        }
        return render(request, "trials/trial.html", context, status=422)
    return redirect("trial", key)


@requires(Permission.SEND_MESSAGES)
@require_POST
def pay_trial(request: HttpRequest, key: str) -> HttpResponseBase:
    """Write down what a trial cost beside its messages (`do` add), take it back (`remove`) or bring it back
    (`restore`)."""
    page = TrialsPage(request)
    found, by, now = _find(key), request.user, clock.now()
    said = request.POST
    if said.get("do") in ("remove", "restore"):
        change = remove_expense if said["do"] == "remove" else restore_expense
        number = read_id(said.get("expense", ""))
        if number is None or not change(key, number, by=by, now=now):
            raise Http404
        request.session[_REMOVED] = number if said["do"] == "remove" else None
        return redirect(f"{reverse('trial', args=[key])}#costs")
    try:
        add_expense(
            key,
            said.get("kind", ""),
            _read_amount(said.get("amount", "")),
            said.get("note", ""),
            by=by,
            now=now,
        )
    except AskedWrongly as error:
        context = _build_trial(page, found) | {"cost_problem": str(error), "asked_cost": said}
        return render(request, "trials/trial.html", context, status=422)
    return redirect(f"{reverse('trial', args=[key])}#costs")


def _read_amount(text: str) -> Decimal:
    try:
        return parse_number(text.strip())
    except ValueProblem as problem:
        raise AskedWrongly(_("Write an amount above zero."), code="amount_unfit", field="amount") from problem


@requires(Permission.SEE_FIGURES)
@require_http_methods(["GET", "HEAD"])
def decisions(request: HttpRequest) -> HttpResponse:
    """`/trials/decisions/`: who decided what, when and why."""
    page = TrialsPage(request)
    names = {found.key: name_trial(found, page.style) for found in list_trials()}
    rows = [
        {
            "key": key,
            "name": names.get(key, key),
            "decision": _write_decision(decision, page.zone, page.style),
        }
        for key, decision in _list_log()
    ]
    return render(
        request, "trials/decisions.html", {"rows": rows, "formats": FORMATS, "may_export": page.may_export}
    )


@requires(Permission.EXPORT)
@require_safe
def export_decisions(request: HttpRequest, file_format: str) -> HttpResponse:
    """`/trials/decisions.<csv|xlsx>`: the log as plain values."""
    TrialsPage(request)
    rows = [[key, one.at, str(one.by or ""), one.choice, one.why] for key, one in _list_log()]
    return build_sheet("decisions", ("trial", "at", "by", "choice", "why"), rows, file_format)


def _list_log() -> list[tuple[str, Decision]]:
    log = [(key, one) for key, made in list_decisions().items() for one in made]
    return sorted(log, key=lambda pair: pair[1].at, reverse=True)


def _list_asked(state: str) -> list[Trial]:
    found = list_trials()
    if state not in ("running", "over"):
        return found
    over = list_decided()
    return [one for one in found if (one.key in over or one.cut_on is not None) == (state == "over")]


def _find(key: str) -> Trial:
    found = find_trial(key)
    if found is None:
        raise Http404
    return found


def _build_trial(page: TrialsPage, found: Trial) -> dict[str, Any]:
    """All that the page of one trial shows."""
    style, standing = page.style, find_standing(found.key)
    decided = list_decisions([found.key]).get(found.key, [])
    runs = [one for one in list_results(found.series) if one[0] != found.key]
    context: dict[str, Any] = {
        "trial": found,
        "row": build_row(found, standing, decided, style),
        "standing": standing,
        "about": explain_trial(found, style),
        "facts": _list_facts(page, found, standing),
        "decisions": [_write_decision(one, page.zone, style) for one in decided],
        "choices": [Option(choice, name_choice(choice), False) for choice in CHOICES],
        "may_decide": page.may_decide,
        "expenses": [_write_expense(one, page.zone, style) for one in list_expenses(found.key)],
        "kinds": [Option(kind, name_kind(kind), False) for kind in KINDS],
        "currency": get_currency_name(page.business.currency, style.language),
        "other_runs": format_number(len(runs), style) if runs else "",
        "pooled": _build_pooled(found, style, page.business.currency),
    }
    if standing is None:
        return context
    per = find_per_money(standing)
    return context | {
        "explained": explain_verdict(standing, style),
        "per_money": name_per_money(standing.currency, style),
        "per": None if per.value is None else format_number(per.value, style, 1),
        "per_range": write_range(per, style, 1),
        "arms": build_arms(standing, found, style),
        "each": build_each(standing, style),
        "costs": build_costs(standing, style),
        "effects": build_effects(standing, style) if standing.verdict not in ("mismatch", "nobody") else None,
        "course": build_course(list_looks(found.key), style),
    }


def _build_pooled(found: Trial, style: Style, currency: str) -> dict[str, Any] | None:
    """All runs of one campaign or automation as one, with what they kept and cost together."""
    pooled = build_pooled(pool_series(found.series), style)
    if pooled is None:
        return None
    saved, cost = sum_up([(found, standing) for _key, standing in list_results(found.series)])
    per = divide_by_cost(saved, cost or 0.0, get_money_unit(currency))
    return pooled | {
        "saved": format_number(saved.value, style, 0) if saved.value is not None else "",
        "saved_range": write_range(saved, style),
        "cost": format_money(cost, currency, style) if cost is not None else "",
        "per": format_number(per.value, style, 1) if per.value is not None else "",
        "per_range": write_range(per, style, 1),
        "per_title": name_per_money(currency, style),
    }


def _list_facts(page: TrialsPage, found: Trial, standing: Standing | None) -> list[tuple[str, str]]:
    """How the trial was made, in pairs of name and value."""
    style = page.style
    horizon = format_days(found.horizon_days, style)
    shares = ", ".join(format_percent(share, style, 0) for _arm, share in sorted(found.shares.items()))
    facts = [
        (_("Began"), format_moment(found.started_at, page.zone, style)),
        (_("Judged after"), horizon),
        (_("Control and contacted"), shares),
    ]
    if found.planned:
        facts.append((_("Planned for"), format_number(found.planned, style)))
    if standing is None:
        return facts
    facts.append((_("What counts"), explain_kept(standing, horizon)))
    facts.append((_("Data until"), format_day(standing.last_on, style)))
    if standing.ratio_p is not None:
        fits = _("yes") if standing.ratio_p >= MISMATCH_P else _("no")
        facts.append((_("Groups as large as dealt"), f"{fits} ({_write_p(standing.ratio_p, style)})"))
    return facts


def _write_p(p: float, style: Style) -> str:
    """How often chance alone would do as much."""
    least = 0.001
    return isolate(f"p {'<' if p < least else '='} {format_number(max(p, least), style, 3)}")


def _write_expense(expense: Expense, zone: ZoneInfo, style: Style) -> dict[str, Any]:
    return {
        "id": expense.pk,
        "kind": name_kind(expense.kind),
        "amount": format_money(expense.amount, expense.currency, style),
        "note": expense.note,
        "by": str(expense.by or ""),
        "at": format_moment(expense.at, zone, style, "short"),
    }


def _write_decision(decision: Decision, zone: ZoneInfo, style: Style) -> dict[str, str]:
    return {
        "choice": name_choice(decision.choice),
        "why": decision.why,
        "by": str(decision.by or ""),
        "at": format_moment(decision.at, zone, style),
    }
