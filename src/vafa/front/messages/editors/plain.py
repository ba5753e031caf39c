"""The editor of messages that are words alone."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from vafa.act.messaging.queries import ContentProblem, build_sms
from vafa.act.messaging.types import TemplateContent, Text
from vafa.front.messages.editors.kinds import Changed, Eyes, Form


class PlainEditor:
    """One field of words for each language."""

    part = "messages/editors/plain.html"
    preview_part = "messages/editors/plain_preview.html"

    def describe(self, text: Text, language: str, problems: list[ContentProblem]) -> dict[str, Any]:
        """The words, and what is wrong with them."""
        return {"body": text.body, "problems": [one for one in problems if one.place == "body"]}

    def read(self, told: Form, language: str, before: Text) -> Text:
        """The text of a language as the form says it."""
        return replace(before, body=told.get(f"body-{language}", before.body))

    def show(
        self, content: TemplateContent, values: Mapping[str, Any], language: str, eyes: Eyes
    ) -> dict[str, Any]:
        """The words as they go out."""
        return {"text": build_sms(content, values, language).text}

    def change(self, text: Text, language: str, verb: str, rest: tuple[str, ...]) -> Changed:
        """There is no button."""
        return Changed(text)
