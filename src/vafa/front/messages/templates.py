"""Templates: the list of them, and what is done with a whole one."""

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from vafa.act.messaging.actions import archive_template, save_template
from vafa.act.messaging.queries import Template, find_template, list_templates
from vafa.act.messaging.types import TemplateContent, Text
from vafa.data.business.queries import get_business
from vafa.data.consent.types import Channel, Purpose
from vafa.front.choices import list_language_choices
from vafa.front.customers.see_other import SeeOther
from vafa.front.messages.editing import get_template
from vafa.front.privacy.words import CHANNEL_NAMES
from vafa.kit import clock
from vafa.kit.ids import read_id
from vafa.kit.permissions import Permission, requires

CHANNELS = (Channel.EMAIL, Channel.SMS, Channel.MESSENGER)


@requires(Permission.EDIT_MESSAGES)
@require_http_methods(["GET", "HEAD", "POST"])
def templates(request: HttpRequest) -> HttpResponseBase:
    """`/templates/?show=archived`: all templates; a POST makes a new one."""
    if request.method == "POST":
        channel = request.POST.get("channel", "")
        if channel not in CHANNELS:
            raise Http404
        name = request.POST.get("name", "").strip() or _("New template")
        content = TemplateContent(channel, ((get_business().language, Text()),))
        made = save_template(
            None, name=name, purpose=Purpose.MARKETING, content=content, by=request.user, now=clock.now()
        )
        return SeeOther(reverse("template", args=[made.pk]))
    archived = request.GET.get("show") == "archived"
    just = find_template(read_id(request.GET.get("archived", "")) or 0)
    rows = [
        {"template": one, "channel": CHANNEL_NAMES[Channel(one.channel)], "languages": _list_written(one)}
        for one in list_templates(archived=archived)
    ]
    channels = [(str(one), CHANNEL_NAMES[one]) for one in CHANNELS]
    context = {
        "rows": rows,
        "archived": archived,
        "channels": channels,
        "just": just if just and just.archived_at else None,
    }
    return render(request, "messages/templates.html", context)


@requires(Permission.EDIT_MESSAGES)
@require_POST
def change_template(request: HttpRequest, template_id: int) -> HttpResponseBase:
    """Put it aside, take it back, or copy it."""
    found, asked, now = get_template(template_id), request.POST.get("do", ""), clock.now()
    if asked in ("archive", "restore"):
        archive_template(found.pk, archived=asked == "archive", by=request.user, now=now)
        tail = f"?archived={found.pk}" if asked == "archive" else ""
        return SeeOther(f"{reverse('templates')}{tail}")
    if asked != "copy":
        raise Http404
    name = _("Copy of %(name)s") % {"name": found.name}
    content = TemplateContent.from_json(found.content)
    made = save_template(None, name=name, purpose=found.purpose, content=content, by=request.user, now=now)
    return SeeOther(reverse("template", args=[made.pk]))


def _list_written(found: Template) -> str:
    names = dict(list_language_choices())
    texts = TemplateContent.from_json(found.content).texts
    return " · ".join(str(names.get(code, code)) for code, text in texts if not text.is_empty)
