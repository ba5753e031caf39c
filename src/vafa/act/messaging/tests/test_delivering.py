"""Every message goes out once or not at all, whatever dies in the middle, to nobody who said no or is held out."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.smtp import MailSink, run_mail_sink
from vafa.act.messaging import claiming, delivering, handing
from vafa.act.messaging.actions import deliver, pause_message
from vafa.act.messaging.channels.smtp import SmtpLine
from vafa.act.messaging.making import Maker
from vafa.act.messaging.models import Account, Message, Sending
from vafa.act.messaging.queries import get_progress
from vafa.act.messaging.rules import DAY, Facts, Go, Limits, Never, Wait, decide, find_budget_wait
from vafa.act.messaging.tests.world import NOW, add_customers, add_message, add_permission, add_smtp
from vafa.act.messaging.types import Block, TemplateContent, Text

CONTENT = TemplateContent("email", (("en", Text(subject="Hi {{ name }}", blocks=(Block("text", "Come"),))),))

SETTINGS = {
    "host": "127.0.0.1",
    "security": "none",
    "sender_name": "Shop",
    "sender_address": "shop@example.com",
}


class Died(BaseException):
    """A worker that lost its power."""


@pytest.fixture
def sink(db: None) -> Any:
    with run_mail_sink() as running:
        yield running


def tell(now: datetime) -> Callable[[], datetime]:
    return lambda: now


def go(now: datetime = NOW) -> dict[str, int]:
    return dict(deliver(now, tell_time=tell(now)).counts)


def make(sink: MailSink, count: int = 4, **changes: Any) -> int:
    add_smtp(
        sink.port, **{name: changes.pop(name) for name in ("settings", "rates", "window") if name in changes}
    )
    return add_message(add_customers(count), template=CONTENT, **changes)


def test_each_gets_one_mail_with_their_own_words_and_a_way_out(sink: MailSink) -> None:
    message = make(sink)
    refused = add_customers(2, permit=False, start=10)
    add_permission(refused[:1], allowed=False)
    from vafa.act.messaging.actions import add_recipients
    from vafa.act.messaging.types import Recipient

    add_recipients(message, [Recipient(pk) for pk in refused], now=NOW)
    assert go() == {"accepted": 4, "suppressed": 2}
    assert sorted(mail.recipient for mail in sink.taken) == [f"c{n}@example.org" for n in range(4)]
    mail = sink.list_to("c2@example.org")[0]
    assert mail.message["Subject"] == "Hi Customer 2"
    assert mail.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert len({mail.message["Message-ID"] for mail in sink.taken}) == 4
    assert {str(mail.message["Message-ID"]).partition("@")[2] for mail in sink.taken} == {"example.com>"}
    assert get_progress(message).is_finished
    whys = get_progress(message).whys
    assert whys[("suppressed", "refused")] == whys[("suppressed", "no_permission")] == 1
    assert go(NOW + timedelta(days=1)) == {}  # nothing is left
    assert Message.objects.get().next_at is None


@pytest.mark.parametrize(("place", "unknown", "taken"), [("before", 0, 4), ("marked", 4, 0), ("taken", 4, 1)])
def test_a_death_at_any_step_sends_nothing_twice(
    sink: MailSink, monkeypatch: pytest.MonkeyPatch, place: str, unknown: int, taken: int
) -> None:
    """Whatever of the dead one's piece may have left is unknown, the rest of it too, and none of it is sent again."""
    message = make(sink, settings=SETTINGS | {"port": sink.port, "lanes": 1})
    hand_over = SmtpLine.hand_over

    def die(self: SmtpLine, outgoing: Any) -> Any:
        if place == "taken":
            hand_over(self, outgoing)
        raise Died

    def die_before(*_args: Any) -> Any:
        raise Died

    with monkeypatch.context() as deadly:
        if place == "before":
            deadly.setattr(Maker, "make", die_before)
        else:
            deadly.setattr(SmtpLine, "hand_over", die)
        with pytest.raises(Died):
            go()
    assert go(NOW + timedelta(minutes=1)) == {}  # the dead one's lease still holds
    go(NOW + timedelta(minutes=10))
    go(NOW + timedelta(minutes=20))
    states = get_progress(message).states
    assert states == ({"unknown": unknown} if unknown else {"accepted": 4})
    recipients = [mail.recipient for mail in sink.taken]
    assert len(recipients) == len(set(recipients)) == taken


