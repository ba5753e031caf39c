"""Records with all tables and no rows, made once for a run of the tests: making them anew costs a process 5 seconds.

A command brings its records up to date by itself and finds nothing to do in such. What tests of that itself must start
from nothing, as `test_first_run` and those of `vafa init` do.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

NAME = "vafa.sqlite3"


def give_tables(home: Path) -> Path:
    """Put records without rows into a home that has none yet; the home."""
    home.mkdir(parents=True, exist_ok=True)
    if not (home / NAME).exists():
        shutil.copyfile(get_template() / NAME, home / NAME)
    return home


def get_template() -> Path:
    """The home whose records are copied, made by whichever test process needs it first."""
    # The first process of the run says where (see conftest.py); it removes the folder too.
    home = Path(os.environ["VAFA_TEST_TABLES"])
    with home.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "done").exists():
            home.mkdir(exist_ok=True)
            make_tables(home)
            (home / "done").touch()
    return home


def make_tables(home: Path, url: str = "") -> None:
    """Make all tables, in a home or in the database of this `DATABASE_URL`."""
    done = subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--verbosity", "0"],
        env=os.environ
        | {"VAFA_HOME": str(home), "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "vafa.config.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
