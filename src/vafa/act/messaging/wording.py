"""The words that go out with every message, in the customer's language; kept as files, since the page's language has no
part in them."""

import json
from functools import lru_cache
from importlib.resources import files

from vafa.act.messaging.contents import LANGUAGES


@lru_cache(maxsize=8)
def get_words(language: str) -> dict[str, str]:
    """The words of a language; of English where it is none of ours."""
    code = language if language in LANGUAGES else "en"
    told = files("vafa.act.messaging").joinpath("words", f"{code}.json").read_text(encoding="utf-8")
    words: dict[str, str] = json.loads(told)
    return words
