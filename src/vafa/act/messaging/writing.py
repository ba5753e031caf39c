"""Templates: texts that messages are made of. A change is a new version; what runs keeps what it was frozen with."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from vafa.act.messaging.cleaning import clean_content
from vafa.act.messaging.contents import TemplateContent
from vafa.act.messaging.models import Template, TemplateVersion
from vafa.act.messaging.types import NoSuchMessage, TemplateUsed
from vafa.act.messaging.uses import is_used
from vafa.data.consent.types import Purpose
from vafa.kit.audit import record


@transaction.atomic
def save_template(
    template_id: int | None,
    *,
    name: str,
    purpose: Purpose | str,
    content: TemplateContent,
    by: Any,
    now: datetime,
) -> Template:
    """A new template, or one changed: its text becomes a new version where it is another one. Raises NoSuchMessage."""
    cleaned = clean_content(content)
    if template_id is None:
        template = Template(channel=content.channel, made_at=now, made_by=by, number=0)
    else:
        template = _lock(template_id)
    news = template.number == 0 or TemplateContent.from_json(template.content) != cleaned
    template.name, template.purpose, template.changed_at = name.strip()[:120], str(Purpose(purpose)), now
    if news:
        template.content, template.number = cleaned.to_json(), template.number + 1
    template.save()
    if news:
        TemplateVersion.objects.create(
            template=template, number=template.number, content=template.content, by=by, at=now
        )
    record("template.saved", by=by, now=now, subject=f"template:{template.pk}", number=template.number)
    return template


@transaction.atomic
def archive_template(template_id: int, *, archived: bool, by: Any, now: datetime) -> None:
    """Put a template aside, or take it back. Raises NoSuchMessage."""
    template = _lock(template_id)
    template.archived_at = now if archived else None
    template.save(update_fields=["archived_at"])
    action = "template.archived" if archived else "template.restored"
    record(action, by=by, now=now, subject=f"template:{template_id}")


@transaction.atomic
def take_back_version(template_id: int, number: int, *, by: Any, now: datetime) -> Template:
    """Make an earlier version's text the newest version. Raises NoSuchMessage."""
    template = _lock(template_id)
    version = find_template_version(template_id, number)
    if version is None:
        raise NoSuchMessage(_("There is no such version any more."))
    content = TemplateContent.from_json(version.content)
    return save_template(
        template_id, name=template.name, purpose=template.purpose, content=content, by=by, now=now
    )


@transaction.atomic
def delete_template(template_id: int, *, by: Any, now: datetime) -> None:
    """Delete a template for good, with its versions. Raises TemplateUsed where something uses it or has sent it, and
    NoSuchMessage."""
    template = _lock(template_id)
    if is_used(template_id, now):
        raise TemplateUsed(
            _("This template is used, or messages of it were sent, so that it stays."),
            _("Archive it: then nobody can choose it any more."),
        )
    template.delete()
    record("template.deleted", by=by, now=now, subject=f"template:{template_id}")


def list_templates(*, archived: bool = False) -> list[Template]:
    """The templates in use, or those put aside: by name."""
    return list(Template.objects.filter(archived_at__isnull=not archived).order_by("name", "pk"))


def find_template(template_id: int) -> Template | None:
    """One template, or None."""
    return Template.objects.filter(pk=template_id).first()


def list_template_versions(template_id: int) -> list[TemplateVersion]:
    """How a template was worded, the newest first."""
    return list(TemplateVersion.objects.filter(template=template_id).select_related("by"))


def find_template_version(template_id: int, number: int) -> TemplateVersion | None:
    """A template as it was at one of its numbers, or None."""
    found = TemplateVersion.objects.filter(template=template_id, number=number)
    return found.select_related("by").first()


def _lock(template_id: int) -> Template:
    found = Template.objects.select_for_update().filter(pk=template_id).first()
    if found is None:
        raise NoSuchMessage(_("There is no such template any more."))
    return found
