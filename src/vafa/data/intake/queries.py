"""Asking about imports."""

from datetime import datetime
from pathlib import Path
from typing import Any

from vafa.data.business.queries import get_business
from vafa.data.intake.models import Import
from vafa.data.intake.plan import build_plan
from vafa.data.intake.preview import Preview, build_preview
from vafa.data.intake.types import ImportOptions, Plan
from vafa.kit.clock import today


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


def find_running(now: datetime) -> Import | None:
    """The import that is at work at this moment."""
    return Import.objects.filter(state__in=("running", "undoing"), lease_until__gt=now).first()


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
