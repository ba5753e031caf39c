"""The pages of campaigns: from a form to a started campaign, its lists and files, and who sees none of it."""

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from vafa.act.campaigns.actions import go_on
from vafa.act.campaigns.models import Campaign, Run
from vafa.act.campaigns.tests.conftest import NOW, World
from vafa.act.messaging.queries import Sending
from vafa.data.business.actions import change_business
from vafa.data.staff.models import Staff
from vafa.front.tests.conftest import let_be_confirmed
from vafa.kit import clock
from vafa.kit.models import AuditEntry
from vafa.kit.permissions import Role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def sign_in(staff: Any) -> Client:
    client = Client()
    client.force_login(staff)
    let_be_confirmed(client, staff)
    client.cookies["django_language"] = "en"
    return client


def fill(world: World, **changes: Any) -> dict[str, Any]:
    """The form of a campaign to the list, that goes out when it is started."""
    told = {
        "name": "Spring", "channel": "email", "purpose": "marketing", "segment": world.slug, "template": "",
        "account": "", "starts": "now", "hour": "10", "minute": "0", "every": "week", "weekday": "mon",
        "month_day": "1", "again_hour": "10", "holdout": "0.5", "horizon_days": "۳۰", "hours_valid": "0",
    }  # fmt: skip
    return told | changes


def make(world: World, client: Client, **changes: Any) -> Campaign:
    """A draft with a text, made on the pages."""
    assert client.post("/campaigns/new/", fill(world, **changes)).status_code == 302
    campaign = Campaign.objects.get()
    text = {
        "en-subject": "Hello",
        "en-body": "Dear {{ name }}\n\nCome back",
        "en-button_text": "",
        "en-button_url": "",
    }
    assert client.post(f"/campaigns/{campaign.pk}/text/", text).status_code == 302
    return campaign


def test_a_campaign_from_its_form_to_its_lists_and_its_file(world: World) -> None:
    client = sign_in(world.owner)
    assert "No campaign yet" in client.get("/campaigns/").content.decode()
    campaign = make(world, client)
    page = client.get(f"/campaigns/{campaign.pk}/").content.decode()
    assert "All is ready" in page
    preview = client.get(f"/campaigns/{campaign.pk}/preview/?language=en")
    assert "Dear Customer 0" in preview.content.decode()
    assert "script" not in preview["Content-Security-Policy"]
    assert client.post(f"/campaigns/{campaign.pk}/do/", {"do": "start"}).status_code == 303
    go_on(NOW)
    run = Run.objects.get()
    held = Sending.objects.filter(why="holdout").count()
    assert run.controls == held > 0
    people = f"/campaigns/{campaign.pk}/runs/1/people/"
    fragment = client.get(f"/campaigns/{campaign.pk}/progress/").content.decode()
    assert f'{people}?state=suppressed&amp;why=holdout">{held}</a>' in fragment
    assert 'hx-trigger="every 3s"' in fragment  # there is something to wait for
    listed = client.get(people, {"state": "suppressed", "why": "holdout"}).content.decode()
    assert listed.count('<td><a href="/customers/') == held
    file: Any = client.get(f"/campaigns/{campaign.pk}/runs/1/export.csv", {"state": "pending"})
    rows = list(csv.DictReader(io.StringIO(b"".join(file.streaming_content).decode("utf-8-sig"))))
    assert {row["arm"] for row in rows} == {"treated"}
    assert len(rows) == 20 - held
    assert AuditEntry.objects.filter(action="customers.exported").exists()
    # What runs is not changed, and not started again.
    assert client.post(f"/campaigns/{campaign.pk}/edit/", fill(world, name="Other")).status_code == 422
    client.post(f"/campaigns/{campaign.pk}/do/", {"do": "start"})
    assert Run.objects.count() == 1
    client.post(f"/campaigns/{campaign.pk}/do/", {"do": "stop"})
    stopped = client.get(f"/campaigns/{campaign.pk}/progress/").content.decode()
    assert 'hx-trigger="every 3s"' not in stopped
    assert client.post(f"/campaigns/{campaign.pk}/do/", {"do": "archive"}).status_code == 303
    assert "is archived" in client.get("/campaigns/").content.decode()  # with its undo, once
    client.post(f"/campaigns/{campaign.pk}/do/", {"do": "restore"})
    found = client.get("/campaigns/", {"stage": "stopped", "find": "spri"}).content.decode()
    assert f'href="/campaigns/{campaign.pk}/"' in found
    assert (
        f'href="/campaigns/{campaign.pk}/"'
        not in client.get("/campaigns/", {"stage": "draft"}).content.decode()
    )


