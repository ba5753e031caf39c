"""The rooms' own tests, run once more with the records in PostgreSQL: what holds on SQLite holds there.

Only the tests that touch the records are run, and of the rooms whose work depends on the database: those that keep
records, follow them by their numbers, or claim rows. It is a run of pytest of its own, because Django's database is
settled before the first test. By hand, of any room (`front` and `metrics` too, which take longer than they tell):

    VAFA_TEST_DATABASE=postgresql://... .venv/bin/pytest -n 0 -p tests.postgres.records_only src/vafa/front
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
# Tests that choose their database themselves are marked slow.
ROOMS = (
    *(f"src/vafa/{room}" for room in ("kit", "data", "warehouse")),
    # Of measure and act the rooms that claim rows, and follow the log.
    *(f"src/vafa/measure/{room}" for room in ("segments", "history", "watching", "reports", "quality")),
    "src/vafa/act/webhooks",
    "src/vafa/act/followups/tests/test_tasks.py",
)


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


def test_the_rooms_tests_hold_on_postgresql(postgres_url):
    """The first says that they are on PostgreSQL, or all of this would only say again what holds on SQLite."""
    chosen = ("-p", "tests.postgres.records_only", "-m", "not slow", "-p", "no:randomly", "-vv")
    told = run_tests(postgres_url, *chosen, "tests/postgres/which.py", *ROOMS)
    assert "::test_this_is_postgresql PASSED" in told
    assert " passed" in told
