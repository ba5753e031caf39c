"""The protocols of Kavenegar and of bots, against servers that speak them; and answers that nobody should trust."""

import contextlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.bot import BotServer, run_bot_server
from tests.support.kavenegar import Kavenegar, run_kavenegar
from vafa.act.messaging.channels import bot_api, kavenegar_api
from vafa.act.messaging.channels.bot_api import BotApi, BotGarbled, BotRefused, Written, read_update
from vafa.act.messaging.channels.kavenegar_api import KavenegarApi, KavenegarGarbled, KavenegarRefused
from vafa.kit.outbound import Reply, open_outlet

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "ok",
                    "return",
                    "status",
                    "entries",
                    "message",
                    "chat",
                    "id",
                    "type",
                    "text",
                    "update_id",
                    "result",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Kavenegar, KavenegarApi]]:
    monkeypatch.setenv("VAFA_ALLOW_PRIVATE", "localhost")
    with run_kavenegar() as server, open_outlet(server.url) as outlet:
        yield server, KavenegarApi(outlet, server.url, server.key)


@pytest.fixture
def messenger(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[BotServer, BotApi]]:
    monkeypatch.setenv("VAFA_ALLOW_PRIVATE", "localhost")
    with run_bot_server() as server, open_outlet(server.url) as outlet:
        yield server, BotApi(outlet, server.url, server.token)


def test_texts_go_in_a_batch_and_never_twice_under_one_id(provider: tuple[Kavenegar, KavenegarApi]) -> None:
    server, api = provider
    messages = [
        ("+989121234567", "10004346", "سلام «الف»\nلغو ۱۱", 5),
        ("+989351112233", "10004346", "سلام", 6),
    ]
    first = api.send_array(messages)
    assert [one.receptor for one in server.sent] == ["09121234567", "09351112233"]
    assert server.sent[0].text == "سلام «الف»\nلغو ۱۱"
    assert api.send_array(messages) == first
    assert len(server.sent) == 2
    server.sent[0].status = 14
    assert api.get_states([first[0].message_id, "99"]) == {first[0].message_id: 14, "99": 100}
    assert api.get_states_of_ours([6, 7]) == {6: (first[1].message_id, 1), 7: ("7", 100)}
    assert api.get_credit() == 1_000_000 - 2 * 1200


def test_patterns_are_filled_in_by_their_slots(provider: tuple[Kavenegar, KavenegarApi]) -> None:
    server, api = provider
    server.templates["renew"] = "خانم %token10 عزیز، اشتراک شما تا %token اعتبار دارد"
    with pytest.raises(KavenegarRefused) as missing:
        api.look_up("+989121234567", "other", {"token": "x"})
    assert (missing.value.status, missing.value.fault) == (424, "message")
    api.look_up("+989121234567", "renew", {"token": "۳۱خرداد", "token10": "سارا محمدی"})
    assert server.sent[0].text == "خانم سارا محمدی عزیز، اشتراک شما تا ۳۱خرداد اعتبار دارد"
    with pytest.raises(KavenegarRefused) as spaces:
        api.look_up("+989121234567", "renew", {"token": "۳۱ خرداد", "token10": "سارا"})
    assert spaces.value.fault == "content"


@pytest.mark.parametrize(
    ("status", "fault"),
    [(411, "receiver"), (422, "content"), (420, "message"), (424, "message"), (409, "later"), (451, "later"),
     (418, "account"), (412, "account"), (426, "account"), (429, "account"), (401, "account"), (499, "account")],
)  # fmt: skip
def test_refusals_are_told_apart(provider: tuple[Kavenegar, KavenegarApi], status: int, fault: str) -> None:
    server, api = provider
    server.next_answers.append(status)
    with pytest.raises(KavenegarRefused) as refused:
        api.send_array([("+989121234567", "", "سلام", 1)])
    assert (refused.value.status, refused.value.fault) == (status, fault)
    assert server.key not in str(refused.value)
    assert not server.sent


def test_unread_messages_come_in_once(provider: tuple[Kavenegar, KavenegarApi]) -> None:
    server, api = provider
    server.receive("09121234567", "۱۱")
    assert [(one.sender, one.line, one.text) for one in api.receive("10004346")] == [
        ("09121234567", "10004346", "۱۱")
    ]
    assert api.receive("10004346") == []


@given(ANYTHING)
def test_no_answer_of_a_provider_breaks_more_than_itself(told: Any) -> None:
    reply = Reply(200, {}, json.dumps(told).encode())
    with contextlib.suppress(KavenegarGarbled, KavenegarRefused):
        kavenegar_api.read_answer(reply)
    with contextlib.suppress(BotGarbled, BotRefused):
        bot_api.read_answer(reply)
    update = read_update(told)
    assert update is None or isinstance(update, Written)


def test_a_text_goes_to_a_chat_and_refusals_are_told_apart(messenger: tuple[BotServer, BotApi]) -> None:
    server, api = messenger
    assert api.get_username() == "vafa_test_bot"
    assert api.send_text("42", "سلام") == "1"
    assert server.list_to(42) == ["سلام"]
    server.blocked.add("43")
    server.unknown.add("44")
    for chat, fault in (("43", "blocked"), ("44", "no_chat")):
        with pytest.raises(BotRefused) as refused:
            api.send_text(chat, "سلام")
        assert refused.value.fault == fault
    server.next_errors.append((429, "Too Many Requests: retry after 17", 17))
    with pytest.raises(BotRefused) as busy:
        api.send_text("42", "سلام")
    assert (busy.value.fault, busy.value.wait_seconds) == ("later", 17)
    with pytest.raises(BotRefused) as wrong:
        BotApi(api.outlet, api.url, "1:other").get_username()
    assert wrong.value.fault == "account"


def test_what_people_write_is_read_in_order(messenger: tuple[BotServer, BotApi]) -> None:
    server, api = messenger
    first, second = server.write(42, "/start abc"), server.write(42, "۱۱")
    assert [one.text for one in api.list_updates(0)] == ["/start abc", "۱۱"]
    assert [one.number for one in api.list_updates(first["update_id"] + 1)] == [second["update_id"]]
    group = {"update_id": 1, "message": {"chat": {"id": 5, "type": "group"}, "text": "/start x"}}
    assert read_update(group) is None
