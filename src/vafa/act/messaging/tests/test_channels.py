"""The channels against servers that speak their protocols: what is taken, what is told of the rest, and to whom."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from tests.support.bot import BotServer, run_bot_server
from tests.support.kavenegar import Kavenegar, run_kavenegar
from tests.support.sms_gateway import SmsGateway, run_sms_gateway
from tests.support.web import Told
from vafa.act.messaging.channels import bot, kavenegar, sms_http
from vafa.act.messaging.channels.sms_dress import build_price
from vafa.act.messaging.types import Handed, NotHandedOver, Outcome, Outgoing

NUMBERS = [f"+9891200000{place:02d}" for place in range(12)]


@pytest.fixture(autouse=True)
def nearby(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAFA_ALLOW_PRIVATE", "localhost")


@pytest.fixture
def provider() -> Iterator[Kavenegar]:
    with run_kavenegar() as server:
        yield server


@pytest.fixture
def gateway() -> Iterator[SmsGateway]:
    with run_sms_gateway() as server:
        yield server


@pytest.fixture
def messenger() -> Iterator[BotServer]:
    with run_bot_server() as server:
        yield server


def write(to: str, text: str = "سلام", **more: Any) -> Outgoing:
    return Outgoing(1, to, text=text, message_id=f"<{to}@shop>", language="fa", purpose="marketing", **more)


def open_kavenegar(server: Kavenegar, **more: Any) -> Any:
    settings = {"url": server.url, "sender": server.lines[0], "line": "advertising", **more}
    return kavenegar.build(settings, {"key": server.key}, "ir_kavenegar", Decimal("0.1")).open()


def test_a_batch_goes_in_one_request_and_each_text_tells_how_to_stop(provider: Kavenegar) -> None:
    with open_kavenegar(provider) as line:
        done = line.hand_over_many([write(to, f"سلام {to[-1]}") for to in NUMBERS])
    assert provider.calls == ["sms/sendarray"]
    assert [one.text for one in provider.sent] == [f"سلام {to[-1]}\nلغو ۱۱" for to in NUMBERS]
    assert [one.provider_id for one in done] == [str(one.message_id) for one in provider.sent]
    assert {(one.parts, one.cost) for one in done} == {(1, 120)}


def test_one_bad_number_fails_alone(provider: Kavenegar) -> None:
    provider.refused.add("09120000007")
    with open_kavenegar(provider) as line:
        done = line.hand_over_many([write(to) for to in NUMBERS])
    refused = [one for one in done if isinstance(one, NotHandedOver)]
    assert [(one.outcome, one.code) for one in refused] == [(Outcome.REFUSED, "bad_address")]
    assert done.index(refused[0]) == 7
    assert sorted(one.receptor[-2:] for one in provider.sent) == [
        to[-2:] for to in NUMBERS if to != NUMBERS[7]
    ]


def test_an_answer_that_is_lost_is_unknown_and_the_same_message_is_not_sent_again(
    provider: Kavenegar,
) -> None:
    provider.next_answers.append("lost")
    with open_kavenegar(provider) as line:
        [lost] = line.hand_over_many([write(NUMBERS[0])])
        assert (lost.outcome, lost.code) == (Outcome.UNKNOWN, "no_answer")
        again = line.hand_over(write(NUMBERS[0]))
    assert len(provider.sent) == 1
    assert again.provider_id == str(provider.sent[0].message_id)


@pytest.mark.parametrize(
    ("status", "outcome", "code"),
    [(418, Outcome.UNREACHABLE, "credit"), (403, Outcome.UNREACHABLE, "credentials"),
     (409, Outcome.LATER, "busy"), (422, Outcome.REFUSED, "rejected"), (412, Outcome.UNREACHABLE, "sender")],
)  # fmt: skip
def test_refusals_of_the_provider_in_the_ledgers_words(
    provider: Kavenegar, status: int, outcome: Outcome, code: str
) -> None:
    provider.next_answers.append(status)
    with open_kavenegar(provider) as line, pytest.raises(NotHandedOver) as refused:
        line.hand_over(write(NUMBERS[0]))
    assert (refused.value.outcome, refused.value.code) == (outcome, code)


def test_an_approved_pattern_goes_with_its_slots_and_nothing_around_it(provider: Kavenegar) -> None:
    provider.templates["renew"] = "خانم %token10 اشتراک شما تا %token اعتبار دارد"
    slots = {"token10": "سارا محمدی", "until": "جمعه"}
    with open_kavenegar(provider) as line:
        line.hand_over(write(NUMBERS[0], "", pattern="renew", slots=slots))
        with pytest.raises(NotHandedOver) as missing:
            line.hand_over(write(NUMBERS[0], "", pattern="other"))
    assert provider.sent[0].text == "خانم سارا محمدی اشتراک شما تا جمعه اعتبار دارد"
    assert (missing.value.outcome, missing.value.code) == (Outcome.UNREACHABLE, "pattern")


def test_nobody_there_is_told_of_the_account_not_of_the_message() -> None:
    line = kavenegar.build({"url": "http://localhost:1"}, {"key": "x"}, "ir")
    with line.open() as way, pytest.raises(NotHandedOver) as nobody:
        way.hand_over(write(NUMBERS[0]))
    assert nobody.value.outcome is Outcome.UNREACHABLE


def open_gateway(server: SmsGateway, **template: Any) -> Any:
    form = {
        "url": f"{server.url}/send",
        "body_kind": "form",
        "body": "user={user}\npassword={password}\nto={to}\ntext={text}\nfrom={sender}",
        "number": "local",
        "answer": "id=messages.0.id code=result.code text=result.text",
        "good": ["0"],
        "receiver": ["13"],
        "later": ["9"],
        **template,
    }
    settings = {"template": form, "sender": "3000", "calling_code": "98", "line": "advertising"}
    return sms_http.build(settings, {"user": server.user, "password": server.password}, "ir").open()


def test_any_provider_is_asked_as_the_form_says(gateway: SmsGateway) -> None:
    with open_gateway(gateway) as line:
        done = line.hand_over(write(NUMBERS[1], "سارا & علی=۲"))
    assert done == Handed("m1", "ok", 1)
    sent = gateway.sent[0]
    assert (sent["user"], sent["password"], sent["from"]) == (gateway.user, gateway.password, "3000")
    assert (sent["to"], sent["text"]) == ("09120000001", "سارا & علی=۲\nلغو ۱۱")


def test_a_provider_that_answers_in_plain_words_is_read_too(gateway: SmsGateway) -> None:
    gateway.plain = True
    query = f"{gateway.url}/send?user={{user}}&password={{password}}&to={{to}}&text={{text}}"
    with open_gateway(
        gateway, url=query, method="GET", body_kind="none", body="", answer="{code}: {id}"
    ) as line:
        assert line.hand_over(write(NUMBERS[1])).provider_id == "m1"
        gateway.password = "changed"
        with pytest.raises(NotHandedOver) as wrong:
            line.hand_over(write(NUMBERS[1]))
    assert (wrong.value.outcome, wrong.value.code) == (Outcome.UNREACHABLE, "code_401")


@pytest.mark.parametrize(
    ("told", "outcome"),
    [
        (Told(200, b'{"result": {"code": 13}}'), Outcome.REFUSED),
        (Told(200, b'{"result": {"code": 9}}'), Outcome.LATER),
        (Told(200, b'{"result": {"code": 77}}'), Outcome.UNREACHABLE),
        (Told(200, b"<html>"), Outcome.UNKNOWN),
        (Told(429, b""), Outcome.LATER),
        (Told(502, b"bad gateway"), Outcome.UNKNOWN),
        (Told(404, b"no such page"), Outcome.UNREACHABLE),
    ],
)
def test_what_any_provider_says_is_told_apart(gateway: SmsGateway, told: Told, outcome: Outcome) -> None:
    gateway.next_answers.append(told)
    with open_gateway(gateway) as line, pytest.raises(NotHandedOver) as refused:
        line.hand_over(write(NUMBERS[1]))
    assert refused.value.outcome is outcome
    assert not gateway.sent


def test_a_bot_writes_to_chats_and_tells_who_blocked_it(messenger: BotServer) -> None:
    messenger.blocked.add("43")
    messenger.unknown.add("44")
    with bot.build({"url": messenger.url}, {"token": messenger.token}).open() as line:
        assert line.hand_over(write(bot.write_chat(7, "42"), "سلام سارا")).provider_id == "1"
        codes = {}
        for chat in ("43", "44"):
            with pytest.raises(NotHandedOver) as refused:
                line.hand_over(write(f"7:{chat}"))
            codes[chat] = (refused.value.outcome, refused.value.code)
        messenger.next_errors.append((429, "Too Many Requests", 17))
        with pytest.raises(NotHandedOver) as busy:
            line.hand_over(write("7:42"))
    assert messenger.list_to(42) == ["سلام سارا"]
    assert codes == {"43": (Outcome.REFUSED, "blocked"), "44": (Outcome.REFUSED, "bad_address")}
    assert (busy.value.outcome, busy.value.wait_seconds) == (Outcome.LATER, 17)


def test_a_price_is_known_only_where_somebody_told_it() -> None:
    assert build_price({"part_amount": "150"}, "ir").latin_factor == 2
    assert (
        build_price({}, "ir")
        is build_price({"part_amount": "free"}, "ir")
        is build_price({"part_amount": "-1"}, "ir")
        is None
    )
