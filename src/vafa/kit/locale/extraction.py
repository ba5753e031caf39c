"""Every text for people in the source: Python by its gettext calls, templates by their translate tags."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import NamedTuple, cast

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parents[2]

_KEYWORDS: dict[str, tuple[int | tuple[int, int] | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
_TEMPLATE_ENDINGS = frozenset({".html", ".txt"})
_COMMENT_TAGS = ("Translators:",)


class Text(NamedTuple):
    """One text of the source; `plural` and `context` are empty where it has none."""

    file: str
    msgid: str
    plural: str
    context: str
    comments: tuple[str, ...]

    @property
    def key(self) -> str | tuple[str, str]:
        """The text as a catalogue names it."""
        return (self.msgid, self.plural) if self.plural else self.msgid


def list_texts(package: Path = PACKAGE) -> list[Text]:
    """All texts of a package's Python files and templates (tests excepted), by file and place in it."""
    texts: list[Text] = []
    for path in sorted(package.rglob("*")):
        inside = path.relative_to(package)
        if not path.is_file() or "tests" in inside.parts or "static" in inside.parts:
            continue
        name = (Path(package.name) / inside).as_posix()
        if path.suffix == ".py":
            texts.extend(_read_python(path.read_text("utf-8"), name))
        elif path.suffix in _TEMPLATE_ENDINGS and "templates" in inside.parts:
            texts.extend(_read_template(path.read_text("utf-8"), name))
    return texts


def build_template(texts: list[Text]) -> Catalog:
    """The catalogue of all texts, untranslated. Raises ValueError where one text has two plurals."""
    template = Catalog(charset="utf-8")
    seen: dict[tuple[str, str], Text] = {}
    for text in texts:
        earlier = seen.setdefault((text.msgid, text.context), text)
        if earlier.plural and text.plural and earlier.plural != text.plural:
            raise ValueError(f"{text.file}: {text.msgid!r} has another plural in {earlier.file}")
        template.add(
            text.key,
            locations=[(text.file, 0)],
            auto_comments=text.comments,
            context=text.context or None,
        )
    return template


def _read_python(source: str, name: str) -> Iterator[Text]:
    calls = extract_python(BytesIO(source.encode()), _KEYWORDS, _COMMENT_TAGS, {"encoding": "utf-8"})
    # Babel's own types describe what it makes of these calls later, not the calls themselves.
    found = cast("Iterator[tuple[int, str, object, list[str]]]", calls)
    for _line, function, arguments, comments in found:
        text = _build_text(name, function, arguments, comments)
        if text is not None:
            yield text


def _read_template(source: str, name: str) -> Iterator[Text]:
    # Not valid Python, only its tokens: a template's indentation would be refused.
    tokens = "\n".join(line.strip() for line in templatize(source, origin=name).splitlines())
    yield from _read_python(tokens, name)


def _build_text(name: str, function: str, arguments: object, comments: list[str]) -> Text | None:
    given = list(arguments) if isinstance(arguments, tuple | list) else [arguments]
    has_context = "pgettext" in function
    needed = 1 + has_context + ("ngettext" in function or "npgettext" in function)
    if len(given) < needed or not all(isinstance(part, str) and part for part in given[:needed]):
        # A name or an f-string, which nobody can translate from here: gettext_noop marks the text itself.
        return None
    parts = [str(part) for part in given[:needed]]
    context = parts.pop(0) if has_context else ""
    return Text(name, parts[0], parts[1] if len(parts) > 1 else "", context, tuple(comments))
