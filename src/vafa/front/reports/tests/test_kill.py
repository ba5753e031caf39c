"""`kill -9` at every step of a scheduled report, and two workers at once: each recipient gets one mail."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.tables import give_tables

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
DUE = NOW + timedelta(days=1)
CHILD = Path(__file__).with_name("report_child.py")
COUNT = 3
PREPARE = f"""
import django; django.setup()
from datetime import datetime
from django.core.management import call_command
from vafa.data.staff.models import Staff
from vafa.measure.reports.actions import create_dashboard, create_schedule
from vafa.measure.reports.types import Cadence, Item
call_command("migrate", verbosity=0)
now = datetime.fromisoformat("{NOW.isoformat()}")
staff = [
    Staff.objects.create_user(f"s{{number}}@shop.example", None, role="analyst", created_at=now)
    for number in range({COUNT})
]
dashboard = create_dashboard("Board", is_shared=True, items=[Item("crr")], by=staff[0], now=now)
create_schedule(dashboard, Cadence("day", hour=8), {{one.pk: "" for one in staff}}, by=staff[0], now=now)
"""
STATES = """
import django; django.setup()
from vafa.kit.models import StaffMail
from vafa.measure.reports.models import Run
print(*(run.state for run in Run.objects.all()), "|", *StaffMail.objects.values_list("address", flat=True))
"""


def build_environment(home: Path) -> dict[str, str]:
    return os.environ | {
        "DATABASE_URL": read_database(home),
        "VAFA_HOME": str(home),
        "VAFA_SMTP_URL": "smtp://127.0.0.1:9",
        "VAFA_MAIL_FROM": "vafa@shop.example",
        "DJANGO_SETTINGS_MODULE": "vafa.config.settings",
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }


def read_database(home: Path) -> str:
    """The database that a home is told to use; nothing for SQLite."""
    told = home / "database.url"
    return told.read_text() if told.exists() else ""


def start(home: Path, step: str, now: datetime) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, str(CHILD), step, now.isoformat()],
        env=build_environment(home),
        stderr=subprocess.PIPE,
        text=True,
    )


def run(home: Path, code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=build_environment(home),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def check(home: Path) -> None:
    states, mails = (part.split() for part in run(home, STATES).split("|"))
    assert states == ["done"]
    assert sorted(mails) == [f"s{number}@shop.example" for number in range(COUNT)]


@pytest.mark.slow
@pytest.mark.parametrize("step", ["made", "claimed", "first mail", "all mails"])
def test_a_kill_at_any_step_sends_each_mail_once(tmp_path: Path, step: str) -> None:
    run(give_tables(tmp_path), PREPARE)
    killed = start(tmp_path, step, DUE)
    _out, said = killed.communicate(timeout=120)
    assert killed.returncode == -signal.SIGKILL, said
    for later in (DUE + timedelta(minutes=1), DUE + timedelta(minutes=20)):
        after = start(tmp_path, "none", later)
        _out, said = after.communicate(timeout=120)
        assert after.returncode == 0, said
    check(tmp_path)


@pytest.fixture(params=["sqlite", "postgres"])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A home on each kind of database."""
    if request.param == "postgres":
        (tmp_path / "database.url").write_text(request.getfixturevalue("postgres_url"))
    return give_tables(tmp_path)


@pytest.mark.slow
def test_two_workers_at_once_send_each_mail_once(home: Path) -> None:
    run(home, PREPARE)
    workers = [start(home, "none", DUE) for _number in range(2)]
    for worker in workers:
        _out, said = worker.communicate(timeout=120)
        assert worker.returncode == 0, said
    check(home)
