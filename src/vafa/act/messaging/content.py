"""A message as one customer gets it: the words filled in, the links led through ours."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext as _

from vafa.act.messaging.cleaning import find_addresses, is_link, is_web_address, protect, restore
from vafa.act.messaging.contents import Rendered, TemplateContent, Text
from vafa.act.messaging.laying_out import build_layout
from vafa.act.messaging.linking import Links
from vafa.act.messaging.sms_rules import fill_pattern
from vafa.kit.templating import Limits, Problem, check, render

# A laid-out mail holds all its texts and much markup; each text in it was checked by the smaller limits before.
MAIL_LIMITS = Limits(text=800_000, output=1_000_000, turns=500, seconds=1.0)
MOST_ADDRESS = 2_000


@dataclass(frozen=True)
class ContentProblem:
    """What is wrong with one text of a message: in which language, where in it (a code such as "subject", "block:3"),
    and what. What is not `grave` is only advice. `field` is which of a block's fields ("text", "url", ...; "": all of
    the block), `line` the line in it from 1 on (0: all of it)."""

    language: str
    place: str
    problem: Problem
    grave: bool = True
    field: str = ""
    line: int = 0


def build_mail(
    content: TemplateContent, values: Mapping[str, Any], language: str, links: Links | None = None
) -> Rendered:
    """The mail for the customer whose values these are, in their language if it is written in that, else in its first.
    Without `links` (a preview) links lead straight on, and there is no way to unsubscribe. Raises TemplateWrong, and
    LookupError where nothing is written."""
    code, text = content.choose(language)
    layout = build_layout(text, code)
    addresses = _build_addresses(content, layout.links, values, links)
    filled = {**values, **addresses, **_build_stops(links)}
    subject = render(text.subject, filled, limits=MAIL_LIMITS, shown=text.subject)
    return Rendered(
        subject=" ".join(subject.split()),
        html=render(layout.html, filled, limits=MAIL_LIMITS, escape=True, shown=text.subject),
        text=_tidy(render(layout.text, filled, limits=MAIL_LIMITS, shown=text.subject)),
    )


def build_sms(
    content: TemplateContent, values: Mapping[str, Any], language: str, links: Links | None = None
) -> Rendered:
    """The short message for the customer whose values these are: its text, or the approved pattern with its slots. The
    signature and the way to stop are added by the rules of the country and provider. Raises as `build_mail`."""
    _code, text = content.choose(language)
    body, found = _split_body(text.body)
    filled = {**values, **_build_addresses(content, found, values, links)}
    slots = []
    for name, told in text.slots:
        slot, own = _split_body(told)
        slots.append(
            (name, render(slot, {**values, **_build_addresses(content, own, values, links)}).strip())
        )
    words = render(body, filled)
    if text.pattern:
        # The body holds the approved words, so that people see and count what is sent.
        words = fill_pattern(words, dict(slots))
    return Rendered(text=_tidy(words), pattern=text.pattern, slots=tuple(slots))


def list_links(content: TemplateContent) -> tuple[str, ...]:
    """The web addresses behind a message's links, over all languages, by the numbers that its tracked links name. May
    hold variables."""
    return _list_links(content)


@lru_cache(maxsize=256)
def _list_links(content: TemplateContent) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for code, text in content.texts:
        own = build_layout(text, code).links if text.blocks else ()
        short = [
            link
            for told in (text.body, *(slot for _name, slot in text.slots))
            for link in _split_body(told)[1]
        ]
        found.update(dict.fromkeys((*own, *short)))
    return tuple(found)


def build_address(link: str, values: Mapping[str, Any]) -> str:
    """Where a link leads for the customer whose values these are; "" where what comes out is no web address. Values can
    change the path and what follows it, never the host."""
    if not is_web_address(link):
        return ""
    told = {name: quote(str(value), safe="") for name, value in values.items() if _is_plain(value)}
    address = render(link, told).strip()
    same_host = address.partition("//")[2].startswith(re.split(r"[/?#]", link.partition("//")[2])[0])
    return address if same_host and is_web_address(address) and len(address) <= MOST_ADDRESS else ""


def has_links(content: TemplateContent) -> bool:
    """Whether a message holds links that go through ours, so that our own address must answer."""
    return bool(list_links(content))


def check_content(
    content: TemplateContent, known: Collection[str], may_lack: Collection[str] = ()
) -> Iterator[ContentProblem]:
    """What is wrong with a message before anybody gets it."""
    written = [(code, text) for code, text in content.texts if not text.is_empty]
    if not written:
        yield ContentProblem(
            "", "", _build_problem("empty", _("Nothing is written yet."), _("Write at least one text."))
        )
    for code, text in written:
        for place, field, told in _list_places(text):
            for problem in check(told, known, may_lack=may_lack):
                grave = problem.code not in ("no_default", "empty_default")
                yield ContentProblem(code, place, problem, grave, field, problem.line)
            if field in ("url", "image") and not is_link(told):
                yield ContentProblem(code, place, _build_no_link(told), field=field)
            elif field == "url" and told.lower().startswith("http://"):
                yield ContentProblem(code, place, _build_no_https(), grave=False, field=field)
        yield from _check_whole(content, code, text)


def _check_whole(content: TemplateContent, code: str, text: Text) -> Iterator[ContentProblem]:
    if content.channel == "email":
        if not text.subject:
            told = _build_problem("no_subject", _("The mail has no subject."), _("Write one."))
            yield ContentProblem(code, "subject", told)
        if not text.blocks:
            told = _build_problem("no_blocks", _("The mail has no words."), _("Add a block of text."))
            yield ContentProblem(code, "blocks", told)
    elif not (text.body or text.pattern):
        told = _build_problem("empty", _("Nothing is written yet."), _("Write at least one text."))
        yield ContentProblem(code, "body", told)
    for number, block in enumerate(text.blocks):
        if block.kind == "image" and not block.alt:
            told = _build_problem(
                "no_alt",
                _("A picture has no description."),
                _("Write what it shows, for those who don't see it."),
            )
            yield ContentProblem(code, f"block:{number}", told, grave=False, field="alt")


def _list_places(text: Text) -> Iterator[tuple[str, str, str]]:
    """Every text with its place, and the block's field that it is."""
    yield "subject", "", text.subject
    yield "preview", "", text.preview
    for number, block in enumerate(text.blocks):
        needed = {"button": "url", "image": "image"}.get(block.kind)
        for field in ("text", "alt", "note", "url", "image"):
            told = getattr(block, field)
            if told or field == needed:
                yield f"block:{number}", field, told
    yield "body", "", text.body
    for name, told in text.slots:
        yield f"slot:{name}", "", told


