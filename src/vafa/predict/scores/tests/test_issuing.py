"""A prediction is kept once as it was issued; a change of band is told once, and only where it is news."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from django.db import transaction

from vafa.data.customers.models import Customer
from vafa.data.log.models import Happening
from vafa.measure.metrics.tests.ledger import Ledger
from vafa.predict.scores import telling
from vafa.predict.scores.actions import issue, judge_issue, list_due, tell_moves
from vafa.predict.scores.erasing import HOLDER
from vafa.predict.scores.judging import Baselines
from vafa.predict.scores.keeping import read_whole
from vafa.predict.scores.models import Block, Issue, Move, Outcome
from vafa.predict.scores.publishing import is_published, publish, withdraw
from vafa.predict.scores.queries import (
    find_band,
    find_last_move,
    find_next,
    get_bands,
    get_chances,
    list_history,
    list_judged,
    list_safe_leavers,
    list_told,
)
from vafa.predict.scores.tests.made import ORDERS, build_scores
from vafa.predict.scores.types import HIGH, LOW, RAISED, Moved, Tally
from vafa.warehouse.queries import Snapshot

DAY = date(2024, 5, 1)
NOW = datetime(2024, 5, 1, 9, tzinfo=UTC)


def later(days: int) -> date:
    return DAY + timedelta(days=days)


@pytest.fixture
def people(ledger: Ledger) -> list[int]:
    """Six customers; all but the last are active on the days of these tests, under a rule that allows for 60 days."""
    people = [ledger.add_customer(name=f"c{n}") for n in range(6)]
    for place, pk in enumerate(people):
        ledger.add_order(pk, later(-200) if place == 5 else later(-10))
    ledger.add_order(people[5], later(-190))
    return people


@pytest.fixture
def snapshot(ledger: Ledger, people: list[int], monkeypatch: pytest.MonkeyPatch) -> Snapshot:
    from vafa.lab.rules import ActivityRule
    from vafa.predict.scores import issuing

    monkeypatch.setattr(issuing, "resolve_rule", lambda *_args: ActivityRule("purchase", 60))
    return ledger.publish(later(0))


def about(value: float) -> Any:
    """A sum of chances, which are kept in 16 bits."""
    return pytest.approx(value, abs=1e-3)


def do(snapshot: Snapshot, chances: dict[int, float], as_of: date = DAY, **options):
    keep = {"lineage": "a", "nightly": True, "now": NOW, **{
        name: options.pop(name) for name in ("lineage", "nightly", "now") if name in options
    }}  # fmt: skip
    return issue(build_scores(chances, as_of, **options), snapshot, **keep)


def list_news() -> list[tuple[str, int | None, bool]]:
    kinds = ("risk_rose", "risk_fell")
    told = Happening.objects.filter(kind__in=kinds).order_by("kind", "subject")
    return list(told.values_list("kind", "subject", "live"))


def test_it_is_kept_once_as_it_was_issued(snapshot, people):
    told = {pk: 0.1 * place for place, pk in enumerate(people)}
    first = do(snapshot, told)
    again = do(snapshot, dict.fromkeys(people, 0.9))
    other = do(snapshot, dict.fromkeys(people, 0.9), model=8)
    assert (first.is_new, again.is_new, other.is_new) == (True, False, True)
    assert again.issue_id == first.issue_id != other.issue_id
    kept = read_whole(first.issue_id)
    assert kept.ids.tolist() == people
    np.testing.assert_allclose(kept.chances, [told[pk] for pk in people], atol=1e-4)
    assert kept.active.tolist() == [True] * 5 + [False]
    assert Happening.objects.filter(kind="scores_issued", live=True).count() == 0
    with pytest.raises(ValueError, match="refused"):
        do(snapshot, told, level="refused")


def test_a_change_of_band_is_told_once(snapshot, people):
    a, b, c, d, e, lost = people
    do(snapshot, {a: 0.1, b: 0.8, c: 0.4, d: float("nan"), e: 0.1, lost: 0.1})
    tell_moves(NOW)
    assert list_news() == []
    second = do(snapshot, {a: 0.7, b: 0.4, c: 0.5, d: 0.9, lost: 0.9}, later(1), now=NOW + timedelta(days=1))
    assert second.live
    for _again in range(2):
        tell_moves(NOW + timedelta(days=1))
        assert list_news() == [("risk_fell", b, True), ("risk_rose", a, True)]
    Issue.objects.update(is_told=False)
    tell_moves(NOW + timedelta(days=1))
    assert len(list_news()) == 2
    assert find_last_move([a]) == Moved(later(1), LOW, HIGH)
    assert find_last_move([c]) is None
    rose = Happening.objects.get(kind="risk_rose")
    assert (rose.details["before"], rose.details["after"]) == (LOW, HIGH)


@pytest.mark.parametrize(
    ("options", "live"),
    [
        ({}, True),
        ({"lineage": "b"}, False),
        ({"lineage": ""}, False),
        ({"nightly": False}, False),
        ({"as_of": later(-1)}, False),
        ({"as_of": DAY, "model": 9}, False),
    ],
)
def test_only_what_is_new_of_the_customer_is_told(snapshot, people, options, live):
    do(snapshot, dict.fromkeys(people, 0.1))
    made = do(snapshot, dict.fromkeys(people, 0.9), **{"as_of": later(1), **options})
    assert made.is_new
    tell_moves(NOW)
    assert made.live is live
    assert bool(list_news()) is live


def test_a_telling_that_was_cut_off_goes_on(snapshot, people, monkeypatch):
    monkeypatch.setattr(telling, "AT_ONCE", 2)
    do(snapshot, dict.fromkeys(people, 0.1))
    do(snapshot, dict.fromkeys(people, 0.9), later(1))
    whole, calls = telling._tell_some, []

    def die_in_the_second(*args):
        calls.append(args)
        with transaction.atomic():
            whole(*args)
            if len(calls) == 2:
                raise KeyboardInterrupt

    monkeypatch.setattr(telling, "_tell_some", die_in_the_second)
    with pytest.raises(KeyboardInterrupt):
        tell_moves(NOW)
    assert len(list_news()) == Move.objects.count() == 2
    Customer.objects.filter(pk=people[3]).update(excluded=True)
    tell_moves(NOW)
    told = [subject for _kind, subject, _live in list_news()]
    assert told == [people[0], people[1], people[2], people[4]]


def test_old_news_never_act(snapshot, people):
    do(snapshot, dict.fromkeys(people, 0.1))
    do(snapshot, dict.fromkeys(people, 0.9), later(1), now=NOW + timedelta(days=20))
    tell_moves(NOW + timedelta(days=20))
    assert {live for _kind, _subject, live in list_news()} == {False}


def test_what_is_published_is_of_those_who_are_still_active(snapshot, people):
    told = {pk: 0.15 * (place + 1) for place, pk in enumerate(people)}
    made = Issue.objects.get(pk=do(snapshot, told).issue_id)
    assert not is_published(made, snapshot)
    publish(made)
    assert is_published(made, snapshot)
    bands, chances = get_bands(snapshot), get_chances(snapshot)
    assert bands is not None
    assert chances is not None
    numbers = snapshot.list_numbers(people)
    assert bands[numbers[:5]].tolist() == [0, 1, 1, 2, 2]
    assert np.isnan(bands[numbers[5]])
    assert find_band(snapshot, HIGH) == snapshot.ix_set(people[3:5])
    only = Issue.objects.get(pk=do(snapshot, told, later(1), level="bands").issue_id)
    publish(only)
    assert is_published(only, snapshot)
    assert get_chances(snapshot) is None
    assert find_band(snapshot, RAISED) == snapshot.ix_set(people[1:3])
    assert list_history([people[0]])[-1].chance is None
    withdraw()
    assert is_published(None, snapshot)
    assert not find_band(snapshot, LOW)


def test_it_is_judged_once_its_days_are_over(snapshot, people, ledger):
    a, b, c, d, e, lost = people
    made = do(snapshot, {a: 0.1, b: 0.2, c: 0.4, d: 0.7, e: 0.8, lost: 0.9})
    assert list_due(later(29)) == []
    assert list_due(None) == []
    waiting = find_next()
    assert waiting is not None
    assert (waiting.as_of, waiting.ends_on, waiting.n) == (DAY, later(30), 5)
    (due,) = list_due(later(30))
    gone = {b, d, e, lost}
    said = [
        judge_issue(
            due,
            snapshot,
            lambda ids: np.isin(ids, list(gone)),
            lambda ids: Baselines(recency=np.arange(len(ids), dtype=float)),
            now=NOW,
        )
        for _again in range(2)
    ]
    assert said == [True, False]
    assert list_due(later(300)) == []
    assert find_next() is None
    (judged,) = list_judged(ORDERS)
    assert (judged.whole.n, judged.whole.left) == (5, 3)
    assert judged.whole.expected == pytest.approx(2.2, abs=1e-3)
    assert judged.bands[LOW] == Tally(2, 1, about(0.3))
    assert judged.bands[HIGH].left == 2
    # Of the 8 pairs of one who left (b, d, e, lost) and one who stayed (a, c), only b and c stand the wrong way round.
    assert judged.auc == pytest.approx(7 / 8)
    assert judged.recency_auc == pytest.approx(7 / 8)
    assert judged.baseline_auc is None
    squares = [0.1**2, 0.8**2, 0.4**2, 0.3**2, 0.2**2, 0.1**2]
    assert judged.brier == pytest.approx(sum(squares) / 6, abs=1e-3)
    assert list_safe_leavers(made.issue_id).tolist() == [b]
    assert list_told(made.issue_id, [b]) == {b: pytest.approx(0.2, abs=1e-4)}
    assert list_history([a])[0].left is False
    assert list_history([b])[0].left is True


def test_customers_who_are_one_by_now_are_told_and_judged_as_one(ledger, snapshot, people):
    kept, merged = people[1], people[0]
    do(snapshot, {kept: 0.8, merged: 0.1, people[2]: 0.4})
    do(snapshot, {merged: 0.2, people[2]: 0.4}, later(1))
    ledger.change_customer(merged, kept_id=kept)
    now = ledger.publish(later(0))
    assert [round(point.chance or 0, 1) for point in list_history([kept, merged])] == [0.8, 0.2]
    for due in list_due(later(40)):
        judge_issue(due, now, lambda ids: ids != people[2], lambda _ids: Baselines(), now=NOW)
    assert [judged.whole for judged in list_judged()] == [
        Tally(2, 1, about(1.2)),
        Tally(2, 1, about(0.6)),
    ]


def test_who_is_erased_leaves_the_issues_and_the_counts_stay(snapshot, people):
    made = do(snapshot, dict.fromkeys(people, 0.1))
    do(snapshot, dict.fromkeys(people, 0.9), later(1))
    tell_moves(NOW)
    issued = Issue.objects.get(pk=made.issue_id)
    judge_issue(issued, snapshot, lambda ids: ids > 0, lambda _ids: Baselines(), now=NOW)
    assert len(HOLDER.collect([people[0]])["predictions"]) == 2
    assert HOLDER.erase([people[0], people[5]]).removed == {"predictions": 4}
    assert HOLDER.erase([people[0], people[5]]).removed == {}
    assert list_history([people[0]]) == []
    assert people[0] not in read_whole(made.issue_id).ids
    assert not Block.objects.filter(first_id__lte=people[0]).exists()
    assert not Move.objects.filter(customer_id=people[0]).exists()
    assert (issued.n, list_judged()[0].whole) == (6, Tally(5, 5, about(0.5)))
    HOLDER.erase(people)
    assert not Block.objects.exists()
    assert Issue.objects.count() == 2
    assert Outcome.objects.count() == 1
