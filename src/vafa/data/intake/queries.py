"""Asking about imports."""

import hashlib
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db.models import Q

from vafa.data.business.queries import get_business
from vafa.data.intake.keeping import count_old_files
from vafa.data.intake.messages import build_message
from vafa.data.intake.models import Import
from vafa.data.intake.plan import build_plan
from vafa.data.intake.preview import build_preview
from vafa.data.intake.reading.problems import ValueProblem
from vafa.data.intake.reading.questions import QUESTIONS as ANSWER_QUESTIONS
from vafa.data.intake.reading.scores import SCALES as ANSWER_SCALES
from vafa.data.intake.reading.tables import TableError, open_table
from vafa.data.intake.reading.values import DecimalMark, decide_decimal_mark, parse_number
from vafa.data.intake.survey_plan import DIRECTIONS as ANSWER_DIRECTIONS
from vafa.data.intake.survey_plan import METHODS as ANSWER_METHODS
from vafa.data.intake.tracing import is_import_at_work, list_rows_added, list_rows_of_no_import
from vafa.data.intake.types import ImportOptions, Plan, Preview
from vafa.kit.clock import today
from vafa.kit.home import get_folder

__all__ = [
    "ANSWER_DIRECTIONS",
    "ANSWER_METHODS",
    "ANSWER_QUESTIONS",
    "ANSWER_SCALES",
    "DecimalMark",
    "Import",
    "TableError",
    "ValueProblem",
    "count_old_files",
    "decide_decimal_mark",
    "find_import",
    "find_options",
    "get_plan",
    "get_preview",
    "has_brought",
    "has_brought_history",
    "is_import_at_work",
    "is_uploaded",
    "list_imports",
    "list_rows_added",
    "list_rows_of_no_import",
    "list_stalled",
    "open_table",
    "parse_number",
    "tell_reason",
    "to_document",
]


def get_plan(path: Path, options: ImportOptions, name: str | None = None) -> Plan:
    """How a file will be read, and what is left to ask; raises `TableError` where it is no table."""
    business = get_business()
    return build_plan(path, options, business, today(business.zone), name)


def get_preview(path: Path, plan: Plan, name: str | None = None) -> Preview:
    """The first rows of a file as they will be read, and the first that can't be."""
    return build_preview(path, plan, get_business(), name)


def list_imports(limit: int = 50) -> list[Import]:
    """The newest imports."""
    return list(Import.objects.select_related("by")[:limit])


def find_import(import_id: int) -> Import | None:
    """The import of that number."""
    return Import.objects.select_related("by").filter(pk=import_id).first()


def tell_reason(code: str, field: str) -> str:
    """Why a row stayed out, where of the row only the field and the code are known."""
    try:
        return build_message(code, {"field": field, "value": "…"})[0]
    except KeyError:
        return code


def find_options(kind: str, source: str) -> ImportOptions | None:
    """How the last file of a kind from a source was read; None where there was none. What was said of that one file
    alone, the permission it brought and the day it was complete through, is not among it."""
    found = Import.objects.filter(kind=kind, source_name=source, state="done").first()
    if found is None:
        return None
    options = ImportOptions.from_json(found.options)
    return replace(
        options,
        complete_through=None,
        permission_source="",
        permission_wording="",
        permission_on=None,
        permission_channels=(),
    )


def has_brought(kind: str, source: str, path: Path) -> bool:
    """Whether this very file has come in from this source already, and was not taken back."""
    brought = Import.objects.filter(kind=kind, source_name=source, state="done")
    return brought.exists() and brought.filter(file_digest=build_digest(path)).exists()


def list_stalled(before: datetime) -> list[Import]:
    """Imports that came by a page, were at work, and have given no sign of life since that moment."""
    at_work = Import.objects.filter(state__in=("running", "undoing"), lease_until__lt=before)
    return [imported for imported in at_work if imported.state == "undoing" or is_uploaded(imported)]


def has_brought_history(after: int) -> bool:
    """Whether a file has been coming in, or been undone, since a sequence number, or is at this moment."""
    at_work = Q(state__in=("running", "undoing")) & Q(first_seq__isnull=False)
    return Import.objects.filter(at_work | Q(last_seq__gt=after)).exists()


def is_uploaded(imported: Import) -> bool:
    """Whether its file came by a page, and is kept here until it is in."""
    return Path(imported.file_path).parent.parent == get_folder("uploads")


def to_document(imported: Import) -> dict[str, Any]:
    """An import as plain values."""
    return {
        "id": imported.pk,
        "kind": imported.kind,
        "source": imported.source_name,
        "file": imported.file_name,
        "state": imported.state,
        **imported.counts,
        "rejects_file": imported.rejects_path or None,
        "summary": imported.summary,
    }


def build_digest(path: Path) -> str:
    """By which the content of a file is known again."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=20)).hexdigest()
