"""What the messages of automations say: their own text, a saved template, or a ready text by its code."""

from collections.abc import Mapping
from typing import Any

from vafa.act.automations.types import Node
from vafa.act.messaging.queries import find_ready_text, find_template, list_ready_texts, list_templates
from vafa.act.messaging.types import TemplateContent

__all__ = ["find_content", "find_content_problem", "list_ready_texts", "name_content"]


def find_content(node: Node) -> TemplateContent | int:
    """The content of a message step, or the id of its saved template. Raises LookupError where there is none."""
    told = node.told
    if own := told.get("content"):
        return TemplateContent.from_json(dict(own))
    if template := told.get("template"):
        return int(str(template))
    channel = next(iter(told.get("channels", ())), "email")
    found = find_ready_text(str(told.get("text", "")), str(channel))
    if found is None:
        raise LookupError("no text")
    return found


def find_content_problem(told: Mapping[str, Any]) -> str:
    """Why a message step has nothing to say; "" where it has."""
    channel = str(next(iter(told.get("channels", ())), "email"))
    if own := told.get("content"):
        content = TemplateContent.from_json(dict(own))
        return "" if any(not text.is_empty for _language, text in content.texts) else "message_without_text"
    if template := told.get("template"):
        return "" if find_template(int(str(template))) is not None else "message_without_text"
    return "" if find_ready_text(str(told.get("text", "")), channel) is not None else "message_without_text"


def name_content(told: Mapping[str, Any]) -> str:
    """By what a message step's text is known: the template's name, or the ready text's."""
    if template := told.get("template"):
        found = next((one for one in list_templates() if one.id == int(str(template))), None)
        return "" if found is None else str(found.name)
    return str(told.get("text", ""))
