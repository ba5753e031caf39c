"""The ready texts of the playbooks, as beginnings for templates."""

from dataclasses import dataclass

from vafa.act.automations.queries import build_ready_content, list_texts
from vafa.act.messaging.queries import build_made_up_values
from vafa.data.consent.types import Channel, Purpose
from vafa.front.settings_forms import get_page_language
from vafa.kit import clock
from vafa.kit.locale.letters import fold
from vafa.kit.templating import render

# What is no advertising, as in the playbooks: thanks, help, an apology, and that something ends or was not paid.
_SERVICE = frozenset(
    {"first_order_thanks", "how_to", "renewal", "renewal_last", "payment_failed", "rescue_quality"}
)


@dataclass(frozen=True)
class Ready:
    """A ready text: its code, name, purpose, and how it begins in the page's language."""

    code: str
    name: str
    purpose: Purpose
    subject: str
    words: str


def list_ready(find: str = "") -> list[Ready]:
    """All ready texts, or those with some words in them."""
    found = [
        _build(one.key.partition(":")[2], one.name) for one in list_texts() if _is_first(one.key, one.channel)
    ]
    words = fold(find).split()
    return [
        one for one in found if all(word in fold(f"{one.name} {one.subject} {one.words}") for word in words)
    ]


def find_ready(code: str) -> Ready | None:
    """The ready text of a code, or None."""
    return next((one for one in list_ready() if one.code == code), None)


def _is_first(key: str, channel: str) -> bool:
    return key.startswith("text:") and channel == Channel.EMAIL


def _build(code: str, name: str) -> Ready:
    content, language = build_ready_content(code, Channel.EMAIL), get_page_language()
    text = None if content is None else content.find_text(language)
    values = build_made_up_values(language, clock.now()).values
    blocks = [block.text for block in text.blocks if block.kind == "text"] if text else []
    return Ready(
        code,
        name,
        Purpose.SERVICE if code in _SERVICE else Purpose.MARKETING,
        render(text.subject, values) if text else "",
        render(" ".join(blocks), values).replace("**", ""),
    )
