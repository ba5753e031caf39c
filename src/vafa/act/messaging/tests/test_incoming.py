"""What comes in is taken once, stops are obeyed in any digits, and hostile calls do nothing more."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.bot import BotServer, run_bot_server
from tests.support.kavenegar import Kavenegar, run_kavenegar
from vafa.act.messaging.accounts import add_account
from vafa.act.messaging.answers import list_answers, mark_answer_read
from vafa.act.messaging.bot_links import build_bot_token, read_bot_token
from vafa.act.messaging.channels.kavenegar import build_local_id
from vafa.act.messaging.hooks import build_hook_token, find_by_hook_token, read_hook
from vafa.act.messaging.incoming import AnswerText, BotWord, Report, Told, forget_old, take_told, work_off
from vafa.act.messaging.listening import listen, listen_to
from vafa.act.messaging.models import Account, Happened, Incoming, Listening, Message, Sending
from vafa.act.messaging.types import TemplateContent
from vafa.data.business.models import Business
from vafa.data.consent.actions import set_consent, suppress
from vafa.data.consent.models import ConsentEntry, Suppression
from vafa.data.consent.queries import may_contact
from vafa.data.consent.types import Channel, Proof, Purpose, Reason, Way
from vafa.data.consent.types import Told as ConsentTold
from vafa.data.customers.models import ContactPoint, Customer
from vafa.kit.erasing import Traits, erase_person, scrub_person

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
NUMBER = "+989121234567"


@pytest.fixture(autouse=True)
def shop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAFA_ALLOW_PRIVATE", "localhost")
    Business.objects.create(
        pk=1, name="Shop", country="IR", phone_region="IR", zone="Asia/Tehran", language="fa"
    )


def add_customer(number: str = NUMBER, *, may: bool = True) -> Customer:
    customer = Customer.objects.create(name="سارا", seq=1)
    ContactPoint.objects.create(customer=customer, kind="phone", value=number)
    if may:
        for channel in (Channel.SMS, Channel.MESSENGER):
            told = ConsentTold(customer.pk, channel, Purpose.MARKETING, True)
            set_consent(told, Proof("form"), Way.HAND, by=None, now=NOW - timedelta(days=90))
    return customer


def make_account(kind: str = "kavenegar", url: str = "", **secrets: str) -> Account:
    channel = Channel.MESSENGER if kind == "bot" else Channel.SMS
    told = {"url": url, "sender": "10004346", "line": "advertising"}
    profile = "ir_kavenegar" if kind == "kavenegar" else "ir"
    return add_account(kind, channel, kind, settings=told, secrets=secrets, profile=profile, by=None, now=NOW)


def send_to(
    customer: Customer, account: Account, provider_id: str = "", state: str = "accepted", mail_id: str = ""
) -> Sending:
    message = Message.objects.create(
        origin=f"t:{Message.objects.count()}", content=TemplateContent("sms", ()).to_json(), channels=["sms"],
        purpose="marketing", created_at=NOW,
    )  # fmt: skip
    return Sending.objects.create(
        message=message, customer=customer, channel=account.channel, state=state, account=account, not_before=NOW,
        provider_id=provider_id, mail_id=mail_id, created_at=NOW, ended_at=NOW - timedelta(hours=1),
    )  # fmt: skip


def may(customer: Customer, channel: Channel = Channel.SMS, purpose: Purpose = Purpose.MARKETING) -> Reason:
    return may_contact([customer.pk], channel, purpose, NOW)[customer.pk].reason


@pytest.mark.parametrize("text", ["11", "۱۱", "لغو ١١"])
def test_an_answer_that_stops_is_obeyed_and_noted_once(text: str) -> None:
    customer, account = add_customer(), make_account()
    sending = send_to(customer, account)
    answer = AnswerText("77", "09121234567", text)
    assert take_told(account, [answer, answer], now=NOW) == 1
    assert take_told(account, [answer], now=NOW) == 0
    assert may(customer) is Reason.SUPPRESSED
    assert may(customer, purpose=Purpose.SERVICE) is Reason.SERVICE
    entry = ConsentEntry.objects.order_by("-pk").first()
    assert (entry.allowed, entry.way, entry.evidence) == (False, "reply", text)
    kinds = Happened.objects.filter(sending=sending).values_list("kind", flat=True)
    assert sorted(kinds) == ["replied", "unsubscribed"]
    kept = Incoming.objects.get()
    assert (kept.meaning, kept.text, kept.customer, kept.shared) == ("stop", "", customer, False)
    assert not list_answers().exists()


def test_twelve_takes_back_what_an_answer_stopped_and_nothing_else() -> None:
    customer, account = add_customer(), make_account()
    take_told(account, [AnswerText("1", NUMBER, "۱۱"), AnswerText("2", NUMBER, "۱۲")], now=NOW)
    assert may(customer) is Reason.PERMITTED
    # Off the list goes only what an answer had put there.
    suppress(NUMBER, "", reason="came back", everything=True, by=None, now=NOW)
    take_told(account, [AnswerText("3", NUMBER, "12")], now=NOW)
    assert may(customer) is Reason.SUPPRESSED


def test_a_shared_number_stops_for_all_who_have_it_but_speaks_for_none() -> None:
    first, second, account = add_customer(), add_customer(), make_account()
    words = ConsentEntry.objects.count()
    take_told(account, [AnswerText("1", "9121234567", "لغو")], now=NOW)
    assert {may(first), may(second)} == {Reason.SUPPRESSED}
    assert ConsentEntry.objects.count() == words
    assert Incoming.objects.get().shared
    take_told(account, [AnswerText("2", "9121234567", "۱۲")], now=NOW)
    assert {may(first), may(second)} == {Reason.PERMITTED}


def test_a_stranger_who_stops_is_stopped_before_being_a_customer() -> None:
    take_told(make_account(), [AnswerText("1", "0912 123 4567", "۱۱")], now=NOW)
    assert may(add_customer()) is Reason.SUPPRESSED


def test_what_has_to_be_read_waits_for_a_person_who_may_see_the_customer() -> None:
    customer, account = add_customer(), make_account()
    take_told(account, [AnswerText("1", NUMBER, "سفارشم نرسید؛ لغو کنید")], now=NOW)
    assert may(customer) is Reason.PERMITTED
    [answer] = list_answers()
    assert (answer.customer, answer.text) == (customer, "سفارشم نرسید؛ لغو کنید")
    assert not list_answers(owner_id=99).exists()
    assert not mark_answer_read(answer.pk, owner_id=99, by=None, now=NOW)
    assert mark_answer_read(answer.pk, owner_id=None, by=None, now=NOW)
    assert not list_answers().exists()
    assert list_answers(handled=True).count() == 1


def test_reports_tell_arrived_not_arrived_and_blocked_apart() -> None:
    customer, account = add_customer(), make_account()
    states: list[Any] = ["delivered", "undelivered", "blocked"]
    sent = [send_to(customer, account, str(900 + place)) for place in range(3)]
    told: list[Told] = [Report(str(900 + place), state) for place, state in enumerate(states)]
    assert take_told(account, [*told, *told], now=NOW) == 3
    for sending, state in zip(sent, states, strict=True):
        sending.refresh_from_db()
        assert sending.delivery_state == state
    # Blocked at the operator is about advertising: it stops nobody, for service messages still arrive.
    assert not Suppression.objects.exists()


def test_a_report_that_comes_before_the_row_it_is_about_is_placed_later() -> None:
    customer, account = add_customer(), make_account()
    take_told(account, [Report("900", "delivered"), Report("901", "delivered")], now=NOW)
    sending = send_to(customer, account, "900")
    assert work_off(NOW) == 0
    assert work_off(NOW + timedelta(minutes=1)) == 2
    sending.refresh_from_db()
    assert sending.delivery_state == "delivered"
    for hours in range(1, 9):
        work_off(NOW + timedelta(hours=hours))
    assert sorted(Incoming.objects.values_list("state", flat=True)) == ["done", "lost"]
    assert forget_old(NOW + timedelta(days=401)) == 2


def test_another_accounts_report_changes_nothing() -> None:
    customer, account, other = add_customer(), make_account(), make_account()
    sending = send_to(customer, account, "900")
    take_told(other, [Report("900", "undelivered")], now=NOW)
    sending.refresh_from_db()
    assert sending.delivery_state == ""


def test_a_providers_call_is_read_by_form_query_and_json() -> None:
    account = make_account()
    answer = {"messageid": "5", "from": "09121234567", "to": "10004346", "message": "۱۱"}
    for query, body, kind in (
        (urlencode(answer), b"", ""),
        ("", urlencode(answer).encode(), "application/x-www-form-urlencoded"),
        ("", json.dumps([answer]).encode(), "application/json"),
    ):
        assert read_hook(account, query, body, kind) == [AnswerText("5", "09121234567", "۱۱")]
    assert read_hook(account, "messageid=9&status=14", b"", "") == [Report("9", "blocked", "14")]
    assert read_hook(account, "messageid=9&status=5", b"", "") == []
    general = make_account("sms_http")
    general.settings["incoming"] = {"report_id": "ref", "report_state": "result", "delivered": "OK"}
    assert read_hook(general, "REF=7&result=ok", b"", "") == [Report("7", "delivered", "ok")]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.sampled_from(["kavenegar", "sms_http", "bot", "smtp"]),
    st.text(max_size=60),
    st.binary(max_size=80) | st.just(b"[" * 5000),
    st.sampled_from(["application/json", ""]),
)
def test_hostile_calls_are_read_as_nothing_or_as_plain_values(
    kind: str, query: str, body: bytes, content: str
) -> None:
    for one in read_hook(Account(kind=kind, profile="ir", settings={}), query, body, content):
        assert isinstance(one, Report | AnswerText | BotWord)


def test_hostile_values_are_kept_short_and_storable() -> None:
    account = make_account()
    told: list[Told] = [
        AnswerText("x" * 500, "\0" * 90, "\0" + "\ud800" + "۱" * 9000),
        Report("\0'; DROP TABLE--", "delivered", "z" * 999),
    ]
    assert take_told(account, told, now=NOW) == 2
    assert max(len(one.text) for one in Incoming.objects.all()) <= 2000
    assert not Suppression.objects.exists()


def test_nobody_can_guess_the_address_and_a_new_one_ends_the_old() -> None:
    account = make_account()
    token = build_hook_token(account)
    assert find_by_hook_token(token) == account
    for wrong in (token[:-1], f"9{token}", token.replace(".", ""), "", "x.y", "9" * 30 + ".x"):
        assert find_by_hook_token(wrong) is None
    account.settings["hook"] = "2"
    account.save()
    assert find_by_hook_token(token) is None


@pytest.fixture
def provider() -> Iterator[Kavenegar]:
    with run_kavenegar() as server:
        yield server


def test_a_provider_that_tells_nothing_by_itself_is_asked(provider: Kavenegar) -> None:
    customer, account = add_customer(), make_account(url=provider.url, key=provider.key)
    provider.keep(NUMBER, "10004346", "سلام", "5")
    provider.sent[0].status = 14
    sending = send_to(customer, account, str(provider.sent[0].message_id))
    provider.receive("09121234567", "۱۱")
    assert listen(NOW) == 2
    assert listen(NOW + timedelta(seconds=5)) == 0  # asked a moment ago
    sending.refresh_from_db()
    assert sending.delivery_state == "blocked"
    assert may(customer) is Reason.SUPPRESSED


def test_messages_whose_answer_was_lost_are_found_again_or_known_never_to_have_arrived(
    provider: Kavenegar,
) -> None:
    customer, account = add_customer(), make_account(url=provider.url, key=provider.key)
    provider.keep(NUMBER, "10004346", "سلام", str(build_local_id("<a@shop>")))
    came, lost = (send_to(customer, account, state="unknown", mail_id=f"<{name}@shop>") for name in "ab")
    assert listen_to(account, NOW) == 2
    came.refresh_from_db()
    lost.refresh_from_db()
    assert (came.state, came.provider_id) == ("accepted", str(provider.sent[0].message_id))
    assert (lost.state, lost.why) == ("failed", "never_arrived")
    assert len(provider.sent) == 1


def test_nothing_is_concluded_of_a_pattern_whose_answer_was_lost(provider: Kavenegar) -> None:
    """Patterns carry no number of ours: that the provider knows none says nothing."""
    customer, account = add_customer(), make_account(url=provider.url, key=provider.key)
    sending = send_to(customer, account, state="unknown", mail_id="<p@shop>")
    Message.objects.filter(pk=sending.message_id).update(
        content={"channel": "sms", "texts": {"fa": {"pattern": "welcome"}}}
    )
    listen_to(account, NOW)
    sending.refresh_from_db()
    assert sending.state == "unknown"


def test_a_provider_that_refuses_is_told_of_on_the_account(provider: Kavenegar) -> None:
    account = make_account(url=provider.url, key="wrong")
    assert listen(NOW) == 0
    assert "403" in Listening.objects.get(account=account).problem


@pytest.fixture
def messenger() -> Iterator[BotServer]:
    with run_bot_server() as server:
        yield server


def test_a_signed_start_ties_a_chat_to_a_customer_and_a_block_unties_nothing_but_stops(
    messenger: BotServer,
) -> None:
    customer, account = add_customer(), make_account("bot", messenger.url, token=messenger.token)
    assert may(customer, Channel.MESSENGER) is Reason.NOT_REACHABLE
    messenger.write(42, f"/start {build_bot_token(customer.pk, account.pk)}")
    messenger.write(43, "/start 1_forged")
    messenger.write(44, "سلام")
    assert listen_to(account, NOW) == 3
    assert listen_to(account, NOW) == 0
    found = may_contact([customer.pk], Channel.MESSENGER, Purpose.MARKETING, NOW)[customer.pk]
    assert (found.reason, found.points) == (Reason.PERMITTED, (f"{account.pk}:42",))
    assert ContactPoint.objects.filter(kind="messenger").count() == 1
    gone = {
        "update_id": 2000,
        "my_chat_member": {"chat": {"id": 42, "type": "private"}, "new_chat_member": {"status": "kicked"}},
    }
    take_told(account, read_hook(account, "", json.dumps(gone).encode(), "application/json"), now=NOW)
    assert may(customer, Channel.MESSENGER) is Reason.SUPPRESSED
    again = BotWord(2001, "42", f"/start {build_bot_token(customer.pk, account.pk)}")
    take_told(account, [again], now=NOW)
    assert may(customer, Channel.MESSENGER) is Reason.PERMITTED
    take_told(account, [BotWord(2002, "42", "/stop")], now=NOW)
    assert may(customer, Channel.MESSENGER) is Reason.SUPPRESSED


def test_a_link_is_one_customers_and_one_bots() -> None:
    token = build_bot_token(7, 1)
    assert len(token) <= 64
    assert set(token) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")
    assert read_bot_token(token, 1) == 7
    for wrong, account in ((token, 2), (f"8{token[1:]}", 1), (token[:-1], 1), ("", 1)):
        assert read_bot_token(wrong, account) is None


def test_a_chat_that_changes_hands_is_the_new_customers_alone() -> None:
    first, second, account = add_customer(), add_customer("+989120000000"), make_account("bot")
    for number, customer in enumerate((first, second)):
        take_told(
            account,
            [BotWord(number + 1, "42", f"/start {build_bot_token(customer.pk, account.pk)}")],
            now=NOW,
        )
    assert [one.customer for one in ContactPoint.objects.filter(kind="messenger")] == [second]


def test_a_person_who_is_forgotten_leaves_no_words_behind() -> None:
    customer, account = add_customer(), make_account()
    take_told(
        account, [AnswerText("1", NUMBER, "سلام"), AnswerText("2", "+989129999999", "من سارا هستم")], now=NOW
    )
    erase_person([customer.pk])
    Customer.objects.filter(pk=customer.pk).delete()
    scrub_person(Traits(phones=frozenset({"+989129999999"})))
    assert list(Incoming.objects.values_list("number", "text")) == [("", "")]
