"""Templates are written as blocks by a form without scripts, kept as versions, and previewed as a customer."""

import pytest
from django.test import Client

from vafa.act.followups.tests.conftest import Team
from vafa.act.messaging.models import Template, TemplateVersion

pytestmark = pytest.mark.django_db


def test_a_template_is_written_in_blocks_kept_as_versions_and_archived(client: Client, team: Team) -> None:
    client.force_login(team.owner)
    made = client.post("/templates/", {"name": "Thanks", "channel": "email"})
    address = made["Location"]
    form = {
        "name": "Thanks", "purpose": "marketing", "subject": "Hi {{ salutation }}", "blocks": "2",
        "kind-0": "heading", "text-0": "First", "kind-1": "text", "text-1": "Second <script>x</script>",
    }  # fmt: skip
    moved = client.post(f"{address}?lang=en", form | {"do": "down:0"}).content.decode()
    assert moved.index("Second") < moved.index("First")
    assert TemplateVersion.objects.count() == 1
    assert (
        client.post(f"{address}?lang=en", form | {"do": "add:button"}).content.decode().count("kind-2") == 1
    )
    client.post(f"{address}?lang=en", form | {"do": "save"})
    client.post(f"{address}?lang=en", form | {"do": "save"})
    found = Template.objects.get()
    assert (found.number, TemplateVersion.objects.count()) == (2, 2)
    preview = client.get(f"{address}preview/?lang=en&as={team.of_mina}")
    assert "First" in preview.content.decode()
    assert "<script" not in preview.content.decode()
    assert "sandbox" in preview["Content-Security-Policy"]
    client.post(f"{address}do/", {"do": "copy"})
    client.post(f"{address}do/", {"do": "archive"})
    assert "is archived" in client.get(f"/templates/?archived={found.pk}").content.decode()
    client.post(f"{address}do/", {"do": "restore"})
    assert Template.objects.filter(archived_at=None).count() == 2


def test_agents_write_no_templates(client: Client, team: Team) -> None:
    client.force_login(team.mina)
    assert client.get("/templates/").status_code == 403
