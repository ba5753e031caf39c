"""Mail to staff: it arrives whole, once, or somebody is told why not."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.smtp import MailSink, run_mail_sink
from vafa.data.staff.models import Staff
from vafa.kit import mail_outbox
from vafa.kit.mail import (
    MailNotHandedOver,
    MailNotSetUp,
    MailServer,
    StaffMail,
    build_html,
    count_mails,
    deliver,
    find_mail_server,
    forget_contents,
    forget_mail_server,
    list_troubled_mails,
    send_again,
    send_now,
    send_staff_mail,
    set_mail_server,
)
from vafa.kit.mail_sending import Connection, Outcome
from vafa.kit.models import MailSetup
from vafa.kit.permissions import Role

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)


@pytest.fixture
def sink(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailSink]:
    with run_mail_sink() as running:
        monkeypatch.setenv("VAFA_HOME", str(tmp_path))
        monkeypatch.setenv("VAFA_SMTP_URL", running.url)
        monkeypatch.setenv("VAFA_MAIL_FROM", "کافه <vafa@shop.example>")
        yield running


def make_staff(name: str = "sara") -> Staff:
    return Staff.objects.create_user(f"{name}@shop.example", None, role=Role.ANALYST, created_at=NOW)


def queue(staff: Staff, key: str = "one", language: str = "fa") -> StaffMail:
    html = build_html("<p>سلام ۴۲٪</p>", language, "گزارش")
    return send_staff_mail(staff, "گزارش ماه", html, "سلام ۴۲٪\n\nCRR", language, key=key, now=NOW)


def get_state(key: str = "one") -> str:
    return StaffMail.objects.get(key=key).state


def test_a_mail_arrives_with_both_parts_and_their_direction(sink: MailSink) -> None:
    queue(make_staff())
    assert sink.taken == []
    assert deliver(NOW) == {"sent": 1}
    (mail,) = sink.taken
    assert (mail.sender, mail.recipient) == ("vafa@shop.example", "sara@shop.example")
    message = mail.message
    assert message["Subject"] == "گزارش ماه"
    assert message["From"] == "کافه <vafa@shop.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"].endswith("@shop.example>")
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert [part["Content-Language"] for part in message.iter_parts()] == ["fa", "fa"]
    assert mail.text.splitlines() == ["\u200fسلام ۴۲٪", "", "\u200fCRR"]
    assert '<html lang="fa" dir="rtl">' in mail.html
    assert '<div lang="fa" dir="rtl"' in mail.html
    assert StaffMail.objects.get().answer == "250 2.0.0 queued as 1"


def test_the_same_key_makes_one_mail(sink: MailSink) -> None:
    staff = make_staff()
    queue(staff)
    deliver(NOW)
    queue(staff)
    deliver(NOW)
    assert len(sink.taken) == 1


def test_one_connection_serves_many_mails(sink: MailSink) -> None:
    staff = make_staff()
    for number in range(5):
        queue(staff, str(number))
    assert deliver(NOW) == {"sent": 5}
    assert (len(sink.taken), sink.connections) == (5, 1)


def test_without_a_server_it_says_so(sink: MailSink, monkeypatch: pytest.MonkeyPatch) -> None:
    staff = make_staff()
    queue(staff)
    monkeypatch.delenv("VAFA_SMTP_URL")
    with pytest.raises(MailNotSetUp):
        queue(staff, "two")
    assert not deliver(NOW)
    (mail,) = list_troubled_mails()
    assert (mail.state, mail.answer) == ("pending", mail_outbox.NOT_SET_UP)
    monkeypatch.setenv("VAFA_SMTP_URL", sink.url)
    assert deliver(NOW + timedelta(minutes=2)) == {"sent": 1}


@pytest.mark.parametrize(
    "url",
    ["mail.example.com", "http://mail.example.com", "smtp://", "smtp://host:port", "smtp+tls://user:geheim@"],
)
def test_an_address_that_cannot_be_read_is_named_without_its_password(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("VAFA_SMTP_URL", url)
    monkeypatch.setenv("VAFA_MAIL_FROM", "a@b.example")
    with pytest.raises(MailNotSetUp) as problem:
        find_mail_server()
    assert "VAFA_SMTP_URL" in str(problem.value)
    assert "geheim" not in str(problem.value)


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAFA_SMTP_URL", "smtp+tls://me%40shop.example:a%2Fb@mail.example.com")
    server = find_mail_server()
    assert server == MailServer(
        host="mail.example.com",
        port=587,
        security="starttls",
        username="me@shop.example",
        password="a/b",
        sender_name="",
        sender_address="me@shop.example",
        from_environment=True,
    )
    assert "a/b" not in repr(server)


def test_what_is_refused_for_good_fails_and_holds_up_no_other(sink: MailSink) -> None:
    sink.answers_to["gone@shop.example"] = "550 5.1.1 no such mailbox"
    queue(make_staff("gone"))
    queue(make_staff(), "two")
    assert deliver(NOW) == {"refused": 1, "sent": 1}
    (mail,) = list_troubled_mails()
    assert (mail.state, mail.answer) == ("failed", "550 5.1.1 no such mailbox")
    assert len(sink.taken) == 1


def test_a_no_for_now_is_tried_again_later(sink: MailSink) -> None:
    sink.answers["rcpt"] = ["450 4.2.1 mailbox busy"]
    queue(make_staff())
    assert deliver(NOW) == {"later": 1}
    assert not deliver(NOW + timedelta(seconds=59))
    assert deliver(NOW + timedelta(seconds=60)) == {"sent": 1}


def test_after_many_failures_it_has_failed(sink: MailSink) -> None:
    sink.answers["rcpt"] = ["450 busy"] * 20
    queue(make_staff())
    now, tries = NOW, 0
    while get_state() == "pending":
        tries += sum(deliver(now).values())
        now += timedelta(hours=12)
    assert (get_state(), tries) == ("failed", len(mail_outbox.WAITS) + 1)


def test_a_server_that_is_down_keeps_all_mails_waiting(sink: MailSink) -> None:
    staff = make_staff()
    queue(staff)
    queue(staff, "two")
    sink.answers["mail"] = ["drop"]
    assert deliver(NOW) == {"unreachable": 1}
    assert not deliver(NOW + timedelta(seconds=30))
    assert deliver(NOW + timedelta(seconds=61)) == {"sent": 2}


def test_no_answer_after_the_whole_mail_is_unknown_and_never_sent_again(sink: MailSink) -> None:
    queue(make_staff())
    sink.answers["text"] = ["drop"]
    assert deliver(NOW) == {"unknown": 1}
    assert not deliver(NOW + timedelta(days=1))
    assert len(sink.taken) == 1
    (mail,) = list_troubled_mails()
    assert send_again(mail.pk, by=None, now=NOW + timedelta(days=1))
    assert deliver(NOW + timedelta(days=1)) == {"sent": 1}
    first, second = (taken.message["Message-ID"] for taken in sink.taken)
    assert first == second
    assert not send_again(mail.pk, by=None, now=NOW)


def test_a_refused_text_leaves_the_connection_fit(sink: MailSink) -> None:
    sink.answers["text"] = ["554 5.7.1 looks like spam"]
    sink.answers["data"] = ["354 go on", "451 try later", "354 go on"]
    staff = make_staff()
    for key in ("one", "two", "three"):
        queue(staff, key)
    assert deliver(NOW) == {"refused": 1, "later": 1, "sent": 1}
    assert [get_state(key) for key in ("one", "two", "three")] == ["failed", "pending", "sent"]


def test_who_was_shut_out_gets_nothing(sink: MailSink) -> None:
    staff = make_staff()
    queue(staff)
    Staff.objects.filter(pk=staff.pk).update(is_active=False)
    deliver(NOW)
    assert (get_state(), sink.taken) == ("failed", [])


def test_an_address_of_other_letters_fails_alone(sink: MailSink) -> None:
    staff = make_staff()
    queue(staff)
    StaffMail.objects.update(address="سارا@shop.example")
    queue(staff, "two")
    deliver(NOW)
    assert (get_state(), get_state("two")) == ("failed", "sent")


def test_a_subject_cannot_add_headers(sink: MailSink) -> None:
    staff = make_staff()
    send_staff_mail(staff, "Hello\r\nBcc: all@x.example", "<p>x</p>", "x", "en", key="k", now=NOW)
    deliver(NOW)
    assert sink.taken[0].message["Subject"] == "Hello Bcc: all@x.example"
    assert sink.taken[0].message["Bcc"] is None


def test_a_lease_that_ended_gives_the_mail_to_another(sink: MailSink) -> None:
    queue(make_staff())
    first = mail_outbox._claim(NOW)
    assert first is not None
    assert mail_outbox._claim(NOW) is None
    mail_outbox.recover(NOW + mail_outbox.LEASE + timedelta(seconds=1))
    later = NOW + mail_outbox.LEASE + timedelta(seconds=2)
    second = mail_outbox._claim(later)
    assert second is not None
    server = find_mail_server()
    assert server is not None
    with Connection(server) as connection:
        assert mail_outbox._deliver_one(first, server, connection, later) == Outcome.LATER
        assert mail_outbox._deliver_one(second, server, connection, later) == Outcome.SENT
    assert len(sink.taken) == 1


def test_contents_are_forgotten_and_the_key_is_kept(sink: MailSink) -> None:
    staff = make_staff()
    queue(staff)
    deliver(NOW)
    forget_contents(NOW + timedelta(days=29))
    assert StaffMail.objects.get().html
    forget_contents(NOW + timedelta(days=31))
    mail = StaffMail.objects.get()
    assert (mail.html, mail.text, mail.subject) == ("", "", "")
    queue(staff)
    assert not deliver(NOW + timedelta(days=32))
    assert count_mails() == {"sent": 1}


def test_the_page_s_server_and_its_password(
    sink: MailSink, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VAFA_SMTP_URL")
    sink.login = ("vafa", "pass word")
    entered = MailServer(
        host="127.0.0.1",
        port=sink.port,
        security="none",
        username="vafa",
        password="pass word",
        sender_name="Vafa",
        sender_address="vafa@shop.example",
    )
    set_mail_server(entered, keep_password=False, by=None, now=NOW)
    kept = tmp_path / "secrets" / "mail.password"
    assert kept.stat().st_mode & 0o077 == 0
    assert "pass word" not in str(MailSetup.objects.values())
    assert find_mail_server() == entered
    set_mail_server(MailServer(**{**entered.__dict__, "password": ""}), keep_password=True, by=None, now=NOW)
    staff = make_staff()
    said = send_now(staff, "Test", "<p>x</p>", "x", "en", key="try", now=NOW)
    assert said == "250 2.0.0 queued as 1"
    sink.login = ("vafa", "another")
    with pytest.raises(MailNotHandedOver, match=r"535 5\.7\.8 wrong user name or password"):
        send_now(staff, "Test", "<p>x</p>", "x", "en", key="try", now=NOW)
    forget_mail_server(by=None, now=NOW)
    assert find_mail_server() is None
    assert not kept.exists()
