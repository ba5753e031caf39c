"""A worker that the system kills while it freezes an audience: the next finishes it, and everybody is in it once."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.tables import give_tables
from vafa.act.campaigns.tests.driver import CUSTOMERS, DIES_AT, PIECE

pytestmark = pytest.mark.slow
DRIVER = "vafa.act.campaigns.tests.driver"


def run(environment: dict[str, str], mode: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", DRIVER, mode]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)


def test_an_audience_is_frozen_whole_after_a_kill(tmp_path: Path) -> None:
    environment = os.environ | {"VAFA_HOME": str(give_tables(tmp_path)), "DATABASE_URL": ""}
    killed = run(environment, "die")
    assert killed.returncode == -signal.SIGKILL, killed.stderr[-4000:]
    done = run(environment, "finish")
    assert done.returncode == 0, done.stderr[-4000:]
    told = json.loads(done.stdout.splitlines()[-1])
    whole = (DIES_AT - 1) * PIECE
    assert told["before"] == [
        whole,
        whole,
        "open",
    ]  # the piece in which it died is not there, and nothing was sent
    assert (told["early"], told["state"], told["message"]) == ("", "handed", "running")
    assert told["rows"] == told["customers"] == told["dealt"] == CUSTOMERS
    assert told["held"] == told["controls"] > 0
    assert told["run"] == [CUSTOMERS, CUSTOMERS, told["controls"]]
