"""Versions of a template are compared and taken back; what was sent or is used stays, and says with which version."""

from datetime import timedelta

import pytest
from django.test import Client

from vafa.act.automations.models import Automation
from vafa.act.campaigns.models import Campaign
from vafa.act.followups.tests.conftest import Team
from vafa.act.messaging.actions import open_message, save_template
from vafa.act.messaging.models import Template, TemplateVersion
from vafa.act.messaging.types import Block, TemplateContent, Text
from vafa.data.consent.types import Channel, Purpose
from vafa.kit import clock

pytestmark = pytest.mark.django_db


def _save(template_id: int | None, words: str) -> Template:
    text = Text(
        subject="Hello", blocks=(Block("text", words), Block("button", "Go", url="https://example.com"))
    )
    content = TemplateContent("email", (("en", text),))
    return save_template(
        template_id, name="Offer", purpose=Purpose.MARKETING, content=content, by=None, now=clock.now()
    )


def test_an_old_version_is_compared_and_taken_back_as_a_new_one(client: Client, team: Team) -> None:
    client.force_login(team.owner)
    made = _save(None, "old words")
    _save(made.pk, "new words")
    page = client.get(f"/templates/{made.pk}/versions/1/")
    (english,) = page.context["compared"]
    assert [(row.kind, row.text) for row in english.rows] == [
        ("same", "Hello"),
        ("gone", "old words"),
        ("new", "new words"),
        ("same", "Go"),
        ("same", "https://example.com"),
    ]
    client.post(f"/templates/{made.pk}/do/", {"do": "take_back", "number": "1"})
    made.refresh_from_db()
    assert (made.number, TemplateVersion.objects.count()) == (3, 3)
    assert "old words" in str(made.content)
    assert client.get(f"/templates/{made.pk}/versions/9/").status_code == 404


def test_what_was_sent_keeps_its_version_and_is_named_with_it(client: Client, team: Team) -> None:
    client.force_login(team.owner)
    made, unused, now = _save(None, "old words"), _save(None, "never sent"), clock.now()
    campaign = Campaign.objects.create(
        name="Autumn", channel="email", purpose="marketing", template=made, made_at=now, changed_at=now
    )
    Automation.objects.create(
        name="Late", draft={"steps": [{"told": {"template": made.pk}}]}, made_at=now, changed_at=now
    )
    origin = f"campaign:{campaign.pk}:1"
    for later in (0, 1):
        open_message(
            origin=origin, template=made.pk, channels=(Channel.EMAIL,), purpose=Purpose.MARKETING,
            by=None, now=now + timedelta(days=later),
        )  # fmt: skip
        _save(made.pk, "new words")
    uses = client.get(f"/templates/{made.pk}/").context["history"]["uses"]
    assert [(one.name, "1" in one.versions, one.newest) for one in uses] == [
        ("Late", False, True),
        ("Autumn", True, True),
    ]
    client.post(f"/templates/{made.pk}/do/", {"do": "delete"})
    client.post(f"/templates/{unused.pk}/do/", {"do": "delete"})
    assert list(Template.objects.all()) == [made]


def test_a_ready_text_becomes_a_template_in_all_languages(client: Client, team: Team) -> None:
    client.force_login(team.owner)
    made = client.post("/templates/", {"ready": "late", "channel": "sms"})
    found = Template.objects.get()
    assert made["Location"] == f"/templates/{found.pk}/"
    content = TemplateContent.from_json(found.content)
    assert {code for code, text in content.texts if text.body} == {"fa", "ar", "zh-hans", "en"}
    assert client.post("/templates/", {"ready": "nothing", "channel": "sms"}).status_code == 404
    assert client.get("/templates/?lacks=fa").context["rows"] == []
    assert len(client.get("/templates/?find=BUSINESS_name&channel=sms").context["rows"]) == 1
