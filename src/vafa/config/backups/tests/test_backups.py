"""Backups bring every table back, are refused when they are not whole; an upgrade that fails leaves no trace."""

import io
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.tables import give_tables
from vafa.config.backups.errors import BackupBroken, PassphraseWrong
from vafa.config.backups.making import remove_expired
from vafa.config.backups.sealing import PIECE, Opener, Sealer
from vafa.kit import clock
from vafa.kit.open_export import export_everything, list_models

LATER = {
    "__init__.py": "",
    "migrations/__init__.py": "",
    "migrations/0001_spoil.py": """
from django.db import migrations

class Migration(migrations.Migration):
    operations = [migrations.RunSQL("UPDATE customers_customer SET name = 'spoilt'")]
""",
    "migrations/0002_fail.py": """
from django.db import migrations

class Migration(migrations.Migration):
    dependencies = [("later", "0001_spoil")]
    operations = [migrations.RunSQL("SELECT nothing_of_the_kind FROM nowhere")]
""",
}


def run_child(step: str, folder: Path, database: str, status: int = 0) -> None:
    child = Path(__file__).with_name("backup_child.py")
    done = subprocess.run(
        [sys.executable, str(child), step],
        env=os.environ
        | {
            "VAFA_HOME": str(folder / "home"),
            "DATABASE_URL": database,
            "DJANGO_SETTINGS_MODULE": "vafa.config.settings",
            "PYTHONHASHSEED": "0",
            "PYTHONPATH": os.pathsep.join([str(folder), *sys.path]),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status, done.stderr[-4000:]


def go_through(folder: Path, database: str = "") -> None:
    for name, text in LATER.items():
        (folder / "later" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "later" / name).write_text(text)
    give_tables(folder / "home")
    run_child("restore", folder, database)
    run_child("upgrade", folder, database)


@pytest.mark.slow
def test_sqlite_comes_back_whole(tmp_path: Path) -> None:
    go_through(tmp_path)
    run_child("die", tmp_path, "", status=-signal.SIGKILL)
    run_child("back", tmp_path, "")


@pytest.mark.slow
def test_postgresql_comes_back_whole(tmp_path: Path, postgres_url: str) -> None:
    go_through(tmp_path, postgres_url)


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 7])
def test_what_is_sealed_opens_with_its_passphrase_alone(size: int) -> None:
    told = os.urandom(size)
    target = io.BytesIO()
    sealer = Sealer(target, "one")
    sealer.write(told)
    sealer.close()
    sealed = target.getvalue()
    assert Opener(io.BytesIO(sealed), "one").read() == told
    with pytest.raises(PassphraseWrong):
        Opener(io.BytesIO(sealed), "two").read()
    if size > PIECE:
        whole_pieces = sealed[: len(sealed) - (size % PIECE or PIECE) - 16]
        with pytest.raises(BackupBroken):
            Opener(io.BytesIO(whole_pieces), "one").read()


def test_only_old_backups_are_removed(tmp_path: Path) -> None:
    now = clock.now()
    for name, days in (("vafa-1.vafa-backup", 40), ("vafa-2.vafa-backup", 3), ("other.tar", 90)):
        (tmp_path / name).touch()
        moment = now.timestamp() - days * 86_400
        os.utime(tmp_path / name, (moment, moment))
    remove_expired(tmp_path, days=30, now=now)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["other.tar", "vafa-2.vafa-backup"]


@pytest.mark.django_db
def test_all_tables_can_be_taken_along_and_no_secret(tmp_path: Path, django_user_model: type) -> None:
    staff = django_user_model.objects.create_user("a@example.com", "correct horse", created_at=clock.now())  # type: ignore[attr-defined]
    tables = export_everything(tmp_path)
    assert {(table.room, table.name) for table in tables} == {
        (model._meta.app_label, model._meta.model_name) for model in list_models()
    }
    text = (tmp_path / "staff" / "staff.csv").read_text()
    assert "a@example.com" in text
    assert staff.password not in text
    readme = (tmp_path / "README.md").read_text()
    assert all(f"{table.room}/{table.name}.csv" in readme for table in tables)
