"""Which automations use a template."""

from datetime import datetime
from typing import Any

from vafa.act.automations.models import Automation
from vafa.act.messaging.queries import map_versions
from vafa.act.messaging.types import Use


def list_uses(template_id: int, _now: datetime) -> list[Use]:
    """The automations whose draft or running version says a template, and those that have sent it."""
    sent = map_versions(template_id, "automation")
    found = []
    for one in Automation.objects.select_related("version").order_by("name", "pk"):
        running = one.version.document if one.version is not None else {}
        says = _says(one.draft, template_id) or _says(running, template_id)
        if says or one.pk in sent:
            found.append(Use("automation", one.pk, one.name, one.state, says, *sent.get(one.pk, ((), ()))))
    return found


def _says(told: Any, template_id: int) -> bool:
    """Whether a document names a template in one of its steps."""
    if isinstance(told, dict):
        named = told.get("template")
        return str(named) == str(template_id) or any(_says(one, template_id) for one in told.values())
    return isinstance(told, list) and any(_says(one, template_id) for one in told)
