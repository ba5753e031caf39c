"""The second step: set up, asked for, refused, required, taken away."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from vafa.data.staff.actions import invite, remove_second_step, require_second_step
from vafa.data.staff.models import Staff
from vafa.data.staff.types import MoreThanOwn
from vafa.front.tests.conftest import NOW, PASSWORD
from vafa.kit import clock
from vafa.kit.models import AuditEntry
from vafa.kit.permissions import Role

pytestmark = pytest.mark.django_db
HOME = "/my-account/second-step/"


def sign_in(client: Client, email: str = "owner@example.com", password: str = PASSWORD) -> str:
    """Where the sign-in leads."""
    answer = client.post("/sign-in/", {"login": email, "password": password})
    return str(answer.headers.get("Location", answer.status_code))


def build_code(secret: str, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def set_up_app(client: Client) -> str:
    """Set up the authenticator app as its page says; the secret."""
    page = client.get(HOME + "app/").content.decode()
    found = re.search(r'translate="no">([A-Z2-7 ]+)<', page)
    assert found is not None, page
    assert "data:image/svg+xml;base64," in page
    secret = found[1].replace(" ", "")
    assert client.post(HOME + "app/", {"code": "000000"}).status_code == 422
    answer = client.post(HOME + "app/", {"code": build_code(secret, -1)})
    assert answer.headers["Location"] == HOME + "codes/"
    return secret


def read_codes(client: Client) -> list[str]:
    page = client.get(HOME + "codes/").content.decode()
    return [code.replace(" ", "") for code in re.findall(r'class="num">(\d{4} \d{4})<', page)]


def test_a_code_is_asked_for_after_the_password_and_good_once(owner: Staff) -> None:
    client = Client()
    assert sign_in(client) == "/"
    secret = set_up_app(client)
    stored = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in stored
    codes = read_codes(client)
    assert len(codes) == 10

    other = Client()
    assert sign_in(other) == "/sign-in/second-step/"
    assert other.get("/my-account/").status_code == 302
    assert other.post("/sign-in/second-step/", {"code": "123456"}).status_code == 422
    code = build_code(secret)
    persian = code.translate({ord(str(digit)): "۰۱۲۳۴۵۶۷۸۹"[digit] for digit in range(10)})
    assert other.post("/sign-in/second-step/", {"code": persian}).headers["Location"] == "/"
    assert other.get("/my-account/").status_code == 200

    third = Client()
    sign_in(third)
    assert third.post("/sign-in/second-step/", {"code": code}).status_code == 422
    assert third.post("/sign-in/second-step/", {"code": codes[3]}).status_code == 302
    fourth = Client()
    sign_in(fourth)
    assert fourth.post("/sign-in/second-step/", {"code": codes[3]}).status_code == 422
    assert AuditEntry.objects.filter(action="staff.second_step_failed", staff=owner).count() == 3


def test_codes_are_not_guessed_at(owner: Staff) -> None:
    client = Client()
    sign_in(client)
    secret = set_up_app(client)
    guesser = Client()
    sign_in(guesser)
    for number in range(10):
        guesser.post("/sign-in/second-step/", {"code": f"{number:06}"})
    told = guesser.post("/sign-in/second-step/", {"code": build_code(secret)})
    assert told.status_code == 422
    assert "too many tries" in told.content.decode()


def test_nobody_gets_to_the_second_step_without_the_first() -> None:
    Staff.objects.create_user("o@x.example", PASSWORD, role=Role.OWNER, created_at=NOW)
    assert Client().get("/sign-in/second-step/").headers["Location"] == "/sign-in/"
    assert Client().post("/sign-in/second-step/", {"code": "123456"}).headers["Location"] == "/sign-in/"


def test_a_link_for_a_new_password_does_not_go_round_the_second_step(owner: Staff) -> None:
    client = Client()
    sign_in(client)
    set_up_app(client)
    owner.refresh_from_db()
    token = invite(owner, by=None, now=clock.now())
    finder = Client()
    answer = finder.post(f"/invitation/{token}/", {"password": "another walk in the snow"})
    assert answer.headers["Location"] == "/sign-in/second-step/"
    assert finder.get("/my-account/").status_code == 302


def test_changing_it_asks_once_more_who_is_there(owner: Staff) -> None:
    client = Client()
    client.force_login(owner)
    answer = client.get(HOME + "app/")
    assert answer.headers["Location"] == "/confirm/?next=%2Fmy-account%2Fsecond-step%2Fapp%2F"
    assert client.post(answer.headers["Location"], {"secret": "wrong"}).status_code == 422
    assert client.post(answer.headers["Location"], {"secret": PASSWORD}).headers["Location"] == HOME + "app/"
    assert client.get(HOME + "app/").status_code == 200
    client.post("/confirm/?next=https://evil.example/", {"secret": PASSWORD})
    away = client.post("/confirm/?next=//evil.example/", {"secret": PASSWORD})
    assert away.headers["Location"] == "/"


def test_a_role_that_needs_it_gets_nowhere_before_it_is_set_up(owner: Staff) -> None:
    staff = Staff.objects.create_user("a@x.example", PASSWORD, role=Role.ANALYST, created_at=NOW)
    require_second_step([Role.ANALYST], by=owner, now=NOW)
    client = Client()
    assert sign_in(client, "a@x.example") == "/"
    for path in ("/", "/my-account/", "/customers/", "/segments/"):
        assert client.get(path).headers["Location"] == HOME, path
    page = client.get(HOME).content.decode()
    assert "Your role needs a second step" in page
    secret = set_up_app(client)
    assert client.get("/my-account/").status_code == 200
    # Without it again, nothing opens again.
    assert client.post(HOME + "app/remove/").headers["Location"] == HOME
    assert client.get("/my-account/").headers["Location"] == HOME
    assert secret
    with pytest.raises(MoreThanOwn):
        remove_second_step(owner, by=staff, now=NOW)


FORGED = (
    "",
    "{}",
    "[]",
    "null",
    "1",
    '"x"',
    '{"id": 1}',
    '{"response": {"userHandle": "MQ"}}',
    '{"response": []}',
)


def test_a_forged_passkey_opens_nothing(owner: Staff) -> None:
    client = Client()
    for sent in FORGED:
        asked = client.get("/sign-in/passkey/").json()
        assert asked["publicKey"]["challenge"]
        assert client.post("/sign-in/passkey/", {"credential": sent}).headers["Location"] == "/sign-in/"
    assert client.get("/my-account/").status_code == 302
    client.force_login(owner)
    client.post("/confirm/", {"secret": PASSWORD})
    for sent in FORGED:
        assert client.post(HOME + "passkeys/add/", {"credential": sent}).status_code == 422
    assert not Authenticator.objects.exists()
