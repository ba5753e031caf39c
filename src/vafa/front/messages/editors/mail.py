"""The editor of mails: subject, preview line, and blocks that are added, moved, doubled and taken away."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vafa.act.messaging.queries import ContentProblem, build_mail
from vafa.act.messaging.types import BLOCK_KINDS, Block, TemplateContent, Text
from vafa.front.messages.editors.kinds import Changed, Eyes, Form
from vafa.front.messages.written import write_number
from vafa.kit.ids import read_id
from vafa.kit.templating import render

MOST_BLOCKS = 60
# Gmail cuts a longer mail off, and with it the way to unsubscribe.
MOST_BYTES = 102_000
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
_NAMES = ("text", "url", "image", "alt", "note")
# What a new block begins with: a code is the customer's own, where there is one.
_BEGINNINGS = {"code": {"note": "{{ code }}"}, "signature": {"text": "{{ business_name }}"}}


class MailEditor:
    """Blocks, by buttons that work without scripts; scripts only add dragging."""

    part = "messages/editors/mail.html"
    preview_part = "messages/editors/mail_preview.html"

    def describe(self, text: Text, language: str, problems: list[ContentProblem]) -> dict[str, Any]:
        """The lines above the blocks, and the blocks, each with what is wrong with it."""
        last = len(text.blocks) - 1
        return {
            "lines": [
                _describe_line(name, label, getattr(text, name), language, problems)
                for name, label in (("subject", _("Subject")), ("preview", _("Preview line")))
            ],
            "blocks": [
                _describe_block(number, block, language, problems) | {"is_last": number == last}
                for number, block in enumerate(text.blocks)
            ],
            "kinds": [(kind, BLOCK_NAMES[kind]) for kind in BLOCK_KINDS],
            "is_full": len(text.blocks) >= MOST_BLOCKS,
        }

    def read(self, told: Form, language: str, before: Text) -> Text:
        """The text of a language as the form says it; as it was where the form says nothing of it."""
        count = read_id(told.get(f"blocks-{language}", ""))
        if f"subject-{language}" not in told:
            return before
        blocks = []
        for number in range(min(count or 0, MOST_BLOCKS)):
            kind = told.get(f"kind-{language}-{number}", "")
            if kind in BLOCK_KINDS:
                own = {name: told.get(f"{name}-{language}-{number}", "") for name in _NAMES}
                blocks.append(Block(kind, **own))
        return replace(
            before,
            blocks=tuple(blocks),
            subject=told.get(f"subject-{language}", ""),
            preview=told.get(f"preview-{language}", ""),
        )

    def show(
        self, content: TemplateContent, values: Mapping[str, Any], language: str, eyes: Eyes
    ) -> dict[str, Any]:
        """What lists of mails show of it, its text part, and how large it is."""
        mail = build_mail(content, values, language)
        _code, text = content.choose(language)
        preheader = " ".join(render(text.preview, values).split()) if text.preview else ""
        size = len(mail.html.encode())
        return {
            "subject": mail.subject,
            "preheader": preheader,
            "text": mail.text,
            "is_clipped": size > MOST_BYTES,
            "kilobytes": write_number(round(size / 1000)),
        }

    def change(self, text: Text, language: str, verb: str, rest: tuple[str, ...]) -> Changed:
        """Add (`add:fa:KIND:PLACE`), move (`up`, `down`, `move:fa:FROM:TO`), double (`double:fa:PLACE`) or take away
        (`remove:fa:PLACE`) a block."""
        blocks = list(text.blocks)
        if verb == "add" and rest and rest[0] in BLOCK_KINDS:
            place = _read_place(rest[1:], len(blocks) + 1)
            return _add(text, language, rest[0], len(blocks) if place is None else place)
        place = _read_place(rest, len(blocks))
        if place is None:
            return Changed(text)
        name = BLOCK_NAMES[blocks[place].kind]
        if verb == "remove":
            del blocks[place]
            focus = f"block-{language}-{min(place, len(blocks) - 1)}" if blocks else f"add-{language}"
            return Changed(
                replace(text, blocks=tuple(blocks)), focus, _("“%(name)s” was removed.") % {"name": name}
            )
        if verb == "double" and len(blocks) < MOST_BLOCKS:
            blocks.insert(place + 1, blocks[place])
            said = _("“%(name)s” was doubled.") % {"name": name}
            return Changed(replace(text, blocks=tuple(blocks)), f"block-{language}-{place + 1}", said)
        to = _find_new_place(verb, place, rest, len(blocks))
        if to is None or to == place:
            return Changed(text)
        blocks.insert(to, blocks.pop(place))
        said = _("“%(name)s” was moved.") % {"name": name}
        # The keyboard stays on the button that was pressed, or on the other one where the way ends.
        way = "up" if (verb == "up" and to > 0) or to == len(blocks) - 1 else "down"
        return Changed(replace(text, blocks=tuple(blocks)), f"{way}-{language}-{to}", said)


def _add(text: Text, language: str, kind: str, place: int) -> Changed:
    if len(text.blocks) >= MOST_BLOCKS:
        return Changed(text)
    made = Block(kind, **_BEGINNINGS.get(kind, {}))
    blocks = (*text.blocks[:place], made, *text.blocks[place:])
    fields = FIELDS[kind]
    focus = f"{fields[0][0]}-{language}-{place}" if fields else f"block-{language}-{place}"
    return Changed(
        replace(text, blocks=blocks), focus, _("“%(name)s” was added.") % {"name": BLOCK_NAMES[kind]}
    )


def _read_place(told: tuple[str, ...], count: int) -> int | None:
    """A place among so many, or None."""
    number = told[0] if told else ""
    return int(number) if number.isascii() and number.isdigit() and int(number) < count else None


def _find_new_place(verb: str, place: int, rest: tuple[str, ...], count: int) -> int | None:
    if verb == "up":
        return max(0, place - 1)
    if verb == "down":
        return min(count - 1, place + 1)
    return _read_place(rest[1:], count) if verb == "move" else None


def _describe_line(
    name: str, label: Any, value: str, language: str, problems: list[ContentProblem]
) -> dict[str, Any]:
    return {
        "id": f"{name}-{language}",
        "label": label,
        "value": value,
        "problems": [one for one in problems if one.place == name],
        "is_wrong": any(one.grave for one in problems if one.place == name),
    }


def _describe_block(
    number: int, block: Block, language: str, problems: list[ContentProblem]
) -> dict[str, Any]:
    own = [one for one in problems if one.place == f"block:{number}"]
    fields = [
        {
            "id": f"{name}-{language}-{number}",
            "label": label,
            "value": getattr(block, name),
            "is_long": name == "text" and block.kind in ("text", "signature"),
            "is_address": name in ("url", "image"),
            "problems": [one for one in own if one.field == name],
            "is_wrong": any(one.grave for one in own if one.field == name),
        }
        for name, label in FIELDS[block.kind]
    ]
    return {
        "number": number,
        "shown": write_number(number + 1),
        "below": number + 1,
        "id": f"block-{language}-{number}",
        "up_id": f"up-{language}-{number}",
        "down_id": f"down-{language}-{number}",
        "kind": block.kind,
        "name": BLOCK_NAMES[block.kind],
        "fields": fields,
        "problems": [one for one in own if not one.field],
    }
