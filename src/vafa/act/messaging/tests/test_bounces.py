"""Mail that comes back is read from the mailbox, each once, and does what it says to the address, whatever is in it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.imap import ImapBox, run_imap
from tests.support.smtp import run_mail_sink
from vafa.act.messaging.actions import deliver
from vafa.act.messaging.bounce_reading import judge_status, read_bounce
from vafa.act.messaging.bouncing import list_rests
from vafa.act.messaging.channels.mailbox import Mailbox, MailboxClosed, try_mailbox
from vafa.act.messaging.listening import listen
from vafa.act.messaging.models import Account, Happened, Listening, Sending
from vafa.act.messaging.tests.world import NOW, add_customers, add_message, add_smtp
from vafa.act.messaging.types import Block, TemplateContent, Text
from vafa.data.consent.models import Suppression

CONTENT = TemplateContent("email", (("en", Text(subject="Hi", blocks=(Block("text", "Come"),))),))
OWN = f"<{'a' * 40}.7@shop.example>"


def build_report(mail_id: str, status: str, action: str = "failed", headers_only: bool = False) -> bytes:
    """A delivery report as mail servers write it (RFC 3464, appendix)."""
    kind = "text/rfc822-headers" if headers_only else "message/rfc822"
    return f"""From: MAILER-DAEMON@mx.example\r
