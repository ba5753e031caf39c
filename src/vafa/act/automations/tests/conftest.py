"""The fixtures of this room's tests: a shop in Tehran, and a copy of its facts that follows when asked to."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from vafa.act.automations.actions import create_automation, publish
from vafa.act.automations.models import Automation
from vafa.act.automations.tasks import work
from vafa.act.automations.types import Document, StepTold, When
from vafa.data.business.actions import change_business
from vafa.data.log.actions import add_happening
from vafa.measure.metrics.tests.ledger import Ledger, ledger

# 13:00 in Tehran, on Sunday 24 Esfand 1404.
NOW = datetime(2026, 3, 15, 9, 30, tzinfo=UTC)
TODAY = date(2026, 3, 15)

__all__ = ["NOW", "TODAY", "World", "home", "ledger", "world"]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VAFA_HOME", str(tmp_path))
    return tmp_path


@dataclass
class World:
    """What a test does: switches automations on, lets orders come in, and lets the worker work."""

    ledger: Ledger

    def switch_on(self, document: Document, now: datetime = NOW - timedelta(hours=1)) -> Automation:
        """An automation that runs since a moment."""
        made = create_automation("test", document, by=None, now=now)
        publish(made.pk, by=None, now=now)
        return Automation.objects.get(pk=made.pk)

    def order(self, customer: int, now: datetime = NOW, *, live: bool = True, day: date | None = None) -> int:
        """An order by the API, as the log tells of it."""
        line = self.ledger.add_order(customer, day or now.date())
        at = now if day is None else datetime(day.year, day.month, day.day, tzinfo=UTC)
        add_happening(
            "order_new",
            at=at,
            now=now,
            live=live,
            subject=line.pk,
            customer=customer,
            source=self.ledger.source.pk,
        )
        return line.pk

    def work(self, now: datetime = NOW) -> int:
        """What the timetable does."""
        return work(now)


@pytest.fixture
def world(ledger: Ledger) -> World:
    change_business(
        by=None, now=NOW, name="Shop", zone="Asia/Tehran", calendar="jalali", country="IR", is_set_up=True
    )
    return World(ledger)


def tag(name: str, step: str = "s1") -> StepTold:
    """A step that shows that it was done."""
    return StepTold(step, "tag", {"name": name, "do": "add"})


def on_order(*steps: StepTold, **more: object) -> Document:
    """When somebody orders."""
    return Document(When("order"), steps=steps, **more)  # type: ignore[arg-type]
