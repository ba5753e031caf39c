"""Files beside what is written: kept in the home under random names, given back as they came, never opened here."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Protocol

from django.db import transaction
from django.utils.translation import gettext as _

from vafa.data.interactions.models import Attachment, Written
from vafa.data.interactions.types import AttachmentRefused
from vafa.kit.home import get_folder

FOLDER = "attachments"
MOST_BYTES = 10 * 1024 * 1024
MOST_FILES = 5
_LONGEST_NAME = 200


class SentFile(Protocol):
    """A file as it was sent: Django's uploaded file has this form."""

    name: str | None
    size: int | None

    def chunks(self) -> Iterable[bytes]: ...


def check_files(files: Sequence[SentFile], already: int = 0) -> None:
    """Raises AttachmentRefused for a file too many, too large or empty."""
    if len(files) + already > MOST_FILES:
        raise AttachmentRefused(
            _("Too many files."), _("At most %(count)s files fit beside one note.") % {"count": MOST_FILES}
        )
    for file in files:
        if not file.size:
            raise AttachmentRefused(
                _("The file %(name)s is empty.") % {"name": file.name or ""}, _("Choose another one.")
            )
        if file.size > MOST_BYTES:
            raise AttachmentRefused(
                _("The file %(name)s is too large.") % {"name": file.name or ""},
                _("A file may have %(size)s megabytes.") % {"size": MOST_BYTES // 1024**2},
            )


def keep_files(written: Written, files: Sequence[SentFile], *, now: datetime) -> list[Attachment]:
    """Keep files beside something written, in the transaction that writes it; cut off, their content goes again."""
    kept = []
    for file in files:
        place = secrets.token_hex(24)
        path = get_path(place)
        try:
            with path.open("xb") as target:
                path.chmod(0o600)
                for chunk in file.chunks():
                    target.write(chunk)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        kept.append(
            Attachment.objects.create(
                written=written,
                name=clean_name(file.name or ""),
                place=place,
                size=path.stat().st_size,
                added_at=now,
            )
        )
    return kept


def clean_name(name: str) -> str:
    """A file's name without folders and control characters, which headers and pages could stumble over."""
    bare = PurePosixPath(name.replace("\\", "/")).name
    plain = "".join(letter for letter in bare if letter.isprintable()).strip(" .")
    if len(plain) > _LONGEST_NAME:
        end = PurePosixPath(plain).suffix[:20]
        plain = plain[: _LONGEST_NAME - len(end)] + end
    return plain or "file"


def get_path(place: str) -> Path:
    """Where the content of an attachment lies."""
    return get_folder(FOLDER) / place


def remove_contents(places: Iterable[str]) -> None:
    """Take the contents of attachments away when the transaction that removes their rows is through."""
    listed = list(places)

    def remove() -> None:
        for place in listed:
            get_path(place).unlink(missing_ok=True)

    transaction.on_commit(remove)


def sweep(now: datetime) -> int:
    """Take away contents without a row, a day old: what an interrupted request left behind. How many went."""
    known = set(Attachment.objects.values_list("place", flat=True))
    gone = 0
    for path in get_folder(FOLDER).iterdir():
        if path.name not in known and now.timestamp() - path.stat().st_mtime > 24 * 3600:
            path.unlink(missing_ok=True)
            gone += 1
    return gone
