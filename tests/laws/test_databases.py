"""The same laws on both databases, with records that are really committed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.tables import give_tables


@pytest.mark.slow
@pytest.mark.parametrize("vendor", ["sqlite", "postgresql"])
def test_all_figures_agree_on(vendor, request, tmp_path):
    url = request.getfixturevalue("postgres_url") if vendor == "postgresql" else ""
    done = subprocess.run(
        [sys.executable, "-m", "tests.laws.driver", "4"],
        env=os.environ | {"VAFA_HOME": str(give_tables(tmp_path)), "DATABASE_URL": url},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-6000:]
