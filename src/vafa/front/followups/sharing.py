"""A task for each customer of a segment, or of a filtered list: counted before, shared out, undone as a whole."""

import secrets
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vafa.act.followups.actions import make_batch, undo_batch
from vafa.act.followups.queries import find_batch, list_assignable, list_batches, plan_batch
from vafa.act.followups.types import BatchPlan, BatchTold, BatchUnusable, Sharing, TaskUnusable
from vafa.data.customers.queries import search_customers
from vafa.front.customers.filters import find_members, read_filter
from vafa.front.date_field import DayField
from vafa.front.followups.asked import Eyes, open_eyes
from vafa.front.followups.words import list_priority_choices
from vafa.front.overview.pickers import list_segment_options
from vafa.front.overview.views import Page
from vafa.kit import clock
from vafa.kit.locale.digits import to_latin_digits
from vafa.kit.locale.formats import format_moment, format_number
from vafa.kit.permissions import Permission, requires
from vafa.lab.calendars import CalendarName

KEPT = ("q", "state", "segment", "tag", "field", "value", "rule")
_MOST_FOUND = 1000


class ShareForm(forms.Form):
    """What is to be done, from when on, and by whom."""

    title = forms.CharField(label=gettext_lazy("What is to be done"), max_length=300)
    notes = forms.CharField(
        label=gettext_lazy("Notes"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, eyes: Eyes, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        calendar = cast("CalendarName", eyes.business.calendar)
        self.fields["due_on"] = DayField(label=_("Day"), calendar=calendar)
        self.fields["days"] = forms.CharField(
            label=_("Spread over so many days"), max_length=5, help_text=_("1: all of them on that day.")
        )
        self.fields["days"].widget.attrs |= {"inputmode": "numeric", "dir": "ltr", "size": "4"}
        self.fields["priority"] = forms.ChoiceField(label=_("Priority"), choices=list_priority_choices())
        self.fields["sharing"] = forms.ChoiceField(
            label=_("Who does it"),
            choices=[
                ("owner", _("Who looks after the customer; the others in turn among the chosen")),
                ("evenly", _("In turn among the chosen")),
            ],
        )
        self.fields["staff"] = forms.MultipleChoiceField(
            label=_("Chosen staff"),
            choices=[(str(one.pk), str(one)) for one in list_assignable()],
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        for name in ("title", "notes"):
            self.fields[name].widget.attrs["dir"] = "auto"

    def clean_days(self) -> int:
        """Over how many days the tasks are spread."""
        text = to_latin_digits(self.cleaned_data["days"]).strip()
        if text.isascii() and text.isdigit() and 1 <= int(text) <= 366:
            return int(text)
        raise forms.ValidationError(_("Spread them over 1 to 366 days."))

    def build_told(self, key: str, segment: str) -> BatchTold:
        """The batch as it was told."""
        said = self.cleaned_data
        return BatchTold(
            key=key,
            title=said["title"],
            due_on=said["due_on"],
            segment=segment,
            notes=said["notes"],
            priority=int(said["priority"]),
            sharing=cast("Sharing", said["sharing"]),
            staff=tuple(int(pk) for pk in said["staff"]),
            days=said["days"],
        )


@dataclass(frozen=True)
class ShownShare:
    """How many tasks somebody gets."""

    name: str
    count: str


@requires(Permission.ASSIGN_TASKS)
@require_http_methods(["GET", "HEAD", "POST"])
def share_out(request: HttpRequest) -> HttpResponseBase:
    """`/tasks/for-many/?segment=...`, or any filter of the customers' list.

    A POST with do=make makes them; any other only tells how they would be shared out."""
    eyes, page = open_eyes(request), Page(request, "customer")
    customers = list_asked(request.GET, page)
    posted = request.method == "POST"
    start = {"due_on": eyes.moment.today, "days": "1", "priority": "2", "sharing": "owner"}
    form = ShareForm(request.POST if posted else None, initial=start, eyes=eyes)
    key = (request.POST.get("key", "") or secrets.token_hex(16))[:40]
    plan: BatchPlan | None = None
    if posted and form.is_valid():
        told = form.build_told(key, request.GET.get("segment", "")[:80])
        try:
            if request.POST.get("do") == "make":
                batch = make_batch(told, customers, by=request.user, now=clock.now())
                return redirect(f"{reverse('tasks')}?batch={batch.pk}&whose=all")
            plan = plan_batch(told, customers)
        except (BatchUnusable, TaskUnusable) as problem:
            form.add_error(problem.field if problem.field in form.fields else None, str(problem))
    names = {one.pk: str(one) for one in list_assignable()}
    context = {
        "form": form,
        "key": key,
        "count": page_count(len(customers), eyes),
        "is_nobody": not customers,
        "segments": list_segment_options(request.GET.get("segment")),
        "is_filtered": any(request.GET.get(name) for name in KEPT if name != "segment"),
        "plan": plan,
        "planned": page_count(plan.count, eyes) if plan else "",
        "left_out": format_number(plan.left_out, eyes.style) if plan and plan.left_out else "",
        "shares": [
            ShownShare(
                names.get(share.staff_id or 0, _("Nobody yet")), format_number(share.count, eyes.style)
            )
            for share in plan.shares
        ]
        if plan
        else [],
        "here": request.get_full_path(),
    }
    return render(request, "followups/for_many.html", context, status=422 if form.errors else 200)


def page_count(count: int, eyes: Eyes) -> str:
    """So many tasks, in words."""
    return ngettext("%(count)s task", "%(count)s tasks", count) % {"count": format_number(count, eyes.style)}


def list_asked(asked: QueryDict, page: Page) -> list[int]:
    """The ids of the customers that an address means, of those who may be seen; nobody where it asks for nothing."""
    if not any(asked.get(name) for name in KEPT):
        return []
    told = {name: str(asked.get(name, "")) for name in KEPT}
    found = read_filter(told, page.asker.snapshot.list_dimensions())
    members = find_members(page.asker, found, page.question.rule)
    ids = [int(pk) for pk in page.asker.snapshot.ids(members)]
    if not found.text:
        return ids
    region = page.business.phone_region or page.business.country
    named = set(search_customers(found.text, region=region, limit=_MOST_FOUND, owner_id=page.asker.owner_id))
    return [pk for pk in ids if pk in named]


@requires(Permission.ASSIGN_TASKS)
@require_safe
def batches(request: HttpRequest) -> HttpResponseBase:
    """`/tasks/batches/`: what was made for many at once, each with its undo."""
    eyes = open_eyes(request)
    rows = [
        {
            "id": batch.pk,
            "title": batch.title,
            "made": format_number(batch.made, eyes.style),
            "by": str(batch.made_by) if batch.made_by else "",
            "at": format_moment(batch.made_at, eyes.zone, eyes.style),
            "undone": format_moment(batch.undone_at, eyes.zone, eyes.style) if batch.undone_at else "",
        }
        for batch in list_batches(eyes.viewer)
    ]
    return render(request, "followups/batches.html", {"rows": rows})


@requires(Permission.ASSIGN_TASKS)
@require_POST
def take_batch_back(request: HttpRequest, batch_id: int) -> HttpResponseBase:
    """Take the untouched tasks of a batch away."""
    eyes = open_eyes(request)
    if find_batch(batch_id, eyes.viewer) is None:
        raise Http404
    count = undo_batch(batch_id, by=request.user, now=clock.now())
    said = ngettext("%(count)s task is taken back.", "%(count)s tasks are taken back.", count)
    messages.success(request, said % {"count": format_number(count, eyes.style)})
    return redirect("task_batches")
