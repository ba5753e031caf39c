"""All that is held of a person as a file, and erasing a person."""

import io
import json
import zipfile
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vafa.data.business.queries import get_business
from vafa.data.consent.actions import NotAPoint, allow_again, ask_erasure, go_on
from vafa.data.consent.queries import Erasure, find_erasure, list_erasures, rehearse
from vafa.data.customers.queries import list_customer_rows, list_ids_of
from vafa.front.customer.parts import get_customer_or_404
from vafa.front.customers.rows import name_customer
from vafa.front.second_step.confirming import confirm_first
from vafa.kit import clock
from vafa.kit.audit import record
from vafa.kit.erasing import collect_person, get_names
from vafa.kit.errors import VafaError
from vafa.kit.permissions import Permission, requires


@requires(Permission.EXPORT_PERSON)
@confirm_first()
@require_http_methods(["GET", "HEAD", "POST"])
def export_person(request: HttpRequest, customer_id: int) -> HttpResponseBase:
    """`/customers/<id>/data/`: what would be in the file; a POST gives it, as JSON and as a page, in one ZIP."""
    customer = get_customer_or_404(request, customer_id)
    held = collect_person(list_ids_of(customer.pk))
    names = get_names()
    name = name_customer(list_customer_rows([customer.pk])[0])
    parts = [
        {"name": names.get(kind, kind), "count": len(rows), "rows": [list(row.items()) for row in rows]}
        for kind, rows in held.items()
        if rows
    ]
    if request.method != "POST":
        return render(request, "privacy/export.html", {"customer": customer, "name": name, "parts": parts})
    now = clock.now()
    record("customer.person_exported", by=request.user, now=now, subject=str(customer.pk), kinds=len(parts))
    context = {"name": name, "parts": parts, "now": now, "business": get_business().name}
    response = HttpResponse(
        _pack(held, render_to_string("privacy/held.html", context, request)), content_type="application/zip"
    )
    response["Content-Disposition"] = f'attachment; filename="customer-{customer.pk}.zip"'
    response["Cache-Control"] = "no-store"
    return response


def _pack(held: dict[str, list[dict[str, Any]]], page: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", json.dumps(held, ensure_ascii=False, indent=2))
        archive.writestr("data.html", page)
    return packed.getvalue()


@requires(Permission.ERASE_CUSTOMERS)
@confirm_first()
@require_http_methods(["GET", "HEAD", "POST"])
def erase_customer(request: HttpRequest, customer_id: int) -> HttpResponseBase:
    """`/customers/<id>/erase/`: what would go and what would stay; a POST with the number typed erases."""
    customer = get_customer_or_404(request, customer_id)
    wanted = str(customer.pk)
    error = ""
    if request.method == "POST":
        if request.POST.get("typed", "").strip().translate(_LATIN) == wanted:
            return _erase(request, customer.pk)
        error = _("Type the number exactly as it stands there.")
    erased = rehearse(customer.pk)
    context = {
        "customer": customer,
        "name": name_customer(list_customer_rows([customer.pk])[0]),
        "removed": _name_counts(erased.removed),
        "kept": _name_counts(erased.kept),
        "wanted": wanted,
        "error": error,
    }
    return render(request, "privacy/erase.html", context, status=422 if error else 200)


_LATIN = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")


def _erase(request: HttpRequest, customer_id: int) -> HttpResponseBase:
    erasure = ask_erasure(customer_id, by=request.user, now=clock.now())
    try:
        go_on(erasure, now=clock.now())
    except VafaError:
        # The worker goes on as soon as it can; the receipt tells how far it is.
        messages.info(request, _("Another import is at work. The erasure goes on as soon as it has ended."))
    return redirect("erasure", erasure.code)


def _name_counts(counts: Any) -> list[tuple[Any, int]]:
    names = get_names()
    return [(names.get(kind, kind), count) for kind, count in counts.items() if count]


@requires(Permission.ERASE_CUSTOMERS)
@require_http_methods(["GET", "HEAD", "POST"])
def erasures(request: HttpRequest) -> HttpResponseBase:
    """`/privacy/erasures/`: who is being erased or was; a POST lets somebody be a customer again."""
    error = typed = ""
    if request.method == "POST":
        typed = request.POST.get("point", "")
        try:
            if allow_again(typed, get_business().phone_region, by=request.user, now=clock.now()):
                messages.success(request, _("Files may bring this person again."))
                return redirect("erasures")
            error = _("Nobody with this address or number was erased.")
        except NotAPoint as problem:
            error = str(problem)
    context = {"rows": [_describe(one) for one in list_erasures()], "error": error, "typed": typed}
    return render(request, "privacy/erasures.html", context, status=422 if error else 200)


@requires(Permission.ERASE_CUSTOMERS)
@require_http_methods(["GET", "HEAD"])
def erasure(request: HttpRequest, code: str) -> HttpResponseBase:
    """`/privacy/erasures/<code>/`: the receipt."""
    found = find_erasure(code)
    if found is None:
        raise Http404
    return render(request, "privacy/receipt.html", {"row": _describe(found)})


def _describe(found: Erasure) -> dict[str, Any]:
    return {
        "erasure": found,
        "is_done": found.state == "done",
        "are_rows_gone": found.state in ("rows", "done"),
        "removed": _name_counts(found.removed),
        "kept": _name_counts(found.kept),
        "changed": _name_counts(found.changed),
    }
