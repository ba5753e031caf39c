"""Scheduled reports arrive: whole, once, in each reader's language and of the customers that they may see."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from tests.support.smtp import MailSink, run_mail_sink
from vafa.data.business.actions import change_business
from vafa.data.customers.models import Customer
from vafa.data.log.actions import take_numbers
from vafa.data.staff.models import Staff
from vafa.front.overview.tests.shop import Shop, sign_in
from vafa.front.reports.sending import send_due_reports
from vafa.kit.mail import deliver
from vafa.kit.models import StaffMail
from vafa.kit.permissions import Role
from vafa.measure.reports.actions import (
    create_dashboard,
    create_schedule,
    delete_dashboard,
    pause_schedule,
    send_report_now,
)
from vafa.measure.reports.models import Dashboard, Run, Schedule
from vafa.measure.reports.types import Cadence, Item

pytestmark = pytest.mark.django_db(transaction=True)
# The shop's data end on 30 June 2025; its zone is UTC.
NOW = datetime(2025, 7, 1, 6, tzinfo=UTC)
AT_EIGHT = NOW.replace(hour=8)
ITEMS = (
    Item("customers_end", "number"),
    Item("crr", "trend", periods=4),
    Item("crr", "table", by="location"),
)


@pytest.fixture
def sink(monkeypatch: pytest.MonkeyPatch) -> Iterator[MailSink]:
    with run_mail_sink() as running:
        monkeypatch.setenv("VAFA_SMTP_URL", running.url)
        monkeypatch.setenv("VAFA_MAIL_FROM", "Vafa <vafa@shop.example>")
        monkeypatch.setenv("VAFA_HOSTS", "vafa.shop.example")
        yield running


@pytest.fixture
def ann(shop: Shop, owner: Staff) -> Staff:
    return shop.hire(Role.ANALYST, "ann@shop.example")


@pytest.fixture
def dashboard(ann: Staff) -> Dashboard:
    return create_dashboard("ماندن", is_shared=True, items=ITEMS, by=ann, now=NOW)


def schedule_it(dashboard: Dashboard, **languages: str) -> Schedule:
    """A daily report at eight to these members of staff (by the first part of their address)."""
    recipients = {
        Staff.objects.get(email__startswith=f"{name}@").pk: said for name, said in languages.items()
    }
    return create_schedule(dashboard, Cadence("day", hour=8), recipients, by=dashboard.owner, now=NOW)


def send(now: datetime) -> None:
    send_due_reports(now)
    deliver(now)


def test_it_goes_out_at_its_hour_and_once(dashboard: Dashboard, sink: MailSink) -> None:
    schedule_it(dashboard, ann="en", owner="fa")
    send(NOW)
    assert sink.taken == []
    for minutes in (0, 1, 30):
        send(AT_EIGHT + timedelta(minutes=minutes))
    assert sorted(mail.recipient for mail in sink.taken) == ["ann@shop.example", "owner@example.com"]
    send(AT_EIGHT + timedelta(days=1))
    assert len(sink.taken) == 4
    assert list(Run.objects.order_by("id").values_list("state", "due_on")) == [
        ("done", date(2025, 7, 1)),
        ("done", date(2025, 7, 2)),
    ]


def test_each_reads_it_in_their_own_language(dashboard: Dashboard, sink: MailSink) -> None:
    Staff.objects.filter(email="owner@example.com").update(language="fa")
    schedule_it(dashboard, ann="en", owner="")
    send(AT_EIGHT)
    english, persian = sink.list_to("ann@shop.example")[0], sink.list_to("owner@example.com")[0]
    assert english.message["Subject"] == "Shop: ماندن"
    assert 'dir="ltr"' in english.html
    assert "June 2025" in english.html
    assert '<table role="presentation" dir="rtl"' in persian.html
    assert "۲۰۲۵" in persian.html
    assert "2025" not in persian.text
    assert "https://" not in english.html
    assert 'href="http://vafa.shop.example/reports/' in english.html


def test_the_mail_needs_nothing_that_programs_drop(dashboard: Dashboard, sink: MailSink) -> None:
    schedule_it(dashboard, ann="en")
    send(AT_EIGHT)
    html = sink.taken[0].html
    assert not re.search(r"<(img|style|script|link|svg|video|iframe|form)\b", html)
    assert not re.search(r"\b(src|class|id|on\w+)=", html)
    assert not re.search(r"url\(|position:|flex|grid|var\(|@media", html)
    # Every period's bar: as wide as its share, and its value beside it in words.
    assert re.search(r'width="\d+%" bgcolor="#0f6b63"', html)
    assert "Bought in the last 30 days" in html
    assert "data up to 30 June 2025" in html


def test_the_plain_part_says_the_same(dashboard: Dashboard, sink: MailSink) -> None:
    schedule_it(dashboard, ann="en")
    send(AT_EIGHT)
    text = sink.taken[0].text
    assert "Customers at the end" in text
    assert "Berlin" in text
    assert "<" not in text


def test_each_gets_the_figures_of_the_customers_they_may_see(
    dashboard: Dashboard, shop: Shop, sink: MailSink
) -> None:
    agent = shop.hire(Role.AGENT, "agent@shop.example")
    Customer.objects.filter(pk=shop.leaving).update(owner=agent, seq=take_numbers(1))
    shop.ledger.publish(date(2025, 6, 30))
    change_business(by=None, now=NOW, agents_own_only=True)
    schedule_it(dashboard, ann="en", agent="en")
    send(AT_EIGHT)
    whole, own = sink.list_to("ann@shop.example")[0].text, sink.list_to("agent@shop.example")[0].text
    assert "Customers at the end\u2069\n0 (June 2025)" in own.replace("\r", "")
    assert "These figures are of your own customers only." in own
    assert "These figures are of your own customers only." not in whole
    # Whoever is written to first must not leave the next one the wrong figures.
    assert "Customers at the end\u2069\n1 (June 2025)" in whole.replace("\r", "")


def test_without_a_mail_server_it_waits_and_the_newest_goes_out(
    dashboard: Dashboard, sink: MailSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedule_it(dashboard, ann="en")
    monkeypatch.delenv("VAFA_SMTP_URL")
    send(AT_EIGHT)
    assert Run.objects.get().problem == "mail_not_set_up"
    send(AT_EIGHT + timedelta(days=1))
    monkeypatch.setenv("VAFA_SMTP_URL", sink.url)
    send(AT_EIGHT + timedelta(days=1, hours=1))
    assert len(sink.taken) == 1
    ended = list(Run.objects.order_by("id").values_list("state", "problem"))
    assert ended == [("failed", "superseded"), ("done", "")]


def test_paused_deleted_and_shut_out(dashboard: Dashboard, ann: Staff, sink: MailSink) -> None:
    schedule = schedule_it(dashboard, ann="en")
    pause_schedule(schedule, by=ann, now=NOW)
    send(AT_EIGHT)
    assert sink.taken == []
    send_report_now(schedule, "form", by=ann, now=AT_EIGHT)
    send(AT_EIGHT)
    assert len(sink.taken) == 1
    Staff.objects.filter(pk=ann.pk).update(is_active=False)
    send_report_now(schedule, "again", by=ann, now=AT_EIGHT)
    send(AT_EIGHT)
    assert Run.objects.latest("id").problem == "nobody"
    send_report_now(schedule, "third", by=ann, now=AT_EIGHT)
    delete_dashboard(dashboard, by=ann, now=AT_EIGHT)
    send(AT_EIGHT)
    assert Run.objects.latest("id").problem == "deleted"
    assert len(sink.taken) == 1


def test_what_breaks_is_told_and_tried_again(
    dashboard: Dashboard, sink: MailSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedule_it(dashboard, ann="en")

    def fail(*_what: object, **_more: object) -> None:
        raise RuntimeError("no disk")

    with monkeypatch.context() as broken:
        broken.setattr("vafa.front.reports.sending.write_letter", fail)
        send(AT_EIGHT)
    assert (Run.objects.get().state, Run.objects.get().problem) == ("pending", "no disk")
    send(AT_EIGHT + timedelta(minutes=6))
    assert len(sink.taken) == 1


def test_the_pages_of_a_schedule(dashboard: Dashboard, ann: Staff, sink: MailSink) -> None:
    client = sign_in(ann)
    asked = {"every": "week", "weekday": "sat", "month_day": "1", "hour": "9"}
    path = f"/reports/{dashboard.pk}/schedules/"
    assert client.post(path, asked).status_code == 422
    answer = client.post(path, asked | {f"to_{ann.pk}": "on", f"language_{ann.pk}": "fa"})
    schedule = Schedule.objects.get()
    assert answer.headers["Location"] == f"/reports/schedules/{schedule.pk}/"
    page = client.get(f"/reports/schedules/{schedule.pk}/")
    assert "Every week on Saturday at 09:00" in page.content.decode()
    token = page.context["token"]
    for _press in range(2):
        client.post(f"/reports/schedules/{schedule.pk}/do/", {"do": "send", "token": token})
    send(datetime.now(UTC))
    assert len(sink.taken) == 1
    assert "queued" not in client.get(f"/reports/schedules/{schedule.pk}/").content.decode()
    assert "Sent" in client.get(f"/reports/schedules/{schedule.pk}/").content.decode()
    client.post(f"/reports/schedules/{schedule.pk}/do/", {"do": "pause"})
    assert "Paused" in client.get(path).content.decode()
    client.post(f"/reports/schedules/{schedule.pk}/do/", {"do": "delete"})
    assert not Schedule.objects.exists()
    # What was sent stays sent.
    assert StaffMail.objects.get().state == "sent"


def test_the_preview_is_the_mail_and_runs_nothing(dashboard: Dashboard, ann: Staff, shop: Shop) -> None:
    schedule = schedule_it(dashboard, ann="fa")
    answer = sign_in(ann).get(f"/reports/schedules/{schedule.pk}/preview/{ann.pk}/")
    assert 'dir="rtl"' in answer.content.decode()
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert "sandbox" in policy
    assert sign_in(ann).get(f"/reports/schedules/{schedule.pk}/preview/999999/").status_code == 404
    stranger: Client = sign_in(shop.hire(Role.ANALYST, "bob@x.example"))
    assert stranger.get(f"/reports/schedules/{schedule.pk}/preview/{ann.pk}/").status_code == 404
