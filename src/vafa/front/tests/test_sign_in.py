"""Signing in and out, the first owner, lock-outs, invitations."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client, RequestFactory

from vafa.data.staff.actions import add_staff, invite
from vafa.data.staff.models import Staff
from vafa.front.address import get_tried_email
from vafa.front.begin import get_begin_token
from vafa.front.tests.conftest import NOW, PASSWORD
from vafa.kit import clock
from vafa.kit.models import AuditEntry
from vafa.kit.permissions import Role

pytestmark = pytest.mark.django_db


def sign_in(client: Client, password: str = PASSWORD, email: str = "owner@example.com", **more: str):
    cache.clear()  # the library's own limit by address would come in the way of many tries
    return client.post("/sign-in/", {"login": email, "password": password, **more})


def test_signing_in_and_out(owner: Staff) -> None:
    client = Client()
    answer = sign_in(client, email="OWNER@example.com")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert client.get("/my-account/").status_code == 200
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/").headers["Location"] == "/sign-in/"
    assert client.get("/my-account/").status_code == 302
    assert AuditEntry.objects.get(action="staff.signed_in").address == "127.0.0.1"


def test_the_way_goes_on_to_where_one_wanted(owner: Staff) -> None:
    assert sign_in(Client(), next="/settings/money/").headers["Location"] == "/settings/money/"
    assert sign_in(Client(), next="https://elsewhere.example/").headers["Location"] == "/"


def test_a_wrong_password_says_so(owner: Staff) -> None:
    answer = sign_in(Client(), "wrong")
    assert answer.status_code == 200
    assert "not correct" in answer.content.decode()


def test_too_many_wrong_passwords_lock_out_even_the_right_one(owner: Staff) -> None:
    client = Client()
    for _try in range(8):
        answer = sign_in(client, "wrong")
    assert answer.status_code == 429
    assert "Too many tries" in answer.content.decode()
    assert sign_in(client).status_code == 429
    assert AuditEntry.objects.filter(action="staff.locked_out", staff=owner).exists()


def test_other_spellings_of_an_address_are_no_further_tries(rf: RequestFactory) -> None:
    # A database may find the same person by each of them.
    spellings = ("sara@example.com", "SARA@example.com", " sara@Example.com ", "\u017fara@example.com")
    tried = {get_tried_email(rf.post("/sign-in/"), {"email": spelling}) for spelling in spellings}
    assert tried == {"sara@example.com"}


def test_a_lock_out_holds_for_one_address_and_one_person(owner: Staff) -> None:
    Staff.objects.create_user("other@example.com", PASSWORD, role=Role.AGENT, created_at=NOW)
    client = Client()
    for _try in range(8):
        sign_in(client, "wrong")
    assert sign_in(Client(REMOTE_ADDR="10.9.8.7")).status_code == 302
    assert sign_in(Client(), email="other@example.com").status_code == 302


def test_who_is_shut_out_does_not_come_in(owner: Staff) -> None:
    Staff.objects.create_user("gone@example.com", PASSWORD, role=Role.AGENT, created_at=NOW, is_active=False)
    client = Client()
    assert (
        "shut out"
        in client.get(sign_in(client, email="gone@example.com").headers["Location"]).content.decode()
    )
    assert client.get("/my-account/").status_code == 302


def test_without_an_owner_every_page_leads_to_the_beginning() -> None:
    client = Client()
    for path in ("/", "/sign-in/", "/settings/", "/my-account/"):
        assert client.get(path).headers["Location"] == "/begin/", path
    assert client.get("/healthz").content == b"ok\n"


def test_the_beginning_opens_only_with_its_link(own_home: Path) -> None:
    client = Client()
    details = {"name": "Sara", "email": "sara@example.com", "password": PASSWORD}
    assert client.get("/begin/").status_code == 200
    assert client.post("/begin/wrong-token/", details).status_code == 403
    assert not Staff.objects.exists()
    token = get_begin_token(own_home)
    assert client.get(f"/begin/?token=http://127.0.0.1:8000/begin/{token}/").status_code == 200
    assert client.post(f"/begin/{token}/", details).headers["Location"] == "/"
    assert Staff.objects.get().role == Role.OWNER
    assert client.get("/my-account/").status_code == 200


def test_the_beginning_is_over_once_there_is_an_owner(owner: Staff, own_home: Path) -> None:
    token = get_begin_token(own_home)
    answer = Client().post(f"/begin/{token}/", {"email": "b@example.com", "password": PASSWORD})
    assert answer.headers["Location"] == "/sign-in/"
    assert Staff.objects.count() == 1


def test_the_token_is_private_and_stays_the_same_until_spent(own_home: Path) -> None:
    token = get_begin_token(own_home)
    assert get_begin_token(own_home) == token
    assert (own_home / "begin.token").stat().st_mode & 0o777 == 0o600
    Client().post(f"/begin/{token}/", {"email": "a@example.com", "password": PASSWORD})
    assert not (own_home / "begin.token").exists()


def test_a_weak_password_of_the_owner_is_explained(own_home: Path) -> None:
    answer = Client().post(
        f"/begin/{get_begin_token(own_home)}/", {"email": "a@example.com", "password": "short"}
    )
    assert answer.status_code == 422
    assert "too short" in answer.content.decode()
    assert not Staff.objects.exists()


def test_an_invited_person_sets_a_password_and_is_in(owner: Staff) -> None:
    invited = add_staff(email="new@example.com", role=Role.ANALYST, by=owner, now=clock.now())
    token = invite(invited, by=owner, now=clock.now())
    client = Client()
    assert "new@example.com" in client.get(f"/invitation/{token}/").content.decode()
    answer = client.post(f"/invitation/{token}/", {"name": "Mina", "password": PASSWORD})
    assert answer.headers["Location"] == "/"
    assert client.get("/my-account/").status_code == 200
    assert client.get(f"/invitation/{token}/").status_code == 410


def test_an_old_invitation_is_gone(owner: Staff) -> None:
    invited = add_staff(email="new@example.com", role=Role.ANALYST, by=owner, now=NOW)
    token = invite(invited, by=owner, now=clock.now() - timedelta(days=8))
    assert Client().get(f"/invitation/{token}/").status_code == 410
