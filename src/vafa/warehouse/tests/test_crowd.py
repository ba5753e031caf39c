"""Several web and worker processes at once, on both databases, with commits that come late."""

import json
import os
import subprocess
import sys
import time

import pytest

from tests.support.tables import give_tables

pytestmark = pytest.mark.slow

SECONDS = 4


@pytest.fixture(params=["sqlite", "postgresql"])
def environment(request, home):
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""
    return os.environ | {"VAFA_HOME": str(give_tables(home)), "DATABASE_URL": url}


def start(environment, mode, seconds=0.0, seed=0):
    return subprocess.Popen(
        [sys.executable, "-m", "vafa.warehouse.tests.crowd", mode, str(seconds), str(seed)],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def finish(process):
    told, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    return json.loads(told.splitlines()[-1])


def check(environment):
    """What is published in the end is what the rows say; the number that it has reached."""
    done = subprocess.run(
        [sys.executable, "-m", "vafa.warehouse.tests.driver", "check"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def test_many_processes_write_follow_and_read_at_once(environment):
    finish(start(environment, "prepare"))
    writers = [start(environment, "write", SECONDS, seed) for seed in (1, 2, 3)]
    workers = [start(environment, "follow", SECONDS, seed) for seed in (4, 5)]
    readers = [start(environment, "read", SECONDS, seed) for seed in (6, 7)]
    wrote, followed, read = (list(map(finish, group)) for group in (writers, workers, readers))
    assert sum(one["transactions"] for one in wrote) >= 18
    assert sum(one["states"] for one in followed) >= 3
    assert max(one["states"] for one in read) >= 2
    check(environment)


def test_a_slow_commit_is_not_skipped(environment):
    """Who took a number first commits last: nobody's number is published before, and the row is there at last."""
    finish(start(environment, "prepare"))
    before = finish(start(environment, "follow", 0.01))
    assert before["refreshes"] >= 1
    slow = start(environment, "hold")
    number = json.loads(slow.stdout.readline())
    # On either database another writer has to wait, so that numbers become visible in their order.
    other = start(environment, "write", 0.5, 8)
    time.sleep(3)
    assert other.poll() is None
    finish(start(environment, "follow", 0.01))
    assert check(environment) < number
    slow.stdin.write("\n")
    slow.stdin.close()
    assert slow.wait(timeout=60) == 0
    finish(other)
    finish(start(environment, "follow", 0.01))
    assert check(environment) > number
