"""Which templates are listed, and how each is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vafa.act.messaging.queries import Template
from vafa.act.messaging.types import LANGUAGES, TemplateContent
from vafa.data.consent.types import Channel, Purpose
from vafa.front.choices import list_language_choices
from vafa.front.messages.written import write_number
from vafa.front.privacy.words import CHANNEL_NAMES, PURPOSE_NAMES
from vafa.kit.locale.letters import fold


@dataclass(frozen=True)
class Asked:
    """What is looked for: words in the name or the text, a channel, a purpose, a language that is missing; "" each for
    all."""

    find: str = ""
    channel: str = ""
    purpose: str = ""
    lacks: str = ""
    archived: bool = False

    @property
    def narrows(self) -> bool:
        """Whether some may be left out."""
        return bool(self.find or self.channel or self.purpose or self.lacks)

    def fits(self, found: Template) -> bool:
        """Whether a template is looked for."""
        content = TemplateContent.from_json(found.content)
        if self.lacks and self.lacks in list_written(content):
            return False
        if (self.channel and found.channel != self.channel) or (
            self.purpose and found.purpose != self.purpose
        ):
            return False
        if not self.find:
            return True
        words = " ".join(
            (found.name, *(told for _code, text in content.texts for told in text.list_fields()))
        )
        return all(word in fold(words) for word in fold(self.find).split())


def read_asked(told: Mapping[str, str]) -> Asked:
    """What an address asks for; unknown values ask for nothing."""
    channel, purpose, lacks = told.get("channel", ""), told.get("purpose", ""), told.get("lacks", "")
    return Asked(
        find=told.get("find", "").strip()[:100],
        channel=channel if channel in tuple(Channel) else "",
        purpose=purpose if purpose in tuple(Purpose) else "",
        lacks=lacks if lacks in LANGUAGES else "",
        archived=told.get("show") == "archived",
    )


def list_written(content: TemplateContent) -> list[str]:
    """The languages that something is written in."""
    return [code for code, text in content.texts if not text.is_empty]


def describe(found: Template) -> dict[str, Any]:
    """A template as its row shows it."""
    names = dict(list_language_choices())
    written = list_written(TemplateContent.from_json(found.content))
    return {
        "template": found,
        "channel": CHANNEL_NAMES[Channel(found.channel)],
        "purpose": PURPOSE_NAMES[Purpose(found.purpose)],
        "languages": " · ".join(names[code] for code in LANGUAGES if code in written),
        "number": write_number(found.number),
    }
