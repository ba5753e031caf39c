"""Templates: the list of them, and what is done with a whole one."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from vafa.act.automations.queries import build_ready_content
from vafa.act.messaging.actions import archive_template, delete_template, save_template, take_back_version
from vafa.act.messaging.queries import Template, find_template, find_template_version, list_templates
from vafa.act.messaging.types import TemplateContent, TemplateUsed, Text
from vafa.data.business.queries import get_business
from vafa.data.consent.types import Channel, Purpose
from vafa.front.choices import list_language_choices
from vafa.front.customers.see_other import SeeOther
from vafa.front.messages.listing import describe, read_asked
from vafa.front.messages.ready import find_ready, list_ready
from vafa.front.messages.versions import get_template
from vafa.front.privacy.words import CHANNEL_NAMES, PURPOSE_NAMES
from vafa.kit import clock
from vafa.kit.ids import read_id
from vafa.kit.permissions import Permission, requires

CHANNELS = (Channel.EMAIL, Channel.SMS, Channel.MESSENGER, Channel.PHONE, Channel.POST)


@requires(Permission.EDIT_MESSAGES)
@require_http_methods(["GET", "HEAD", "POST"])
def templates(request: HttpRequest) -> HttpResponseBase:
    """`/templates/?find=&channel=&purpose=&lacks=&show=archived`: templates; a POST makes a new one, empty or from a
    ready text."""
    if request.method == "POST":
        return SeeOther(reverse("template", args=[_make(request).pk]))
    asked = read_asked(request.GET)
    just = find_template(read_id(request.GET.get("archived", "")) or 0)
    listed = list_templates(archived=asked.archived)
    context = {
        "rows": [describe(one) for one in listed if asked.fits(one)],
        "asked": asked,
        "has_any": bool(listed),
        "channels": [(str(one), CHANNEL_NAMES[one]) for one in CHANNELS],
        "purposes": [(str(one), PURPOSE_NAMES[one]) for one in Purpose],
        "languages": list_language_choices(),
        "ready": list_ready(asked.find if not listed else ""),
        "just": just if just and just.archived_at else None,
    }
    return render(request, "messages/templates.html", context)


def _make(request: HttpRequest) -> Template:
    channel, code = request.POST.get("channel", ""), request.POST.get("ready", "")
    if channel not in CHANNELS:
        raise Http404
    purpose = Purpose.MARKETING
    content = TemplateContent(channel, ((get_business().language, Text()),))
    name = request.POST.get("name", "").strip() or _("New template")
    if code:
        ready = find_ready(code)
        told = build_ready_content(code, channel)
        if ready is None or told is None:
            raise Http404
        content, name, purpose = told, ready.name, ready.purpose
    return save_template(None, name=name, purpose=purpose, content=content, by=request.user, now=clock.now())


@requires(Permission.EDIT_MESSAGES)
@require_POST
def change_template(request: HttpRequest, template_id: int) -> HttpResponseBase:
    """Put it aside, take it back, copy it, take an old version back, or delete it for good."""
    found, asked, now = get_template(template_id), request.POST.get("do", ""), clock.now()
    if asked in ("archive", "restore"):
        archive_template(found.pk, archived=asked == "archive", by=request.user, now=now)
        tail = f"?archived={found.pk}" if asked == "archive" else ""
        return SeeOther(f"{reverse('templates')}{tail}")
    if asked == "take_back":
        number = read_id(request.POST.get("number", "")) or 0
        if find_template_version(found.pk, number) is None:
            raise Http404
        take_back_version(found.pk, number, by=request.user, now=now)
        return SeeOther(f"{reverse('template', args=[found.pk])}?saved=1")
    if asked == "delete":
        try:
            delete_template(found.pk, by=request.user, now=now)
        except TemplateUsed as problem:
            messages.error(request, str(problem))
            return SeeOther(reverse("template", args=[found.pk]))
        messages.success(request, _("“%(name)s” is deleted.") % {"name": found.name})
        return SeeOther(reverse("templates"))
    if asked != "copy":
        raise Http404
    name = _("Copy of %(name)s") % {"name": found.name}
    content = TemplateContent.from_json(found.content)
    made = save_template(None, name=name, purpose=found.purpose, content=content, by=request.user, now=now)
    return SeeOther(reverse("template", args=[made.pk]))
