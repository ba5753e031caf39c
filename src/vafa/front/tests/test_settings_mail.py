"""The mail settings: the server is kept, tried out, and told of word for word."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.test import Client

from tests.support.smtp import MailSink, run_mail_sink
from vafa.data.staff.models import Staff
from vafa.kit.mail import deliver, send_staff_mail
from vafa.kit.models import MailSetup, StaffMail

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


@pytest.fixture
def sink() -> Iterator[MailSink]:
    with run_mail_sink() as running:
        running.login = ("vafa", "very secret")
        yield running


def build_form(sink: MailSink, **more: str) -> dict[str, str]:
    return {
        "host": "127.0.0.1",
        "port": str(sink.port).translate(PERSIAN),
        "security": "none",
        "username": "vafa",
        "password": "very secret",
        "sender_name": "Vafa",
        "sender_address": "vafa@shop.example",
    } | more


def get_page(client: Client) -> str:
    return client.get("/settings/mail/").content.decode()


def test_a_server_is_entered_tried_and_its_password_never_shown(signed_in: Client, sink: MailSink) -> None:
    assert "Send a test message" not in get_page(signed_in)
    assert signed_in.post("/settings/mail/", build_form(sink)).status_code == 302
    assert "very secret" not in get_page(signed_in)
    answer = signed_in.post("/settings/mail/try/", follow=True).content.decode()
    assert "The server answered: 250 2.0.0 queued as 1" in answer
    assert sink.taken[0].recipient == "owner@example.com"
    # Saved again without a password: the old one stays.
    signed_in.post("/settings/mail/", build_form(sink, password="", sender_name="Shop"))
    assert MailSetup.objects.get().sender_name == "Shop"
    signed_in.post("/settings/mail/try/")
    assert len(sink.taken) == 2


def test_what_the_server_says_is_told_word_for_word(signed_in: Client, sink: MailSink) -> None:
    signed_in.post("/settings/mail/", build_form(sink, password="wrong"))
    answer = signed_in.post("/settings/mail/try/", follow=True).content.decode()
    assert "535 5.7.8 wrong user name or password" in answer
    sink.login = None
    sink.answers["rcpt"] = ["550 5.1.1 <no> such mailbox"]
    answer = signed_in.post("/settings/mail/try/", follow=True).content.decode()
    assert "550 5.1.1 &lt;no&gt; such mailbox" in answer


def test_without_a_server_the_test_says_so(signed_in: Client) -> None:
    assert "No mail server is set up" in signed_in.post("/settings/mail/try/", follow=True).content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("host", "http://mail.example.com/"),
        ("port", "0"),
        ("security", "magic"),
        ("sender_address", "nobody"),
    ],
)
def test_what_makes_no_sense_is_refused(signed_in: Client, sink: MailSink, field: str, value: str) -> None:
    assert signed_in.post("/settings/mail/", build_form(sink, **{field: value})).status_code == 422
    assert not MailSetup.objects.exists()


def test_the_environment_comes_first_and_its_password_is_not_shown(
    signed_in: Client, sink: MailSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAFA_SMTP_URL", sink.url)
    monkeypatch.setenv("VAFA_MAIL_FROM", "vafa@shop.example")
    page = get_page(signed_in)
    assert f"127.0.0.1:{sink.port}" in page
    assert "secret" not in page
    monkeypatch.setenv("VAFA_SMTP_URL", "nonsense")
    assert "VAFA_SMTP_URL can&#x27;t be read" in get_page(signed_in)


def test_failures_are_seen_and_sent_again(signed_in: Client, sink: MailSink, owner: Staff) -> None:
    signed_in.post("/settings/mail/", build_form(sink))
    send_staff_mail(owner, "Monthly figures", "<p>x</p>", "x", "en", key="k", now=NOW)
    sink.answers["rcpt"] = ["550 5.1.1 no such mailbox"]
    deliver(NOW)
    page = get_page(signed_in)
    assert "Monthly figures" in page
    assert "550 5.1.1 no such mailbox" in page
    mail = StaffMail.objects.get()
    assert signed_in.post(f"/settings/mail/{mail.pk}/again/").status_code == 302
    deliver(datetime.now(UTC))
    assert StaffMail.objects.get().state == "sent"
    assert signed_in.post(f"/settings/mail/{mail.pk}/again/").status_code == 404