def test_of_two_workers_each_row_is_one_ones(sink: MailSink, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second worker comes while the first one is in the middle."""
    message = make(sink, 6)
    monkeypatch.setattr(claiming, "AT_ONCE", 3)
    hand_over_all, busy = handing.hand_over_all, False

    def come_in(*args: Any, **more: Any) -> Any:
        nonlocal busy
        if not busy:
            busy = True
            assert go() == {"accepted": 3}
        return hand_over_all(*args, **more)

    monkeypatch.setattr(delivering, "hand_over_all", come_in)
    assert go() == {"accepted": 3}
    assert sorted(mail.recipient for mail in sink.taken) == [f"c{n}@example.org" for n in range(6)]
    assert get_progress(message).states == {"accepted": 6}


def test_what_is_refused_fails_what_is_put_off_waits_and_a_paused_message_rests(sink: MailSink) -> None:
    message = make(sink)
    sink.answers_to = {"c0@example.org": "550 no such user", "c1@example.org": "450 later"}
    assert go() == {"accepted": 2, "failed": 1, "later": 1}
    pause_message(message, by=None, now=NOW)
    assert go(NOW + timedelta(hours=1)) == {}
    assert Sending.objects.get(state="pending").why == "later"


def test_a_server_that_is_gone_pauses_its_account_and_loses_nobody(db: None) -> None:
    add_smtp(1)
    message = add_message(add_customers(3), template=CONTENT)
    now = NOW
    for _round in range(handing.MOST_FAILURES):
        go(now)
        now += timedelta(minutes=40)
    assert Account.objects.get().paused_why == "unreachable"
    assert set(get_progress(message).states) <= {"pending", "failed"}


@given(st.lists(st.integers(0, 60 * 24 * 31), max_size=8), st.integers(1, 3), st.integers(1, 5))
def test_who_waited_for_the_budget_may_be_written_to_then_and_not_before(
    minutes: list[int], per_day: int, per_week: int
) -> None:
    limits, spent = Limits(per_day, per_week), [NOW - timedelta(minutes=one) for one in minutes]
    wait = find_budget_wait(spent, limits, NOW)
    day, week = (sum(at > NOW - span for at in spent) for span in (DAY, 7 * DAY))
    assert (wait is None) == (day < per_day and week < per_week)
    if wait is not None:
        assert find_budget_wait(spent, limits, wait.until) is None
        assert find_budget_wait(spent, limits, wait.until - timedelta(seconds=1)) is not None


def test_no_is_said_before_later_and_quiet_hours_run_over_midnight() -> None:
    from datetime import time

    tehran = ZoneInfo("Asia/Tehran")
    night = datetime(2026, 6, 3, 23, 0, tzinfo=tehran)
    limits = Limits(quiet_from=time(21), quiet_until=time(9))
    morning = datetime(2026, 6, 4, 9, 0, tzinfo=tehran)
    assert decide(Facts(), limits, tehran, night) == Wait(morning, "quiet_hours")
    assert decide(Facts(), limits, tehran, morning - timedelta(hours=2)) == Wait(morning, "quiet_hours")
    assert decide(Facts(), limits, tehran, morning) == Go()
    assert decide(Facts(in_budget=False), limits, tehran, night) == Go()  # an answer to their own question
    assert decide(Facts(refusal="refused"), limits, tehran, night) == Never("refused")
    assert decide(Facts(refusal="refused", is_held_out=True), limits, tehran, night) == Never("holdout")
    assert decide(Facts(not_after=night), limits, tehran, night) == Never("expired")
