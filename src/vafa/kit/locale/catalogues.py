"""The translation catalogues: brought up to date with the source, checked, compiled, without GNU gettext.

    python -m vafa.kit.locale.catalogues update [--prune] | check | compile

English is the source: its texts are the msgids. `update` keeps translations whose text has gone as obsolete
entries (so that a reworded text can take its translation along) until `--prune` removes them.
"""

import argparse
import os
import re
import sys
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from vafa.kit.locale.extraction import PACKAGE, build_template, list_texts

LOCALE_FOLDER = PACKAGE / "locale"

# Django's own plural rules for these languages: a catalogue must have exactly so many forms.
PLURAL_RULES = {
    "fa": "nplurals=2; plural=(n > 1);",
    "ar": (
        "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 :"
        " n%100>=11 && n%100<=99 ? 4 : 5;"
    ),
    "zh_Hans": "nplurals=1; plural=0;",
}
# Forms that may say "no customer", "one", "two" in words, without the number.
_WORDED_FORMS = {"ar": frozenset({0, 1, 2})}

_HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural}\\n"
"""
_CHANGING_HEADERS = re.compile(
    rb'^"(?:POT-Creation-Date|PO-Revision-Date|Generated-By|Project-Id-Version|Report-Msgid-Bugs-To|'
    rb"Last-Translator|Language-Team):[^\n]*\n",
    re.MULTILINE,
)
_WIDTH = 110
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sdrf]|(?<!\{)\{(\w*)\}(?!\})|(?<!%)%([sdrf])")
_TAG = re.compile(r"</?[a-zA-Z][^>]*>")


@dataclass(frozen=True)
class Problem:
    """What is wrong with one text of one language's catalogue."""

    language: str
    kind: str
    msgid: str
    detail: str = ""

    def __str__(self) -> str:
        told = f"{self.language}: {self.kind}: {self.msgid!r}"
        return f"{told} ({self.detail})" if self.detail else told


def update_catalogues(
    package: Path = PACKAGE, folder: Path = LOCALE_FOLDER, *, prune: bool = False
) -> dict[str, int]:
    """Bring the .po files up to date with the source; returns the untranslated texts by language.

    A file is written only if it changes.
    """
    template = build_template(list_texts(package))
    return {language: _update_one(language, template, folder, prune=prune) for language in PLURAL_RULES}


def check_catalogues(package: Path = PACKAGE, folder: Path = LOCALE_FOLDER) -> list[Problem]:
    """All that keeps the catalogues from being complete and right; empty when nothing does.

    Kinds: missing_file, plural_rule, not_listed (run update), missing, fuzzy, obsolete, plural_forms,
    placeholders, tags, line_ends.
    """
    template = build_template(list_texts(package))
    problems: list[Problem] = []
    for language in PLURAL_RULES:
        path = get_catalogue_path(folder, language)
        if not path.is_file():
            problems.append(Problem(language, "missing_file", "", str(path)))
            continue
        problems.extend(_check_one(language, template, read_catalogue(path, language)))
    return problems


def compile_catalogues(folder: Path = LOCALE_FOLDER) -> list[Path]:
    """Write the .mo file beside every .po file; returns the files written."""
    written = []
    for language in PLURAL_RULES:
        path = get_catalogue_path(folder, language)
        if path.is_file():
            compiled = path.with_suffix(".mo")
            buffer = BytesIO()
            write_mo(buffer, read_catalogue(path, language))
            compiled.write_bytes(buffer.getvalue())
            # The moment of its source marks it as up to date (see vafa.config.messages).
            changed = path.stat().st_mtime_ns
            os.utime(compiled, ns=(changed, changed))
            written.append(compiled)
    return written


def get_catalogue_path(folder: Path, language: str) -> Path:
    """Where a language's .po file is, in Django's layout."""
    return folder / language / "LC_MESSAGES" / "django.po"


def read_catalogue(path: Path, language: str) -> Catalog:
    """A language's catalogue; one with the right header and no texts if there is no file yet."""
    if path.is_file():
        return read_po(BytesIO(path.read_bytes()), locale=language)
    header = _HEADER.format(language=language, plural=PLURAL_RULES[language])
    return read_po(BytesIO(header.encode()), locale=language)


def write_catalogue(path: Path, catalogue: Catalog) -> bool:
    """Write a catalogue, sorted by file and without line numbers or dates; False if it was so already."""
    buffer = BytesIO()
    write_po(buffer, catalogue, width=_WIDTH, sort_by_file=True, include_lineno=False)
    content = _CHANGING_HEADERS.sub(b"", buffer.getvalue())
    if path.is_file() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return True


