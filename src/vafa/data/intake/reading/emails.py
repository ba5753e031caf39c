"""E-mail addresses as people type them -> one plain form. Pure."""

from __future__ import annotations

import re

from .problems import ValueProblem
from .text import INVISIBLE, fold_digits

_PLAIN = re.compile(r"[^\s@<>()\[\],;:\"\\]+@[^\s@<>()\[\],;:\"\\]+\.[^\s@<>()\[\],;:\"\\.\d]{2,}")
_WRAPPED = re.compile(r".*<([^<>]+)>")
_NO_MARKS = {ord(char): None for char in INVISIBLE}


def parse_email(text: str) -> str:
    """The address: lower case, without `mailto:`, a name around it, or invisible marks. The part before the @
    keeps its dots and tags. Raises ValueProblem `not_an_email`."""
    bare = fold_digits(text.translate(_NO_MARKS)).strip().replace("＠", "@")
    wrapped = _WRAPPED.fullmatch(bare)
    bare = (wrapped[1] if wrapped else bare).strip().strip(".;,'\"").lower().removeprefix("mailto:")
    user, at, domain = bare.rpartition("@")
    if (
        not at
        or len(bare) > 254
        or _PLAIN.fullmatch(bare) is None
        or ".." in bare
        or domain.startswith(("-", "."))
    ):
        raise ValueProblem("not_an_email", value=text)
    if user.startswith(".") or user.endswith("."):
        raise ValueProblem("not_an_email", value=text)
    return bare
