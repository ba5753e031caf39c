"""The preview of a template: a part of its page that is drawn anew while somebody types, and the mail in its frame."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST

from vafa.act.messaging.queries import build_mail, build_sms, find_template_version
from vafa.act.messaging.types import TemplateContent
from vafa.data.consent.types import Channel
from vafa.front.messages.drafts import build_draft, read_draft
from vafa.front.messages.editors.kinds import get_direction
from vafa.front.messages.looking import TAB, build_look, choose_values, find_seen
from vafa.front.messages.versions import get_template
from vafa.kit.errors import VafaError
from vafa.kit.ids import read_id
from vafa.kit.permissions import Permission, requires

# The preview is a mail: styles of its own and pictures from where they lie, and nothing that acts.
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src https: data:; frame-ancestors 'self'; sandbox"
)
DARK, LIGHT = "(prefers-color-scheme: dark)", "not all"


@requires(Permission.EDIT_MESSAGES)
@require_POST
def look_at_template(request: HttpRequest, template_id: int) -> HttpResponseBase:
    """`/templates/<id>/look/`: subject, text and problems of what stands in the form. Keeps nothing."""
    found = get_template(template_id)
    draft = read_draft(request.POST, found)
    context = {
        "template": found,
        "look": build_look(request, draft),
        "told_problems": True,
        "frame_url": reverse("preview_template", args=[found.pk]),
    }
    return render(request, "messages/look.html", context)


@requires(Permission.EDIT_MESSAGES)
@xframe_options_sameorigin
@require_http_methods(["GET", "HEAD", "POST"])
def preview_template(request: HttpRequest, template_id: int) -> HttpResponse:
    """`/templates/<id>/preview/?lang=&as=&show=&look=dark&version=`: as a customer gets it; somebody made up without
    one. A POST shows what stands in the form. Keeps nothing."""
    found = get_template(template_id)
    told = request.POST if request.method == "POST" else request.GET
    is_sent = request.method == "POST"
    draft = read_draft(told, found) if is_sent else build_draft(found, told.get("lang", ""))
    if not is_sent and (version := find_template_version(found.pk, read_id(told.get("version", "")) or 0)):
        draft = replace(draft, content=TemplateContent.from_json(version.content))
    language, values = choose_values(
        draft.content, find_seen(request, told.get("as", "")), told.get("show", TAB), draft.tab
    )
    way = get_direction(language)
    try:
        if draft.content.channel == Channel.EMAIL:
            html = build_mail(draft.content, values, language).html
        else:
            text = build_sms(draft.content, values, language).text
            html = format_html(
                '<pre dir="{}" style="white-space:pre-wrap;font:16px sans-serif">{}</pre>', way, text
            )
    except VafaError as problem:
        html = format_html('<p style="font:16px sans-serif" dir="auto">{}</p>', str(problem))
    except LookupError:
        html = format_html('<p style="font:16px sans-serif" dir="auto">{}</p>', _("Nothing is written yet."))
    # A mail follows the reader's system; here it shows the one that was asked for, whatever this system does.
    html = str(html).replace(DARK, "all" if told.get("look") == "dark" else LIGHT)
    response = HttpResponse(html)
    response["Content-Security-Policy"] = POLICY
    response["Content-Language"] = language
    return response
