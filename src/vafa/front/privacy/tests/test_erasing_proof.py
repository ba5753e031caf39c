"""The proof that erasing leaves nothing: every file of the home is searched, as it is and unpacked, after a process
that was killed at every step has been taken up again."""

import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tests.support.tables import give_tables
from vafa.data.intake.reading.tables import open_table
from vafa.front.privacy.tests import erasing_child

WORDS = (b"quackenbush", b"zebulon", b"9121234567", b"1980-02-0", b"zeb.quack")
ROOT = Path(__file__).resolve().parents[5]
pytestmark = pytest.mark.slow


def run(home: Path, *arguments: str) -> tuple[int, str]:
    """The child's exit status and what it printed."""
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, erasing_child.__file__, *arguments],
        env=kept | {"VAFA_HOME": str(home)}, cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode, done.stdout.strip()


def list_contents(home: Path) -> Iterator[tuple[str, bytes]]:
    """Every file as it is, and those that are packed also as what is in them."""
    for path in sorted(home.rglob("*")):
        if not path.is_file():
            continue
        content = path.read_bytes()
        yield str(path.relative_to(home)), content
        if zipfile.is_zipfile(io.BytesIO(content)):
            with zipfile.ZipFile(path) as packed:
                for name in packed.namelist():
                    yield f"{path.name}:{name}", packed.read(name)
        elif path.suffix == ".parquet":
            rows = duckdb.sql(f"SELECT * FROM '{path}'").fetchall()
            yield f"{path.name}:rows", json.dumps(rows, default=str, ensure_ascii=False).encode()


def find_words(home: Path) -> set[str]:
    """Where any of the person's words lies."""
    return {
        f"{name}: {word.decode()}"
        for name, content in list_contents(home)
        for word in WORDS
        if word in content.lower()
    }


STEPS = ("scrub_person+", "erase_person+", "sweep_copies", "clean_records+")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of which somebody was erased, by processes that were killed at every step and a last one that was not."""
    folder = give_tables(tmp_path_factory.mktemp("erasing") / "home")
    run(folder, "make")
    # The search itself finds the person everywhere before: in the database, the copy, uploads and rejects.
    found = " ".join(find_words(folder))
    places = ("vafa.sqlite3", "customers.parquet:rows", "uploads", "sheet1.xml", "rejects")
    assert [place for place in places if place not in found] == []
    for step in STEPS:
        assert run(folder, "erase", step)[0] == -signal.SIGKILL, step
    assert run(folder, "erase", "") == (0, "True")
    return folder


def test_nothing_of_a_person_is_left_in_any_file(home: Path) -> None:
    assert find_words(home) == set()


def test_who_stays_stays_and_money_still_adds_up(home: Path) -> None:
    with sqlite3.connect(home / "vafa.sqlite3") as connection:
        names = connection.execute("SELECT name FROM customers_customer ORDER BY name").fetchall()
        assert names == [("Bob Stays",)]
        earlier = "SELECT sum(amount) / 10000 FROM orders_orderline WHERE day < '2026-01-05'"
        assert connection.execute(earlier).fetchall() == [(31,)]
        state, kept = connection.execute("SELECT state, kept FROM consent_erasure").fetchone()
    assert (state, json.loads(kept)["sales"]) == ("done", 1)
    files = [path for path in (home / "uploads").rglob("*") if path.is_file()]
    assert len(files) == 2
    for path in files:
        with open_table(path) as table:
            (batch,) = table.batches()
            assert batch.columns[1] == ["Bob Stays"]


def test_no_file_brings_them_back_and_its_rejects_say_nothing_of_them(home: Path) -> None:
    assert run(home, "again") == (0, "1 2 1 1")
    assert find_words(home) == set()
