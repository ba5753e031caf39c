"""The nightly scoring: only where something has moved, and the same end however often it is cut off and begun again."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from vafa.data.business.actions import change_business
from vafa.data.log.models import Happening
from vafa.measure.metrics.tests.ledger import Ledger
from vafa.predict.models.types import Lack, Question, Verdict
from vafa.predict.scores import tasks
from vafa.predict.scores.models import Issue, Outcome
from vafa.predict.scores.queries import find_standing, get_bands, get_chances, list_judged
from vafa.predict.scores.tasks import look
from vafa.predict.scores.tests.made import build_scores
from vafa.predict.scores.types import Tally
from vafa.warehouse.actions import withdraw_column
from vafa.warehouse.queries import Snapshot, open_snapshot

DAY = date(2024, 5, 1)
ORDERS = Question("orders", 30)


def at(day: date) -> datetime:
    """Nine in the morning of a day."""
    return datetime(day.year, day.month, day.day, 9, tzinfo=UTC)


class Model:
    """Stands in for a trained one: its chances, its card, and how often it was trained."""

    def __init__(self) -> None:
        self.chances: dict[int, float] = {}
        self.lineage = "a"
        self.trained = 0
        self.refused: tuple[Lack, ...] = ()

    def score(self, snapshot: Snapshot, question: Question) -> Any:
        until = snapshot.freshness(kinds=("orders",)).data_until
        assert until is not None
        if self.refused:
            return SimpleNamespace(verdict=Verdict("refused", self.refused), customer_ids=[])
        return build_scores(self.chances, until, question=question)

    @property
    def card(self) -> Any:
        """None before it was trained."""
        return SimpleNamespace(pk=7) if self.trained else None


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Model:
    model = Model()

    def train(*_args: object, **_options: object) -> Any:
        model.trained += 1
        return model.card, Verdict("percent")

    replaced: dict[str, Callable[..., Any]] = {
        "score": model.score,
        "train": train,
        "is_due": lambda *_args: not model.trained,
        "find_champion": lambda *_args: model.card,
        "build_lineage": lambda *_args: model.lineage,
        "get_question": lambda *_args: ORDERS,
    }
    for name, stand_in in replaced.items():
        monkeypatch.setattr(tasks, name, stand_in)
    return model


@pytest.fixture
def people(ledger: Ledger, model: Model) -> list[int]:
    """Three customers who have bought twice before the first of May; the first of them buys on the tenth."""
    change_business(by=None, now=at(DAY), activity_rule="purchase:60d", is_set_up=True, name="Shop")
    people = [ledger.add_customer(f"c{place}") for place in range(3)]
    for place, pk in enumerate(people):
        ledger.add_order(pk, DAY - timedelta(days=40 + place))
        ledger.add_order(pk, DAY - timedelta(days=10 + place))
    ledger.publish(DAY - timedelta(days=1))
    model.chances = dict(zip(people, (0.1, 0.4, 0.7), strict=True))
    return people


def test_it_scores_once_for_each_end_of_data(ledger, model, people):
    look(at(DAY))
    look(at(DAY))
    assert (Issue.objects.count(), model.trained) == (1, 1)
    standing = find_standing()
    assert standing is not None
    assert (standing.as_of, standing.verdict.level) == (DAY, "percent")
    snapshot = open_snapshot()
    bands = get_bands(snapshot)
    assert bands is not None
    assert bands[snapshot.list_numbers(people)].tolist() == [0, 1, 2]
    model.chances[people[0]] = 0.9
    ledger.publish(DAY)
    look(at(DAY + timedelta(days=1)))
    assert Issue.objects.count() == 2
    rose = Happening.objects.filter(kind="risk_rose")
    assert [(one.subject, one.live) for one in rose] == [(people[0], True)]


def test_what_was_deleted_is_published_again(model, people):
    look(at(DAY))
    withdraw_column("risk_band")
    look(at(DAY))
    assert get_bands(open_snapshot()) is not None
    assert get_chances(open_snapshot()) is not None


def test_another_model_is_scored_by_at_once_but_is_no_news(model, people):
    look(at(DAY))
    model.lineage = "b"
    model.chances = dict.fromkeys(people, 0.9)
    look(at(DAY))
    assert not Happening.objects.filter(kind="risk_rose").exists()


def test_where_it_is_refused_nothing_is_told_any_more(model, people):
    look(at(DAY))
    model.refused = (Lack("customers", 3, 100),)
    model.lineage = "b"
    look(at(DAY))
    assert get_bands(open_snapshot()) is get_chances(open_snapshot()) is None
    standing = find_standing()
    assert standing is not None
    assert (standing.issue_id, standing.verdict.lacks) == (None, model.refused)
    look(at(DAY))


@pytest.mark.parametrize("step", ["issue", "publish", "note_standing", "tell_moves", "_judge"])
def test_cut_off_anywhere_it_ends_the_same(ledger, model, people, monkeypatch, step):
    look(at(DAY))
    model.chances[people[0]] = 0.9
    ledger.publish(DAY)
    whole, now = getattr(tasks, step), at(DAY + timedelta(days=1))

    def die(*args: Any, **options: Any) -> None:
        whole(*args, **options)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(tasks, step, die)
        with pytest.raises(KeyboardInterrupt):
            look(now)
    look(now)
    assert Issue.objects.count() == 2
    assert Happening.objects.filter(kind="risk_rose", live=True).count() == 1
    snapshot = open_snapshot()
    assert snapshot.published_as_of("risk_band") == DAY + timedelta(days=1)
    standing = find_standing()
    assert standing is not None
    assert standing.as_of == DAY + timedelta(days=1)


def test_when_its_days_are_over_it_is_judged_by_what_happened(ledger, model, people):
    look(at(DAY))
    ledger.add_order(people[0], DAY + timedelta(days=9))
    ledger.publish(DAY + timedelta(days=30))
    look(at(DAY + timedelta(days=31)))
    (judged,) = list_judged(ORDERS)
    assert judged.as_of == DAY
    assert judged.whole == Tally(3, 2, pytest.approx(1.2, abs=1e-3))  # type: ignore[arg-type] # compares as a number
    assert judged.auc == 1
    assert judged.recency_auc is not None
    assert Outcome.objects.count() == 1


def test_it_waits_until_the_data_have_been_still(ledger: Ledger) -> None:
    assert tasks.has_calmed(at(DAY))
    ledger.publish(DAY)
    (received,) = {feed.last_received_at for feed in open_snapshot().freshness().feeds}
    assert received is not None
    assert not tasks.has_calmed(received + timedelta(minutes=1))
    assert tasks.has_calmed(received + tasks.CALM)
