"""Rules written in an automation itself: the conditions of entry and of branches, by the builder that segments have."""

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from vafa.act.automations import actions, queries
from vafa.act.automations.types import Condition, Document
from vafa.data.staff.queries import list_staff
from vafa.front.automations.access import get_automation_or_404
from vafa.front.overview.viewer import get_visible
from vafa.front.overview.views import Page
from vafa.front.segments.controls import Offers, build_group
from vafa.front.segments.draft import DraftCondition, DraftGroup, apply, list_used, read_draft
from vafa.front.segments.preview import build_preview
from vafa.front.segments.reading import understand, write_draft
from vafa.kit import clock
from vafa.kit.permissions import Permission, only_with, requires
from vafa.measure.segments.queries import (
    Names,
    describe_definition,
    list_segments,
    read_definition,
    write_definition,
)
from vafa.measure.segments.types import Definition
from vafa.warehouse.queries import open_snapshot


@requires(Permission.EDIT_MESSAGES)
@only_with(Permission.SEE_CUSTOMERS)
@require_http_methods(["GET", "HEAD", "POST"])
def automation_rules(request: HttpRequest, automation_id: int, where: str) -> HttpResponseBase:
    """`/automations/<id>/rules/<new|if-0|step-s1>/`: the rules of one condition of entry, or of one branch. A POST
    changes the form as `do` says, or keeps it in the draft."""
    return _Builder(request, get_automation_or_404(automation_id), where).answer()


def find_told(document: Document, where: str) -> dict[str, Any] | None:
    """The rules that stand at a place; {} where none do yet. Not found for a place that the draft doesn't have."""
    kind, _dash, name = where.partition("-")
    if where == "new":
        return {}
    if kind == "if" and name.isdecimal() and int(name) < len(document.conditions):
        return dict(document.conditions[int(name)].definition or {})
    for step, _depth in queries.walk(document.steps):
        if kind == "step" and step.id == name and step.kind == "branch":
            return dict(step.told.get("definition") or {})
    return None


def keep_told(document: Document, where: str, told: dict[str, Any]) -> Document:
    """The document with these rules at a place."""
    kind, _dash, name = where.partition("-")
    if kind == "step":
        return queries.tell_step(document, name, {"definition": told})
    condition = Condition(definition=told)
    if where == "new":
        return replace(document, conditions=(*document.conditions, condition))
    kept = list(document.conditions)
    kept[int(name)] = condition
    return replace(document, conditions=tuple(kept))


class _Builder:
    """One visit: what is said so far, and what is made of it."""

    def __init__(self, request: HttpRequest, one: queries.Automation, where: str) -> None:
        self.request, self.where = request, where
        self.automation, self.document = one, queries.get_draft(one)
        told = find_told(self.document, where)
        if told is None:
            raise Http404
        self.page = Page(request, "customer")
        self.calendar = self.page.style.calendar
        self.segments = {one.slug: one.name for one in list_segments()}
        self.new: tuple[int, ...] | None = None
        if request.method == "POST":
            self.draft = read_draft(dict(request.POST.lists()))
        elif told:
            self.draft = write_draft(read_definition(told), self.calendar)
        else:
            self.draft, self.new = DraftGroup("all", [DraftCondition(is_new=True)]), (0,)

    def answer(self) -> HttpResponseBase:
        """The form, changed as a button asked; or, once kept, the way back."""
        asked = self.request.POST.get("do", "") if self.request.method == "POST" else ""
        if asked != "save":
            if asked:
                self.new = apply(self.draft, asked)
            return self._render()
        understood = understand(self.draft, self.calendar, self.segments)
        if understood.definition is None or not understood.is_usable:
            return self._render(status=422)
        document = keep_told(self.document, self.where, write_definition(understood.definition))
        one = self.automation
        actions.save_draft(one.pk, one.name, document, by=self.request.user, now=clock.now())
        anchor = self.where if self.where.startswith("step-") else "conditions"
        address = f"{reverse('automation_edit', args=[one.pk])}#{anchor}"
        if self.request.headers.get("HX-Request") == "true":
            return HttpResponse(status=204, headers={"HX-Redirect": address})
        return redirect(address)

    def _render(self, status: int = 200) -> HttpResponse:
        understood = understand(self.draft, self.calendar, self.segments)
        snapshot = open_snapshot()
        seen = get_visible(snapshot, self.page.asker.owner_id)
        offers = Offers(snapshot, self.page.style, self.segments, used=list_used(self.draft), seen=seen)
        definition = understood.definition if understood.is_usable else None
        context = {
            "automation": self.automation,
            "is_branch": self.where.startswith("step-"),
            "is_incomplete": status != 200,
            "root": build_group(self.draft, understood, offers, new=self.new),
            "whats": offers.list_whats(),
            "sentence": self._describe(definition),
            "preview": None
            if definition is None
            else build_preview(self.page.asker, definition, self.page.style, clock.now()),
        }
        return render(self.request, "automations/rules.html", context, status=status)

    def _describe(self, definition: Definition | None) -> str:
        if definition is None:
            return ""
        staff = {str(one.pk): str(one) for one in list_staff()}
        return describe_definition(definition, self.page.style, Names(self.segments, staff))