Subject: Undelivered Mail\r
MIME-Version: 1.0\r
Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r
\r
--b\r
Content-Type: text/plain\r
\r
It came back.\r
--b\r
Content-Type: message/delivery-status\r
\r
Reporting-MTA: dns; mx.example\r
\r
Final-Recipient: rfc822; c0@example.org\r
Action: {action}\r
Status: {status}\r
Diagnostic-Code: smtp; 550 {status} no\r
\r
--b\r
Content-Type: {kind}\r
\r
Message-ID: {mail_id}\r
Subject: Hi\r
\r
Come\r
--b--\r
""".encode()


def build_complaint(mail_id: str, kind: str = "abuse") -> bytes:
    """A complaint as mailbox providers write it (RFC 5965, appendix B)."""
    report = build_report(mail_id, "5.1.1").replace(b"delivery-status", b"feedback-report")
    fields = b"Feedback-Type: " + kind.encode() + b"\r\nUser-Agent: X/1\r\nVersion: 1\r\n"
    return report.replace(b"Reporting-MTA: dns; mx.example\r\n", fields)


@pytest.fixture
def box() -> Iterator[ImapBox]:
    with run_imap() as running:
        yield running


@pytest.fixture
def sent(box: ImapBox, db: None) -> dict[str, Sending]:
    """Six customers who got a mail from an account that reads this mailbox."""
    with run_mail_sink() as sink:
        told = {
            "host": "127.0.0.1", "port": sink.port, "security": "none", "sender_address": "shop@example.com",
            "bounce_host": "127.0.0.1", "bounce_port": box.port, "bounce_security": "none", "bounce_username": box.user,
        }  # fmt: skip
        add_smtp(sink.port, settings=told, secrets={"bounce_password": box.password})
        add_message(add_customers(6), template=CONTENT)
        deliver(NOW, tell_time=lambda: NOW)
    return {row.customer.name: row for row in Sending.objects.select_related("customer")}


def test_each_report_is_read_once_and_does_what_it_says(box: ImapBox, sent: dict[str, Sending]) -> None:
    ids = {name: row.mail_id for name, row in sent.items()}
    forged = f"<0000{ids['Customer 5'][5:]}"
    answer = (
        b"From: c5@example.org\r\nIn-Reply-To: " + ids["Customer 5"].encode() + b"\r\n\r\nThanks! 5.1.1\r\n"
    )
    box.mails = [
        build_report(ids["Customer 0"], "5.1.1"), build_report(ids["Customer 0"], "5.1.1"),
        build_report(ids["Customer 1"], "5.2.2", headers_only=True), build_report(ids["Customer 2"], "5.7.1"),
        build_complaint(ids["Customer 3"]), build_complaint(ids["Customer 4"], "not-spam"),
        build_report(ids["Customer 4"], "4.4.1", "delayed"), build_report(forged, "5.1.1"),
        answer, b"\xff\x00",
    ]  # fmt: skip
    assert listen(NOW) > 0
    told = set(Happened.objects.values_list("sending__customer__name", "kind", "detail"))
    assert {one[:2] for one in told} == {
        ("Customer 0", "bounced"), ("Customer 1", "bounced"), ("Customer 2", "undelivered"),
        ("Customer 3", "complained"),
    }  # fmt: skip
    assert {name: detail for name, kind, detail in told if kind == "bounced"} == {
        "Customer 0": "hard", "Customer 1": "soft",
    }  # fmt: skip
    assert sorted(Suppression.objects.values_list("everything", flat=True)) == [False, True]
    reports = Happened.objects.count()
    Listening.objects.update(cursor=0)  # as if cut off before it was noted how far it was read
    listen(NOW + timedelta(minutes=2))
    assert Happened.objects.count() == reports
    assert Listening.objects.get().problem == ""
    box.commands.clear()
    assert listen(NOW + timedelta(minutes=4)) == 0
    assert not [one for one in box.commands if one.startswith(("UID FETCH", "UID STORE"))]
    assert Account.objects.get().paused_at is None


def test_what_came_back_for_now_lets_the_address_rest_ever_longer_and_then_stops_it(
    box: ImapBox, sent: dict[str, Sending]
) -> None:
    first = sent["Customer 1"]
    customer = first.customer_id or 0
    box.mails = [build_report(first.mail_id, "4.2.2")]
    listen(NOW)
    assert list_rests([customer], NOW) == {first.point: NOW + timedelta(days=1)}
    add_message([customer], "next", template=CONTENT)
    later = NOW + timedelta(hours=25)
    Sending.objects.filter(pk=first.pk).update(spent_at=None)
    Happened.objects.update(at=NOW + timedelta(hours=3))
    deliver(later, tell_time=lambda: later)
    assert Sending.objects.get(message__origin="next").why == "soft_bounced"
    for turn in range(4):
        row = Sending.objects.create(
            message_id=add_message([], f"m{turn}", template=CONTENT), customer_id=customer, channel="email",
            state="accepted", point=first.point, account=first.account, not_before=NOW, created_at=NOW,
            mail_id=f"<{'b' * 40}.{10_000 + turn}@example.com>",
        )  # fmt: skip
        Sending.objects.filter(pk=row.pk).update(mail_id=f"<{'b' * 40}.{row.pk}@example.com>")
        row.refresh_from_db()
        box.mails.append(build_report(row.mail_id, "4.2.2"))
    listen(NOW + timedelta(hours=4))
    assert Suppression.objects.get().everything
    assert list_rests([customer], NOW)[first.point or 0] > NOW + timedelta(days=15)


def test_a_mailbox_that_does_not_open_says_why(box: ImapBox, sent: dict[str, Sending]) -> None:
    box.password = "another"
    assert listen(NOW) == 0
    assert "wrong password" in Listening.objects.get().problem
    with pytest.raises(MailboxClosed):
        try_mailbox(Mailbox("127.0.0.1", 1, "none", "a", "b"))


@pytest.mark.parametrize(
    ("action", "status", "kind"),
    [
        ("failed", "5.1.1", "hard"), ("failed", "5.7.1", "refused"), ("failed", "4.2.2", "soft"),
        ("failed", "5.2.2", "soft"), ("failed", "", "soft"), ("delayed", "4.4.1", None), ("relayed", "2.0.0", None),
        ("delivered", "2.0.0", "delivered"),
    ],
)  # fmt: skip
def test_a_status_says_what_the_standard_says(action: str, status: str, kind: str | None) -> None:
    assert judge_status(action, status) == kind


def test_a_server_without_a_form_is_understood_too() -> None:
    words = f"From: Mail Delivery System <x@y.z>\r\n\r\nthe user is not here: 550 5.1.1\r\n\r\nMessage-ID: {OWN}\r\n"
    found = read_bounce(words.encode())
    assert found is not None
    assert (found.mail_id, found.kind) == (OWN, "hard")


@settings(max_examples=60)
@given(
    st.binary(max_size=300),
    st.integers(0, 900),
    st.sampled_from([b"--b\r\n", b"\r\n\r\n", b"\0", b"=?utf-8?b?", b""]),
)
def test_no_mail_breaks_more_than_itself(noise: bytes, place: int, piece: bytes) -> None:
    raw = build_report(OWN, "5.1.1")
    found = read_bounce(raw[:place] + piece + noise + raw[place:])
    assert found is None or found.mail_id == OWN
    nested: Any = b"Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\n" * 200
    assert read_bounce(nested + noise) is None
