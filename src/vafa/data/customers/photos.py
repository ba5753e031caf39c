"""Photos of customers: kept in the home under random names, only in forms that a browser shows as a picture."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from vafa.data.customers.models import Profile
from vafa.data.customers.types import PhotoRefused
from vafa.kit.audit import record
from vafa.kit.home import get_folder

FOLDER = "photos"
MOST_BYTES = 2 * 1024 * 1024
# How such a file begins, and what it is.
_BEGINNINGS = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))


def find_type(content: bytes) -> str | None:
    """What kind of picture the content is, by its first bytes; None for none that is shown."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for start, kind in _BEGINNINGS if content.startswith(start)), None)


@transaction.atomic
def set_photo(customer_id: int, content: bytes | None, *, by: Any, now: datetime) -> None:
    """Keep a customer's photo, or take it away (None). Raises PhotoRefused."""
    if content is not None and len(content) > MOST_BYTES:
        raise PhotoRefused(
            _("The photo is too large."),
            _("It may have %(size)s megabytes.") % {"size": MOST_BYTES // 1024**2},
        )
    if content is not None and find_type(content) is None:
        raise PhotoRefused(_("That is no photo."), _("Choose a PNG, JPEG or WebP file."))
    profile = Profile.objects.filter(customer=customer_id).first() or Profile(customer_id=customer_id)
    old, profile.photo = profile.photo, ""
    if content is not None:
        profile.photo = secrets.token_hex(24)
        path = get_path(profile.photo)
        path.write_bytes(content)
        path.chmod(0o600)
    profile.save()
    remove_photos([old])
    action = "customer.photo_set" if content is not None else "customer.photo_removed"
    record(action, by=by, now=now, subject=f"customer:{customer_id}")


def get_path(photo: str) -> Path:
    """Where a photo lies."""
    return get_folder(FOLDER) / photo


def remove_photos(photos: Iterable[str]) -> None:
    """Take photos away when the transaction is through."""
    listed = [photo for photo in photos if photo]

    def remove() -> None:
        for photo in listed:
            get_path(photo).unlink(missing_ok=True)

    transaction.on_commit(remove)
