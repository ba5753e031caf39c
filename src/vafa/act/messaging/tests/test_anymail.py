"""Mail by a provider's own interface: handed over by its protocol, and what it tells of it comes back."""

import hmac
import json
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest

from tests.support.postmark import Postmark, run_postmark
from tests.support.web import Told
from vafa.act.messaging.accounts import seal
from vafa.act.messaging.actions import add_account, deliver, take_call
from vafa.act.messaging.models import Account, Happened, Sending
from vafa.act.messaging.queries import build_hook_token
from vafa.act.messaging.tests.world import NOW, add_customers, add_message
from vafa.act.messaging.types import Block, TemplateContent, Text
from vafa.data.consent.models import Suppression
from vafa.data.consent.types import Channel

CONTENT = TemplateContent(
    "email", (("fa", Text(subject="سلام {{ name }}", blocks=(Block("text", "Come"),))),)
)


@pytest.fixture
def provider(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Postmark]:
    monkeypatch.setenv("VAFA_ALLOW_PRIVATE", "localhost")
    with run_postmark() as server:
        yield server


def add(server: Postmark, **more: Any) -> Account:
    settings = {
        "provider": "postmark",
        "url": server.url,
        "sender_name": "فروشگاه",
        "sender_address": "a@shop.example",
    }
    return add_account(
        "Postmark", Channel.EMAIL, "anymail", settings=settings | more, secrets={"server_token": server.token},
        by=None, now=NOW,
    )  # fmt: skip


def go(minutes: int = 0) -> dict[str, int]:
    now = NOW + timedelta(minutes=minutes)
    return dict(deliver(now, tell_time=lambda: now).counts)


def tell(account: Account, **told: Any) -> None:
    body = json.dumps(told).encode()
    assert take_call(build_hook_token(account), "", body, "application/json", headers={}, now=NOW)


def test_a_mail_goes_by_the_providers_protocol_and_what_became_of_it_comes_back(provider: Postmark) -> None:
    account = add(provider)
    provider.inactive.add("c4@example.org")
    add_message(add_customers(5), template=CONTENT)
    assert go() == {"accepted": 4, "failed": 1}
    [mail] = provider.list_to("c2@example.org")
    assert mail["Subject"] == "سلام Customer 2"
    assert mail["From"].endswith("<a@shop.example>")
    headers = {one["Name"]: one["Value"] for one in mail["Headers"]}
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    rows = {row.customer.name: row for row in Sending.objects.select_related("customer")}
    ids = {name: row.provider_id for name, row in rows.items()}
    assert len({row.provider_id for row in rows.values()} - {""}) == 4
    tell(account, RecordType="Delivery", MessageID=ids["Customer 0"], Recipient="c0@example.org")
    hard = {"RecordType": "Bounce", "Type": "HardBounce", "ID": 1, "Email": "c1@example.org"}
    tell(account, MessageID=ids["Customer 1"], **hard)
    tell(account, MessageID=ids["Customer 1"], **hard)
    tell(
        account,
        RecordType="Bounce",
        Type="SoftBounce",
        ID=2,
        MessageID=ids["Customer 2"],
        Email="c2@example.org",
    )
    tell(
        account,
        RecordType="SpamComplaint",
        Type="SpamComplaint",
        ID=3,
        MessageID=ids["Customer 3"],
        Email="c3@e.org",
    )
    tell(account, RecordType="Open", MessageID=ids["Customer 3"], Recipient="c3@example.org")
    told = set(Happened.objects.values_list("sending__customer__name", "kind", "detail"))
    assert {(name, kind) for name, kind, _detail in told} == {
        ("Customer 0", "delivered"), ("Customer 1", "bounced"), ("Customer 2", "bounced"), ("Customer 3", "complained"),
    }  # fmt: skip
    assert {detail for _name, kind, detail in told if kind == "bounced"} == {"hard", "soft"}
    assert sorted(Suppression.objects.values_list("everything", flat=True)) == [False, True]


def test_a_wrong_key_pauses_the_account_and_a_busy_provider_is_left_alone(provider: Postmark) -> None:
    account = add(provider)
    add_message(add_customers(3), template=CONTENT)
    provider.next_answers = [Told(429, b"{}", {"Retry-After": "120"})] * 3
    assert set(go()) == {"later"}
    assert go(1) == {}
    assert Account.objects.get().paused_at is None
    Account.objects.update(secret=seal({"server_token": "other"}))
    go(3)
    account.refresh_from_db()
    assert account.paused_why == "credentials"
    assert "invalid" in account.paused_answer
    assert set(Sending.objects.values_list("state", flat=True)) == {"pending"}


def test_a_private_address_is_never_asked(provider: Postmark, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAFA_ALLOW_PRIVATE", "")
    add(provider)
    add_message(add_customers(1), template=CONTENT)
    assert go() == {"later": 1}
    assert provider.web.asked == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "body", [b"{", b"[]", b"{}", b'{"RecordType": "Bounce", "MessageID": 7}', b"\xff", b'"x"']
)
def test_whatever_strangers_send_is_taken_for_nothing(body: bytes) -> None:
    settings = {"provider": "postmark"}
    account = add_account("P", Channel.EMAIL, "anymail", settings=settings, secrets={}, by=None, now=NOW)
    assert take_call(build_hook_token(account), "a=b", body, "application/json", headers={"X": "y"}, now=NOW)
    assert not Happened.objects.exists()


@pytest.mark.django_db
def test_a_signed_call_is_believed_only_with_its_signature() -> None:
    settings, secrets = {"provider": "mailgun"}, {"api_key": "k", "webhook_signing_key": "s"}
    account = add_account("M", Channel.EMAIL, "anymail", settings=settings, secrets=secrets, by=None, now=NOW)
    add_message(add_customers(1), template=CONTENT, account_id=account.pk)
    Sending.objects.update(state="accepted", account=account, provider_id="<1@mg>")
    for key, count in ((b"wrong", 0), (b"s", 1)):
        signature = hmac.new(key, b"1700000000token", sha256).hexdigest()
        signed = {"timestamp": "1700000000", "token": "token", "signature": signature}
        event = {
            "event": "failed", "severity": "permanent", "reason": "bounce", "timestamp": 1700000000.0, "id": "e1",
            "recipient": "c0@example.org", "message": {"headers": {"message-id": "1@mg"}},
            "delivery-status": {"code": 550, "message": "no such user"},
        }  # fmt: skip
        tell(account, **{"signature": signed, "event-data": event})
        assert Happened.objects.filter(kind="bounced", detail="hard").count() == count
