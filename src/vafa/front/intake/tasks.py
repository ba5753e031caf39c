"""What the worker does with imports: bringing them in, and taking them back."""

from datetime import datetime, timedelta
from pathlib import Path

from django.utils import translation
from django_tasks import task
from django_tasks.base import Task

from vafa.data.intake.actions import (
    ImportRunning,
    check_plan,
    mark_failed,
    mark_waiting,
    read_plan,
    remove_uploaded_file,
    run_import,
    undo_import,
)
from vafa.data.intake.queries import find_import, list_stalled
from vafa.data.intake.types import ImportOptions
from vafa.data.staff.queries import find_staff_by_id
from vafa.front.intake.shown import PATIENCE
from vafa.kit import clock
from vafa.kit.errors import VafaError
from vafa.warehouse.actions import refresh

COME_BACK_AFTER = timedelta(seconds=5)


@task()
def bring_in(import_id: int, staff_id: int | None, language: str) -> None:
    """Run an import that waits, and let the figures follow. What goes wrong is noted on the import; the reasons of
    rejects are written in the language of whoever asked."""
    imported = find_import(import_id)
    if imported is None or imported.state not in ("queued", "running"):
        return
    options = ImportOptions.from_json(imported.options)
    by = find_staff_by_id(staff_id) if staff_id else None
    with translation.override(language):
        try:
            plan = read_plan(Path(imported.file_path), options, imported.file_name)
            check_plan(plan)
            run_import(imported, plan, clock=clock.now, by=by)
        except ImportRunning:
            if imported.state == "queued":
                _wait(bring_in, import_id, staff_id, language)
            return
        except VafaError as error:
            mark_failed(imported, error, clock.now())
            return
    remove_uploaded_file(imported)
    refresh(now=clock.now())


@task()
def take_back(import_id: int, staff_id: int | None, language: str) -> None:
    """Undo an import, and let the figures follow."""
    imported = find_import(import_id)
    if imported is None or imported.state != "undoing":
        return
    by = find_staff_by_id(staff_id) if staff_id else None
    try:
        undo_import(imported, by=by, clock=clock.now)
    except ImportRunning:
        if imported.lease_until is None:
            _wait(take_back, import_id, staff_id, language)
        return
    remove_uploaded_file(imported)
    refresh(now=clock.now())


def _wait(again: Task[..., None], import_id: int, staff_id: int | None, language: str) -> None:
    """Another import is at work: come back when it may have finished."""
    again.using(run_after=clock.now() + COME_BACK_AFTER).enqueue(import_id, staff_id, language)


def go_on_with_stalled(now: datetime) -> int:
    """Put imports that a dead worker has left in the middle back into the queue; returns how many."""
    stalled = list_stalled(now - PATIENCE)
    for imported in stalled:
        again = take_back if imported.state == "undoing" else bring_in
        mark_waiting(imported)
        again.enqueue(imported.pk, imported.by_id, translation.get_language() or "en")
    return len(stalled)