def list_placeholders(text: str) -> set[str]:
    """The placeholders of a text: %(count)s, {name}, %s."""
    return {match[0] for match in _PLACEHOLDER.finditer(text)}


def _update_one(language: str, template: Catalog, folder: Path, *, prune: bool) -> int:
    path = get_catalogue_path(folder, language)
    catalogue = read_catalogue(path, language)
    # Without fuzzy guesses: a text that merely resembles another is worse than none.
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.header_comment = f"# Vafa in {catalogue.locale.english_name if catalogue.locale else language}."
    if prune:
        catalogue.obsolete.clear()
    write_catalogue(path, catalogue)
    return sum(1 for message in catalogue if message.id and not _is_translated(message))


def _check_one(language: str, template: Catalog, catalogue: Catalog) -> list[Problem]:
    problems = []
    forms = _count_forms(PLURAL_RULES[language])
    if catalogue.num_plurals != forms:
        problems.append(
            Problem(language, "plural_rule", "", f"{catalogue.num_plurals} forms instead of {forms}")
        )
    for message in template:
        if message.id:
            translated = catalogue.get(_get_msgid(message), message.context)
            problems.extend(_check_message(language, message, translated, forms))
    problems.extend(
        Problem(language, "obsolete", _get_msgid(message)) for message in catalogue.obsolete.values()
    )
    known = {(_get_msgid(message), message.context) for message in template}
    problems.extend(
        Problem(language, "obsolete", _get_msgid(message))
        for message in catalogue
        if message.id and (_get_msgid(message), message.context) not in known
    )
    return problems


def _check_message(language: str, source: Message, message: Message | None, forms: int) -> list[Problem]:
    msgid = _get_msgid(source)
    if message is None or isinstance(message.id, str) != isinstance(source.id, str):
        return [Problem(language, "not_listed", msgid, "run update")]
    if message.fuzzy:
        return [Problem(language, "fuzzy", msgid)]
    strings = _list_strings(message)
    if source.pluralizable and len(strings) != forms:
        return [Problem(language, "plural_forms", msgid, f"{len(strings)} instead of {forms}")]
    if not _is_translated(message):
        return [Problem(language, "missing", msgid)]
    return _compare(language, source, strings)


def _compare(language: str, source: Message, strings: list[str]) -> list[Problem]:
    msgid = _get_msgid(source)
    sources = [source.id] if isinstance(source.id, str) else list(source.id)
    wanted = set().union(*map(list_placeholders, sources))
    worded = _WORDED_FORMS.get(language, frozenset()) if len(sources) > 1 else frozenset()
    problems = []
    for form, text in enumerate(strings):
        told = list_placeholders(text)
        dropped = wanted - told - ({"%(count)s"} if form in worded else set())
        if dropped or told - wanted:
            detail = ", ".join(sorted(told ^ wanted))
            problems.append(Problem(language, "placeholders", msgid, f"form {form}: {detail}"))
        if sorted(_TAG.findall(text)) != sorted(_TAG.findall(sources[-1])):
            problems.append(Problem(language, "tags", msgid, f"form {form}"))
        if (text[:1] == "\n", text[-1:] == "\n") != (msgid[:1] == "\n", msgid[-1:] == "\n"):
            problems.append(Problem(language, "line_ends", msgid, f"form {form}"))
    return problems


def _is_translated(message: Message) -> bool:
    strings = _list_strings(message)
    return bool(strings) and all(strings) and not message.fuzzy


def _list_strings(message: Message) -> list[str]:
    if isinstance(message.string, str):
        return [message.string]
    return [text or "" for text in message.string or ()]


def _get_msgid(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _count_forms(rule: str) -> int:
    return int(rule.removeprefix("nplurals=").split(";")[0])


def main(arguments: list[str] | None = None) -> int:
    """The command; its exit status is 1 if `check` finds a problem."""
    parser = argparse.ArgumentParser(prog="python -m vafa.kit.locale.catalogues")
    parser.add_argument("job", choices=("update", "check", "compile"))
    parser.add_argument("--prune", action="store_true", help="remove translations whose text has gone")
    asked = parser.parse_args(arguments)
    say = sys.stdout.write
    if asked.job == "update":
        for language, untranslated in update_catalogues(prune=asked.prune).items():
            say(f"{language}: {untranslated} untranslated\n")
        return 0
    if asked.job == "compile":
        for path in compile_catalogues():
            say(f"{path}\n")
        return 0
    problems = check_catalogues()
    for problem in problems:
        say(f"{problem}\n")
    say(f"{len(problems)} problems\n")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
