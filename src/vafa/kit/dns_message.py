"""Questions to the name system for texts (TXT), and its answers, byte by byte (RFC 1035, section 4).

An answer comes from outside over a protocol that anybody can forge: whatever doesn't fit is refused, nothing is
followed twice, and nothing grows beyond small limits.
"""

import struct
from dataclasses import dataclass

TXT, CNAME, INTERNET = 16, 5, 1
NO_SUCH_NAME = 3
MOST_RECORDS, MOST_TEXTS, MOST_LETTERS, MOST_HOPS = 100, 30, 4_000, 8
_HEADER = struct.Struct("!HHHHHH")
_RECORD = struct.Struct("!HHIH")
_IS_ANSWER, _IS_CUT, _WANTS_RECURSION, _CODE = 0x8000, 0x0200, 0x0100, 0x000F
_MOST_NAME, _MOST_LABEL = 255, 63


class NoAnswer(Exception):
    """The bytes are no answer to the question."""


@dataclass(frozen=True)
class Answer:
    """What was answered: the server's code (0: all is well, 3: there is no such name), whether the answer was cut off,
    and the texts, each in one piece."""

    code: int
    is_cut: bool
    texts: tuple[str, ...]


def encode_name(name: str) -> bytes:
    """A name as it goes over the wire; letters beyond ASCII in their IDNA form. Raises ValueError for no name."""
    labels = []
    for label in name.rstrip(".").split("."):
        told = label.encode() if label.isascii() else label.encode("idna")
        if not 0 < len(told) <= _MOST_LABEL:
            raise ValueError(f"no name: {name[:100]!r}")
        labels.append(bytes([len(told)]) + told.lower())
    encoded = b"".join(labels) + b"\0"
    if len(encoded) > _MOST_NAME:
        raise ValueError(f"no name: {name[:100]!r}")
    return encoded


def build_question(number: int, name: str) -> bytes:
    """The question for a name's texts. Raises ValueError for no name."""
    header = _HEADER.pack(number, _WANTS_RECURSION, 1, 0, 0, 0)
    return header + encode_name(name) + struct.pack("!HH", TXT, INTERNET)


def read_answer(data: bytes, number: int, name: str) -> Answer:
    """The answer to a question by its number and name. Raises NoAnswer for everything else."""
    try:
        return _read(data, number, encode_name(name))
    except (struct.error, IndexError, ValueError) as error:
        raise NoAnswer(str(error)) from error


def _read(data: bytes, number: int, wanted: bytes) -> Answer:
    own, flags, questions, answers, _authorities, _others = _HEADER.unpack_from(data)
    if own != number or not flags & _IS_ANSWER or questions != 1:
        raise NoAnswer("not an answer to this question")
    asked, at = _read_name(data, _HEADER.size)
    if asked != wanted or struct.unpack_from("!HH", data, at) != (TXT, INTERNET):
        raise NoAnswer("not an answer to this question")
    at += 4
    aliases: dict[bytes, bytes] = {}
    texts: dict[bytes, list[str]] = {}
    is_cut = bool(flags & _IS_CUT)
    for _count in range(0 if is_cut else min(answers, MOST_RECORDS)):
        owner, at = _read_name(data, at)
        kind, group, _seconds, length = _RECORD.unpack_from(data, at)
        at += _RECORD.size
        if at + length > len(data):
            raise NoAnswer("a record ends beyond the answer")
        if group == INTERNET and kind == CNAME:
            aliases.setdefault(owner, _read_name(data, at)[0])
        elif group == INTERNET and kind == TXT:
            texts.setdefault(owner, []).append(_read_text(data[at : at + length]))
        at += length
    return Answer(flags & _CODE, is_cut, tuple(texts.get(_follow(wanted, aliases), [])[:MOST_TEXTS]))


def _follow(name: bytes, aliases: dict[bytes, bytes]) -> bytes:
    for _hop in range(MOST_HOPS):
        if name not in aliases:
            break
        name = aliases[name]
    return name


def _read_name(data: bytes, at: int) -> tuple[bytes, int]:
    """A name in small letters, and where what follows it begins. Pointers lead backwards only, so that they end."""
    labels, after, least = [], -1, at
    size = 0
    while True:
        length = data[at]
        if length >= 0xC0:
            pointed = ((length & 0x3F) << 8) | data[at + 1]
            after = at + 2 if after < 0 else after
            if pointed >= least:
                raise NoAnswer("a name points forwards")
            at = least = pointed
            continue
        if length > _MOST_LABEL:
            raise NoAnswer("a label is too long")
        at += 1
        if not length:
            break
        label = data[at : at + length]
        size += length + 1
        if len(label) < length or size >= _MOST_NAME:
            raise NoAnswer("a name is too long")
        labels.append(bytes([length]) + label.lower())
        at += length
    return b"".join(labels) + b"\0", at if after < 0 else after


def _read_text(data: bytes) -> str:
    """A record's pieces of at most 255 bytes, as one text; what is no printable letter becomes a question mark."""
    pieces, at = [], 0
    while at < len(data):
        length = data[at]
        piece = data[at + 1 : at + 1 + length]
        if len(piece) < length:
            raise NoAnswer("a text ends beyond its record")
        pieces.append(piece)
        at += 1 + length
    text = b"".join(pieces)[:MOST_LETTERS].decode("utf-8", "replace")
    return "".join(one if one.isprintable() else "?" for one in text)
