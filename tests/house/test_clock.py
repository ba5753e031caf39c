"""Time is an argument: only vafa.kit.clock reads the clock."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "vafa"
# Calls that ask what time it is; measuring how long something took (monotonic) is another matter.
READS = {
    ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"),
    ("time", "time"), ("time", "time_ns"), ("time", "localtime"), ("time", "gmtime"),
    ("timezone", "now"), ("timezone", "localdate"), ("timezone", "localtime"), ("jdatetime", "now"),
}  # fmt: skip
MAY_READ = {"kit/clock.py"}


def find_readings(source: str) -> Iterator[int]:
    """The lines that read the clock."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute):
            owner = (
                node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
            )
            if (owner, node.attr) in READS:
                yield node.lineno


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("import datetime\nx = datetime.datetime.now(tz)", [2]),
        ("from django.utils import timezone\nfield = F(default=timezone.now)", [2]),
        ("import time\nx = time.time()", [2]),
        ("import time\nx = time.monotonic()", []),
        ("x = clock.now()", []),
    ],
)
def test_readings_are_found(source, lines):
    assert list(find_readings(source)) == lines


def test_only_the_clock_reads_the_clock():
    found = [
        f"{path.relative_to(PACKAGE)}:{line}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.relative_to(PACKAGE).as_posix() not in MAY_READ
        and not {"tests", "migrations"} & set(path.relative_to(PACKAGE).parts)
        for line in find_readings(path.read_text(encoding="utf-8"))
    ]
    assert found == []
