"""The list of tasks, a task's page, and what is done with tasks."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vafa.act.followups.actions import change_task, create_task
from vafa.act.followups.queries import (
    count_tasks,
    find_task,
    get_counts,
    list_assignable,
    list_tasks,
)
from vafa.act.followups.types import SHOWS, TaskFilter, TaskUnusable
from vafa.data.customers.queries import list_customer_rows
from vafa.front.address import get_address
from vafa.front.customers.rows import name_customer
from vafa.front.followups import acting
from vafa.front.followups.asked import (
    Eyes,
    build_address,
    find_asked_customer,
    name_show,
    open_eyes,
    read_filter,
)
from vafa.front.followups.forms import TaskForm, build_initial
from vafa.front.followups.shown import EXPORT_COLUMNS, build_task_rows, list_export_rows
from vafa.front.followups.words import SNOOZES, list_ahead_choices, list_outcome_choices
from vafa.front.overview.exports import FORMATS, build_sheet
from vafa.front.overview.pickers import Option
from vafa.front.second_step.confirming import confirm_first
from vafa.kit import clock
from vafa.kit.audit import record
from vafa.kit.ids import read_id
from vafa.kit.locale.formats import format_moment, format_number
from vafa.kit.permissions import Permission, may, only_with, requires

PAGE_SIZE = 50
MOST_EXPORTED = 50_000


@requires(Permission.WORK_TASKS)
@require_safe
def tasks(request: HttpRequest) -> HttpResponseBase:
    """`/tasks/`: filters and the page are in the address."""
    eyes = open_eyes(request)
    asked = read_filter(request, eyes)
    start = (read_id(request.GET.get("from", "")) or 0) // PAGE_SIZE * PAGE_SIZE
    total = count_tasks(eyes.viewer, asked, eyes.moment)
    found = list_tasks(eyes.viewer, asked, eyes.moment, start=start, count=PAGE_SIZE)
    customer = find_asked_customer(request.GET.get("customer", ""), eyes)
    may_assign = may(request.user, Permission.ASSIGN_TASKS)
    context = {
        "rows": build_task_rows(found, eyes.moment, eyes.style),
        "asked": asked,
        "tabs": _build_tabs(request, eyes, asked),
        "whose": _list_whose(asked),
        "people": [
            Option(str(one.pk), str(one), one.pk == asked.staff_id) for one in list_assignable() if may_assign
        ],
        "customer": customer,
        "customer_name": name_customer(list_customer_rows([customer.pk])[0]) if customer else "",
        "summary": _describe_page(start, len(found), total, eyes),
        "previous_url": build_address(request, **{"from": start - PAGE_SIZE or None}) if start else None,
        "next_url": build_address(request, **{"from": start + PAGE_SIZE})
        if start + PAGE_SIZE < total
        else None,
        "is_empty": not total and asked == TaskFilter(whose=asked.whose),
        "query": build_address(request)[1:],
        "here": request.get_full_path(),
        "undoable": acting.take_undo(request),
        "may_assign": may_assign,
        "may_rule": may(request.user, Permission.EDIT_RULES),
        "may_export": may(request.user, Permission.EXPORT) and bool(found),
        "formats": FORMATS,
        **build_bar(eyes, may_assign=may_assign),
    }
    return render(request, "followups/tasks.html", context)


def build_bar(eyes: Eyes, *, may_assign: bool) -> dict[str, Any]:
    """The choices of the bar that acts on chosen tasks."""
    return {
        "outcomes": list_outcome_choices(),
        "snoozes": list_ahead_choices(SNOOZES, eyes.moment.today, eyes.style),
        "assignable": [(str(one.pk), str(one)) for one in list_assignable()] if may_assign else [],
    }


def _build_tabs(request: HttpRequest, eyes: Eyes, asked: TaskFilter) -> list[dict[str, Any]]:
    counts = get_counts(eyes.viewer, asked, eyes.moment)
    return [
        {
            "url": build_address(request, show=None if show == "open" else show),
            "title": name_show(show),
            "active": show == asked.show,
            "count": format_number(count, eyes.style) if (count := getattr(counts, show, 0)) else "",
        }
        for show in SHOWS
    ]


def _list_whose(asked: TaskFilter) -> list[Option]:
    titles = {"all": _("Everybody's"), "mine": pgettext("tasks", "Mine"), "nobody": _("Nobody's yet")}
    return [Option(name, title, name == asked.whose) for name, title in titles.items()]


def _describe_page(start: int, count: int, total: int, eyes: Eyes) -> str:
    if not total:
        return ""
    return _("%(first)s to %(last)s of %(total)s") % {
        "first": format_number(start + 1, eyes.style),
        "last": format_number(start + count, eyes.style),
        "total": format_number(total, eyes.style),
    }


@requires(Permission.EXPORT)
@only_with(Permission.WORK_TASKS)
@confirm_first(reads=True)
@require_safe
def export_tasks(request: HttpRequest, file_format: str) -> HttpResponseBase:
    """`/tasks/export.<csv|xlsx>`: the tasks of the filter, as the list shows them."""
    if file_format not in FORMATS:
        raise Http404
    eyes = open_eyes(request)
    found = list_tasks(eyes.viewer, read_filter(request, eyes), eyes.moment, count=MOST_EXPORTED)
    record(
        "tasks.exported",
        by=request.user,
        now=clock.now(),
        address=get_address(request),
        rows=len(found),
        format=file_format,
    )
    return build_sheet("tasks", EXPORT_COLUMNS, list_export_rows(found), file_format)


@requires(Permission.WORK_TASKS)
@require_http_methods(["GET", "HEAD", "POST"])
def new_task(request: HttpRequest) -> HttpResponseBase:
    """`/tasks/new/?customer=`: a form with everything that can be said."""
    eyes = open_eyes(request)
    customer = find_asked_customer(request.GET.get("customer", ""), eyes)
    start = {
        "due_on": eyes.moment.today,
        "priority": "2",
        "assignee": str(request.user.pk),
        "customer": f"id:{customer.pk}" if customer else "",
        "title": request.GET.get("title", "")[:300],
    }
    form = _build_form(request, eyes, start)
    if customer:
        form.fields["customer"].help_text = escape(name_customer(list_customer_rows([customer.pk])[0]))
    if request.method == "POST" and form.is_valid() and _save(request, form, None):
        messages.success(request, _("The task is noted."))
        return redirect(acting.read_next(request, reverse("tasks")))
    return _show_form(request, form, {"customer": customer, "task": None})


@requires(Permission.WORK_TASKS)
@require_http_methods(["GET", "HEAD", "POST"])
def task(request: HttpRequest, task_id: int) -> HttpResponseBase:
    """`/tasks/<id>/`: one task, to be changed while it is open."""
    eyes = open_eyes(request)
    found = find_task(task_id, eyes.viewer)
    if found is None:
        raise Http404
    (row,) = build_task_rows([found], eyes.moment, eyes.style)
    form = _build_form(request, eyes, build_initial(found))
    form.fields["customer"].help_text = escape(row.customer)  # the template trusts it
    if request.method == "POST" and form.is_valid() and _save(request, form, found):
        messages.success(request, _("Saved."))
        return redirect("task", found.pk)
    context = {
        "task": found,
        "row": row,
        "made": format_moment(found.made_at, eyes.zone, eyes.style),
        "closed": format_moment(found.closed_at, eyes.zone, eyes.style) if found.closed_at else "",
        "undoable": acting.take_undo(request),
        **build_bar(eyes, may_assign=False),
    }
    return _show_form(request, form, context)


def _build_form(request: HttpRequest, eyes: Eyes, start: dict[str, Any]) -> TaskForm:
    return TaskForm(
        request.POST if request.method == "POST" else None,
        initial=start,
        eyes=eyes,
        staff=request.user,
        may_assign=may(request.user, Permission.ASSIGN_TASKS),
    )


def _save(request: HttpRequest, form: TaskForm, found: Any) -> bool:
    """Make or change the task; False where it can't be so, which the form then tells."""
    usual = request.user.pk if found is None else found.assignee_id
    try:
        told = form.build_told(usual)
        if found is None:
            create_task(told, by=request.user, now=clock.now())
        else:
            change_task(found.pk, told, by=request.user, now=clock.now())
    except TaskUnusable as problem:
        form.add_error(problem.field if problem.field in form.fields else None, str(problem))
        return False
    return True


def _show_form(request: HttpRequest, form: TaskForm, context: dict[str, Any]) -> HttpResponseBase:
    status = 422 if form.errors else 200
    context |= {"form": form, "next": request.POST.get("next") or request.GET.get("next", "")}
    return render(request, "followups/task.html", context, status=status)


@requires(Permission.WORK_TASKS)
@require_POST
def act_on_tasks(request: HttpRequest) -> HttpResponseBase:
    """Finish, put off, give on, cancel or reopen the chosen tasks: `do` says what."""
    acting.act(request, open_eyes(request))
    return redirect(acting.read_next(request, reverse("tasks")))


@requires(Permission.WORK_TASKS)
@require_POST
def undo_tasks(request: HttpRequest) -> HttpResponseBase:
    """Take back what was done last."""
    acting.undo(request, open_eyes(request))
    return redirect(acting.read_next(request, reverse("tasks")))
