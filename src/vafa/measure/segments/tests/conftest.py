"""A warehouse of each test's own."""

from pathlib import Path

import pytest

from vafa.measure.metrics.tests.ledger import ledger

__all__ = ["home", "ledger"]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VAFA_HOME", str(tmp_path))
    return tmp_path
