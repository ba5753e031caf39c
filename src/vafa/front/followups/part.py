"""The tasks of one customer, as a part of the customer file."""

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from vafa.act.followups.actions import create_task
from vafa.act.followups.queries import list_tasks_of
from vafa.act.followups.types import TaskUnusable
from vafa.data.customers.queries import list_ids_of
from vafa.front.customer.parts import get_customer_or_404, is_fragment, render_part
from vafa.front.followups import acting
from vafa.front.followups.asked import open_eyes
from vafa.front.followups.forms import QuickForm
from vafa.front.followups.shown import build_task_rows
from vafa.front.followups.views import build_bar
from vafa.kit import clock
from vafa.kit.permissions import Permission, requires


@requires(Permission.WORK_TASKS)
@require_http_methods(["GET", "HEAD", "POST"])
def customer_tasks(request: HttpRequest, customer_id: int) -> HttpResponseBase:
    """`/customers/<id>/tasks/`: open tasks and the last closed ones; a POST makes one, or acts on one (`do`)."""
    customer = get_customer_or_404(request, customer_id)
    eyes = open_eyes(request)
    form = QuickForm(request.POST if request.POST.get("do") == "new" else None, eyes=eyes)
    saved = True
    if request.POST.get("do") == "new":
        saved = form.is_valid() and _make(request, form, customer.pk)
    elif request.method == "POST":
        acting.act(request, eyes)
    if request.method == "POST" and saved and not is_fragment(request):
        return redirect(f"{reverse('customer', args=[customer.pk])}#part-tasks")
    if saved:
        form = QuickForm(eyes=eyes)
    context = {
        "rows": build_task_rows(list_tasks_of(list_ids_of(customer.pk)), eyes.moment, eyes.style),
        "form": form,
        "undoable": acting.take_undo(request),
        **build_bar(eyes, may_assign=False),
    }
    return render_part(request, customer, "followups/part.html", context, status=200 if saved else 422)


def _make(request: HttpRequest, form: QuickForm, customer_id: int) -> bool:
    try:
        create_task(form.build_told(customer_id, request.user.pk), by=request.user, now=clock.now())
    except TaskUnusable as problem:
        form.add_error(problem.field if problem.field in form.fields else None, str(problem))
        return False
    return True
