"""The rooms' own tests, run once more with the records in PostgreSQL: what holds on SQLite holds there.

Each room's tests are a run of pytest of their own, because Django's database is settled before the first test. By hand:

    VAFA_TEST_DATABASE=postgresql://... .venv/bin/pytest -n 0 src/vafa/measure/segments
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
# The folders whose tests write records; tests that choose their database themselves are marked slow.
ROOMS = ("src/vafa/kit/tests",)


def run_tests(url, *arguments):
    """A run of pytest with the records in this database; what it printed."""
    # Without the settings' name, or pytest-django would read the settings before its conftest names the database.
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-n", "0", "-q", *arguments],
        env=environment | {"VAFA_TEST_DATABASE": url},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    return done.stdout


@pytest.mark.parametrize("rooms", ROOMS)
def test_a_rooms_tests_hold_on_postgresql(rooms, postgres_url):
    assert " passed" in run_tests(postgres_url, "-m", "not slow", *rooms.split())


def test_the_runs_are_on_postgresql(postgres_url):
    """Or all of this would only say again what holds on SQLite."""
    assert "1 passed" in run_tests(postgres_url, "tests/postgres/which.py")
