"""`kill -9` at every step of sending, and two workers at once: nobody gets a mail twice, and nothing is lost unseen."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.smtp import MailSink, run_mail_sink
from tests.support.tables import give_tables

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
CHILD = Path(__file__).with_name("mail_child.py")
COUNT = 4
PREPARE = f"""
import django; django.setup()
from datetime import datetime
from django.core.management import call_command
from vafa.data.staff.models import Staff
from vafa.kit.mail import send_staff_mail
call_command("migrate", verbosity=0)
now = datetime.fromisoformat("{NOW.isoformat()}")
for number in range({COUNT}):
    staff = Staff.objects.create_user(f"s{{number}}@shop.example", None, created_at=now)
    send_staff_mail(staff, "Report", "<p>x</p>", "x", "en", key=str(number), now=now)
"""
STATES = """
import django; django.setup()
from vafa.kit.models import StaffMail
print(" ".join(StaffMail.objects.order_by("id").values_list("state", flat=True)))
"""


def build_environment(home: Path, sink: MailSink) -> dict[str, str]:
    return os.environ | {
        "DATABASE_URL": read_database(home),
        "VAFA_HOME": str(home),
        "VAFA_SMTP_URL": sink.url,
        "VAFA_MAIL_FROM": "vafa@shop.example",
        "DJANGO_SETTINGS_MODULE": "vafa.config.settings",
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }


def read_database(home: Path) -> str:
    """The database that a home is told to use; nothing for SQLite."""
    told = home / "database.url"
    return told.read_text() if told.exists() else ""


def start(home: Path, sink: MailSink, step: str, now: datetime) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, str(CHILD), step, now.isoformat()],
        env=build_environment(home, sink),
        stderr=subprocess.PIPE,
        text=True,
    )


def run(home: Path, sink: MailSink, code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=build_environment(home, sink),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("step", "unknown", "taken"),
    [("claimed", 0, COUNT), ("handing", 1, COUNT - 1), ("taken", 1, COUNT)],
)
def test_a_kill_at_any_step_sends_nothing_twice(tmp_path: Path, step: str, unknown: int, taken: int) -> None:
    with run_mail_sink() as sink:
        run(give_tables(tmp_path), sink, PREPARE)
        killed = start(tmp_path, sink, step, NOW)
        _out, said = killed.communicate(timeout=60)
        assert killed.returncode == -signal.SIGKILL, said
        for later in (NOW + timedelta(minutes=1), NOW + timedelta(minutes=10), NOW + timedelta(days=1)):
            after = start(tmp_path, sink, "none", later)
            _out, said = after.communicate(timeout=60)
            assert after.returncode == 0, said
        states = run(tmp_path, sink, STATES).split()
        assert sorted(states) == ["sent"] * (COUNT - unknown) + ["unknown"] * unknown
        recipients = [mail.recipient for mail in sink.taken]
        assert len(recipients) == len(set(recipients)) == taken


@pytest.fixture(params=["sqlite", "postgres"])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A home on each kind of database."""
    if request.param == "postgres":
        (tmp_path / "database.url").write_text(request.getfixturevalue("postgres_url"))
    return give_tables(tmp_path)


@pytest.mark.slow
def test_two_workers_at_once_send_each_mail_once(home: Path) -> None:
    with run_mail_sink() as sink:
        run(home, sink, PREPARE)
        workers = [start(home, sink, "none", NOW) for _number in range(2)]
        for worker in workers:
            _out, said = worker.communicate(timeout=60)
            assert worker.returncode == 0, said
        assert run(home, sink, STATES).split() == ["sent"] * COUNT
        assert sorted(mail.recipient for mail in sink.taken) == [
            f"s{number}@shop.example" for number in range(COUNT)
        ]
