"""Both databases, several processes, and processes that are killed."""

import os
import random
import signal
import subprocess
import sys
import time

import pytest

from tests.support.tables import give_tables
from vafa.warehouse.layout import get_warehouse_folder, lock

pytestmark = pytest.mark.slow


@pytest.fixture(params=["sqlite", "postgresql"])
def environment(request, home):
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""
    return os.environ | {"VAFA_HOME": str(give_tables(home)), "DATABASE_URL": url}


def start(environment, mode):
    return subprocess.Popen(
        [sys.executable, "-m", "vafa.warehouse.tests.driver", mode],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )


def run(environment, mode):
    process = start(environment, mode)
    told, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    return told


def test_every_way_of_reading_tells_the_same(environment):
    run(environment, "fill")
    assert run(environment, "compare") == "[[false, true], [false, true]]"


def test_a_killed_refresh_leaves_a_readable_copy_and_no_litter(environment):
    run(environment, "fill")
    run(environment, "check")
    chance = random.Random(5)
    seen = []
    for _ in range(4):
        process = start(environment, "loop")
        process.stdout.readline()
        time.sleep(chance.uniform(0.2, 1.5))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert process.returncode == -signal.SIGKILL
        seen.append(int(run(environment, "check")))
    assert seen == sorted(seen)
    assert seen[0] < seen[-1]


# The lock is a file's, whichever the database is.
@pytest.mark.parametrize("environment", ["sqlite"], indirect=True)
def test_one_refresh_at_a_time(home, environment):
    run(environment, "fill")
    with lock(get_warehouse_folder()):
        process = start(environment, "check")
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=4)
    process.communicate(timeout=60)
    assert process.returncode == 0
