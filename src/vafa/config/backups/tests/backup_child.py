"""Backs up, spoils and restores a home of its own, as processes of an installation would; see test_backups.py."""

import json
import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

import django
import pytest
from django.conf import settings

if sys.argv[1] == "upgrade":
    settings.INSTALLED_APPS.append("later")
django.setup()

from django.db import connection  # noqa: E402

from vafa.config.backups import archive, restoring  # noqa: E402
from vafa.config.backups.errors import (  # noqa: E402
    BackupBroken,
    BackupNewer,
    RestoreCutOff,
    RestoreFailed,
    UpgradeFailed,
)
from vafa.config.backups.making import make_backup  # noqa: E402
from vafa.config.backups.upgrading import upgrade  # noqa: E402
from vafa.config.database import ensure_database  # noqa: E402
from vafa.data.intake.actions import import_file  # noqa: E402
from vafa.data.intake.types import ImportOptions  # noqa: E402
from vafa.data.staff.actions import create_owner  # noqa: E402
from vafa.kit.errors import VafaError  # noqa: E402
from vafa.kit.home import get_folder, get_home  # noqa: E402

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PASSPHRASE = "رمز عبور"


def fill() -> None:
    """An owner, orders, an upload and a secret."""
    create_owner(email="owner@example.com", name="Owner", password="correct horse", language="fa", now=NOW)
    table = get_home() / "orders.csv"
    lines = ["order,customer,name,email,at,amount,product"]
    lines += [
        f"o{n},c{n % 7},مشتری {n % 7},c{n % 7}@example.com,2026-01-{n % 28 + 1:02},{n},p{n % 3}"
        for n in range(200)
    ]
    table.write_text("\n".join(lines))
    import_file(table, ImportOptions("orders"), by=None, clock=lambda: NOW)
    (get_folder("uploads") / "letter.pdf").write_bytes(b"%PDF" + bytes(range(256)) * 1000)


def dump() -> dict[str, list[str]]:
    """Every row of every table, and every file of the home that counts."""
    found: dict[str, list[str]] = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f'SELECT * FROM "{table}"')
            found[table] = sorted(map(str, cursor.fetchall()))
    for path in sorted(get_folder("uploads").rglob("*")):
        found[path.name] = [str(hash(path.read_bytes()))]
    return found


def spoil() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE customers_customer SET name = 'spoilt'")
        cursor.execute("DELETE FROM orders_orderline")
    (get_home() / "uploads" / "letter.pdf").write_bytes(b"spoilt")


def refuse(path: Path, error: type[Exception], **more: object) -> str:
    """That a restore is refused by name."""
    with pytest.raises(error) as refusal:
        restoring.restore_backup(path, now=NOW, passphrase=PASSPHRASE, **more)  # type: ignore[arg-type]
    return str(refusal.value)


def try_restoring() -> None:
    ensure_database()
    fill()
    told = dump()
    made = make_backup(get_folder("backups") / "one", now=NOW, passphrase=PASSPHRASE)
    assert b"example.com" not in made.path.read_bytes()
    spoil()
    spoilt = dump()
    whole = made.path.read_bytes()
    cut, changed = get_home() / "cut", get_home() / "changed"
    cut.write_bytes(whole[:-5000])
    changed.write_bytes(whole[:5000] + bytes([whole[5000] ^ 1]) + whole[5001:])
    plain = make_backup(get_home() / "plain", now=NOW)
    half = get_home() / "half"
    half.write_bytes(plain.path.read_bytes()[: plain.size // 2])
    refuse(cut, VafaError)  # in one piece, it looks as sealed otherwise
    refuse(half, BackupBroken)
    refuse(changed, VafaError)
    about = archive.read_about(made.path, PASSPHRASE)
    newer = archive.About("9.9", about.made_at, about.vendor, [*about.migrations, "orders.0999_tomorrow"])
    archive.write_archive(get_home() / "newer", newer, [], "")
    assert "9.9" in refuse(get_home() / "newer", BackupNewer)
    assert dump() == spoilt

    def fail() -> None:
        raise ValueError("these will not do")

    refuse(made.path, RestoreFailed, after=fail)
    assert dump() == spoilt
    restoring.restore_backup(made.path, now=NOW, passphrase=PASSPHRASE)
    assert dump() == told
    # New rows get numbers of their own.
    create_owner_again = connection.cursor()
    create_owner_again.execute("SELECT max(id) FROM kit_auditentry")
    before = create_owner_again.fetchone()[0]
    from vafa.kit.audit import record

    record("tried", by=None, now=NOW)
    create_owner_again.execute("SELECT max(id) FROM kit_auditentry")
    assert create_owner_again.fetchone()[0] == before + 1
    assert not list(get_home().glob("restore-*"))
    assert not list(get_home().glob("before-restore*"))


def die_in_a_restore() -> None:
    """Be killed when the old data are aside and the new not yet in."""
    (get_home() / "before.json").write_text(json.dumps(dump()))
    restoring._move_in = lambda *_given: os.kill(os.getpid(), signal.SIGKILL)
    restoring.restore_backup(get_home() / "backups" / "one", now=NOW, passphrase=PASSPHRASE)


def come_back() -> None:
    """Nothing starts on half of a restore; the way back leads to the data before it."""
    with pytest.raises(RestoreCutOff):
        ensure_database()
    assert restoring.take_back_cut_off(get_home())
    assert not restoring.take_back_cut_off(get_home())
    ensure_database()
    assert dump() == json.loads((get_home() / "before.json").read_text())


def try_upgrading() -> None:
    before = dump()
    with pytest.raises(UpgradeFailed) as failed:
        upgrade(now=NOW)
    assert Path(failed.value.details["backup"]).exists()
    assert dump() == before


STEPS = {
    "restore": try_restoring,
    "upgrade": try_upgrading,
    "die": die_in_a_restore,
    "back": come_back,
}
STEPS[sys.argv[1]]()
sys.stdout.write(json.dumps({"done": True}))
