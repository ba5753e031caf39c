"""Versions of a template: an old one is looked at, compared with another, and taken back."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from vafa.act.messaging.queries import (
    Template,
    find_template,
    find_template_version,
    is_used,
    list_template_versions,
    list_uses,
)
from vafa.act.messaging.types import TemplateContent, Use
from vafa.data.consent.types import Channel
from vafa.front.automations.words import name_state
from vafa.front.campaigns.words import get_tone, name_stage
from vafa.front.messages.comparing import compare
from vafa.front.messages.written import write_number
from vafa.kit import clock
from vafa.kit.ids import read_id
from vafa.kit.permissions import Permission, may, requires

MOST_SHOWN = 20


@dataclass(frozen=True)
class ShownUse:
    """A campaign or automation that uses a template: its name, where it is, how it stands, and with which versions."""

    name: str
    url: str
    kind: str
    state: str
    tone: str
    versions: str
    newest: bool


def get_template(template_id: int) -> Template:
    """A template, or 404."""
    found = find_template(template_id)
    if found is None:
        raise Http404
    return found


def build_history(request: HttpRequest, found: Template) -> dict[str, Any]:
    """The versions of a template, and what uses it."""
    now = clock.now()
    uses = list_uses(found.pk, now)
    sent = {number for use in uses for number in use.numbers}
    return {
        "versions": [
            {
                "number": write_number(one.number),
                "at": one.at,
                "by": one.by,
                "is_current": one.number == found.number,
                "is_sent": one.number in sent,
                "url": reverse("template_version", args=[found.pk, one.number]),
            }
            for one in list_template_versions(found.pk)[:MOST_SHOWN]
        ],
        "uses": [_show(request, use) for use in uses],
        "may_delete": not is_used(found.pk, now),
    }


def _show(request: HttpRequest, use: Use) -> ShownUse:
    if use.kind == "campaign":
        page, state, tone, kind = "campaign", name_stage(use.state), get_tone(use.state), _("Campaign")
    else:
        page, kind = "automation", _("Automation")
        state, tone = name_state(use.state)
    opens = may(request.user, Permission.SEND_MESSAGES) or may(request.user, Permission.EDIT_MESSAGES)
    return ShownUse(
        use.name,
        reverse(page, args=[use.id]) if opens else "",
        kind,
        state,
        tone,
        _tell_versions(use),
        use.sends_newest,
    )


def _tell_versions(use: Use) -> str:
    if not use.numbers:
        return ""
    told = {"numbers": ", ".join(write_number(number) for number in use.running or use.numbers)}
    count = len(use.running or use.numbers)
    if use.running:
        return ngettext("Still sends version %(numbers)s.", "Still sends versions %(numbers)s.", count) % told
    return ngettext("Has sent version %(numbers)s.", "Has sent versions %(numbers)s.", count) % told


@requires(Permission.EDIT_MESSAGES)
@require_safe
def template_version(request: HttpRequest, template_id: int, number: int) -> HttpResponseBase:
    """`/templates/<id>/versions/<number>/?with=`: a version beside another one, the newest unless asked."""
    found = get_template(template_id)
    version = find_template_version(template_id, number)
    asked = read_id(request.GET.get("with", "")) or found.number
    other = find_template_version(template_id, asked)
    if version is None or other is None:
        raise Http404
    old, new = sorted((version, other), key=lambda one: one.number)
    context = {
        "template": found,
        "version": version,
        "number": write_number(version.number),
        "old": {"number": write_number(old.number), "url": _preview(found, old.number)},
        "new": {"number": write_number(new.number), "url": _preview(found, new.number)},
        "is_same_version": old.number == new.number,
        "is_current": version.number == found.number,
        "is_mail": found.channel == Channel.EMAIL,
        "compared": compare(TemplateContent.from_json(old.content), TemplateContent.from_json(new.content)),
        "others": [
            {"number": one.number, "shown": write_number(one.number), "chosen": one.number == other.number}
            for one in list_template_versions(template_id)[:MOST_SHOWN]
        ],
    }
    return render(request, "messages/version.html", context)


def _preview(found: Template, number: int) -> str:
    return f"{reverse('preview_template', args=[found.pk])}?version={number}"
