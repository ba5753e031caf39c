"""What an editor of a channel is. The page asks it for each language: what its part of the form shows, what the form
says, and what the text is after one of its buttons was pressed.

A button of an editor is `<button name="do" value="VERB:LANGUAGE:...">`; it changes the form and keeps nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from vafa.act.messaging.queries import ContentProblem
from vafa.act.messaging.types import RTL, TemplateContent, Text

Form = Mapping[str, str]


@dataclass(frozen=True)
class Changed:
    """A text after a button: `focus` is the id of the control that has the keyboard then, `said` what was done."""

    text: Text
    focus: str = ""
    said: str = ""


@dataclass(frozen=True)
class Eyes:
    """Of what a preview depends beside the text: for which purpose it goes, and whose customers (None: all) whoever
    looks may see."""

    purpose: str
    owner_id: int | None = None


class Editor(Protocol):
    """The editor of a channel. `part` is the template that is included for each language, with what `describe` gives
    as `own`, and `language`, `direction` and `focus` of the page beside it; `preview_part` shows what `show` gives."""

    part: str
    preview_part: str

    def describe(self, text: Text, language: str, problems: list[ContentProblem]) -> dict[str, Any]:
        """What the part shows of one language."""

    def read(self, told: Form, language: str, before: Text) -> Text:
        """The text of a language as the form says it; `before` is what was kept."""

    def change(self, text: Text, language: str, verb: str, rest: tuple[str, ...]) -> Changed:
        """The text after a button of this editor; unchanged for one that it doesn't know."""

    def show(
        self, content: TemplateContent, values: Mapping[str, Any], language: str, eyes: Eyes
    ) -> dict[str, Any]:
        """What the preview shows of a content, filled in with a customer's values. Raises TemplateWrong, and
        LookupError where nothing is written."""


def get_direction(language: str) -> str:
    """The direction in which a language is written."""
    return "rtl" if language in RTL else "ltr"
