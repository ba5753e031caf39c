"""The form of an automation: an ordered list of steps that is the drawing at once, and works without scripts.

Every button sends the whole form: what is written in it is kept in the draft, and then the button's own thing is done.
"""

from dataclasses import replace
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vafa.act.automations import actions, queries
from vafa.act.automations.types import (
    AGAIN_RULES,
    GOALS,
    STEP_KINDS,
    WHEN_KINDS,
    Again,
    Condition,
    Document,
    StepKind,
    When,
)
from vafa.front.automations import ruling
from vafa.front.automations.access import Eyes, get_automation_or_404, open_eyes
from vafa.front.automations.drawing import build_steps, describe_conditions
from vafa.front.automations.fields import (
    Asking,
    list_step_inputs,
    list_when_inputs,
    read_inputs,
    read_number,
)
from vafa.front.automations.words import (
    ICONS,
    name_again,
    name_goal,
    name_problem,
    name_purpose,
    name_step,
    name_when,
)
from vafa.kit.locale.digits import to_latin_digits
from vafa.kit.permissions import Permission, requires


@requires(Permission.EDIT_MESSAGES)
@require_http_methods(["GET", "HEAD", "POST"])
def automation_edit(request: HttpRequest, automation_id: int) -> HttpResponseBase:
    """`/automations/<id>/edit/`: the form; a POST keeps the draft and does what `do` says."""
    eyes = open_eyes(request)
    one = get_automation_or_404(automation_id)
    asking = eyes.open_asking()
    if request.method == "POST":
        return _take(request, one, eyes, asking)
    document = queries.get_draft(one)
    problems = queries.check(document) if one.playbook or document.steps else []
    context = {
        "automation": one,
        "document": document,
        "when_kinds": [(kind, name_when(kind)) for kind in WHEN_KINDS],
        "when_inputs": [
            replace(inp, id=f"when-{inp.name}") for inp in list_when_inputs(document.when, asking)
        ],
        "conditions": list(enumerate(describe_conditions(document, asking))),
        "ruled": [n for n, told in enumerate(document.conditions) if not told.segment],
        "segments": asking.segments,
        "steps": build_steps(document, asking, problems=problems, editing=True),
        "kinds": [(kind, name_step(kind), ICONS[kind]) for kind in STEP_KINDS],
        "agains": [(rule, name_again(rule)) for rule in AGAIN_RULES],
        "goals": [(goal, name_goal(goal)) for goal in GOALS],
        "purposes": [(one, name_purpose(one)) for one in ("marketing", "service")],
        "holdout": "" if document.holdout is None else round(document.holdout * 100),
        "problems": [name_problem(problem.code) for problem in problems if not problem.step],
        "eyes": eyes,
    }
    return render(request, "automations/edit.html", context)


def _take(request: HttpRequest, one: queries.Automation, eyes: Eyes, asking: Asking) -> HttpResponseBase:
    said = request.POST
    document = read_form(said, queries.get_draft(one), asking)
    what, _colon, where = said.get("do", "save").partition(":")
    document, anchor = change(document, what, where, said)
    name = said.get("name", "").strip() or one.name
    actions.save_draft(one.pk, name, document, by=request.user, now=eyes.now)
    if what == "save":
        messages.success(request, _("Saved."))
        return redirect("automation", one.pk)
    if what == "dry_run":
        return redirect("automation_dry_run", one.pk)
    if what == "rules" and ruling.find_told(document, where) is not None:
        return redirect("automation_rules", one.pk, where)
    return redirect(f"{reverse('automation_edit', args=[one.pk])}#{anchor}")


def read_form(said: QueryDict, document: Document, asking: Asking) -> Document:
    """The draft with what stands in the form. Inputs of a trigger that was changed just now follow from the new one."""
    kind = said.get("when-kind", document.when.kind)
    told = read_inputs(list_when_inputs(document.when, asking), "when", said, asking)
    when = replace(document.when, **told)
    if kind in WHEN_KINDS and kind != document.when.kind:
        when = replace(When(cast("Any", kind)), at=document.when.at, segment=document.when.segment)
    purpose = said.get("purpose", document.purpose)
    share = to_latin_digits(said.get("holdout", "")).strip().rstrip("%٪")
    document = replace(
        document,
        when=when,
        again=Again(
            cast("Any", _pick(said.get("again", ""), AGAIN_RULES, document.again.rule)),
            max(read_number(to_latin_digits(said.get("again-days", "0")).strip()), 0),
        ),
        goal=cast("Any", _pick(said.get("goal", ""), GOALS, document.goal)),
        exits=bool(said.get("exits")),
        purpose=cast("Any", _pick(purpose, ("marketing", "service"), document.purpose)),
        holdout=read_number(share) / 100 if share else None,
        horizon_days=min(max(read_number(to_latin_digits(said.get("horizon", "30")).strip()), 1), 365),
    )
    for step, _depth in list(queries.walk(document.steps)):
        own = read_inputs(list_step_inputs(step, asking), step.id, said, asking)
        if step.kind == "message":
            own = _read_message(own)
        if own:
            document = queries.tell_step(document, step.id, own)
    return document


def _read_message(own: dict[str, Any]) -> dict[str, Any]:
    """A channel and a text as a document keeps them."""
    kind, _colon, value = str(own.pop("text", "text:")).partition(":")
    channel = own.pop("channel", "email")
    chosen = {"template": int(value), "text": ""} if kind == "template" and value.isdecimal() else None
    return {
        **own,
        "channels": [channel],
        **(chosen or {"template": None, "text": value if kind == "text" else ""}),
    }


def _pick(text: str, allowed: tuple[str, ...], usual: str) -> str:
    return text if text in allowed else usual


def change(document: Document, what: str, where: str, said: QueryDict) -> tuple[Document, str]:
    """The document after a button was pressed, and where the page shall stand then."""
    if what == "add":
        step_id, _dot, way = where.partition(".")
        kind = said.get(f"kind-{where}" if where else "kind-end", "")
        if kind in STEP_KINDS:
            new = queries.take_id(document)
            return queries.add_step(document, cast("StepKind", kind), inside=step_id, way=way), f"step-{new}"
    elif what in ("up", "down"):
        return queries.move_step(document, where, up=what == "up"), f"step-{where}"
    elif what == "remove":
        return queries.remove_step(document, where), "steps"
    elif what == "condition":
        slug = said.get("condition-segment", "")
        if slug:
            added = Condition(slug, said.get("condition-member", "in") == "in")
            return replace(document, conditions=(*document.conditions, added)), "conditions"
    elif what == "without_condition" and where.isdecimal():
        kept = tuple(one for n, one in enumerate(document.conditions) if n != int(where))
        return replace(document, conditions=kept), "conditions"
    return document, "automation-form"
