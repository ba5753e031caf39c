"""Two workers at once: each day's tasks of a rule, and each digest, are made once."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.tables import give_tables
from vafa.act.followups.tests.driver import CUSTOMERS, DAYS

pytestmark = pytest.mark.slow
DRIVER = "vafa.act.followups.tests.driver"


def run(mode: str, environment: dict[str, str]) -> str:
    command = [sys.executable, "-m", DRIVER, mode]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_two_workers_make_tasks_and_digests_once(
    database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("postgres_url") if database == "postgresql" else ""
    environment = os.environ | {
        "VAFA_HOME": str(give_tables(tmp_path)),
        "DATABASE_URL": url,
        "VAFA_SMTP_URL": "smtp://127.0.0.1:9",
        "VAFA_MAIL_FROM": "vafa@shop.example",
    }
    run("fill", environment)
    workers = [
        subprocess.Popen(
            [sys.executable, "-m", DRIVER, "race"],
            env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for _ in range(2)
    ]  # fmt: skip
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "begun\n"
    for worker in workers:
        worker.communicate("go\n", timeout=120)
        assert worker.returncode == 0
    made = CUSTOMERS // DAYS
    assert json.loads(run("check", environment)) == [CUSTOMERS, CUSTOMERS, [made] * DAYS, DAYS, DAYS]
