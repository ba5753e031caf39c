"""Workers that are killed in the middle of a build, and two of them at once."""

import json
import os
import random
import signal
import subprocess
import sys
import time

import pytest

from tests.support.tables import give_tables

pytestmark = pytest.mark.slow


def run(mode: str, environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "vafa.measure.segments.tests.driver", mode],
        env=environment, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout


def start(environment: dict[str, str]) -> subprocess.Popen[str]:
    worker = subprocess.Popen(
        [sys.executable, "-m", "vafa.measure.segments.tests.driver", "loop"],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert worker.stdout.readline() == "begun\n"
    return worker


@pytest.fixture(params=["sqlite", "postgresql"])
def environment(request, home):
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""
    return os.environ | {"VAFA_HOME": str(give_tables(home)), "DATABASE_URL": url}


def test_killed_workers_leave_whole_members_and_tell_everybody_once(environment):
    """Two workers at once, each killed at moments of chance, again and again."""
    run("fill", environment)
    chance = random.Random(3)
    for _ in range(4):
        workers = [start(environment), start(environment)]
        for worker in workers:
            time.sleep(0.3 + chance.random() * 1.5)
            worker.send_signal(signal.SIGKILL)
            worker.wait()
    told = json.loads(run("check", environment))
    assert told["changes"] > 5
    assert told["told"] > 500