def test_times_are_told_in_the_calendar_and_zone_of_the_business(world: World) -> None:
    client = sign_in(world.owner)
    campaign = make(world, client, starts="at", on="۱۴۰۵/۰۱/۰۱", hour="9", minute="30")
    campaign.refresh_from_db()
    assert campaign.starts_at == datetime(2026, 3, 21, 6, 0, tzinfo=UTC)  # 9:30 in Tehran
    client.post(f"/campaigns/{campaign.pk}/do/", {"do": "start"})
    page = client.get(f"/campaigns/{campaign.pk}/").content.decode()
    assert "Scheduled" in page
    go_on(NOW)
    assert not Sending.objects.exists()
    client.post(f"/campaigns/{campaign.pk}/do/", {"do": "unschedule"})
    assert not Run.objects.exists()
    again = fill(world, starts="again", every="month", month_day="1", again_hour="9", from_on="1405/01/01")
    assert client.post(f"/campaigns/{campaign.pk}/edit/", again).status_code == 302
    client.post(f"/campaigns/{campaign.pk}/do/", {"do": "start"})
    first = datetime(2026, 3, 21, 5, 30, tzinfo=UTC)  # the first of Farvardin at 9:00
    for later in (first - timedelta(minutes=1), first, first + timedelta(hours=1), first + timedelta(days=2)):
        go_on(later)
        assert Run.objects.count() == (0 if later < first else 1)
    second = datetime(2026, 4, 21, 5, 30, tzinfo=UTC)  # the first of Ordibehesht
    go_on(second + timedelta(minutes=5))
    assert [run.trial for run in Run.objects.order_by("number")] == [
        f"campaign:{campaign.pk}:{number}" for number in (1, 2)
    ]
    assert Sending.objects.count() == 2 * 20


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("name", ""), ("segment", "none-such"), ("horizon_days", "0"), ("holdout", "2"), ("on", "1405/12/31")],
)
def test_what_cannot_be_is_said_beside_its_field(world: World, field: str, wrong: str) -> None:
    sent = fill(world, starts="at", on="1405/01/01") | {field: wrong}
    answer = sign_in(world.owner).post("/campaigns/new/", sent)
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert not Campaign.objects.exists()


def test_a_campaign_without_a_way_or_a_text_says_so_and_does_not_start(world: World) -> None:
    from vafa.act.messaging.actions import pause_account, remove_account

    client = sign_in(world.owner)
    client.post("/campaigns/new/", fill(world, segment=""))
    campaign = Campaign.objects.get()
    pause_account(world.account, why="hand", by=world.owner, now=NOW)
    page = client.get(f"/campaigns/{campaign.pk}/").content.decode()
    for text in ("Choose the segment", "Write its text", "sending account is paused"):
        assert text in page
    remove_account(world.account, by=world.owner, now=NOW)
    client.post(f"/campaigns/{campaign.pk}/do/", {"do": "start"})
    campaign.refresh_from_db()
    assert campaign.state == "draft"
    assert "No sending account carries" in client.get(f"/campaigns/{campaign.pk}/").content.decode()


def test_who_is_limited_to_own_customers_sees_no_campaign_and_starts_none(world: World) -> None:
    campaign = make(world, sign_in(world.owner))
    change_business(by=None, now=NOW, agents_own_only=True)
    for role in (Role.AGENT, Role.ANALYST, Role.READ_ONLY):
        staff = Staff.objects.create_user(f"{role}@example.com", None, name=role, role=role, created_at=NOW)
        client = sign_in(staff)
        for path in (
            "",
            f"{campaign.pk}/",
            f"{campaign.pk}/progress/",
            f"{campaign.pk}/preview/?language=en",
        ):
            assert client.get(f"/campaigns/{path}").status_code in (403, 404)
        for path in (f"{campaign.pk}/runs/1/people/", f"{campaign.pk}/runs/1/export.csv"):
            assert client.get(f"/campaigns/{path}").status_code in (403, 404)
        assert client.post(f"/campaigns/{campaign.pk}/do/", {"do": "start"}).status_code in (403, 404)
        assert "/campaigns/" not in client.get("/customers/").content.decode()
    campaign.refresh_from_db()
    assert campaign.state == "draft"
