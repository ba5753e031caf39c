"""Uploaded files on their way to the worker: kept, remembered, queued, discarded."""

import secrets
import shutil
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _

from vafa.data.intake.models import Import
from vafa.data.intake.queries import build_digest, is_uploaded
from vafa.data.intake.types import UNDOABLE, ImportOptions
from vafa.kit.errors import AskedWrongly
from vafa.kit.home import get_folder


class NotUndoable(AskedWrongly):
    """This import can't be undone in its present state."""

    code = "not_undoable"


class NotStartable(AskedWrongly):
    """This import can't be started, or discarded, in its present state."""

    code = "not_startable"


def store_upload(content: IO[bytes], name: str, options: ImportOptions, *, by: Any, now: datetime) -> Import:
    """Keep a copy of an uploaded file, readable by nobody else, until it is in or discarded."""
    folder = get_folder("uploads") / secrets.token_hex(8)
    folder.mkdir(mode=0o700)
    # The name is kept apart: what a stranger calls a file is no path on this machine.
    path = folder / "file"
    with path.open("wb") as file:
        shutil.copyfileobj(content, file, 1 << 20)
    return add_upload(path, Path(name).name[:255], options, by=by, now=now)


def add_upload(path: Path, name: str, options: ImportOptions, *, by: Any, now: datetime) -> Import:
    """Note a file that is to come in."""
    return Import.objects.create(
        kind=options.kind,
        source_name=options.source,
        file_name=name,
        file_path=str(path),
        file_digest=build_digest(path),
        options=options.to_json(),
        by=by if getattr(by, "pk", None) else None,
        created_at=now,
    )


def note_options(imported: Import, options: ImportOptions) -> None:
    """Remember what the person has said so far of an uploaded file."""
    imported.options, imported.source_name = options.to_json(), options.source
    imported.save(update_fields=["options", "source_name"])


def queue_import(imported: Import, options: ImportOptions) -> None:
    """Note how an uploaded file is to be read, and that it waits for the worker."""
    if imported.state not in ("uploaded", "queued", "failed", "running"):
        raise NotStartable(_("This import has been done already."), "")
    imported.kind, imported.source_name = options.kind, options.source
    imported.options, imported.state, imported.error = options.to_json(), "queued", None
    imported.save(update_fields=["kind", "source_name", "options", "state", "error"])


def mark_waiting(imported: Import) -> None:
    """An import, or its undoing, was cut off: it waits for a worker again, and will go on where it stopped."""
    imported.state = "undoing" if imported.state == "undoing" else "queued"
    imported.lease_until = None
    imported.save(update_fields=["state", "lease_until"])


def queue_undo(imported: Import) -> None:
    """Note that an import is to be undone by the worker."""
    if imported.state not in UNDOABLE:
        raise NotUndoable(_("This import has nothing to undo."), "")
    imported.state, imported.lease_until = "undoing", None
    imported.save(update_fields=["state", "lease_until"])


def discard_upload(imported: Import) -> None:
    """Forget an uploaded file of which nothing has come in."""
    if imported.state not in ("uploaded", "queued", "failed") or imported.first_seq is not None:
        raise NotStartable(_("Rows of this file have come in already: undo the import instead."), "")
    remove_uploaded_file(imported)
    imported.delete()


def remove_uploaded_file(imported: Import) -> None:
    """Remove the copy of an uploaded file, which is needed no longer; a file given by its path stays."""
    if is_uploaded(imported):
        shutil.rmtree(Path(imported.file_path).parent, ignore_errors=True)
