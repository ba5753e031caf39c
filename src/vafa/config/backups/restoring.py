"""Putting a backup in the place of what is there: checked whole first, the old kept aside until the new works.

A note in the home (`restore-at-work.json`) says what was moved where, so that a restore that was cut off anywhere is
taken back by the next one, and nothing else starts on half of it.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.graph import MigrationGraph
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

from vafa import __version__
from vafa.config.backups.archive import FORMAT, About, extract_archive, read_about
from vafa.config.backups.cut_off import NOTE
from vafa.config.backups.errors import (
    BackupBroken,
    BackupNewer,
    OtherDatabase,
    RestoreFailed,
    StillRunning,
)
from vafa.config.backups.making import HOME, RECORDS, list_kept
from vafa.config.backups.records import (
    SQLITE_FILE,
    check_sqlite,
    get_sqlite_path,
    get_vendor,
    load_tables,
)
from vafa.kit.home import get_home
from vafa.kit.running import find_running
from vafa.kit.worker import is_worker_alive

OLD_SCHEMA, NEW_SCHEMA = "vafa_before_restore", "vafa_restore"
DERIVED = ("warehouse", "migrated")


@dataclass(frozen=True)
class Restored:
    """A backup that is in place now, and where the data before it lie, if they were to be kept."""

    about: About
    old: Path | None


def restore_backup(
    path: Path,
    *,
    now: datetime,
    passphrase: str = "",
    keep_old: bool = False,
    after: Callable[[], None] = lambda: None,
    even_if_running: bool = False,
    bring_up: bool = True,
) -> Restored:
    """Replace all data by those of a backup. `after` is done on the new data, and must succeed for them to stay;
    without `bring_up` they are left as they were, for an earlier version.

    Raises BackupBroken, BackupNewer, OtherDatabase, PassphraseWrong, StillRunning: then nothing was touched;
    RestoreFailed: the old data are back.
    """
    home = get_home()
    if not even_if_running:
        check_nobody_works(home, now)
    take_back_cut_off(home)
    check_fits(read_about(path, passphrase))
    fresh = Path(tempfile.mkdtemp(prefix="restore-new-", dir=home))
    try:
        about = extract_archive(path, fresh, passphrase)
        _check_records(fresh / RECORDS)
        old = home / f"before-restore-{now:%Y%m%d-%H%M%S}"
        old.mkdir(mode=0o700)
        _replace(home, fresh, old, about, after if bring_up else None)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    if not keep_old:
        _forget_old(old)
    return Restored(about, old if keep_old else None)


def check_nobody_works(home: Path, now: datetime) -> None:
    """Raises StillRunning while a server or a worker is at work on the home."""
    if find_running(home) is not None or is_worker_alive(now):
        raise StillRunning(
            _("Vafa is running on these data."), _("Stop it first (and its worker), then restore again.")
        )


def check_fits(about: About) -> None:
    """Raises BackupNewer or OtherDatabase where this version, or this database, can't take the backup."""
    known = {
        f"{app}.{name}" for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    }
    strange = sorted(name for name in about.migrations if name not in known)
    if strange or about.format > FORMAT:
        raise BackupNewer(
            _("The backup was made by version %(theirs)s, which knows more than this version, %(ours)s.")
            % {"theirs": about.version, "ours": __version__},
            _("Install that version or a newer one, and restore with it."),
            version=about.version,
            migrations=strange[:20],
        )
    if about.vendor != get_vendor():
        raise OtherDatabase(
            _("The backup was made from %(theirs)s, and the records here lie in %(ours)s.")
            % {"theirs": about.vendor, "ours": get_vendor()},
            _("Set DATABASE_URL as it was when the backup was made."),
        )


def take_back_cut_off(home: Path) -> bool:
    """Put the old data back where an earlier restore was cut off; whether there was one."""
    note = home / NOTE
    if not note.exists():
        return False
    _put_back(home, home / json.loads(note.read_text())["old"])
    return True


def _check_records(folder: Path) -> None:
    if get_vendor() == "sqlite":
        said = check_sqlite(folder / SQLITE_FILE) if (folder / SQLITE_FILE).is_file() else "missing"
        if said != "ok":
            raise BackupBroken(
                _("The records in the backup are damaged: %(said)s.") % {"said": said},
                _("Take another copy of it."),
            )


def _replace(home: Path, fresh: Path, old: Path, about: About, after: Callable[[], None] | None) -> None:
    _settle_sqlite()
    _note(home, old)
    try:
        _move_aside(home, old)
        _move_in(home, fresh)
        if get_vendor() == "postgresql":
            _fill_new_schema(fresh / RECORDS, about)
        if after is not None:
            call_command("migrate", verbosity=0, interactive=False)
            after()
    except BaseException as error:
        _put_back(home, old)
        if not isinstance(error, Exception):
            raise
        raise RestoreFailed(
            _("The restored data could not be brought up to date: %(reason)s") % {"reason": error},
            _("The data from before are back in their place."),
        ) from error
    if get_vendor() == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA IF EXISTS {OLD_SCHEMA} CASCADE")
    (home / NOTE).unlink()


