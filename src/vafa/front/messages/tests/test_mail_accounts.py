"""Mail accounts are changed in place, with the mailbox to which mail comes back, and providers of mail are added."""

import pytest
from django.test import Client

from tests.support.imap import run_imap
from vafa.act.followups.tests.conftest import Team
from vafa.act.messaging.models import Account
from vafa.act.messaging.queries import read_secrets
from vafa.act.messaging.tests.world import add_smtp

pytestmark = pytest.mark.django_db


def test_a_mail_server_is_changed_in_place_and_its_mailbox_is_tried(team: Team, client: Client) -> None:
    client.force_login(team.owner)
    account = add_smtp(25, secrets={"password": "kept"})
    page = f"/settings/sending/{account}/"
    assert client.get(page).status_code == 200
    with run_imap() as box:
        told = {
            "name": "Post", "host": "mail.example", "port": "587", "security": "starttls", "lanes": "8",
            "sender_address": "shop@example.com", "purposes": ["marketing"], "rate_second": "20", "currency": "",
            "bounce_host": "127.0.0.1", "bounce_port": box.port, "bounce_security": "none",
            "bounce_username": box.user, "bounce_password": box.password, "bounce_folder": "INBOX",
        }  # fmt: skip
        assert client.post(page, told).status_code == 302
        found = Account.objects.get()
        assert (found.name, found.rate_second, found.settings["lanes"]) == ("Post", 20, 8)
        assert read_secrets(found) == {"password": "kept", "bounce_password": box.password}
        shown = client.get(page).content.decode()
        assert box.password not in shown
        client.post(f"{page}try/")
        assert box.commands[:2] == ["CAPABILITY", "LOGIN"]
    assert client.post(page, told | {"lanes": "50"}).status_code == 422


def test_a_provider_of_mail_is_added_with_the_keys_that_it_asks_for(team: Team, client: Client) -> None:
    client.force_login(team.owner)
    told = {
        "name": "Postmark", "provider": "postmark", "sender_address": "shop@example.com", "purposes": ["marketing"],
        "currency": "",
    }  # fmt: skip
    assert client.post("/settings/sending/new/anymail/", told).status_code == 422
    made = client.post("/settings/sending/new/anymail/", told | {"server_token": "t1"})
    page = client.get(made["Location"]).content.decode()
    found = Account.objects.get()
    assert (found.kind, found.channel, read_secrets(found)["server_token"]) == ("anymail", "email", "t1")
    assert f"/in/messages/{found.pk}." in page
