"""Bringing the records to this version, with the way back kept open."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from vafa.config.backups.errors import UpgradeFailed
from vafa.config.backups.making import make_backup
from vafa.config.backups.restoring import check_nobody_works, restore_backup
from vafa.kit.home import get_home


@dataclass(frozen=True)
class Upgraded:
    """What was applied, and the backup that was made before; none where there was nothing to do."""

    applied: list[str]
    backup: Path | None


def list_pending() -> list[str]:
    """The migrations of this version that the records have not seen, as "app.name"."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def upgrade(
    *, now: datetime, passphrase: str = "", say: Callable[[str], None] = lambda text: None
) -> Upgraded:
    """Back up, then migrate; where a migration fails, the records are as before. Raises UpgradeFailed, StillRunning."""
    pending = list_pending()
    if not pending:
        return Upgraded([], None)
    check_nobody_works(get_home(), now)
    say(_("Making a backup first"))
    made = make_backup(None, now=now, passphrase=passphrase, why="before-upgrade")
    say(_("Applying %(count)s changes to the tables") % {"count": len(pending)})
    try:
        call_command("migrate", verbosity=0, interactive=False)
    except Exception as error:
        connection.close()
        restore_backup(made.path, now=now, passphrase=passphrase, even_if_running=True, bring_up=False)
        raise UpgradeFailed(
            _("The upgrade failed: %(reason)s. The data are as they were before.") % {"reason": error},
            _("Put the earlier version back, start it, and report this. The backup lies at %(path)s.")
            % {"path": made.path},
            backup=str(made.path),
        ) from error
    return Upgraded(pending, made.path)
