"""What a message says: texts by language; a mail as blocks, a short message as plain text or an approved pattern.

Frozen values that are kept as JSON with the message, so that what was sent can be told for ever; re-exported by
`types`."""

from dataclasses import asdict, dataclass
from typing import Any, Self

BLOCK_KINDS = ("heading", "text", "button", "image", "divider", "product", "code", "signature")
LANGUAGES = ("fa", "ar", "zh-hans", "en")
# Languages that are written from right to left.
RTL = frozenset({"fa", "ar"})


@dataclass(frozen=True)
class Block:
    """One piece of a mail. What each kind uses: heading, signature: `text`; text: `text` (light HTML, **bold**,
    [words](address)); button: `text`, `url`; image: `image`, `alt`, and where it leads (`url`); product: `text` (name),
    `note` (price or words), `image`, `url`; code: `text` (words above it), `note` (the code)."""

    kind: str
    text: str = ""
    url: str = ""
    image: str = ""
    alt: str = ""
    note: str = ""


@dataclass(frozen=True)
class Text:
    """A message in one language. Mail: `subject`, `preview` (what lists of mails show after it), `blocks`. Short
    messages: `body`, or `pattern` (the name approved by the provider) with its `slots` (name and text of each)."""

    subject: str = ""
    preview: str = ""
    blocks: tuple[Block, ...] = ()
    body: str = ""
    pattern: str = ""
    slots: tuple[tuple[str, str], ...] = ()

    def __hash__(self) -> int:
        return _remember_hash(self, self.subject, self.blocks, self.body, self.pattern, self.slots)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written yet."""
        return not (self.subject or self.blocks or self.body or self.pattern)

    def list_fields(self) -> list[str]:
        """Every text in it that may hold variables."""
        pieces = [getattr(block, name) for block in self.blocks for name in _BLOCK_FIELDS]
        return [
            one
            for one in (self.subject, self.preview, *pieces, self.body, *(text for _name, text in self.slots))
            if one
        ]


_BLOCK_FIELDS = ("text", "url", "image", "alt", "note")


@dataclass(frozen=True)
class TemplateContent:
    """What is sent on a channel ("email", "sms", "messenger", ...), in each language that it is written in; the first
    is the one for whoever reads none of them."""

    channel: str
    texts: tuple[tuple[str, Text], ...]

    def __hash__(self) -> int:
        return _remember_hash(self, self.channel, self.texts)

    def find_text(self, language: str) -> Text | None:
        """The text in a language, or None."""
        return next((text for code, text in self.texts if code == language), None)

    def choose(self, *languages: str) -> tuple[str, Text]:
        """The text in the first of these languages that it is written in, else its own first; with its language.
        Raises LookupError where nothing is written."""
        written = [(code, text) for code, text in self.texts if not text.is_empty]
        for language in languages:
            for code, text in written:
                if code == language:
                    return code, text
        if not written:
            raise LookupError("nothing is written")
        return written[0]

    @property
    def has_pattern(self) -> bool:
        """Whether some of it goes by a pattern that the provider approved."""
        return any(text.pattern for _code, text in self.texts)

    def to_json(self) -> dict[str, Any]:
        """As plain lists and dicts."""
        return {"channel": self.channel, "texts": {code: asdict(text) for code, text in self.texts}}

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> Self:
        """From what `to_json` gave; unknown names are left out, missing ones are empty."""
        texts = tuple((code, _read_text(text)) for code, text in told.get("texts", {}).items())
        return cls(str(told.get("channel", "email")), texts)


def _remember_hash(owner: object, *parts: object) -> int:
    """The hash of a frozen value, counted once: it is asked for with each of a million messages."""
    known: int | None = owner.__dict__.get("_hash")
    if known is None:
        known = hash(parts)
        object.__setattr__(owner, "_hash", known)
    return known


def _read_text(told: dict[str, Any]) -> Text:
    blocks = tuple(
        Block(str(block.get("kind", "text")), **{name: str(block.get(name) or "") for name in _BLOCK_FIELDS})
        for block in told.get("blocks", ())
    )
    slots = tuple((str(name), str(text)) for name, text in told.get("slots", ()))
    plain = {name: str(told.get(name) or "") for name in ("subject", "preview", "body", "pattern")}
    return Text(blocks=blocks, slots=slots, **plain)


@dataclass(frozen=True)
class Rendered:
    """A message as one customer gets it. Mail: subject, html, text; else text, or a pattern and its slots."""

    subject: str = ""
    html: str = ""
    text: str = ""
    pattern: str = ""
    slots: tuple[tuple[str, str], ...] = ()
