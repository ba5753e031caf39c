"""The what-if page: what churn, price or the cost of winning customers would do, from the business's own numbers."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html

from vafa.data.business.queries import get_customer_word
from vafa.front.navigation import find_url
from vafa.front.overview.exports import FORMATS, build_sheet
from vafa.front.overview.texts import write_sentence
from vafa.front.overview.views import Page
from vafa.front.what_if.claims import list_claims
from vafa.front.what_if.form import CHANGES, TODAY, WhatIfForm
from vafa.front.what_if.own_numbers import Own, find_own_numbers, pick_values
from vafa.front.what_if.result import RAW_COLUMNS, build_result, list_raw
from vafa.kit.locale.formats import Style
from vafa.kit.permissions import Permission, may, only_with, requires


@requires(Permission.SEE_FIGURES)
def what_if(request: HttpRequest) -> HttpResponse:
    """`/what-if/`: the address holds every number, so it can be shared."""
    page = Page(request)
    own = find_own_numbers(page)
    form = WhatIfForm(request.GET.dict(), pick_values(own), page.style)
    for name in TODAY:
        form.fields[name].help_text = _tell_source(own[name], page.style, request.user)
    valid = form.is_valid()
    asked = form.asked if valid else None
    context: dict[str, Any] = {
        "form": form,
        "problems": page.problems,
        "today_fields": [form[name] for name in TODAY],
        "change_fields": [form[name] for name in CHANGES],
        "result": build_result(asked, get_customer_word(page.business), page.style) if asked else None,
        "claims": list_claims(asked, own, page.style),
        "is_limited": page.asker.owner_id is not None,
        "is_asked": bool(request.GET),
        "may_export": may(request.user, Permission.EXPORT),
        "formats": FORMATS,
        "query": request.GET.urlencode(),
    }
    return render(request, "what_if/what_if.html", context)


def _tell_source(own: Own, style: Style, staff: Any) -> str:
    """Where a number comes from, or the way to where it is entered, for whoever may enter it."""
    told = write_sentence(own.told, style)
    needed = Permission.IMPORT if own.url == find_url("imports") else Permission.CHANGE_SETTINGS
    if own.url is None or not may(staff, needed):
        return told
    return format_html('{} <a class="link" href="{}">{}</a>', told, own.url, own.url_text)


@requires(Permission.EXPORT)
@only_with(Permission.SEE_FIGURES)
def export(request: HttpRequest, file_format: str) -> HttpResponse:
    """`/what-if.<csv|xlsx>`: both courses month by month."""
    if file_format not in FORMATS:
        raise Http404
    page = Page(request)
    form = WhatIfForm(request.GET.dict(), pick_values(find_own_numbers(page)), page.style)
    if not form.is_valid() or form.asked is None:
        raise Http404
    return build_sheet("what-if", RAW_COLUMNS, list_raw(form.asked), file_format)
