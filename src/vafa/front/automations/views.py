"""Automations: the list with the playbooks, and one with its flow, its numbers and what can be done with it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from vafa.act.automations import actions, queries
from vafa.act.automations.types import AutomationUnusable, Counts, Document
from vafa.front.automations.access import Eyes, get_automation_or_404, open_eyes
from vafa.front.automations.drawing import build_steps, describe_conditions, describe_when
from vafa.front.automations.proof import Plan, describe_plan, describe_share, plan
from vafa.front.automations.words import name_again, name_goal, name_problem, name_purpose, name_state
from vafa.kit.locale.formats import format_day, format_number
from vafa.kit.permissions import Permission, may, requires
from vafa.warehouse.queries import open_snapshot


@requires(Permission.EDIT_MESSAGES)
@require_safe
def automations(request: HttpRequest) -> HttpResponseBase:
    """`/automations/?archived=1`: what runs, what is being written, and the playbooks ready to be switched on."""
    eyes = open_eyes(request)
    archived = bool(request.GET.get("archived"))
    found = queries.list_automations(archived=archived)
    counts = queries.get_counts([one.pk for one in found], eyes.owner_id)
    asking = eyes.open_asking()
    taken = {one.playbook for one in found if one.playbook}
    context = {
        "rows": [_build_row(one, counts.get(one.pk, Counts()), eyes, asking) for one in found],
        "playbooks": [
            {"code": one.code, "name": one.name, "meaning": one.meaning,
             "taken": one.code in taken}
            for one in queries.list_playbooks()
        ],
        "archived": archived,
        "eyes": eyes,
    }  # fmt: skip
    return render(request, "automations/automations.html", context)


def _build_row(one: queries.Automation, counts: Counts, eyes: Eyes, asking: Any) -> dict[str, Any]:
    document = queries.get_published(one) or queries.get_draft(one)
    state, tone = name_state(one.state)
    return {
        "id": one.pk,
        "name": one.name,
        "state": state,
        "tone": tone,
        "when": describe_when(document.when, asking),
        "entered": format_number(counts.entered, eyes.style),
        "running": format_number(counts.running, eyes.style),
        "goal": format_number(counts.goal, eyes.style),
        "held_out": format_number(counts.held_out, eyes.style),
        "problem": one.problem,
        "is_archived": one.archived_at is not None,
    }


@requires(Permission.EDIT_MESSAGES)
@require_POST
def new_automation(request: HttpRequest) -> HttpResponseBase:
    """Begin an empty draft, or one by a playbook (`playbook`), and go on to its form."""
    eyes = open_eyes(request)
    code = request.POST.get("playbook", "")
    try:
        if code:
            made = actions.create_from_playbook(code, by=request.user, now=eyes.now)
        else:
            made = actions.create_automation(
                request.POST.get("name", "").strip() or _("New automation"), by=request.user, now=eyes.now
            )
    except KeyError as unknown:
        raise Http404 from unknown
    return redirect("automation_edit" if not code else "automation", made.pk)


@requires(Permission.EDIT_MESSAGES)
@require_safe
def automation(request: HttpRequest, automation_id: int) -> HttpResponseBase:
    """`/automations/<id>/?version=`: the flow that runs (or the draft), with who is where."""
    eyes = open_eyes(request)
    one = get_automation_or_404(automation_id)
    asking = eyes.open_asking()
    asked = request.GET.get("version", "")
    version = queries.find_version(one.pk, int(asked)) if asked.isdecimal() else one.version
    if asked.isdecimal() and version is None:
        raise Http404
    document = queries.read_document(version.document) if version else queries.get_draft(one)
    is_current = version is None or version.pk == one.version_id
    waiting = queries.count_at_steps(one.pk, eyes.owner_id) if is_current else {}
    counts = queries.get_counts([one.pk], eyes.owner_id).get(one.pk, Counts())
    problems = queries.check(queries.get_draft(one)) if one.state in ("draft", "off") else []
    planned = None if version else plan(document, open_snapshot(), eyes.now)
    state, tone = name_state(one.state)
    context = {
        "automation": one,
        "state": state,
        "tone": tone,
        "when": describe_when(document.when, asking),
        "conditions": describe_conditions(document, asking),
        "steps": build_steps(document, asking, waiting=waiting, problems=problems),
        "facts": _list_facts(document, eyes, planned),
        "proof": describe_plan(planned, eyes.style) if planned is not None else "",
        "figures": _list_figures(counts, eyes, one.pk),
        "versions": _list_versions(one, eyes),
        "shown": version.number if version and not is_current else None,
        "is_changed": one.version is not None and one.version.document != one.draft,
        "problems": [name_problem(problem.code) for problem in problems if not problem.step],
        "can_publish": not problems,
        "eyes": eyes,
        "trial": one.version.trial if one.version else "",
        "trial_url": _find_results(one, request),
    }
    return render(request, "automations/automation.html", context)


def _find_results(one: queries.Automation, request: HttpRequest) -> str:
    """Where the results against the control group are, for who may see figures."""
    if one.version is None or not one.version.trial or not may(request.user, Permission.SEE_FIGURES):
        return ""
    return reverse("trial", args=[one.version.trial])


def _list_facts(document: Document, eyes: Eyes, planned: Plan | None) -> list[tuple[str, str]]:
    holdout = describe_share(planned or Plan(None, document.holdout or 0.0, is_chosen=True), eyes.style)
    return [
        (_("How often somebody enters"), name_again(document.again.rule)),
        (_("Goal"), name_goal(document.goal)),
        (_("Purpose of its messages"), name_purpose(document.purpose)),
        (_("Control group"), holdout),
    ]


def _list_figures(counts: Counts, eyes: Eyes, automation_id: int) -> list[dict[str, Any]]:
    log = reverse("automation_log", args=[automation_id])
    told = [
        (_("Entered"), counts.entered, ""),
        (_("On the way"), counts.running, "running"),
        (_("Through"), counts.done, "done"),
        (_("Arrived at the goal"), counts.goal, "goal"),
        (_("Control group"), counts.held_out, "held_out"),
        (_("Left on the way"), counts.exited + counts.stopped, "exited"),
    ]
    return [
        {
            "label": label,
            "value": format_number(value, eyes.style),
            "url": f"{log}?state={state}" if state else log,
        }
        for label, value, state in told
    ]


def _list_versions(one: queries.Automation, eyes: Eyes) -> list[dict[str, Any]]:
    return [
        {
            "number": version.number,
            "title": format_number(version.number, eyes.style),
            "day": format_day(version.published_at.astimezone(eyes.zone).date(), eyes.style),
            "by": str(version.published_by or ""),
            "entered": format_number(version.entered, eyes.style),  # type: ignore[attr-defined]
            "inside": format_number(version.inside, eyes.style),  # type: ignore[attr-defined]
            "is_current": version.pk == one.version_id,
        }
        for version in queries.list_versions(one.pk, eyes.owner_id)
    ]


@requires(Permission.SEND_MESSAGES)
@require_POST
def act_on_automation(request: HttpRequest, automation_id: int) -> HttpResponseBase:
    """Publish, pause, resume or switch an automation off: `do` says what."""
    one, eyes = get_automation_or_404(automation_id), open_eyes(request)
    what, by, now = request.POST.get("do", ""), request.user, eyes.now
    if what == "publish":
        try:
            draft = queries.get_draft(one)
            share = plan(draft, open_snapshot(), now).share if draft.holdout is None else 0.0
            version = actions.publish(one.pk, by=by, now=now, holdout=share)
            said = _("Version %(number)s runs now. Only what happens from now on lets somebody in.")
            messages.success(request, said % {"number": format_number(version.number, eyes.style)})
        except AutomationUnusable as problem:
            messages.error(request, str(problem))
            return redirect("automation_edit", one.pk)
    elif what == "pause":
        actions.pause_automation(one.pk, by=by, now=now)
        messages.success(request, _("Paused: nobody enters, no step is done, and no message goes out."))
    elif what == "resume":
        actions.resume_automation(one.pk, by=by, now=now)
        messages.success(request, _("It goes on. What happened during the pause lets nobody in."))
    elif what == "stop":
        left = actions.stop_automation(one.pk, by=by, now=now)
        said = _("Switched off. %(count)s who were on the way have been taken out.")
        messages.success(request, said % {"count": format_number(left, eyes.style)})
    else:
        raise Http404
    return redirect("automation", one.pk)


@requires(Permission.EDIT_MESSAGES)
@require_POST
def keep_automation(request: HttpRequest, automation_id: int) -> HttpResponseBase:
    """Put away, put back, copy, or make the draft what a version was: `do` says what."""
    one, eyes = get_automation_or_404(automation_id), open_eyes(request)
    what, by, now = request.POST.get("do", ""), request.user, eyes.now
    if what in ("archive", "put_back"):
        if not actions.archive_automation(one.pk, archived=what == "archive", by=by, now=now):
            messages.error(request, _("Switch it off first."))
        return redirect("automations")
    if what == "copy":
        name = _("Copy of %(name)s") % {"name": one.name}
        made = actions.copy_automation(one.pk, name, by=by, now=now)
        return redirect("automation_edit", made.pk)
    number = request.POST.get("number", "")
    if what == "revert" and number.isdecimal() and queries.find_version(one.pk, int(number)) is not None:
        actions.revert_draft(one.pk, int(number), by=by, now=now)
        return redirect("automation_edit", one.pk)
    raise Http404
