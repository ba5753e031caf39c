"""What goes around the text of a message, and what an answer means, by the rules of a country and provider. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from decimal import Decimal
from typing import Literal

from vafa.kit.locale.letters import fold_key

EVERY_LANGUAGE = "*"
_LINK = re.compile(
    r"(?:https?://|www\.)\S+|\b[\w-]+(?:\.[\w-]+)*\.(?:ir|com|net|org|cn|sa|ae|io|me|link|ly)(?:/\S*)?\b",
    re.IGNORECASE,
)
_AFTER_LINK = ".,;:!?)»”'\"،؛؟。，"
_LONGEST_ANSWER = 40
"""An answer with more letters than this is no word that stops messages: somebody wrote something."""

Links = Literal["free", "approved", "refused"]
Patterns = Literal["offered", "required", "none"]
Answer = Literal["stop", "back"]
Problem = Literal[
    "empty",
    "too_long",
    "no_signature",
    "links_refused",
    "links_need_approval",
    "purpose_not_on_line",
    "pattern_required",
    "no_way_out",
    "sender_name",
]
# What a message is refused for; of the others whoever writes it is told.
FORBIDS: frozenset[Problem] = frozenset(
    {
        "empty",
        "too_long",
        "no_signature",
        "links_refused",
        "purpose_not_on_line",
        "pattern_required",
        "sender_name",
    }
)


@dataclass(frozen=True)
class SmsLine:
    """What a kind of line carries. `window` are the hours of the day between which it may send (None: any); `opt_out`
    the purposes whose texts end with the way to stop; `reach` "unblocked" where operators keep advertising from some
    receivers."""

    name: str
    purposes: frozenset[str]
    window: tuple[time, time] | None
    replies: bool
    opt_out: frozenset[str]
    reach: Literal["all", "unblocked"]


@dataclass(frozen=True)
class Signature:
    """How the sender's name stands in the text; `form` holds {name}."""

    form: str
    place: Literal["start", "end"]
    required: bool
    longest: int


@dataclass(frozen=True)
class SmsProfile:
    """The rules of a country and provider. `stop_words` and `back_words` are folded."""

    key: str
    country: str
    provider: str
    kind: str
    sure: str
    currency: str
    latin_factor: Decimal
    longest: int
    lines: Mapping[str, SmsLine] = field(hash=False)
    opt_out_texts: Mapping[str, str] = field(hash=False)
    stop_words: frozenset[str]
    back_words: frozenset[str]
    signature: Signature | None
    sender_pattern: str
    advertising_pattern: str
    links: Links
    patterns: Patterns

    def get_line(self, name: str) -> SmsLine:
        """A kind of line by name; the first where there is none of this name."""
        return self.lines.get(name) or next(iter(self.lines.values()))

    def get_opt_out(self, language: str) -> str:
        """The words that tell how to stop, in a language, else in English; "" where that is not done in the text."""
        texts = self.opt_out_texts
        return texts.get(EVERY_LANGUAGE) or texts.get(language) or texts.get("en") or ""


@dataclass(frozen=True)
class SmsDress:
    """What is put around each text: the signature's name ("": none is set), and the way to stop where due; by the
    account ("": as the profile says)."""

    profile: SmsProfile
    line: SmsLine
    signature: str = ""
    opt_out: str = ""


def dress_text(text: str, dress: SmsDress, purpose: str, language: str) -> str:
    """A text as it is sent: with the signature and the way to stop where due, each once, lines' ends as one character.

    A text that has them already keeps them where they stand. Approved patterns are not dressed: their words are fixed.
    """
    plain = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not plain:
        return ""
    if (signature := _build_signature(dress)) and signature not in plain:
        plain = f"{signature}{plain}" if _stands_first(dress) else f"{plain}\n{signature}"
    words = get_due_opt_out(dress, purpose, language)
    if words and not fold_key(plain).endswith(fold_key(words)):
        plain = f"{plain}\n{words}"
    return plain


def fill_pattern(words: str, slots: Mapping[str, str]) -> str:
    """The words of an approved pattern, in which `%name` stands for a slot, with the slots filled in."""
    if not slots:
        return words
    names = "|".join(re.escape(name) for name in sorted(slots, key=len, reverse=True))
    return re.sub(f"%({names})", lambda found: slots[found[1]], words)


def get_due_opt_out(dress: SmsDress, purpose: str, language: str) -> str:
    """The words on how to stop that stand at the end of a message of this purpose; "" where none are due."""
    if purpose not in dress.line.opt_out:
        return ""
    return dress.opt_out or dress.profile.get_opt_out(language)


def _build_signature(dress: SmsDress) -> str:
    form = dress.profile.signature
    return form.form.replace("{name}", dress.signature) if form and dress.signature else ""


def _stands_first(dress: SmsDress) -> bool:
    return dress.profile.signature is not None and dress.profile.signature.place == "start"


def check_text(
    text: str, dress: SmsDress, purpose: str, *, pattern: bool, link_hosts: tuple[str, ...] = ()
) -> list[Problem]:
    """What is wrong with a text as it would be sent, the worst first. `link_hosts` are addresses that the provider has
    approved. Of a pattern only its purpose and line are known: its words were approved by the provider."""
    profile, found = dress.profile, list[Problem]()
    if purpose not in dress.line.purposes:
        found.append("purpose_not_on_line")
    if pattern:
        return found
    if profile.patterns == "required":
        found.append("pattern_required")
    if not text.strip():
        found.append("empty")
    if len(text) > profile.longest:
        found.append("too_long")
    if profile.signature and profile.signature.required and not dress.signature:
        found.append("no_signature")
    links = find_links(text)
    if links and profile.links == "refused":
        found.append("links_refused")
    if profile.links == "approved" and not all(_is_approved(link, link_hosts) for link in links):
        found.append("links_need_approval")
    if purpose != "service" and not get_due_opt_out(dress, purpose, "en") and not links:
        found.append("no_way_out")
    return found


def check_sender(sender: str, profile: SmsProfile, line: SmsLine) -> list[Problem]:
    """Whether a line's number or name can be one, by the rules of its country."""
    advertising = profile.advertising_pattern if line.name == "advertising" else ""
    good = re.fullmatch(advertising or profile.sender_pattern, sender, re.ASCII)
    return [] if good else ["sender_name"]


def find_links(text: str) -> list[str]:
    """The addresses of pages in a text, also those without a scheme."""
    return [found.group().rstrip(_AFTER_LINK) for found in _LINK.finditer(text)]


def _is_approved(link: str, hosts: tuple[str, ...]) -> bool:
    host = re.sub(r"^https?://", "", link, flags=re.IGNORECASE).partition("/")[0].lower().removeprefix("www.")
    return any(host == one or host.endswith(f".{one}") for one in hosts)


def read_answer(text: str, profile: SmsProfile) -> Answer | None:
    """What an answer asks: to stop, to allow again, or (None) something that a person has to read.

    Digits of any script, either case, marks and spaces make no difference; two such words together mean the same
    («لغو ۱۱», "TD退订"). A sentence that merely holds one is for a person to read.
    """
    if len(text) > _LONGEST_ANSWER:
        return None
    key = fold_key(text)
    if not key:
        return None
    if _is_made_of(key, profile.stop_words):
        return "stop"
    return "back" if _is_made_of(key, profile.back_words) else None


def _is_made_of(key: str, words: frozenset[str]) -> bool:
    return key in words or any(key[:at] in words and key[at:] in words for at in range(1, len(key)))
