"""Leaving nothing of removed rows in the database's files.

SQLite overwrites what is removed (`secure_delete`), but what a page once held may lie on in pages written before, and
in the write-ahead log. So the log is cut, and the file is written anew where a removed word is still found in it.
"""

import mmap
import time
from collections.abc import Iterable
from pathlib import Path

from django.db import connection

from vafa.kit.bulk import is_postgres
from vafa.kit.erasing import Traits

_TRIES, _WAIT_SECONDS = 5, 0.2
_LEAST_NAME = 4
# Larger files are rewritten through a file beside, not through memory.
_MOST_IN_MEMORY = 200 << 20


def clean_records(traits: Traits | None) -> bool:
    """Clean the files of the records; whether it is done (else somebody reads just now, and it must be called again).

    `traits`: who was removed; None where it is known no more. PostgreSQL gives the room of removed rows back by VACUUM.
    """
    if is_postgres():
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
        return True
    path = Path(str(connection.settings_dict["NAME"]))
    if not path.is_file():
        return True  # a database in memory has no files
    if not _cut_log():
        return False
    if traits is None or _holds(path, traits):
        with connection.cursor() as cursor:
            if path.stat().st_size > _MOST_IN_MEMORY:
                cursor.execute("PRAGMA temp_store = FILE")
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA temp_store = MEMORY")
    return _cut_log()


def _cut_log() -> bool:
    """Bring the write-ahead log into the file and cut it to nothing; whether nobody stood in the way."""
    for attempt in range(_TRIES):
        if attempt:
            time.sleep(_WAIT_SECONDS)
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            if not cursor.fetchone()[0]:
                return True
    return False


def _holds(path: Path, traits: Traits) -> bool:
    """Whether any of a person's words lies in a file: theirs, or of somebody who is called the same."""
    if not path.stat().st_size:
        return False
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return any(content.find(word) >= 0 for word in list_needles(traits))


def list_needles(traits: Traits) -> Iterable[bytes]:
    """A person's words as bytes: as they are, and as JSON without its own letters writes them."""
    words = {*traits.emails, *traits.phones, *(name for name in traits.names if len(name) >= _LEAST_NAME)}
    for word in sorted(words):
        yield word.encode()
        if not word.isascii():
            yield word.encode("unicode_escape")
