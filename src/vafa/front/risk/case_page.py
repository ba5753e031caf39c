"""One case: how it came about, what is at stake, what comes next, and who sees to it."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from vafa.act.followups.queries import list_assignable
from vafa.act.followups.types import TaskUnusable
from vafa.act.saving.actions import plan_case
from vafa.act.saving.queries import (
    Case,
    find_case,
    get_person_id,
    list_at_stake,
    list_hints,
    list_moves,
    list_stage_times,
)
from vafa.act.saving.types import OPEN_STAGES, CaseUnusable
from vafa.data.customers.queries import list_customer_rows, list_reach
from vafa.front.customers.rows import name_customer
from vafa.front.followups.asked import Eyes, open_eyes
from vafa.front.followups.forms import QUICK_DAYS
from vafa.front.followups.words import list_ahead_choices
from vafa.front.overview.views import Page
from vafa.front.risk import acting
from vafa.front.risk.cards import Told, build_card, settle_stake
from vafa.front.risk.outlook import read_outlook
from vafa.front.risk.telling import find_reasons
from vafa.front.risk.words import describe_move, name_stage
from vafa.kit import clock
from vafa.kit.locale.formats import format_days, format_moment
from vafa.kit.permissions import Permission, may, requires


class StepForm(forms.Form):
    """What is to be done next, and in how many days."""

    title = forms.CharField(label=gettext_lazy("Next step"), max_length=300)

    def __init__(self, *args: Any, eyes: Eyes, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        days = list_ahead_choices(QUICK_DAYS, eyes.moment.today, eyes.style)
        self.fields["ahead"] = forms.ChoiceField(label=_("When"), choices=days, initial="1")
        self.fields["title"].widget.attrs |= {"dir": "auto", "autocomplete": "off"}


def save_step(request: HttpRequest, case: Case, form: StepForm, eyes: Eyes) -> bool:
    """Note the next step that a form tells; False where it can't be, which the form then says."""
    if not form.is_valid():
        return False
    due = eyes.moment.today + timedelta(days=int(form.cleaned_data["ahead"]))
    try:
        done = plan_case(case.pk, form.cleaned_data["title"], due, by=request.user, now=clock.now())
    except (CaseUnusable, TaskUnusable, ValidationError) as problem:
        form.add_error(None, str(problem))
        return False
    acting.remember(request, done, _("The next step is noted."))
    return True


@requires(Permission.SEE_CUSTOMERS)
@require_http_methods(["GET", "HEAD", "POST"])
def case(request: HttpRequest, case_id: int) -> HttpResponseBase:
    """`/risk/cases/<id>/`: a POST says the next step."""
    eyes = open_eyes(request)
    found = find_case(case_id, eyes.viewer)
    may_work = may(request.user, Permission.WORK_TASKS)
    if found is None or (request.method == "POST" and not may_work):
        raise Http404
    form = StepForm(request.POST if request.method == "POST" else None, eyes=eyes)
    if request.method == "POST" and save_step(request, found, form, eyes):
        return redirect("risk_case", found.pk)
    context = _build_context(request, found, eyes) | {"form": form, "may_work": may_work}
    return render(request, "risk/case.html", context, status=422 if form.errors else 200)


def _build_context(request: HttpRequest, found: Case, eyes: Eyes) -> dict[str, Any]:
    page, now, style = Page(request, "customer"), clock.now(), eyes.style
    outlook, person = read_outlook(page.asker, page.style), get_person_id(found)
    row = list_customer_rows([person])[0]
    reach = list_reach([person]).get(person)
    times = list_stage_times([found], now)[found.pk]
    hint = list_hints([found], page.asker.snapshot).get(found.pk)
    stake = settle_stake(found, list_at_stake([person], page.asker.snapshot).get(person))
    reasons = find_reasons(page.asker, [person], outlook, style).get(person, [])
    may_assign = may(request.user, Permission.ASSIGN_TASKS)
    people = [(str(one.pk), str(one)) for one in list_assignable()] if may_assign else []
    return {
        "case": found,
        "card": build_card(
            found,
            stake,
            name_customer(row),
            Told(hint, times, reasons[0].text if reasons else ""),
            outlook,
            eyes,
            now,
        ),
        "stage": name_stage(found.stage),
        "phone": reach.phone if reach else "",
        "opened": format_moment(found.made_at, eyes.zone, style),
        "horizon": format_days(found.horizon_days, style),
        "times": [
            (name_stage(stage), format_days(times[stage].days, style))
            for stage in OPEN_STAGES
            if stage in times
        ],
        "moves": [
            {
                "stage": name_stage(move.stage),
                "how": describe_move(move.why),
                "by": str(move.by) if move.by else "",
                "at": format_moment(move.at, eyes.zone, style),
            }
            for move in list_moves(found)
        ],
        "reasons": reasons,
        "people": people,
        "undoable": acting.take_undo(request),
        "here": reverse("risk_case", args=[found.pk]),
    }
