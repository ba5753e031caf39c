"""A start builds the figures that its pages need, and leaves alone what it can read."""

import json
from pathlib import Path

import pytest

from vafa.config.serving import bring_figures_up
from vafa.warehouse import layout
from vafa.warehouse.actions import refresh
from vafa.warehouse.queries import has_copy, open_snapshot
from vafa.warehouse.tests.world import NOW, World, build_day

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAFA_HOME", str(tmp_path))


def bring_a_buyer() -> None:
    world = World()
    world.order(world.customer(), build_day(1))


def test_figures_of_another_version_are_built_before_the_first_page() -> None:
    bring_a_buyer()
    refresh(now=NOW)
    manifest = layout.get_warehouse_folder() / layout.MANIFEST
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"format": layout.FORMAT - 1}))
    assert open_snapshot().customer_count == 0
    bring_figures_up()
    assert open_snapshot().customer_count == 1


def test_figures_that_can_be_read_are_left_to_the_worker() -> None:
    bring_a_buyer()
    refresh(now=NOW)
    bring_a_buyer()
    bring_figures_up()
    assert open_snapshot().customer_count == 1


def test_an_empty_installation_starts_without_building() -> None:
    bring_figures_up()
    assert not has_copy()
