"""Bringing the database up to date by itself, whichever command comes first."""

import fcntl
import hashlib
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from vafa.config.backups.cut_off import check_not_cut_off
from vafa.kit.home import get_home


def ensure_database() -> None:
    """Apply what migrations are missing. Cheap when there are none; safe when two commands start at once.
    Raises RestoreCutOff where half of a restore lies there."""
    check_not_cut_off(get_home())
    stamp = _read_stamp()
    if stamp.is_file() and stamp.read_text() == _fingerprint():
        return
    with (get_home() / "migrate.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        call_command("migrate", verbosity=0, interactive=False)
        stamp.write_text(_fingerprint())


def _read_stamp() -> Path:
    return get_home() / "migrated"


def _fingerprint() -> str:
    """Changes with the package's migrations, and with the database that they were applied to."""
    package = Path(__file__).resolve().parent.parent
    names = sorted(str(path.relative_to(package)) for path in package.glob("**/migrations/0*.py"))
    settings = connection.settings_dict
    place = f"{settings['ENGINE']} {settings['NAME']} {settings.get('HOST')} {settings.get('PORT')}"
    if connection.vendor == "sqlite" and not Path(str(settings["NAME"])).exists():
        place += " not there yet"
    return hashlib.sha256("\n".join([place, *names]).encode()).hexdigest()
