"""A template as its form holds it: everything of it stands in the form, so that nothing is kept before it is saved, and
what was done can be undone without anything being kept either."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from vafa.act.messaging.queries import Template
from vafa.act.messaging.types import LANGUAGES, TemplateContent, Text
from vafa.data.consent.types import Purpose
from vafa.front.messages.editors.channels import get_editor

# How many steps can be taken back, and how long they may be together.
MOST_STEPS, MOST_LETTERS = 10, 400_000


@dataclass(frozen=True)
class Draft:
    """What the form says: `tab` is the language that is open, `past` and `future` the texts before and after (the
    nearest last), `focus` the id of the control that has the keyboard, `said` what was just done."""

    name: str
    purpose: str
    content: TemplateContent
    tab: str
    past: tuple[TemplateContent, ...] = ()
    future: tuple[TemplateContent, ...] = ()
    focus: str = ""
    said: str = ""

    def find_text(self, language: str) -> Text:
        """The text of a language; an empty one where nothing is written."""
        return self.content.find_text(language) or Text()


def build_draft(found: Template, tab: str) -> Draft:
    """A template as it is kept."""
    content = TemplateContent.from_json(found.content)
    written = [code for code, text in content.texts if code in LANGUAGES and not text.is_empty]
    known = [code for code, _text in content.texts if code in LANGUAGES]
    first = next(iter((*written, *known)), LANGUAGES[0])
    return Draft(found.name, found.purpose, content, tab if tab in LANGUAGES else first)


def read_draft(told: Mapping[str, str], found: Template) -> Draft:
    """A template as a form says it, after what its button (`do`) asked for."""
    before = build_draft(found, told.get("tab", ""))
    editor = get_editor(found.channel)
    texts = [
        (code, editor.read(told, code, before.content.find_text(code) or Text()))
        for code in _order(before.content)
    ]
    purpose = told.get("purpose", "")
    draft = replace(
        before,
        name=told.get("name", "").strip() or found.name,
        purpose=purpose if purpose in tuple(Purpose) else found.purpose,
        content=replace(before.content, texts=tuple(texts)),
        past=_read_steps(told.get("past", ""), found.channel),
        future=_read_steps(told.get("future", ""), found.channel),
    )
    return _change(draft, told.get("do", ""))


def _order(content: TemplateContent) -> list[str]:
    """All languages, those that it has first and in its order: the first is for whoever reads none of them."""
    own = [code for code, _text in content.texts if code in LANGUAGES]
    return [*own, *(code for code in LANGUAGES if code not in own)]


def _change(draft: Draft, asked: str) -> Draft:
    verb, *rest = asked.split(":")
    if verb == "undo" and draft.past:
        return _step(draft, back=True)
    if verb == "redo" and draft.future:
        return _step(draft, back=False)
    if not rest or rest[0] not in LANGUAGES:
        return draft
    language, text = rest[0], draft.find_text(rest[0])
    if verb == "fill" and rest[1:]:
        other = draft.find_text(rest[1])
        if other.is_empty:
            return replace(draft, tab=language)
        return replace(_put(draft, language, other), focus=f"tab-{language}")
    changed = get_editor(draft.content.channel).change(text, language, verb, tuple(rest[1:]))
    if changed.text == text:
        return replace(draft, tab=language)
    return replace(_put(draft, language, changed.text), focus=changed.focus, said=changed.said)


def _put(draft: Draft, language: str, text: Text) -> Draft:
    texts = tuple((code, text if code == language else own) for code, own in draft.content.texts)
    content = replace(draft.content, texts=texts)
    return replace(draft, content=content, tab=language, past=(*draft.past, draft.content), future=())


def _step(draft: Draft, *, back: bool) -> Draft:
    """The text one step before, or after."""
    past, future = draft.past, draft.future
    if back:
        content, past, future = past[-1], past[:-1], (*future, draft.content)
    else:
        content, past, future = future[-1], (*past, draft.content), future[:-1]
    focus = "undo" if past and back else "redo" if future else "undo"
    return replace(draft, content=content, past=past, future=future, focus=focus)


def write_steps(steps: tuple[TemplateContent, ...]) -> str:
    """Steps as the form carries them: the nearest, as many as it may hold."""
    written: list[str] = []
    room = MOST_LETTERS
    for one in reversed(steps[-MOST_STEPS:]):
        told = json.dumps(one.to_json(), ensure_ascii=False)
        room -= len(told)
        if room < 0:
            break
        written.insert(0, told)
    return f"[{','.join(written)}]" if written else ""


def _read_steps(told: str, channel: str) -> tuple[TemplateContent, ...]:
    """The steps that a form carries; none where they can't be read."""
    if not told or len(told) > 2 * MOST_LETTERS:
        return ()
    try:
        steps = [TemplateContent.from_json(one) for one in json.loads(told)]
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
        return ()
    return tuple(replace(one, channel=channel) for one in steps[-MOST_STEPS:])
