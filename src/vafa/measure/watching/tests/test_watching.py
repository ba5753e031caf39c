"""Targets, alerts and marks: judged once, never on history, never on a handful of customers."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from vafa.data.business.actions import change_business
from vafa.data.staff.models import Staff
from vafa.kit.errors import AskedWrongly
from vafa.kit.permissions import Role
from vafa.lab.expected import Expectation
from vafa.measure.metrics.tests.ledger import Ledger
from vafa.measure.segments.actions import add_members, create_segment
from vafa.measure.watching.actions import (
    add_mark,
    check_figures,
    remove_mark,
    remove_target,
    set_target,
    settle_alert,
    stop_watching,
    watch_figure,
)
from vafa.measure.watching.checking import _list_watched
from vafa.measure.watching.models import Alert
from vafa.measure.watching.queries import (
    find_target,
    get_standing,
    list_figures,
    list_marks,
    list_open_alerts,
)
from vafa.measure.watching.rules import decide_verdicts, may_raise
from vafa.measure.watching.types import Figure, MarkUnusable, TargetUnusable
from vafa.warehouse.queries import open_snapshot

CRR = Figure("crr", "", "month")
LOST = Figure("customers_lost", "", "month")
RANGE = Expectation(0.9, 0.85, 0.95, "recent", 12)


@pytest.mark.parametrize(
    ("value", "n", "target", "good", "told"),
    [
        (0.9, 100, None, "up", []),
        (0.8, 100, None, "up", [("range", "below", False)]),
        (0.96, 100, None, "up", [("range", "above", True)]),
        (0.8, 100, None, "none", [("range", "below", None)]),
        (0.88, 100, 0.89, "up", [("target", "below", False)]),
        (0.88, 100, 0.87, "down", [("target", "above", False)]),
        (0.8, 100, 0.89, "up", [("range", "below", False), ("target", "below", False)]),
        (0.1, 29, 0.89, "up", []),
        (None, 100, 0.89, "up", []),
    ],
)
def test_what_is_told_of_a_value(value, n, target, good, told):
    found = decide_verdicts(value, n, RANGE, target, good, "share")
    assert [(verdict.kind, verdict.side, verdict.good) for verdict in found] == told


def test_a_count_needs_no_observations():
    expected = Expectation(10, 5, 15, "recent", 12)
    assert decide_verdicts(20, 3, expected, None, "down", "customers")[0].side == "above"


def test_only_a_fresh_period_after_the_watch_began_may_raise():
    march = (date(2025, 3, 1), date(2025, 4, 1))
    assert may_raise(*march, watched_since=date(2025, 3, 15), today=date(2025, 4, 3))
    assert not may_raise(*march, watched_since=date(2025, 4, 1), today=date(2025, 4, 3))
    assert not may_raise(*march, watched_since=date(2020, 1, 1), today=date(2025, 8, 1))
    assert may_raise(
        date(2024, 1, 1), date(2025, 1, 1), watched_since=date(2024, 6, 1), today=date(2025, 10, 1)
    )


def moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


@pytest.fixture
def staff(db):
    return Staff.objects.create_user("a@example.com", role=Role.OWNER, created_at=moment(date(2025, 1, 1)))


@pytest.fixture
def shop(ledger: Ledger):
    """Sixty customers buy every month of 2024; in January 2025 only twenty of them."""
    change_business(by=None, now=moment(date(2025, 1, 1)), activity_rule="purchase:31d", is_set_up=True)
    people = [ledger.add_customer() for _who in range(60)]
    rows = [(who, date(2024, month, 10)) for who in people for month in range(1, 13)]
    rows += [(who, date(2025, 1, 10)) for who in people[:20]]
    ledger.add_orders(rows)
    return ledger


def check(day: date, told: list[Any]) -> list[Alert]:
    return check_figures(
        now=moment(day), tell=lambda alert, staff: told.append((alert.metric, alert.kind, staff.email))
    )


def test_a_figure_that_leaves_its_range_is_told_once(shop, staff):
    shop.publish(date(2025, 1, 31))
    watch_figure(CRR, staff, by_mail=True, by=staff, now=moment(date(2025, 1, 5)))
    watch_figure(LOST, staff, by_mail=False, by=staff, now=moment(date(2025, 1, 5)))
    told: list[Any] = []
    raised = check(date(2025, 2, 1), told)
    assert {(alert.metric, alert.kind, alert.side, alert.good) for alert in raised} == {
        ("crr", "range", "below", False),
        ("customers_lost", "range", "above", False),
    }
    assert told == [("crr", "range", "a@example.com")]
    assert check(date(2025, 2, 1), told) == []
    assert len(list_open_alerts()) == 2
    settle_alert(raised[0].pk, by=staff, now=moment(date(2025, 2, 2)))
    assert len(list_open_alerts()) == 1


def test_history_raises_nothing(shop, staff):
    shop.publish(date(2025, 1, 31))
    # Watched only after January was over: what is loaded and looked at for the first time is history.
    watch_figure(CRR, staff, by_mail=True, by=staff, now=moment(date(2025, 2, 3)))
    told: list[Any] = []
    assert check(date(2025, 2, 4), told) == []
    assert told == []


def test_an_old_file_raises_nothing_however_long_one_has_watched(shop, staff):
    watch_figure(CRR, staff, by_mail=True, by=staff, now=moment(date(2023, 1, 1)))
    shop.publish(date(2025, 1, 31))
    assert check(date(2025, 6, 1), []) == []


def test_nothing_is_judged_before_the_period_is_complete(shop, staff):
    watch_figure(CRR, staff, by_mail=True, by=staff, now=moment(date(2025, 1, 5)))
    shop.publish(date(2025, 1, 20))
    assert check(date(2025, 1, 21), []) == []
    assert get_standing(CRR, open_snapshot()).row.start == date(2024, 12, 1)
    shop.publish(date(2025, 1, 31))
    assert len(check(date(2025, 2, 1), [])) == 1


def test_a_missed_target_is_told(shop, staff):
    shop.publish(date(2024, 12, 31))
    set_target(CRR, 1.01, by=staff, now=moment(date(2024, 12, 1)))
    watch_figure(CRR, staff, by_mail=True, by=staff, now=moment(date(2024, 12, 1)))
    raised = check(date(2025, 1, 1), [])
    assert [(alert.kind, alert.target, alert.value) for alert in raised] == [("target", 1.01, 1.0)]


def test_targets_are_set_changed_and_removed(db, staff):
    now = moment(date(2025, 1, 1))
    set_target(CRR, 0.8, by=staff, now=now)
    set_target(CRR, 0.9, by=staff, now=now)
    assert find_target(CRR) == 0.9
    assert list_figures() == [CRR]
    remove_target(CRR, by=staff, now=now)
    assert (find_target(CRR), list_figures()) == (None, [])
    with pytest.raises(AskedWrongly):
        set_target(Figure("no_such", "", "month"), 1, by=staff, now=now)
    for figure, value in ((CRR, 85.0), (CRR, float("nan")), (Figure("crr", "", "fortnight"), 0.5)):
        with pytest.raises(TargetUnusable):
            set_target(figure, value, by=staff, now=now)


def test_a_segments_figure_counts_its_members_alone(shop, staff):
    shop.publish(date(2024, 12, 31))
    now = moment(date(2024, 12, 1))
    snapshot = open_snapshot()
    few = create_segment("Few", None, by=staff, now=now)
    ids = snapshot.ids(snapshot.everyone())[:7].tolist()
    add_members(few.slug, ids, snapshot=snapshot, by=staff, now=now)
    figure = Figure("customers_start", few.slug, "month")
    set_target(figure, 5, by=staff, now=moment(date(2024, 12, 1)))
    assert get_standing(figure, open_snapshot()).row.value == 7
    with pytest.raises(TargetUnusable):
        set_target(Figure("crr", "no-such", "month"), 0.5, by=staff, now=moment(date(2024, 12, 1)))


def test_who_stopped_watching_is_told_no_more(shop, staff):
    shop.publish(date(2025, 1, 31))
    watch_figure(CRR, staff, by_mail=True, by=staff, now=moment(date(2025, 1, 5)))
    stop_watching(CRR, staff, by=staff, now=moment(date(2025, 1, 6)))
    told: list[Any] = []
    assert check(date(2025, 2, 1), told) == []
    assert told == []


def test_marks_and_occasions(db, staff):
    change_business(by=None, now=moment(date(2025, 1, 1)), country="IR")
    now = moment(date(2025, 1, 1))
    mark = add_mark(" A price rise ", date(2025, 3, 5), date(2025, 3, 6), by=staff, now=now)
    shown = list_marks(date(2025, 3, 1), date(2025, 4, 1), "month", "en")
    assert ("A price rise", mark.pk) in [(one.title, one.pk) for one in shown]
    assert any(one.pk is None and one.start == date(2025, 3, 21) for one in shown), "Nowruz comes by itself"
    by_day = list_marks(date(2025, 3, 1), date(2025, 4, 1), "day", "en")
    assert len(by_day) > len(shown)
    assert list_marks(date(2025, 5, 1), date(2025, 5, 2), "month", "en") == []
    remove_mark(mark.pk, by=staff, now=now)
    assert mark.title not in [
        one.title for one in list_marks(date(2025, 3, 1), date(2025, 4, 1), "month", "en")
    ]
    for title, end in (("", date(2025, 3, 6)), ("x", date(2025, 3, 5) - timedelta(days=1))):
        with pytest.raises(MarkUnusable):
            add_mark(title, date(2025, 3, 5), end, by=staff, now=now)


def test_nobody_is_told_who_may_not_see_the_whole_any_more(ledger):
    """Somebody who watches is limited to own customers later, or loses the figures."""
    now = datetime(2025, 3, 1, 9, tzinfo=UTC)
    people = [
        Staff.objects.create_user(f"{name}@x.example", None, role=Role.AGENT, created_at=now)
        for name in ("mina", "omid")
    ]
    for staff in people:
        watch_figure(CRR, staff, by_mail=False, by=staff, now=now)
    assert [len(watches) for watches in _list_watched().values()] == [2]
    change_business(by=None, now=now, agents_own_only=True)
    assert not _list_watched()
