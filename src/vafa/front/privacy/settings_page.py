"""The settings of privacy: the do-not-send list, and for how long data are kept."""

import csv
import io
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from vafa.data.business.queries import get_business
from vafa.data.consent.actions import NotAPoint, suppress, suppress_many, unsuppress
from vafa.data.consent.queries import count_suppressed, find_suppression, list_suppressed
from vafa.front.privacy import inactive, retention
from vafa.front.settings_pages import say_saved, show_settings
from vafa.kit import clock
from vafa.kit.audit import record
from vafa.kit.ids import read_id
from vafa.kit.locale.digits import to_latin_digits
from vafa.kit.permissions import Permission, requires
from vafa.kit.sheets import CsvSheet

SHOWN = 100
MOST_BYTES = 4 << 20
MOST_TOLD = 5
COLUMNS = ("kind", "masked", "digest", "everything", "reason", "at")


@requires(Permission.CHANGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def settings_privacy(request: HttpRequest) -> HttpResponseBase:
    """`/settings/privacy/?find=`: the list and the periods; a POST adds, removes, imports, or sets periods (`do`)."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        acts = {"add": _add, "remove": _remove, "import": _import, "keep": _keep}
        act = acts.get(request.POST.get("do", ""))
        if act is not None and not act(request, errors):
            return redirect("settings_privacy")
    return show_settings(request, "settings_privacy", _build_context(request, errors), failed=bool(errors))


@requires(Permission.CHANGE_SETTINGS)
@require_safe
def export_suppressed(request: HttpRequest) -> HttpResponse:
    """`/settings/privacy/do-not-send.csv`: the list; addresses and numbers masked, with their digests."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="do-not-send.csv"'
    content = io.BytesIO()
    sheet = CsvSheet(content, COLUMNS)
    for listed in list_suppressed(limit=count_suppressed()):
        sheet.add([getattr(listed, name) for name in COLUMNS])
    response.write(content.getvalue())
    record("suppression.exported", by=request.user, now=clock.now())
    return response


def _add(request: HttpRequest, errors: dict[str, str]) -> bool:
    """Whether something is wrong with what was asked."""
    sent = request.POST
    try:
        suppress(
            sent.get("point", ""),
            get_business().phone_region,
            reason=sent.get("reason", "").strip(),
            everything=sent.get("everything") == "1",
            by=request.user,
            now=clock.now(),
        )
    except NotAPoint as problem:
        errors["point"] = str(problem)
        return True
    say_saved(request)
    return False


def _remove(request: HttpRequest, errors: dict[str, str]) -> bool:
    number, reason = read_id(request.POST.get("listed", "")), request.POST.get("reason", "").strip()
    if not reason:
        errors["remove"] = _("Say why it is taken off the list.")
        return True
    listed = find_suppression(number) if number is not None else None
    if listed is not None:
        unsuppress(listed, reason=reason, by=request.user, now=clock.now())
        say_saved(request)
    return False


def _import(request: HttpRequest, errors: dict[str, str]) -> bool:
    file = request.FILES.get("file")
    if file is None or (file.size or 0) > MOST_BYTES:
        errors["file"] = _(
            "Choose a file of at most 4 MB: one address or number on each line, then its reason."
        )
        return True
    text = file.read().decode("utf-8-sig", errors="replace")
    rows = [(line, row) for line, row in enumerate(csv.reader(io.StringIO(text)), start=1) if any(row)]
    found = suppress_many(
        ((line, row[0], row[1] if len(row) > 1 else "") for line, row in rows),
        get_business().phone_region,
        by=request.user,
        now=clock.now(),
    )
    said = ngettext(
        "%(count)s address or number is new.", "%(count)s addresses or numbers are new.", found.added
    )
    messages.success(request, said % {"count": found.added})
    if found.unreadable:
        lines = ", ".join(str(line) for line, _text in found.unreadable[:MOST_TOLD])
        messages.warning(
            request, _("These lines hold neither an address nor a number: %(lines)s.") % {"lines": lines}
        )
    return False


def _keep(request: HttpRequest, errors: dict[str, str]) -> bool:
    days: dict[str, int] = {}
    for kind in retention.KINDS:
        text = to_latin_digits(request.POST.get(f"days.{kind.key}", "")).strip() or "0"
        is_number = text.isascii() and text.isdigit() and len(text) <= len(str(retention.MOST_DAYS))
        if not is_number or int(text) > retention.MOST_DAYS:
            errors["keep"] = _("Write days as whole numbers; 0 keeps for ever.")
            return True
        days[kind.key] = int(text)
    by_itself = request.POST.get("by_itself") == "1"
    retention.keep_for(days, erases_by_itself=by_itself, by=request.user, now=clock.now())
    say_saved(request)
    return False


def _build_context(request: HttpRequest, errors: dict[str, str]) -> dict[str, Any]:
    find, listed = request.GET.get("find", ""), []
    try:
        listed = list_suppressed(find=find, region=get_business().phone_region, limit=SHOWN)
    except NotAPoint as problem:
        errors["find"] = str(problem)
    days = retention.get_days()
    goes = retention.preview(days, clock.now())
    return {
        "listed": listed,
        "count": count_suppressed(),
        "find": find,
        "errors": errors,
        "by_itself": inactive.is_by_itself(),
        "kinds": [
            {"key": kind.key, "name": kind.name, "days": str(days[kind.key]), "goes": goes[kind.key]}
            for kind in retention.KINDS
        ],
    }
