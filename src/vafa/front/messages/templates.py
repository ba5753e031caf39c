"""Templates: the list, and a form of blocks that works without scripts and by keyboard, with a preview."""

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vafa.act.messaging.actions import archive_template, save_template
from vafa.act.messaging.queries import (
    KNOWN,
    MAY_LACK,
    Template,
    build_made_up_values,
    build_mail,
    build_sms,
    check_content,
    find_template,
    get_variables,
    list_template_versions,
    list_templates,
    list_values,
)
from vafa.act.messaging.types import BLOCK_KINDS, LANGUAGES, RTL, Block, TemplateContent, Text
from vafa.data.business.queries import get_business
from vafa.data.consent.types import Channel, Purpose
from vafa.data.customers.queries import list_customer_rows, search_customers
from vafa.front.choices import list_language_choices
from vafa.front.customers.see_other import SeeOther
from vafa.front.overview.viewer import get_owner_id
from vafa.front.privacy.words import CHANNEL_NAMES, PURPOSE_NAMES
from vafa.kit import clock
from vafa.kit.errors import VafaError
from vafa.kit.ids import read_id
from vafa.kit.permissions import Permission, may, requires

CHANNELS = (Channel.EMAIL, Channel.SMS, Channel.MESSENGER)
# The preview is a mail: styles of its own and pictures from where they lie, and nothing that acts.
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src https: data:; frame-ancestors 'self'; sandbox"
)
DARK = "(prefers-color-scheme: dark)"
BLOCK_NAMES: dict[str, Any] = {
    "heading": gettext_lazy("Heading"),
    "text": gettext_lazy("Text"),
    "button": gettext_lazy("Button"),
    "image": gettext_lazy("Picture"),
    "divider": gettext_lazy("Line between"),
    "product": gettext_lazy("Product"),
    "code": gettext_lazy("Code of an offer"),
    "signature": gettext_lazy("Signature"),
}
# What is asked of each kind of block: the name of the field and its label.
FIELDS: dict[str, tuple[tuple[str, Any], ...]] = {
    "heading": (("text", gettext_lazy("Text")),),
    "text": (("text", gettext_lazy("Text")),),
    "button": (("text", gettext_lazy("Words of the button")), ("url", gettext_lazy("Where it leads"))),
    "image": (
        ("image", gettext_lazy("Address of the picture")),
        ("alt", gettext_lazy("What it shows")),
        ("url", gettext_lazy("Where it leads")),
    ),
    "divider": (),
    "product": (
        ("text", gettext_lazy("Name")),
        ("note", gettext_lazy("Price or words")),
        ("image", gettext_lazy("Address of the picture")),
        ("url", gettext_lazy("Where it leads")),
    ),
    "code": (("text", gettext_lazy("Words above it")), ("note", gettext_lazy("Code"))),
    "signature": (("text", gettext_lazy("Text")),),
}


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
@require_http_methods(["GET", "HEAD", "POST"])
def template(request: HttpRequest, template_id: int) -> HttpResponseBase:
    """`/templates/<id>/?lang=`: the form of one language. POST with do=save keeps it; every other `do` changes the form
    and keeps nothing."""
    found = _get(template_id)
    content = TemplateContent.from_json(found.content)
    language = _choose_language(request, content)
    if request.method == "POST":
        content = _put(content, language, _read_text(request, content.find_text(language) or Text()))
        if request.POST.get("do") == "save":
            purpose = request.POST.get("purpose", "")
            save_template(
                found.pk,
                name=request.POST.get("name", "").strip() or found.name,
                purpose=purpose if purpose in tuple(Purpose) else found.purpose,
                content=content,
                by=request.user,
                now=clock.now(),
            )
            return SeeOther(f"{reverse('template', args=[found.pk])}?lang={language}&saved=1")
    return render(request, "messages/template.html", _build_context(request, found, content, language))


@requires(Permission.EDIT_MESSAGES)
@require_POST
def change_template(request: HttpRequest, template_id: int) -> HttpResponseBase:
    """Put it aside, take it back, or copy it."""
    found, asked, now = _get(template_id), request.POST.get("do", ""), clock.now()
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


@requires(Permission.EDIT_MESSAGES)
@xframe_options_sameorigin
@require_safe
def preview_template(request: HttpRequest, template_id: int) -> HttpResponse:
    """`/templates/<id>/preview/?lang=&as=&look=dark`: as a customer gets it; somebody made up without one."""
    found = _get(template_id)
    content = TemplateContent.from_json(found.content)
    language = _choose_language(request, content)
    try:
        html = _render(request, content, language)
    except (VafaError, LookupError) as problem:
        html = format_html("<p>{}</p>", str(problem))
    if request.GET.get("look") == "dark":
        html = html.replace(DARK, "all")
    response = HttpResponse(html)
    response["Content-Security-Policy"] = POLICY
    return response


