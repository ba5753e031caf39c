"""The preview shows what stands in the form, as a customer whom one may see, and keeps nothing."""

import pytest
from django.test import Client

from vafa.act.followups.tests.conftest import Team
from vafa.act.messaging.models import Template
from vafa.data.business.actions import change_business
from vafa.data.customers.models import Customer
from vafa.front.messages.drafts import MOST_STEPS, _read_steps, build_draft, read_draft, write_steps
from vafa.kit import clock

pytestmark = pytest.mark.django_db

FORM = {
    "name": "Thanks", "purpose": "marketing", "tab": "en", "subject-en": "Hi {{ name }}", "preview-en": "Now",
    "blocks-en": "2", "kind-en-0": "text", "text-en-0": "one\ntwo {{ nam }}", "kind-en-1": "button",
    "text-en-1": "Go", "url-en-1": "http://example.com",
}  # fmt: skip


def _make(client: Client, team: Team) -> str:
    client.force_login(team.owner)
    return client.post("/templates/", {"name": "Thanks", "channel": "email"})["Location"]


def test_the_preview_follows_the_form_and_keeps_nothing(client: Client, team: Team) -> None:
    address = _make(client, team)
    name = Customer.objects.get(pk=team.of_mina).name
    look = client.post(f"{address}look/", FORM | {"as": str(team.of_mina), "find": name})
    told = look.context["look"]
    assert (told["own"]["subject"], told["own"]["preheader"]) == (f"Hi {name}", "Now")
    assert [row["id"] for row in told["rows"] if row["chosen"]] == [team.of_mina]
    codes = {(one.target, one.where.split(" · ")[-1]) for one in told["problems"]}
    assert ("text-en-0", "line 2") in codes
    assert "url-en-1" in {target for target, _where in codes}
    assert len(told["setup"]) >= 2
    frame = client.post(f"{address}preview/", FORM | {"look": "dark"})
    assert "prefers-color-scheme: dark" not in frame.content.decode()
    assert "sandbox" in frame["Content-Security-Policy"]
    assert client.get(f"{address}look/").status_code == 405
    assert Template.objects.get().number == 1


def test_whoever_is_limited_previews_as_own_customers_only(client: Client, team: Team) -> None:
    address = _make(client, team)
    change_business(by=None, now=clock.now(), agents_own_only=True)
    from vafa.front.messages import looking

    class Asking:
        user = team.mina

    assert looking.find_seen(Asking(), str(team.of_mina)) == team.of_mina  # type: ignore[arg-type]
    assert looking.find_seen(Asking(), str(team.of_omid)) is None  # type: ignore[arg-type]
    assert looking.find_seen(Asking(), "x") is None  # type: ignore[arg-type]
    assert address


def test_steps_that_can_not_be_read_are_none_and_old_ones_are_dropped(client: Client, team: Team) -> None:
    _make(client, team)
    draft = build_draft(Template.objects.get(), "en")
    for told in ("[", "{}x", '[{"texts": 1}]', "[1]", "[" * 5000, '{"a": 1}'):
        assert _read_steps(told, "email") == ()
    written = write_steps((draft.content,) * (MOST_STEPS + 5))
    assert len(_read_steps(written, "email")) == MOST_STEPS
    doubled = read_draft(FORM | {"do": "double:en:0"}, Template.objects.get())
    assert [one.kind for one in doubled.find_text("en").blocks] == ["text", "text", "button"]
    for asked in ("up:en:9", "move:en:0:7", "add:en:nothing", "remove:xx:0", "undo", "fill:en:ar:", "::::"):
        same = read_draft(FORM | {"do": asked}, Template.objects.get())
        assert same.find_text("en") == read_draft(FORM, Template.objects.get()).find_text("en")
