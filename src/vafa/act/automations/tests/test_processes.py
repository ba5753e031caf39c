"""Two workers, one of which is killed in the middle, again and again: every customer goes through every step once, and
what was cut off goes on."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.tables import give_tables
from vafa.act.automations.tests.driver import CODES, CUSTOMERS

pytestmark = pytest.mark.slow
DRIVER = "vafa.act.automations.tests.driver"


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_whoever_is_killed_everybody_goes_through_every_step_once(
    database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("postgres_url") if database == "postgresql" else ""
    environment = os.environ | {"VAFA_HOME": str(give_tables(tmp_path)), "DATABASE_URL": url}
    done = subprocess.run(
        [sys.executable, "-m", DRIVER],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    found = json.loads(done.stdout)
    assert found["most_runs"] == 1
    held_out = dict(found["runs"])["held_out"]
    treated = CUSTOMERS - held_out
    assert found["runs"] == [["done", treated], ["held_out", held_out]]
    assert found["arms"] == [["control", held_out], ["treated", treated]]
    none_left = max(treated - CODES, 0)
    assert found["steps"] == [
        ["s1", 1, "done", treated],
        *([["s2", 1, "done", none_left]] if none_left else []),
        *([name, 1, "done", treated] for name in ("s3", "s4", "s5")),
    ]
    assert (found["tasks"], found["most_tasks"]) == (treated, 1)
    assert (found["sendings"], found["most_sendings"]) == (treated, 1)
    assert (found["codes"], found["most_codes"], found["lost_codes"]) == (min(treated, CODES), 1, 0)
    assert found["tagged"] == none_left
