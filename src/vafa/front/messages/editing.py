"""The page on which a template is written: all its languages as one form, which works without scripts."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from vafa.act.messaging.actions import save_template
from vafa.act.messaging.queries import (
    KNOWN,
    MAY_LACK,
    ContentProblem,
    Template,
    check_content,
)
from vafa.act.messaging.types import LANGUAGES
from vafa.data.business.queries import get_business
from vafa.data.consent.types import Channel, Purpose
from vafa.front.choices import list_language_choices
from vafa.front.customers.see_other import SeeOther
from vafa.front.messages.drafts import Draft, build_draft, read_draft, write_steps
from vafa.front.messages.editors.channels import get_editor
from vafa.front.messages.editors.kinds import get_direction
from vafa.front.messages.languages import list_readers
from vafa.front.messages.looking import build_look
from vafa.front.messages.picking import list_variables
from vafa.front.messages.problems import list_problems
from vafa.front.messages.versions import build_history, get_template
from vafa.front.messages.written import write_number
from vafa.front.overview.viewer import get_owner_id
from vafa.front.privacy.words import CHANNEL_NAMES, PURPOSE_NAMES
from vafa.kit import clock
from vafa.kit.permissions import Permission, requires


@requires(Permission.EDIT_MESSAGES)
@require_http_methods(["GET", "HEAD", "POST"])
def template(request: HttpRequest, template_id: int) -> HttpResponseBase:
    """`/templates/<id>/?lang=`: the form. POST with do=save keeps it; every other `do` changes the form and keeps
    nothing."""
    found = get_template(template_id)
    if request.method != "POST":
        draft = build_draft(found, request.GET.get("lang", ""))
        return render(request, "messages/template.html", build_context(request, found, draft))
    draft = read_draft(request.POST, found)
    if request.POST.get("do") == "save":
        save_template(
            found.pk,
            name=draft.name,
            purpose=draft.purpose,
            content=draft.content,
            by=request.user,
            now=clock.now(),
        )
        return SeeOther(f"{reverse('template', args=[found.pk])}?lang={draft.tab}&saved=1")
    answer: HttpResponse = render(
        request, "messages/template.html", build_context(request, found, draft, changed=True)
    )
    # The preview is told that the form was drawn anew: no letter was typed.
    answer["HX-Trigger"] = "template-changed"
    return answer


def build_context(
    request: HttpRequest, found: Template, draft: Draft, *, changed: bool = False
) -> dict[str, Any]:
    """All that the page shows."""
    editor = get_editor(found.channel)
    problems = list(check_content(draft.content, KNOWN, MAY_LACK))
    return {
        "template": found,
        "draft": draft,
        "is_mail": found.channel == Channel.EMAIL,
        "number": write_number(found.number),
        "channel": CHANNEL_NAMES[Channel(found.channel)],
        "purposes": [(str(one), PURPOSE_NAMES[one]) for one in Purpose],
        "languages": _list_languages(request, draft, problems),
        "part": editor.part,
        "past": write_steps(draft.past),
        "future": write_steps(draft.future),
        "is_changed": changed,
        "is_saved": request.GET.get("saved") == "1" and not changed,
        "problems": list_problems(draft.content, problems),
        "variables": list_variables(draft.tab),
        "history": build_history(request, found),
        "look": build_look(request, draft),
        "frame_url": reverse("preview_template", args=[found.pk]),
        "look_url": reverse("look_at_template", args=[found.pk]),
    }


def _list_languages(
    request: HttpRequest, draft: Draft, problems: list[ContentProblem]
) -> list[dict[str, Any]]:
    """Each language with its part of the form, and how many customers read it."""
    editor, names = get_editor(draft.content.channel), dict(list_language_choices())
    business = get_business()
    readers = list_readers(get_owner_id(request.user, business), business.language)
    written = [code for code, text in draft.content.texts if not text.is_empty]
    return [
        {
            "code": code,
            "name": names[code],
            "direction": get_direction(code),
            "is_open": code == draft.tab,
            "is_written": code in written,
            "readers": readers.get(code, 0),
            "readers_shown": write_number(readers.get(code, 0)),
            "instead": names[_choose(code, business.language, written)] if written else "",
            "others": [(one, names[one]) for one in written if one != code],
            "own": editor.describe(
                draft.find_text(code), code, [one for one in problems if one.language == code]
            ),
        }
        for code in LANGUAGES
    ]


def _choose(code: str, business: str, written: list[str]) -> str:
    """In which language somebody who reads `code` is written to."""
    return next((one for one in (code, business) if one in written), written[0])
