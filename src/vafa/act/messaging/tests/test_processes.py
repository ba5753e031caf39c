"""Two workers, one of which is killed in the middle, again and again: each address gets a mail once or not at all, and
who may not have got one is named."""

import json
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.support.smtp import run_mail_sink
from tests.support.tables import give_tables
from vafa.act.messaging.tests.driver import CUSTOMERS, PIECE

pytestmark = pytest.mark.slow
DRIVER = "vafa.act.messaging.tests.driver"
# How many mails have been taken when a worker is killed.
KILLED_AT = (7, 61, 140)
PATIENCE = 60


def run(environment: dict[str, str], *mode: str) -> str:
    command = [sys.executable, "-m", DRIVER, *mode]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout


def start(environment: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", DRIVER, "send"],
        env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_whoever_is_killed_nobody_gets_a_mail_twice_and_the_counts_add_up(
    database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("postgres_url") if database == "postgresql" else ""
    environment = os.environ | {"VAFA_HOME": str(give_tables(tmp_path)), "DATABASE_URL": url}
    with run_mail_sink() as sink:
        run(environment, "fill", str(sink.port))
        workers = [start(environment) for _ in range(len(KILLED_AT) + 1)]
        for worker in workers:
            assert worker.stdout.readline() == "begun\n"
        # Two work at any moment: whenever one is killed, another one takes its place.
        for worker in workers[:2]:
            worker.stdin.write("go\n")
            worker.stdin.flush()
        for place, count in enumerate(KILLED_AT):
            give_up = time.monotonic() + PATIENCE
            while len(sink.taken) < count and time.monotonic() < give_up:
                time.sleep(0.002)
            workers[place].kill()
            workers[place].wait()
            if place + 2 < len(workers):
                workers[place + 2].stdin.write("go\n")
                workers[place + 2].stdin.flush()
        workers[-1].wait(PATIENCE)
        run(environment, "settle")
        taken = Counter(mail.recipient for mail in sink.taken)
    states, unknown = json.loads(run(environment, "check"))
    assert set(taken.values()) == {1}
    assert sum(states.values()) == CUSTOMERS
    assert set(states) <= {"accepted", "unknown"}
    # Of each worker that was killed at most one piece is in doubt.
    assert len(unknown) == states.get("unknown", 0) <= PIECE * len(KILLED_AT)
    doubtful = {f"c{name.split()[1]}@example.org" for name in unknown}
    everybody = {f"c{n}@example.org" for n in range(CUSTOMERS)}
    assert everybody - set(taken) <= doubtful
    assert len(taken) - states["accepted"] <= len(doubtful)
    # The others took over what the dead ones had not begun.
    assert states["accepted"] >= CUSTOMERS - PIECE * len(KILLED_AT)
