"""Where somebody is signed in, forgotten passwords, invitations that are taken back, and lifted lock-outs."""

import re

import pytest
from django.test import Client

from vafa.data.staff.actions import add_staff
from vafa.data.staff.models import Staff, StaffSession
from vafa.front.tests.conftest import NOW, PASSWORD
from vafa.kit import clock
from vafa.kit.mail import MailServer, set_mail_server
from vafa.kit.models import AuditEntry, StaffMail
from vafa.kit.permissions import Role

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def sign_in(email: str = "owner@example.com", password: str = PASSWORD, **more: str) -> Client:
    client = Client(headers={"user-agent": FIREFOX}, **more)  # type: ignore[arg-type]
    client.post("/sign-in/", {"login": email, "password": password})
    return client


def is_in(client: Client) -> bool:
    return client.get("/my-account/").status_code == 200


def test_other_browsers_are_listed_and_signed_out(owner: Staff) -> None:
    here, there, third = sign_in(), sign_in(REMOTE_ADDR="10.1.2.3"), sign_in()
    assert all(is_in(client) for client in (here, there, third))
    page = here.get("/my-account/").content.decode()
    assert page.count("Firefox, Linux") == 3
    assert "10.1.2.3" in page
    row = StaffSession.objects.get(address="10.1.2.3")
    here.post("/my-account/sessions/", {"session": str(row.pk)})
    assert [is_in(client) for client in (here, there, third)] == [True, False, True]
    here.post("/my-account/sessions/")
    assert [is_in(client) for client in (here, there, third)] == [True, False, False]
    assert AuditEntry.objects.filter(action="staff.signed_out_elsewhere").count() == 2


def test_nobody_signs_out_another_person(owner: Staff) -> None:
    Staff.objects.create_user("a@x.example", PASSWORD, role=Role.ANALYST, created_at=NOW)
    mine, theirs = sign_in(), sign_in("a@x.example")
    assert is_in(mine)
    row = StaffSession.objects.get(staff=owner)
    for sent in (str(row.pk), "x", "-1", "", "9" * 40):
        theirs.post("/my-account/sessions/", {"session": sent})
    assert is_in(mine)


def test_the_owner_signs_somebody_out_everywhere(owner: Staff) -> None:
    staff = Staff.objects.create_user("a@x.example", PASSWORD, role=Role.ANALYST, created_at=NOW)
    mine, theirs = sign_in(), sign_in("a@x.example")
    assert is_in(theirs)
    mine.post(f"/settings/staff/{staff.pk}/", {"do": "sign_out"})
    assert not is_in(theirs)
    assert is_in(mine)


def test_a_session_has_another_key_after_signing_in(owner: Staff) -> None:
    client = Client()
    client.get("/sign-in/passkey/")
    planted = client.cookies["sessionid"].value
    client.post("/sign-in/", {"login": "owner@example.com", "password": PASSWORD})
    assert client.cookies["sessionid"].value != planted
    thief = Client()
    thief.cookies["sessionid"] = planted
    assert not is_in(thief)


def test_without_mail_the_page_says_what_helps(owner: Staff) -> None:
    page = Client().get("/sign-in/forgotten/").content.decode()
    assert "vafa staff-link" in page
    Client().post("/sign-in/forgotten/", {"email": owner.email})
    assert not AuditEntry.objects.filter(action="staff.reset_asked").exists()


@pytest.fixture
def mail(own_home: object) -> None:
    set_mail_server(
        MailServer("mail.example", 587, "starttls", "", "", "Shop", "shop@example.com"),
        keep_password=False,
        by=None,
        now=NOW,
    )


def test_a_link_comes_by_mail_and_the_page_tells_nobody_who_signs_in_here(owner: Staff, mail: None) -> None:
    known = Client().post("/sign-in/forgotten/", {"email": "OWNER@example.com"})
    unknown = Client().post("/sign-in/forgotten/", {"email": "nobody@example.com"})
    strip = re.compile(r'"[A-Za-z0-9]{64}"')
    assert strip.sub("", known.content.decode()) == strip.sub("", unknown.content.decode())
    assert known.status_code == unknown.status_code == 200
    sent = StaffMail.objects.get()
    assert sent.address == "owner@example.com"
    found = re.search(r"http://testserver(/invitation/\S+)", sent.text)
    assert found is not None
    new = "another walk in the snow"
    thief = sign_in()
    assert Client().post(found[1], {"password": new}).headers["Location"] == "/"
    assert not is_in(thief)
    assert Client().get(found[1]).status_code == 410
    assert is_in(sign_in(password=new))
    for _again in range(5):
        Client().post("/sign-in/forgotten/", {"email": "owner@example.com"})
    assert StaffMail.objects.count() == 3


def test_an_invitation_goes_by_mail_and_is_taken_back(owner: Staff, mail: None) -> None:
    client = sign_in()
    client.post("/settings/staff/", {"email": "new@x.example", "role": "agent"})
    staff = Staff.objects.get(email="new@x.example")
    url = client.get("/settings/staff/").context["invitation"]["url"].removeprefix("http://testserver")
    assert url in StaffMail.objects.get().text
    assert Client().get(url).status_code == 200
    client.post(f"/settings/staff/{staff.pk}/", {"do": "invite"})
    newer = client.get("/settings/staff/").context["invitation"]["url"].removeprefix("http://testserver")
    assert (Client().get(url).status_code, Client().get(newer).status_code) == (410, 200)
    client.post(f"/settings/staff/{staff.pk}/", {"do": "revoke"})
    assert Client().get(newer).status_code == 410


def test_a_lock_out_says_how_long_and_is_lifted(owner: Staff) -> None:
    staff = add_staff(email="a@x.example", role=Role.AGENT, password=PASSWORD, by=owner, now=clock.now())
    client = Client()
    for _try in range(8):
        answer = client.post("/sign-in/", {"login": staff.email, "password": "wrong"})
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 900
    assert re.search(r"Try again in \d+ minutes?", answer.content.decode())
    boss = sign_in(REMOTE_ADDR="10.0.0.9")
    assert "Locked out until" in boss.get("/settings/staff/").content.decode()
    boss.post(f"/settings/staff/{staff.pk}/", {"do": "lift"})
    assert is_in(sign_in(staff.email))
    assert "Locked out until" not in boss.get("/settings/staff/").content.decode()
