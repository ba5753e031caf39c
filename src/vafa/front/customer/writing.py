"""Writing down on the customer file: the bar with its kinds, changing and taking away, promises, files."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vafa.data.business.queries import get_business, get_style
from vafa.data.customers.queries import list_ids_of
from vafa.data.interactions.actions import (
    change_entry,
    remove_entry,
    restore_entry,
    settle_promise,
    write_down,
)
from vafa.data.interactions.queries import can_change, find_attachment, find_fact, find_written, get_path
from vafa.front.address import get_address
from vafa.front.customer.entry_form import EntryForm, list_outcomes
from vafa.front.customer.kinds import KNOWN, WRITABLE
from vafa.front.customer.mentions import can_open, find_called, list_callable, tell_called
from vafa.front.customer.parts import SeeOther, get_customer_or_404, render_part
from vafa.front.navigation import find_url
from vafa.kit import clock
from vafa.kit.audit import record
from vafa.kit.errors import VafaError
from vafa.kit.permissions import Permission, requires

if TYPE_CHECKING:
    from vafa.data.customers.models import Customer
    from vafa.data.interactions.models import Written

_STATES = ("open", "kept", "broken")
REMOVED = "removed_entry"


def build_bar(customer_id: int, kind: str = "note", form: EntryForm | None = None) -> dict[str, Any]:
    """What the template of the bar needs: its kinds, and the form of the chosen one."""
    return {
        "kinds": [
            {
                "name": one.get_name(),
                "icon": one.icon,
                "url": reverse("write_down", args=[customer_id, one.code]),
                "chosen": one.code == kind,
            }
            for one in WRITABLE
        ],
        "form": form or _build_form(kind),
        "action": reverse("write_down", args=[customer_id, kind]),
        "outcomes": list_outcomes(),
        "kind_name": KNOWN[kind].get_name(),
    }


@requires(Permission.WRITE_NOTES)
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, customer_id: int, kind: str) -> HttpResponseBase:
    """`/customers/<id>/write/<kind>/`: the form of a kind; a POST writes it down."""
    customer = get_customer_or_404(request, customer_id)
    if kind not in {one.code for one in WRITABLE}:
        raise Http404
    if request.method != "POST":
        return _show_bar(request, customer, kind)
    form, now = _build_form(kind, request), clock.now()
    if not form.is_valid():
        return _show_bar(request, customer, kind, form)
    called = _list_called(form)
    try:
        written = write_down(
            customer.pk,
            form.build_entry(now),
            by=request.user,
            now=now,
            mentions=[one.pk for one in called],
            files=form.cleaned_data["files"],
        )
    except VafaError as problem:
        form.blame(problem)
        return _show_bar(request, customer, kind, form)
    _tell(request, customer, written.key, called, now)
    messages.success(request, _("Written down."))
    return SeeOther(_get_story(customer))


@requires(Permission.WRITE_NOTES)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, customer_id: int, key: str) -> HttpResponseBase:
    """`/customers/<id>/written/<key>/`: the form with what is written; a POST changes it."""
    customer, written = _get_written(request, customer_id, key)
    fact = find_fact(written)
    if fact is None or not can_change(written, request.user):
        raise Http404
    initial = {
        "text": fact.text,
        "day": fact.day,
        "outcome": fact.outcome,
        "minutes": fact.minutes,
        "topic": written.topic,
        "due_on": written.due_on,
        "mentions": [str(mention.staff_id) for mention in written.mentions.all()],
    }
    attached = list(written.attachments.all())
    form = _build_form(written.kind, request if request.method == "POST" else None, initial, attached)
    if request.method == "POST" and form.is_valid():
        now, called = clock.now(), _list_called(form)
        known = {mention.staff_id for mention in written.mentions.all()}
        try:
            change_entry(
                key,
                form.build_entry(now, (fact.day, fact.at)),
                by=request.user,
                now=now,
                mentions=[one.pk for one in called],
                files=form.cleaned_data["files"],
                without=form.list_gone(),
            )
        except VafaError as problem:
            form.blame(problem)
        else:
            _tell(request, customer, key, [one for one in called if one.pk not in known], now)
            messages.success(request, _("Saved."))
            return SeeOther(_get_story(customer))
    context = {
        "form": form,
        "action": request.path,
        "outcomes": list_outcomes(),
        "kind_name": KNOWN[written.kind].get_name(),
        "remove_url": reverse("remove_written", args=[customer.pk, key]),
        "entry_key": key,
    }
    return render_part(
        request, customer, "customers/edit_entry.html", context, status=422 if form.errors else 200
    )


@requires(Permission.WRITE_NOTES)
@require_POST
def remove(request: HttpRequest, customer_id: int, key: str) -> HttpResponseBase:
    """Take something written away; the next page offers to put it back."""
    customer, _written = _get_written(request, customer_id, key)
    try:
        remove_entry(key, by=request.user, now=clock.now())
    except VafaError as problem:
        messages.error(request, str(problem))
    else:
        request.session[REMOVED] = {"customer": customer.pk, "key": key}
    return SeeOther(_get_story(customer))


@requires(Permission.WRITE_NOTES)
@require_POST
def restore(request: HttpRequest, customer_id: int, key: str) -> HttpResponseBase:
    """Put something back that was taken away."""
    customer, _written = _get_written(request, customer_id, key)
    request.session.pop(REMOVED, None)
    try:
        restore_entry(key, by=request.user, now=clock.now())
    except VafaError as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("It is back."))
    return SeeOther(_get_story(customer))


@requires(Permission.WRITE_NOTES)
@require_POST
def promise(request: HttpRequest, customer_id: int, key: str) -> HttpResponseBase:
    """Say that a promise was kept or broken, or that it is open again (`state`)."""
    customer, _written = _get_written(request, customer_id, key)
    state = request.POST.get("state", "")
    if state not in _STATES:
        raise Http404
    try:
        settle_promise(key, state, by=request.user, now=clock.now())  # type: ignore[arg-type]
    except VafaError as problem:
        messages.error(request, str(problem))
    else:
        said = {
            "open": _("The promise is open again."),
            "kept": _("The promise was kept."),
            "broken": _("The promise was broken."),
        }
        messages.success(request, said[state])
    return SeeOther(_get_next(request, customer))


@requires(Permission.SEE_CUSTOMERS)
@require_GET
def attachment(request: HttpRequest, customer_id: int, attachment_id: int) -> HttpResponseBase:
    """`/customers/<id>/files/<file>/`: a file, to be saved and never opened in the page."""
    customer = get_customer_or_404(request, customer_id)
    found = find_attachment(attachment_id)
    if found is None or found.written.customer_id not in list_ids_of(customer.pk):
        raise Http404
    try:
        content = get_path(found.place).open("rb")
    except FileNotFoundError:
        raise Http404 from None
    record(
        "attachment.taken",
        by=request.user,
        now=clock.now(),
        subject=f"customer:{customer.pk}",
        address=get_address(request),
        attachment=found.pk,
    )
    answer = FileResponse(
        content, as_attachment=True, filename=found.name, content_type="application/octet-stream"
    )
    # Whatever a browser makes of it: without a right to anything here.
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["Cache-Control"] = "private, no-store"
    return answer


def find_removed(request: HttpRequest, customer_id: int) -> str | None:
    """The key of what this person has just taken away from this file; told once."""
    removed = request.session.get(REMOVED)
    if not removed or removed["customer"] != customer_id:
        return None
    del request.session[REMOVED]
    return str(removed["key"])


def _build_form(
    kind: str,
    request: HttpRequest | None = None,
    initial: dict[str, Any] | None = None,
    attached: list[Any] | None = None,
) -> EntryForm:
    business = get_business()
    return EntryForm(
        request.POST if request else None,
        request.FILES if request else None,
        initial=initial,
        kind=kind,
        style=get_style(translation.get_language() or "en", business),
        today=clock.today(business.zone),
        staff=list_callable() if kind == "note" else (),
        attached=attached or (),
    )


def _show_bar(
    request: HttpRequest, customer: "Customer", kind: str, form: EntryForm | None = None
) -> HttpResponseBase:
    context = {"bar": build_bar(customer.pk, kind, form)}
    return render_part(request, customer, "customers/write_bar.html", context, status=422 if form else 200)


def _list_called(form: EntryForm) -> list[Any]:
    """Whom a note calls: who was ticked, and whose name is in the text."""
    if form.kind != "note":
        return []
    people = list_callable()
    ticked = form.list_called()
    named = {one.pk for one in find_called(form.cleaned_data["text"], people)}
    return [one for one in people if one.pk in ticked | named]


def _tell(request: HttpRequest, customer: "Customer", key: str, called: list[Any], now: datetime) -> None:
    """Send the mails, and warn where somebody who was called may not see this customer."""
    tell_called([one for one in called if can_open(one, customer)], customer, key, by=request.user, now=now)
    for one in called:
        if not can_open(one, customer):
            messages.warning(request, _("%(name)s may not see this customer.") % {"name": str(one)})


def _get_written(request: HttpRequest, customer_id: int, key: str) -> "tuple[Customer, Written]":
    customer = get_customer_or_404(request, customer_id)
    written = find_written(key)
    if written is None or written.customer_id not in list_ids_of(customer.pk):
        raise Http404
    return customer, written


def _get_story(customer: "Customer") -> str:
    return f"{reverse('customer', args=[customer.pk])}#timeline-title"


def _get_next(request: HttpRequest, customer: "Customer") -> str:
    """Where a promise was settled from: the page of today, else the file."""
    today = find_url("today") if request.POST.get("next") == "today" else None
    return today or _get_story(customer)
