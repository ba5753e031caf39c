"""The texts of playbooks, in the languages of customers: files beside the code, since the page's language has no part
in them. Each is a mail of a text and the business's name, and a short message."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from vafa.act.messaging.types import Block, TemplateContent, Text

FOLDER = Path(__file__).parent / "playbook_texts"
LANGUAGES = ("fa", "ar", "zh-hans", "en")


@dataclass(frozen=True)
class ReadyText:
    """Something that a message step can say: by its key ("text:<code>" or "template:<id>"), channel and name."""

    key: str
    channel: str
    name: str


@cache
def _load(language: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((FOLDER / f"{language}.json").read_text(encoding="utf-8"))
    return told


def list_codes() -> list[str]:
    """The codes of all ready texts."""
    return list(_load("en"))


def build_content(code: str, channel: str) -> TemplateContent | None:
    """A ready text for a channel in all languages; None for an unknown code."""
    if code not in _load("en"):
        return None
    return TemplateContent(channel, tuple((one, _build(_load(one)[code], channel)) for one in LANGUAGES))


def _build(told: dict[str, str], channel: str) -> Text:
    if channel != "email":
        return Text(body=told["sms"])
    blocks = (
        *(Block("text", part) for part in told["text"].split("\n\n")),
        Block("signature", "{{ business_name }}"),
    )
    return Text(subject=told["subject"], blocks=blocks)
