"""Templates are written as blocks by a form without scripts, kept as versions, and previewed as a customer."""

from typing import Any

import pytest
from django.test import Client

from vafa.act.followups.tests.conftest import Team
from vafa.act.messaging.models import Template, TemplateVersion
from vafa.act.messaging.types import TemplateContent

pytestmark = pytest.mark.django_db


def test_a_template_is_written_in_blocks_kept_as_versions_and_archived(client: Client, team: Team) -> None:
    client.force_login(team.owner)
    made = client.post("/templates/", {"name": "Thanks", "channel": "email"})
    address = made["Location"]
    form = {
        "name": "Thanks", "purpose": "marketing", "tab": "en",
        "subject-en": "Hi {{ salutation }}", "blocks-en": "2", "subject-fa": "سلام", "blocks-fa": "1",
        "kind-en-0": "heading", "text-en-0": "First", "kind-en-1": "text", "text-en-1": "Second <script>x</script>",
        "kind-fa-0": "text", "text-fa-0": "یک",
    }  # fmt: skip
    moved = client.post(address, form | {"do": "down:en:0"})
    assert _list_texts(moved)[0].startswith("Second")
    assert TemplateVersion.objects.count() == 1
    carried = {"past": moved.context["past"], "do": "undo"}
    undone = client.post(address, form | carried | {"text-en-0": "Second", "text-en-1": "First"})
    assert _list_texts(undone)[0] == "First"
    client.post(address, form | {"do": "save"})
    client.post(address, form | {"do": "save"})
    found = Template.objects.get()
    assert (found.number, TemplateVersion.objects.count()) == (2, 2)
    assert {code for code, text in TemplateContent.from_json(found.content).texts if not text.is_empty} == {
        "en",
        "fa",
    }
    preview = client.get(f"{address}preview/?lang=en&as={team.of_mina}")
    assert "First" in preview.content.decode()
    assert "<script" not in preview.content.decode()
    assert "sandbox" in preview["Content-Security-Policy"]
    client.post(f"{address}do/", {"do": "copy"})
    client.post(f"{address}do/", {"do": "archive"})
    assert "is archived" in client.get(f"/templates/?archived={found.pk}").content.decode()
    client.post(f"{address}do/", {"do": "restore"})
    assert Template.objects.filter(archived_at=None).count() == 2


def _list_texts(answer: Any) -> list[str]:
    return [block.text for block in answer.context["draft"].find_text("en").blocks]


def test_agents_write_no_templates(client: Client, team: Team) -> None:
    client.force_login(team.mina)
    assert client.get("/templates/").status_code == 403
