"""`kill -9` of the nightly job at every step of it: no half set of scores is shown, and each change is told once."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.tables import give_tables
from vafa.predict.models.tests.made import UNTIL
from vafa.predict.scores.tests.killed import FIRST_STEPS, LATER, NEXT_STEPS

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_killed_night_shows_no_half_and_tells_each_change_once(
    request: pytest.FixtureRequest, tmp_path: Path, database: str
) -> None:
    url = request.getfixturevalue("postgres_url") if database == "postgresql" else ""
    done = subprocess.run(
        [sys.executable, "-m", "vafa.predict.scores.tests.killed"],
        env=os.environ | {"VAFA_HOME": str(give_tables(tmp_path)), "DATABASE_URL": url},
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]
    seen = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["step"] for one in seen] == [*FIRST_STEPS, *NEXT_STEPS], done.stderr[-4000:]
    for one in seen:
        assert one["ended"] == (-signal.SIGKILL if one["step"] else 0), (one, done.stderr[-4000:])
        assert one["whole"], one
        # All that is shown is of one day, of which everything is kept.
        assert len(one["shown_of"]) <= 1, one
        assert set(one["shown_of"]) <= set(one["issues"]), one
        assert one["happened"] == one["moves"] == one["customers_told"], one
    first, last = seen[len(FIRST_STEPS) - 1], seen[-1]
    assert seen[0]["cards"] == []
    assert all(not one["shown_of"] for one in seen[:3])
    assert (first["cards"], first["shown_of"], first["standing"]) == ([True], [str(UNTIL)], str(UNTIL))
    # The first scoring is no news; of the second each change is, and a look that finds nothing new tells nothing.
    assert first["happened"] == 0
    partly = {one["step"]: one["happened"] for one in seen[len(FIRST_STEPS) :] if one["step"]}
    assert (partly["half told"], partly["told some"]) == (0, 4)
    assert last["issues"] == [str(UNTIL), str(LATER)]
    assert (last["shown_of"], last["standing"]) == ([str(LATER)], str(LATER))
    assert last["changes"] > 10
    assert last["happened"] == last["changes"] == seen[-2]["happened"]