def _settle_sqlite() -> None:
    """Let one file hold all records before it is moved: what stands beside it could be lost at a cut-off between."""
    if get_vendor() == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _note(home: Path, old: Path) -> None:
    part = home / f"{NOTE}.part"
    with part.open("w") as file:
        file.write(json.dumps({"old": old.name}))
        file.flush()
        os.fsync(file.fileno())
    part.replace(home / NOTE)


def _move_aside(home: Path, old: Path) -> None:
    for path in [*list_kept(home), *(home / name for name in DERIVED)]:
        if path.exists():
            path.rename(old / path.name)
    if get_vendor() == "sqlite":
        (old / RECORDS).mkdir()
        for path in _list_database_files():
            path.rename(old / RECORDS / path.name)


def _list_database_files() -> list[Path]:
    """The file of the records and what SQLite keeps beside it."""
    path = get_sqlite_path()
    return [one for ending in ("", "-wal", "-shm") if (one := Path(f"{path}{ending}")).exists()]


def _move_in(home: Path, fresh: Path) -> None:
    if (fresh / HOME).is_dir():
        for path in (fresh / HOME).iterdir():
            path.rename(home / path.name)
    if get_vendor() == "sqlite":
        (fresh / RECORDS / SQLITE_FILE).rename(get_sqlite_path())


def _put_back(home: Path, old: Path) -> None:
    """Return to the data before; may be cut off and called again."""
    connection.close()
    for path in list(old.iterdir()) if old.is_dir() else []:
        if path.name == RECORDS:
            continue
        there = home / path.name
        if there.is_dir():
            shutil.rmtree(there)
        path.replace(there)
    if get_vendor() == "sqlite" and (old / RECORDS).is_dir():
        kept = list((old / RECORDS).iterdir())
        if kept:
            for path in _list_database_files():
                path.unlink()
        for path in sorted(kept, key=lambda one: len(one.name), reverse=True):
            path.rename(get_sqlite_path().with_name(path.name))
    elif get_vendor() == "postgresql":
        _put_old_schema_back()
    shutil.rmtree(old, ignore_errors=True)
    (home / NOTE).unlink(missing_ok=True)


def _fill_new_schema(folder: Path, about: About) -> None:
    """Make the tables of the backup in a schema of their own, fill them, and let the schemas change places."""
    from django.db.migrations.executor import MigrationExecutor

    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {NEW_SCHEMA} CASCADE")
        cursor.execute(f"CREATE SCHEMA {NEW_SCHEMA}")
        cursor.execute("SELECT current_schema()")
        public = cursor.fetchone()[0]
        cursor.execute(f"SET search_path TO {NEW_SCHEMA}")
    try:
        wanted = {(app, name) for app, _dot, name in (told.partition(".") for told in about.migrations)}
        executor = MigrationExecutor(connection)
        executor.loader.check_consistent_history(connection)
        executor.migrate(_choose_targets(executor.loader.graph, wanted))
        with transaction.atomic():
            load_tables(folder)
    finally:
        if not connection.in_atomic_block:
            with connection.cursor() as cursor:
                cursor.execute(f'SET search_path TO "{public}"')
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {OLD_SCHEMA} CASCADE")
        cursor.execute(f'ALTER SCHEMA "{public}" RENAME TO {OLD_SCHEMA}')
        cursor.execute(f'ALTER SCHEMA {NEW_SCHEMA} RENAME TO "{public}"')
    connection.close()


def _choose_targets(graph: MigrationGraph, wanted: set[tuple[str, str]]) -> list[tuple[str, str]]:
    """The last of these migrations of each app; an earlier one as a target would mean to go back to it."""
    return [
        key
        for key in graph.nodes
        if key in wanted
        and not any(child.key[0] == key[0] and child.key in wanted for child in graph.node_map[key].children)
    ]


def _put_old_schema_back() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM information_schema.schemata WHERE schema_name = %s", [OLD_SCHEMA]
        )
        if cursor.fetchone()[0]:
            cursor.execute("DROP SCHEMA IF EXISTS public CASCADE")
            cursor.execute(f"ALTER SCHEMA {OLD_SCHEMA} RENAME TO public")
        cursor.execute(f"DROP SCHEMA IF EXISTS {NEW_SCHEMA} CASCADE")


def _forget_old(old: Path) -> None:
    shutil.rmtree(old, ignore_errors=True)
