"""A warehouse of each test's own."""

from pathlib import Path

import pytest

from vafa.measure.metrics.tests.ledger import ledger
from vafa.warehouse.actions import _Following

__all__ = ["home", "ledger"]

BUILD = _Following._rebuild


@pytest.fixture(autouse=True)
def built_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here it is the building that is tested: nothing is copied that was built before."""
    monkeypatch.setattr(_Following, "_rebuild", BUILD)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VAFA_HOME", str(tmp_path))
    return tmp_path
