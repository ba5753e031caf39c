"""Files of imports that have lain long enough: uploads that were never brought in, and files of rejected rows."""

import shutil
from datetime import datetime
from pathlib import Path

from django.db.models import QuerySet

from vafa.data.intake.models import Import
from vafa.kit.home import get_folder, get_home

_WAITING = ("uploaded", "failed")


def _list_waiting(before: datetime) -> list[Import]:
    # Of an import that stopped in the middle the file is needed to go on.
    old = Import.objects.filter(state__in=_WAITING, first_seq=None, created_at__lt=before)
    return [imported for imported in old if Path(imported.file_path).parent.parent == get_folder("uploads")]


def _list_with_rejects(before: datetime) -> QuerySet[Import]:
    return Import.objects.filter(finished_at__lt=before).exclude(rejects_path="")


def count_old_files(kind: str, before: datetime) -> int:
    """How many uploads ("uploads") or files of rejected rows ("rejects") are older than a moment."""
    return len(_list_waiting(before)) if kind == "uploads" else _list_with_rejects(before).count()


def remove_old_files(kind: str, before: datetime) -> int:
    """Remove them; how many. A file that somebody had written elsewhere is theirs, and stays."""
    if kind == "uploads":
        waiting = _list_waiting(before)
        for imported in waiting:
            shutil.rmtree(Path(imported.file_path).parent, ignore_errors=True)
            imported.delete()
        return len(waiting)
    removed = 0
    for imported in _list_with_rejects(before):
        path = Path(imported.rejects_path)
        if path.resolve().is_relative_to(get_home().resolve()):
            path.unlink(missing_ok=True)
        imported.rejects_path = ""
        imported.save(update_fields=["rejects_path"])
        removed += 1
    return removed
