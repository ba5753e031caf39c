"""The import pages: bring a file, say how it is to be read, watch it come in, look back, and undo."""

from pathlib import Path
from typing import Any, cast

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vafa.data.business.queries import get_business
from vafa.data.intake.actions import (
    NotATable,
    check_plan,
    discard_upload,
    note_options,
    queue_import,
    queue_undo,
    read_plan,
    store_upload,
)
from vafa.data.intake.queries import find_import, list_imports
from vafa.data.intake.types import ImportOptions, Kind
from vafa.data.log.queries import list_source_names
from vafa.front.intake.asked import Asked, forget_columns, print_columns, read_answers
from vafa.front.intake.forms import UploadForm
from vafa.front.intake.labels import KIND_ICONS, KIND_NAMES, KIND_NOTES, list_kinds
from vafa.front.intake.shown import build_import_context, build_list_rows, build_mapping_context
from vafa.front.intake.tasks import bring_in, take_back
from vafa.kit import clock
from vafa.kit.errors import AskedWrongly, VafaError
from vafa.kit.permissions import Permission, may, requires
from vafa.lab.calendars import CalendarName

# The states in which it may still be said how a file is to be read.
OPEN_STATES = ("uploaded", "failed")


@requires(Permission.IMPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponseBase:
    """Bring a file; and what has come in so far."""
    if request.method == "POST":
        return _upload(request)
    return _show_list(request, UploadForm())


def _upload(request: HttpRequest) -> HttpResponseBase:
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show_list(request, form, status=422)
    options = ImportOptions(
        kind=cast("Kind", form.cleaned_data["kind"]), source=form.cleaned_data["source"].strip() or "main"
    )
    file = form.cleaned_data["file"]
    imported = store_upload(file, file.name, options, by=request.user, now=clock.now())
    try:
        read_plan(Path(imported.file_path), options, imported.file_name)
    except NotATable as error:
        discard_upload(imported)
        form.add_error("file", str(error))
        return _show_list(request, form, status=422)
    return _see_other("import_columns", imported.pk)


def _show_list(request: HttpRequest, form: UploadForm, status: int = 200) -> HttpResponse:
    chosen = form.data.get("kind") or request.GET.get("kind") or "orders"
    context = {
        "form": form,
        "kinds": [
            {"value": kind, "name": KIND_NAMES[kind], "note": KIND_NOTES[kind], "icon": KIND_ICONS[kind]}
            for kind in list_kinds()
        ],
        "chosen": chosen,
        "sources": list_source_names(),
        "rows": build_list_rows(list_imports()),
    }
    return render(request, "intake/imports.html", context, status=status)


@requires(Permission.IMPORT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def import_columns(request: HttpRequest, import_id: int) -> HttpResponseBase:
    """Say how a file is to be read: guess, questions, preview; and start."""
    imported = _get(import_id)
    if imported.state not in OPEN_STATES:
        return _see_other("import", import_id)
    calendar = cast("CalendarName", get_business().calendar)
    asked = Asked(ImportOptions.from_json(imported.options))
    if request.method == "POST":
        asked = read_answers(request.POST, asked.options, calendar)
    try:
        plan = read_plan(Path(imported.file_path), asked.options, imported.file_name)
        if request.method == "POST" and request.POST.get("columns") != print_columns(plan):
            asked.options = forget_columns(asked.options)
            plan = read_plan(Path(imported.file_path), asked.options, imported.file_name)
    except VafaError as error:
        if asked.options.mapping is not None and isinstance(error, AskedWrongly):
            asked.options = forget_columns(asked.options)
            plan = read_plan(Path(imported.file_path), asked.options, imported.file_name)
        else:
            return render(
                request, "intake/unreadable.html", {"imported": imported, "error": error}, status=422
            )
    tried = request.method == "POST" and "start" in request.POST
    if request.method == "POST":
        note_options(imported, asked.options)
    if tried and not asked.errors and not plan.missing and not plan.questions:
        check_plan(plan)
        queue_import(imported, asked.options)
        bring_in.enqueue(imported.pk, request.user.pk, translation.get_language() or "en")
        return _see_other("import", import_id)
    context = build_mapping_context(imported, plan, asked, translation.get_language() or "en", tried=tried)
    return render(request, "intake/columns.html", context, status=422 if tried else 200)


@requires(Permission.IMPORT)
@never_cache
@require_GET
def import_page(request: HttpRequest, import_id: int) -> HttpResponseBase:
    """An import on its way, or what it did."""
    imported = _get(import_id)
    if imported.state == "uploaded":
        return _see_other("import_columns", import_id)
    context = build_import_context(imported, translation.get_language() or "en", clock.now())
    context["may_undo"] = may(request.user, Permission.UNDO_IMPORT) and context["can_undo"]
    return render(request, "intake/import.html", context)


@requires(Permission.IMPORT)
@require_GET
def import_rejects(_request: HttpRequest, import_id: int) -> HttpResponseBase:
    """The file of rejected rows."""
    imported = _get(import_id)
    path = Path(imported.rejects_path) if imported.rejects_path else None
    if path is None or not path.is_file():
        raise Http404
    name = f"{Path(imported.file_name).stem}-rejects.csv"
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type="text/csv")


@requires(Permission.IMPORT)
@require_POST
def retry_import(request: HttpRequest, import_id: int) -> HttpResponseBase:
    """Go on with an import that stopped."""
    imported = _get(import_id)
    return _try(request, import_id, lambda: _queue_again(request, imported))


def _queue_again(request: HttpRequest, imported: Any) -> None:
    queue_import(imported, ImportOptions.from_json(imported.options))
    bring_in.enqueue(imported.pk, request.user.pk, translation.get_language() or "en")


@requires(Permission.UNDO_IMPORT)
@require_POST
def undo_import(request: HttpRequest, import_id: int) -> HttpResponseBase:
    """Take an import back."""
    imported = _get(import_id)

    def act() -> None:
        queue_undo(imported)
        take_back.enqueue(imported.pk, request.user.pk, translation.get_language() or "en")

    return _try(request, import_id, act)


@requires(Permission.IMPORT)
@require_POST
def discard_import(request: HttpRequest, import_id: int) -> HttpResponseBase:
    """Forget an uploaded file."""
    imported = _get(import_id)
    try:
        discard_upload(imported)
    except AskedWrongly as error:
        messages.error(request, str(error))
        return _see_other("import", import_id)
    messages.success(request, _("The file has been removed; nothing of it has come in."))
    return redirect("imports")


def _try(request: HttpRequest, import_id: int, act: Any) -> HttpResponseBase:
    try:
        act()
    except AskedWrongly as error:
        messages.error(request, str(error))
    return _see_other("import", import_id)


def _get(import_id: int) -> Any:
    imported = find_import(import_id)
    if imported is None:
        raise Http404
    return imported


def _see_other(name: str, import_id: int) -> HttpResponse:
    answer = redirect(name, import_id)
    answer.status_code = 303
    return answer
