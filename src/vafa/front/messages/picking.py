"""The variables that a text may hold, as they are picked from a list."""

from dataclasses import dataclass

from vafa.act.messaging.queries import MAY_LACK, get_variables, get_words
from vafa.act.messaging.types import LANGUAGES


@dataclass(frozen=True)
class Pick:
    """A variable: what is inserted in each language (pairs of language and text), what it is, and whether somebody may
    have none."""

    name: str
    words: str
    may_lack: bool
    codes: tuple[tuple[str, str], ...]
    code: str


def list_variables(language: str) -> list[Pick]:
    """All variables, with what stands there for whoever has none, in the words of each language."""
    return [
        Pick(
            name,
            words,
            name in MAY_LACK,
            tuple((code, write_variable(name, code)) for code in LANGUAGES),
            write_variable(name, language),
        )
        for name, words in get_variables().items()
    ]


def write_variable(name: str, language: str) -> str:
    """A variable as a text holds it, with its default in the language, where it has one."""
    default = get_words(language).get(f"default_{name}", "") if name in MAY_LACK else ""
    return f'{{{{ {name} | default: "{default}" }}}}' if default else f"{{{{ {name} }}}}"
