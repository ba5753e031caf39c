"""One import at a time: the right to write, which the system takes back by itself when its holder dies."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.utils.translation import gettext as _

from vafa.data.intake.models import Import
from vafa.kit.bulk import is_postgres
from vafa.kit.errors import VafaError
from vafa.kit.home import get_home

# The name of the lock among PostgreSQL's advisory locks: any number that nothing else here uses.
LOCK_NUMBER = 7_102_001


class ImportRunning(VafaError):
    """Another import is at work; two at once would step on each other."""

    code = "import_running"


@contextmanager
def working_alone() -> Iterator[None]:
    """Be the only import at work until the block ends or the process dies (`kill -9` included).

    Raises ImportRunning. A lock of the system, not a date in a row: a date would keep others out, and the same
    import too, for as long as it lasts after its holder has died.
    """
    with _database_lock() if is_postgres() else _file_lock():
        yield


@contextmanager
def _file_lock() -> Iterator[None]:
    """SQLite: everybody who writes is on this machine, with this home."""
    with (get_home() / "import.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _build_refusal() from None
        yield


@contextmanager
def _database_lock() -> Iterator[None]:
    """PostgreSQL: a lock of this session, which ends with it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK_NUMBER])
        if not cursor.fetchone()[0]:
            raise _build_refusal()
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK_NUMBER])


def _build_refusal() -> ImportRunning:
    other = Import.objects.filter(state__in=("running", "undoing")).first()
    name = other.file_name if other is not None else ""
    return ImportRunning(
        _("Another import is running: %(file)s.") % {"file": name}, _("Wait until it has finished.")
    )