def _render(request: HttpRequest, content: TemplateContent, language: str) -> str:
    now, customer = clock.now(), read_id(request.GET.get("as", ""))
    own = _keep_seen(request, [customer]) if customer else []
    told = list_values(own, offered=(language,), now=now) if own else {}
    values = (next(iter(told.values()), None) or build_made_up_values(language, now)).values
    if content.channel == Channel.EMAIL:
        return build_mail(content, values, language).html
    way = "rtl" if language in RTL else "ltr"
    text = build_sms(content, values, language).text
    return str(
        format_html('<pre dir="{}" style="white-space:pre-wrap;font:16px sans-serif">{}</pre>', way, text)
    )


def _keep_seen(request: HttpRequest, ids: list[int]) -> list[int]:
    """Those of these customers whom this person may see; nobody without the permission."""
    from vafa.data.customers.queries import list_seen

    if not may(request.user, Permission.SEE_CUSTOMERS):
        return []
    return list_seen(ids, get_owner_id(request.user, get_business()))


def _build_context(
    request: HttpRequest, found: Template, content: TemplateContent, language: str
) -> dict[str, Any]:
    text = content.find_text(language) or Text()
    asked = request.POST if request.method == "POST" else request.GET
    customer = read_id(asked.get("as", ""))
    find = asked.get("find", "").strip()
    hits: list[int] = []
    if find and may(request.user, Permission.SEE_CUSTOMERS):
        hits = search_customers(find, owner_id=get_owner_id(request.user, get_business()), limit=8)
    names = dict(list_language_choices())
    problems = [
        {"language": names.get(one.language, ""), "problem": one.problem, "grave": one.grave}
        for one in check_content(content, KNOWN, MAY_LACK)
    ]
    query = f"lang={language}" + (f"&as={customer}" if customer else "")
    return {
        "template": found,
        "text": text,
        "is_mail": content.channel == Channel.EMAIL,
        "blocks": [_describe(number, block) for number, block in enumerate(text.blocks)],
        "kinds": [(kind, BLOCK_NAMES[kind]) for kind in BLOCK_KINDS],
        "language": language,
        "direction": "rtl" if language in RTL else "ltr",
        "languages": [
            {"code": code, "name": names[code], "written": bool(one and not one.is_empty)}
            for code in LANGUAGES
            for one in [content.find_text(code)]
        ],
        "name": request.POST.get("name", found.name),
        "purpose": request.POST.get("purpose", found.purpose),
        "purposes": [(str(one), PURPOSE_NAMES[one]) for one in Purpose],
        "problems": problems,
        "variables": [(f"{{{{ {name} }}}}", words) for name, words in get_variables().items()],
        "is_changed": request.method == "POST",
        "is_saved": request.GET.get("saved") == "1",
        "versions": list_template_versions(found.pk)[:20],
        "find": find,
        "customer": customer or "",
        "hits": list_customer_rows(hits),
        "preview_url": f"{reverse('preview_template', args=[found.pk])}?{query}",
    }


def _describe(number: int, block: Block) -> dict[str, Any]:
    fields = [
        {
            "name": f"{name}-{number}",
            "label": label,
            "value": getattr(block, name),
            "is_long": name == "text" and block.kind in ("text", "signature"),
            "is_address": name in ("url", "image"),
        }
        for name, label in FIELDS[block.kind]
    ]
    return {"number": number, "kind": block.kind, "name": BLOCK_NAMES[block.kind], "fields": fields}


def _read_text(request: HttpRequest, before: Text) -> Text:
    """The text as the form holds it, after what was asked by its button."""
    told = request.POST
    blocks: list[Block] = []
    for number in range(min(read_id(told.get("blocks", "")) or 0, 60)):
        kind = told.get(f"kind-{number}", "")
        if kind in BLOCK_KINDS:
            own = {name: told.get(f"{name}-{number}", "") for name in ("text", "url", "image", "alt", "note")}
            blocks.append(Block(kind, **own))
    asked, _colon, where = told.get("do", "").partition(":")
    if asked == "add" and where in BLOCK_KINDS:
        blocks.append(Block(where))
    place = int(where) if where.isascii() and where.isdigit() else -1
    if 0 <= place < len(blocks):
        if asked == "remove":
            del blocks[place]
        elif asked == "up" and place:
            blocks[place - 1], blocks[place] = blocks[place], blocks[place - 1]
        elif asked == "down" and place + 1 < len(blocks):
            blocks[place + 1], blocks[place] = blocks[place], blocks[place + 1]
    return replace(
        before,
        blocks=tuple(blocks),
        subject=told.get("subject", ""),
        preview=told.get("preview", ""),
        body=told.get("body", ""),
    )


def _put(content: TemplateContent, language: str, text: Text) -> TemplateContent:
    texts = dict(content.texts) | {language: text}
    return replace(content, texts=tuple(texts.items()))


def _choose_language(request: HttpRequest, content: TemplateContent) -> str:
    asked = request.GET.get("lang", "")
    if asked in LANGUAGES:
        return asked
    return next((code for code, _text in content.texts if code in LANGUAGES), "en")


def _list_written(found: Template) -> str:
    names = dict(list_language_choices())
    texts = TemplateContent.from_json(found.content).texts
    return " · ".join(str(names.get(code, code)) for code, text in texts if not text.is_empty)


def _get(template_id: int) -> Template:
    found = find_template(template_id)
    if found is None:
        raise Http404
    return found
