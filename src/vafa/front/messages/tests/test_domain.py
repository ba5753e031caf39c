"""The page of a mail account's domain says what is missing, and says so too where nobody answers."""

from collections.abc import Iterator

import pytest
from django.test import Client

from tests.support.dns import DnsServer, run_dns_server
from vafa.act.followups.tests.conftest import Team
from vafa.act.messaging.actions import add_account
from vafa.data.consent.types import Channel
from vafa.kit import clock, dns_lookup

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[DnsServer]:
    with run_dns_server() as server:
        monkeypatch.setattr(dns_lookup, "list_servers", lambda: [server.address])
        monkeypatch.setattr(dns_lookup.look_up, "__kwdefaults__", {"servers": None, "seconds": 0.3})
        yield server


def test_what_the_domain_says_is_shown_apart_from_the_page(
    client: Client, team: Team, server: DnsServer
) -> None:
    settings = {"host": "mail.example.com", "sender_address": "shop@example.com"}
    account = add_account(
        "Post", Channel.EMAIL, "smtp", settings=settings, secrets={}, by=None, now=clock.now()
    )
    address = f"/settings/sending/{account.pk}/domain/"
    server.texts = {
        "example.com": ["v=spf1 a:mail.example.com -all", "<b>other</b>"],
        "key._domainkey.example.com": ["v=DKIM1; p="],
        "_dmarc.example.com": ["v=DMARC1; p=<script>"],
    }
    client.force_login(team.mina)
    assert client.get(address).status_code == client.get(f"{address}look/").status_code == 403
    client.force_login(team.owner)
    assert "example.com" in client.get(address).content.decode()
    assert server.asked == []
    client.post(address, {"selector": " Key "})
    client.post(address, {"selector": "no selector!"})
    found = client.get(f"{address}look/")
    told = [
        (one.verdict.kind, one.verdict.state, one.verdict.code) for one in found.context["found"]["shown"]
    ]
    assert told == [("spf", "good", "good"), ("dkim", "bad", "revoked"), ("dmarc", "bad", "broken")]
    assert "<script>" not in found.content.decode()
    server.texts = {}
    assert "no such domain" in client.get(f"{address}look/").content.decode()
    server.twist = lambda _data: None
    silent = client.get(f"{address}look/")
    assert silent.context["found"]["problem"]
    assert not silent.context["found"]["shown"]