def _build_no_link(told: str) -> Problem:
    return _build_problem(
        "no_link",
        _("“%(url)s” is no address that a link can lead to.") % {"url": told[:100]},
        _("Begin it with https:// and write the host without variables."),
    )


def _build_no_https() -> Problem:
    return _build_problem(
        "no_https",
        _("The link begins with http://, so that what is read there can be seen and changed on the way."),
        _("Begin it with https:// if the page answers there."),
    )


def _build_problem(code: str, message: str, remedy: str) -> Problem:
    return Problem(code, message, remedy)


def _build_addresses(
    content: TemplateContent, own: tuple[str, ...], values: Mapping[str, Any], links: Links | None
) -> dict[str, str]:
    """The address of each link of one text: through ours, or straight."""
    if not own:
        return {}
    numbers = {link: number for number, link in enumerate(list_links(content))} if links else {}
    return {
        f"vafa_link_{place}": links.click(numbers[link]) if links else build_address(link, values)
        for place, link in enumerate(own)
    }


def _build_stops(links: Links | None) -> dict[str, str]:
    if links is None:
        return {"vafa_stop": "", "vafa_preferences": "", "vafa_why": ""}
    return {"vafa_stop": links.stop, "vafa_preferences": links.preferences, "vafa_why": links.stop}


@lru_cache(maxsize=256)
def _split_body(body: str) -> tuple[str, tuple[str, ...]]:
    """A short text with its web addresses as variables, and these addresses."""
    kept: list[str] = []
    bare = protect(body, kept)
    found: list[str] = []
    pieces, at = [], 0
    for start, end in find_addresses(bare):
        link = restore(bare[start:end], kept)
        if not is_web_address(link):
            continue
        if link not in found:
            found.append(link)
        pieces += [bare[at:start], f"{{{{ vafa_link_{found.index(link)} }}}}"]
        at = end
    return restore("".join((*pieces, bare[at:])), kept), tuple(found)


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int | float) or value.__class__.__name__ == "Decimal"


def _tidy(text: str) -> str:
    """Without the empty lines that unused conditions leave behind."""
    return re.sub(r"\n{3,}", "\n\n", text.replace("\r", "")).strip()
