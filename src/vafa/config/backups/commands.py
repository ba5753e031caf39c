"""`vafa backup`, `vafa restore`, `vafa upgrade`."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vafa.kit import clock
from vafa.kit.audit import record
from vafa.kit.errors import AskedWrongly
from vafa.kit.home import get_home
from vafa.kit.permissions import Permission
from vafa.kit.terminal import JsonOption, answer, needs, say

PassphraseOption = Annotated[
    bool, typer.Option("--passphrase-stdin", help="Read the passphrase of the backup from standard input.")
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("backup", help="Write all data into one file, while Vafa runs.")(back_up)
    app.command("restore", help="Put a backup in the place of all data here.")(restore)
    app.command("upgrade", help="Back up, then bring the tables to this version; go back if that fails.")(
        upgrade
    )


@needs(Permission.MANAGE_STAFF)
def back_up(
    file: Annotated[
        Path | None, typer.Argument(help="The file to write; else one in the folder backups of the home.")
    ] = None,
    passphrase_stdin: PassphraseOption = False,
    keep_days: Annotated[
        int, typer.Option("--keep-days", min=0, help="Remove backups beside it older than this many days.")
    ] = 0,
    as_json: JsonOption = False,
) -> None:
    """Write all data into one file, while Vafa runs."""
    from vafa.config.backups.making import build_name, make_backup, remove_expired

    now = clock.now()
    path = file.expanduser().resolve() if file else None
    if path is not None and path.is_dir():
        path /= build_name(now)
    if path is not None and not path.parent.is_dir():
        raise AskedWrongly(_("There is no folder %(folder)s.") % {"folder": path.parent})
    passphrase = _read_passphrase(passphrase_stdin)
    made = make_backup(path, now=now, passphrase=passphrase)
    record("backup.made", by=None, now=now, sealed=bool(passphrase))
    removed = remove_expired(made.path.parent, days=keep_days, now=now) if keep_days else []
    document = {
        "file": made.path,
        "bytes": made.size,
        "files": made.files,
        "sealed": bool(passphrase),
        "removed": [str(one) for one in removed],
    }
    answer(document, as_json, _("The backup is %(file)s.") % {"file": made.path})


@needs(Permission.MANAGE_STAFF)
def restore(
    file: Annotated[Path | None, typer.Argument(help="The backup.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Replace the data that are here.")] = False,
    keep_old: Annotated[
        bool, typer.Option("--keep-old", help="Leave the replaced data in the home.")
    ] = False,
    back: Annotated[
        bool, typer.Option("--back", help="Return to the data before a restore that was cut off.")
    ] = False,
    passphrase_stdin: PassphraseOption = False,
    as_json: JsonOption = False,
) -> None:
    """Put a backup in the place of all data here."""
    from vafa.config.backups.restoring import check_nobody_works, restore_backup, take_back_cut_off

    now = clock.now()
    if back:
        check_nobody_works(get_home(), now)
        done = take_back_cut_off(get_home())
        text = _("The data from before are back.") if done else _("No restore was cut off; nothing was done.")
        answer({"back": done}, as_json, text)
        return
    if file is None or not file.expanduser().is_file():
        raise AskedWrongly(_("There is no backup %(file)s.") % {"file": file or ""}, _("Name the file."))
    if not yes and _has_data():
        raise AskedWrongly(
            _("There are data here, and the backup would replace them."),
            _("Say --yes if that is meant; add --keep-old to keep them beside it."),
        )

    def settle() -> None:
        from vafa.config.backups.afterwards import after_restore

        after_restore(clock.now())
        record("backup.restored", by=None, now=clock.now())

    restored = restore_backup(
        file.expanduser().resolve(),
        now=now,
        passphrase=_read_passphrase(passphrase_stdin),
        keep_old=keep_old,
        after=settle,
    )
    document = {"made_at": restored.about.made_at, "version": restored.about.version, "old": restored.old}
    said = _("Restored the backup of %(made_at)s. The figures are built anew at the next start.")
    answer(document, as_json, said % {"made_at": restored.about.made_at})


@needs(Permission.MANAGE_STAFF)
def upgrade(passphrase_stdin: PassphraseOption = False, as_json: JsonOption = False) -> None:
    """Back up, then bring the tables to this version; go back if that fails."""
    from vafa.config.backups.cut_off import check_not_cut_off
    from vafa.config.backups.upgrading import upgrade as bring_up
    from vafa.config.database import ensure_database

    check_not_cut_off(get_home())
    if not _has_data():
        ensure_database()
    now = clock.now()
    done = bring_up(now=now, passphrase=_read_passphrase(passphrase_stdin), say=say)
    if done.applied:
        record("backup.upgraded", by=None, now=now, applied=done.applied)
    count = len(done.applied)
    text = (
        ngettext("%(count)s change applied.", "%(count)s changes applied.", count) % {"count": count}
        if count
        else _("The tables are up to date already.")
    )
    answer({"applied": done.applied, "backup": done.backup}, as_json, text)


def _read_passphrase(from_stdin: bool) -> str:
    """The passphrase as given, never as an argument that others on the machine could read."""
    if from_stdin:
        passphrase = sys.stdin.readline().rstrip("\r\n")
        if not passphrase:
            raise AskedWrongly(_("Standard input holds no passphrase."), _("Write it there as one line."))
        return passphrase
    return os.environ.get("VAFA_BACKUP_PASSPHRASE", "")


def _has_data() -> bool:
    """Whether the records here have tables, which is before anything can be in them."""
    from django.db import connection

    return "django_migrations" in connection.introspection.table_names()
