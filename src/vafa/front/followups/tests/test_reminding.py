"""Reminders: the page one starts on, the mail of the day, once a day, and the calendar behind a secret address."""

from datetime import date, time, timedelta

import pytest
from django.test import Client

from vafa.act.followups.actions import create_task, finish_tasks, save_reminding
from vafa.act.followups.models import DigestSent, Reminding
from vafa.act.followups.tests.conftest import NOW, Team
from vafa.act.followups.types import TaskTold
from vafa.data.staff.actions import deactivate_staff
from vafa.data.staff.models import Staff
from vafa.front.followups.digest import send_digests
from vafa.front.followups.tests.test_pages import TODAY, sign_in
from vafa.kit import clock
from vafa.kit.models import StaffMail

DAY = timedelta(days=1)
# 08:00 in Tehran.
MORNING = NOW - timedelta(hours=5)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def mail_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAFA_SMTP_URL", "smtp://127.0.0.1:9")
    monkeypatch.setenv("VAFA_MAIL_FROM", "vafa@shop.example")


def give(team: Team, staff: Staff, title: str, due_on: date, **told: object) -> int:
    told_of = TaskTold(title, due_on, assignee_id=staff.pk, **told)  # type: ignore[arg-type]
    return create_task(told_of, by=team.owner, now=NOW).pk


def test_everybody_starts_where_they_chose(team: Team) -> None:
    assert sign_in(team.owner).get("/")["Location"] == "/overview/"
    assert sign_in(team.mina).get("/")["Location"] == "/today/"
    for staff, start_page in ((team.owner, "today"), (team.mina, "overview")):
        client = sign_in(staff)
        client.post("/today/reminders/", {"do": "save", "start_page": start_page, "digest_at": ""})
        assert client.get("/")["Location"] == f"/{start_page}/"
    assert (
        sign_in(team.owner).post("/today/reminders/", {"do": "save", "digest_at": "7:77"}).status_code == 422
    )


def test_the_mail_of_the_day_goes_out_once_and_only_where_there_is_something(
    team: Team, mail_server: None
) -> None:
    for staff in (team.owner, team.mina, team.omid):
        save_reminding(staff, start_page="", digest_at=time(8), now=MORNING - DAY - timedelta(hours=1))
    save_reminding(team.omid, start_page="", digest_at=time(9), now=MORNING - DAY)
    give(team, team.owner, "Call the bank", TODAY)
    give(team, team.owner, "Tomorrow's", TODAY + DAY)
    give(team, team.omid, "Later", TODAY)
    assert send_digests(MORNING - timedelta(minutes=1)) == 0
    assert (send_digests(MORNING), send_digests(MORNING)) == (1, 0)
    (mail,) = StaffMail.objects.all()
    assert (mail.staff_id, "Call the bank" in mail.text, "Tomorrow's" in mail.html) == (
        team.owner.pk,
        True,
        False,
    )
    told = dict(DigestSent.objects.values_list("staff_id", "was_empty"))
    assert told == {team.owner.pk: False, team.mina.pk: True}
    assert send_digests(MORNING + timedelta(hours=1)) == 1
    # The next morning anew: what was not done is late.
    assert send_digests(MORNING + DAY) == 1
    assert "Overdue" in StaffMail.objects.first().text


def test_a_digest_begins_tomorrow_where_its_hour_is_over_and_waits_for_a_mail_server(team: Team) -> None:
    give(team, team.owner, "Call", TODAY)
    save_reminding(team.owner, start_page="", digest_at=time(12), now=NOW)
    assert DigestSent.objects.get().was_empty
    DigestSent.objects.all().delete()
    assert send_digests(NOW) == 0
    assert not DigestSent.objects.exists()


def test_a_mail_names_no_customer_whom_the_reader_may_not_see(team: Team, mail_server: None) -> None:
    give(team, team.owner, "Hers", TODAY, customer_id=team.of_omid)
    hers = give(team, team.mina, "Her own", TODAY, customer_id=team.of_mina)
    team.ledger.change_customer(team.of_mina, owner_id=team.omid.pk)
    save_reminding(team.mina, start_page="", digest_at=time(8), now=MORNING - DAY)
    assert send_digests(MORNING) == 0
    assert hers
    assert not StaffMail.objects.exists()


def test_who_gives_out_tasks_is_told_what_is_overdue_in_the_team(team: Team, mail_server: None) -> None:
    give(team, team.omid, "Forgotten call", TODAY - DAY)
    give(team, team.omid, "Still to come", TODAY)
    for staff in (team.owner, team.mina):
        save_reminding(staff, start_page="", digest_at=time(8), now=MORNING - DAY)
    assert send_digests(MORNING) == 1
    (mail,) = StaffMail.objects.all()
    assert mail.staff_id == team.owner.pk
    assert "Overdue in the team" in mail.text
    line = next(line for line in mail.text.splitlines() if "Forgotten call" in line)
    assert str(team.omid) in line
    assert str(team.omid) in mail.html
    assert "Still to come" not in mail.text


def read_feed(client: Client) -> list[str]:
    address = client.get("/today/reminders/").context["feed_url"]
    answer = Client().get(address.removeprefix("http://testserver"))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "no-store"
    return answer.content.decode().replace("\r\n ", "").split("\r\n")


def test_the_calendar_holds_ones_own_tasks_and_shuts_when_it_is_revoked(team: Team) -> None:
    give(team, team.mina, "Call; soon", TODAY, customer_id=team.of_mina, due_time=time(14, 30))
    done = give(team, team.mina, "Pay", TODAY + DAY)
    give(team, team.owner, "Not hers", TODAY)
    give(team, team.mina, "Too far", TODAY + 401 * DAY)
    finish_tasks([done], "done", by=team.mina, now=NOW)
    client = sign_in(team.mina)
    client.post("/today/reminders/", {"do": "make"})
    secret_page = client.get("/today/reminders/")
    address = secret_page.context["feed_url"].removeprefix("http://testserver")
    assert client.get("/today/reminders/").context["feed_url"] == ""
    said = Client().get(address).content.decode().replace("\r\n ", "").split("\r\n")
    assert [line for line in said if line.startswith(("SUMMARY", "DTSTART"))] == [
        "DTSTART:20260315T110000Z",
        "SUMMARY:Call\\; soon · of mina",
        "DTSTART;VALUE=DATE:20260316",
        "SUMMARY:✓ Pay",
    ]
    assert address not in str(Reminding.objects.values())
    client.post("/today/reminders/", {"do": "revoke"})
    assert Client().get(address).status_code == 404
    client.post("/today/reminders/", {"do": "make"})
    assert "BEGIN:VCALENDAR" in read_feed(client)
    client.post("/today/reminders/", {"do": "make"})
    fresh = client.get("/today/reminders/").context["feed_url"].removeprefix("http://testserver")
    assert Client().get(fresh).status_code == 200
    deactivate_staff(team.mina, by=team.owner, now=NOW)
    assert Client().get(fresh).status_code == 404
    assert Client().get("/calendar/guessed.ics").status_code == 404
