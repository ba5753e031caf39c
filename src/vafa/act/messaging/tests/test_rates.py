"""Accounts send no faster than they may, at their hours, wait when they are asked to, and say why when they pause."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.bot import run_bot_server
from tests.support.kavenegar import run_kavenegar
from tests.support.smtp import MailSink, run_mail_sink
from vafa.act.messaging import claiming
from vafa.act.messaging.accounts import change_account
from vafa.act.messaging.actions import add_account, deliver
from vafa.act.messaging.carrying import Shut
from vafa.act.messaging.claiming import Claimed, claim
from vafa.act.messaging.lines import MOST_PUT_OFF
from vafa.act.messaging.models import Account, Message, Sending
from vafa.act.messaging.rates import Filling, fill, find_hours_wait
from vafa.act.messaging.tests.world import NOW, add_customers, add_message, add_permission, add_smtp
from vafa.act.messaging.types import Block, TemplateContent, Text
from vafa.data.consent.models import Suppression
from vafa.data.consent.types import Channel, Purpose
from vafa.data.customers.models import ContactPoint

CONTENT = TemplateContent("email", (("en", Text(subject="Hi", blocks=(Block("text", "Come"),))),))
MINUTE = timedelta(minutes=1)


class Clock:
    """A clock that goes on only while a round rests."""

    def __init__(self) -> None:
        self.now = NOW
        self.rests: list[float] = []

    def tell(self) -> datetime:
        return self.now

    def rest(self, seconds: float) -> None:
        self.rests.append(seconds)
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def sink(db: None) -> Any:
    with run_mail_sink() as running:
        yield running


def go(now: datetime = NOW) -> dict[str, int]:
    return dict(deliver(now, tell_time=lambda: now).counts)


@given(st.lists(st.tuples(st.integers(0, 90), st.integers(1, 4)), max_size=30), st.integers(1, 5))
def test_while_many_wait_no_span_sees_more_than_the_rate(asked: list[tuple[int, int]], rate: int) -> None:
    """Whoever takes all there is as soon as there is some, and however late they look, never goes beyond the rate."""
    known: Filling | None = None
    sent: list[datetime] = []
    moment = NOW
    for later, _most in asked:
        moment += timedelta(seconds=later)
        filled = fill(known, rate, MINUTE, moment)
        sent += [moment] * filled.tokens
        known = Filling(0, filled.at)
    for at in sent:
        assert sum(at <= other < at + MINUTE for other in sent) <= rate


def test_a_rate_is_kept_over_workers_and_the_rows_say_until_when_they_wait(sink: MailSink) -> None:
    add_smtp(sink.port, rates=(None, 3, None))
    message = add_message(add_customers(8), template=CONTENT)
    assert go() == {"accepted": 3}
    assert go(NOW + timedelta(seconds=30)) == {}
    told = Message.objects.get()
    assert (told.why, told.next_at) == ("rate", NOW + MINUTE)
    waits = Sending.objects.filter(message=message, state="pending")
    assert set(waits.values_list("why", "not_before")) == {("rate", NOW + MINUTE)}
    one, two = Message.objects.get(), Message.objects.get()
    first = claim(one, "email", "one", NOW + MINUTE)
    second = claim(two, "email", "two", NOW + MINUTE)
    assert isinstance(first, Claimed)
    assert len(first.going) == 3
    assert second == Shut(NOW + 2 * MINUTE, "rate")


def test_a_round_waits_for_a_rate_a_second_and_not_in_a_loop(sink: MailSink) -> None:
    add_smtp(sink.port, rates=(2, None, None))
    add_message(add_customers(5), template=CONTENT)
    clock = Clock()
    assert deliver(NOW, tell_time=clock.tell, rest=clock.rest).counts == {"accepted": 5}
    assert clock.rests == [1.0, 1.0]


def test_one_message_that_waits_for_its_account_holds_no_other_up(
    sink: MailSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claiming, "AT_ONCE", 2)
    slow = add_smtp(sink.port, rates=(None, 1, None))
    add_smtp(sink.port)
    ids = add_customers(6)
    add_message(ids[:3], "slow", template=CONTENT, account_id=slow)
    add_message(ids[3:], "fast", template=CONTENT)
    assert go()["accepted"] >= 4
    assert set(Sending.objects.filter(message__origin="fast").values_list("state", flat=True)) == {"accepted"}


def test_what_was_not_handed_over_takes_nothing_of_the_rate(sink: MailSink) -> None:
    one_lane = {"host": "127.0.0.1", "port": 1, "security": "none", "lanes": 1, "sender_address": "a@b.org"}
    account = add_smtp(1, rates=(None, 4, None), settings=one_lane)
    add_message(add_customers(2), template=CONTENT)
    assert set(go()) == {"unreachable", "later"}
    assert [one.tokens for one in Account.objects.get(pk=account).buckets.all()] == [3]


@given(
    st.integers(0, 23), st.integers(0, 23), st.integers(0, 23), st.integers(0, 23), st.integers(0, 48 * 60)
)
def test_two_windows_are_open_exactly_when_both_are(a: int, b: int, c: int, d: int, minutes: int) -> None:
    zone, now = ZoneInfo("Asia/Tehran"), datetime(2026, 6, 3, tzinfo=UTC) + timedelta(minutes=minutes)
    windows = [(time(a), time(b)), (time(c), time(d))]

    def is_open(moment: datetime) -> bool:
        local = moment.astimezone(zone).time()
        return all(
            start == end or (start <= local < end if start < end else local >= start or local < end)
            for start, end in windows
        )

    wait = find_hours_wait(windows, zone, now)
    assert (wait is None) == is_open(now)
    if wait is not None and wait != now + timedelta(days=1):
        assert is_open(wait)
        hour = now.replace(minute=0) + timedelta(hours=1)
        while hour < wait - timedelta(minutes=30):
            assert not is_open(hour)
            hour += timedelta(hours=1)


def test_an_account_sends_at_its_hours_alone_and_a_change_wakes_what_waits(sink: MailSink) -> None:
    account = add_smtp(sink.port, window=(time(8), time(11)))
    add_message(add_customers(2), template=CONTENT)
    assert go() == {}
    assert set(Sending.objects.values_list("why", flat=True)) == {"account_hours"}
    assert Message.objects.get().why == "account_hours"
    kept = Account.objects.get()
    change_account(
        account, "Mail", settings=kept.settings, secrets=None, purposes=tuple(Purpose), rates=(None, None, None),
        window=None, profile="", by=None, now=NOW,
    )  # fmt: skip
    assert go() == {"accepted": 2}


def add_point(ids: list[int], kind: str, values: list[str], channel: Channel) -> None:
    ContactPoint.objects.bulk_create(
        [ContactPoint(customer_id=pk, kind=kind, value=value) for pk, value in zip(ids, values, strict=True)]
    )
    add_permission(ids, channel=channel)


@pytest.fixture
def nearby(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAFA_ALLOW_PRIVATE", "localhost")


@pytest.mark.usefixtures("db", "nearby")
def test_a_messenger_that_asks_to_wait_is_left_alone_and_who_blocked_the_bot_gets_nothing_more() -> None:
    text = TemplateContent("messenger", (("en", Text(body="Come")),))
    with run_bot_server() as server:
        told: Any = {"settings": {"url": server.url}, "secrets": {"token": server.token}}
        account = add_account("Bot", Channel.MESSENGER, "bot", **told, by=None, now=NOW)
        ids = add_customers(3)
        add_point(ids, "messenger", [f"{account.pk}:{n}" for n in (11, 12, 13)], Channel.MESSENGER)
        message = add_message(ids, template=text, channels=("messenger",))
        server.next_errors = [(429, "Too Many Requests", 70)]
        server.blocked = {"12"}
        assert go() == {"later": 3}
        assert go(NOW + timedelta(seconds=60)) == {}
        assert len(server.sent) == 0
        assert Account.objects.get().failures == 0
        later = NOW + timedelta(seconds=71)
        assert go(later) == {"accepted": 2, "failed": 1}
    assert Sending.objects.get(message=message, state="failed").why == "blocked"
    assert Suppression.objects.get().everything


@pytest.mark.usefixtures("db", "nearby")
@pytest.mark.parametrize(("answer", "why"), [(403, "credentials"), (418, "credit")])
def test_a_wrong_key_or_no_credit_pauses_the_account_at_once_and_says_which(answer: int, why: str) -> None:
    text = TemplateContent("sms", (("fa", Text(body="سلام")),))
    with run_kavenegar() as server:
        settings = {"url": server.url, "sender": server.lines[0], "line": "service"}
        told: Any = {"settings": settings, "secrets": {"key": server.key}, "profile": "ir_kavenegar"}
        add_account("SMS", Channel.SMS, "kavenegar", **told, by=None, now=NOW)
        ids = add_customers(2)
        add_point(ids, "phone", ["+989120000001", "+989120000002"], Channel.SMS)
        add_message(ids, template=text, channels=("sms",), purpose=Purpose.SERVICE)
        server.next_answers = [answer]
        go()
        account = Account.objects.get()
        assert account.paused_why == why
        assert account.paused_answer.startswith(str(answer))
        assert len(server.calls) == 1
        assert go(NOW + timedelta(minutes=6)) == {}
        assert {row.why for row in Sending.objects.all()} == {"account_paused"}
        assert server.calls == server.calls[:1]


def test_a_server_that_puts_everybody_off_is_left_alone_and_pauses_in_the_end(sink: MailSink) -> None:
    add_smtp(
        sink.port, settings={"host": "127.0.0.1", "port": sink.port, "lanes": 1, "sender_address": "a@b.org"}
    )
    add_message(add_customers(40), template=CONTENT)
    sink.answers["rcpt"] = ["451 4.7.1 too fast"] * 200
    now = NOW
    for turn in range(5):
        go(now)
        assert 200 - len(sink.answers["rcpt"]) == MOST_PUT_OFF * (turn + 1)
        now += timedelta(minutes=40)
    account = Account.objects.get()
    assert account.paused_why == "busy"
    assert account.paused_answer.startswith("451")
    assert Sending.objects.filter(state="failed").count() <= MOST_PUT_OFF
