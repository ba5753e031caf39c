"""How often somebody may do something, counted in the records."""

from datetime import UTC, datetime, timedelta

import pytest

from vafa.kit.models import RateWindow
from vafa.kit.rate_limit import forget_old, take

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 15, 12, 0, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def ask(who: str = "ann", now: datetime = NOW, what: str = "shared") -> timedelta | None:
    return take(what, who, limit=2, window=MINUTE, now=now)


def test_so_often_in_a_window_and_then_not() -> None:
    assert [ask() for _time in range(4)] == [None, None, timedelta(seconds=50), timedelta(seconds=50)]
    assert ask(now=NOW + timedelta(seconds=49)) == timedelta(seconds=1)
    assert ask(now=NOW + timedelta(seconds=50)) is None


def test_each_is_counted_alone() -> None:
    assert [ask(), ask(), ask("bob"), ask(what="api")] == [None] * 4
    assert ask() is not None


def test_nobody_s_name_is_kept_and_all_is_forgotten() -> None:
    ask("192.0.2.7")
    assert "192.0.2.7" not in str(RateWindow.objects.values())
    forget_old(NOW + timedelta(hours=23))
    assert RateWindow.objects.exists()
    forget_old(NOW + timedelta(hours=25))
    assert not RateWindow.objects.exists()
