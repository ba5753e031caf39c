"""Which characters a file's bytes stand for: UTF-8, UTF-16, Windows-1256, GB18030 or Windows-1252."""

from __future__ import annotations

import codecs
import re
import threading
from dataclasses import dataclass
from typing import BinaryIO

from .problems import TableError

HEAD_BYTES = 1 << 20
ESCAPED = re.compile("[\udc00-\udfff]")
MARKING = "vafa-mark-undecodable"

_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_ARABIC_IN_1256 = frozenset(
    [0x81, 0x8D, 0x8E, 0x90, 0x98, 0x9D, 0xA1, 0xAA, 0xBA, 0xBF, 0xC0, 0x9F, 0xAB, 0xBB]
) | (
    frozenset(range(0xC1, 0xFF))
    - {0xD7, 0xE0, 0xE2, 0xE7, 0xE8, 0xE9, 0xEA, 0xEB, 0xEE, 0xEF, 0xF4, 0xF7, 0xF9, 0xFB, 0xFC}
)
_ASCII_LETTERS = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")


@dataclass(frozen=True)
class Encoding:
    """A Python codec's name, how many bytes of byte order mark stand before the text, and whether that is certain."""

    name: str
    mark_bytes: int
    sure: bool


class Undecodable(threading.local):
    """How many undecodable bytes this thread has met: readers compare it before and after a block."""

    count = 0


undecodable = Undecodable()


def _mark(error: UnicodeError) -> tuple[str, int]:
    """Error handler: keeps going, writes each bad byte as a lone surrogate that no valid text holds, and counts."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    undecodable.count += 1
    return "".join(chr(0xDC00 + byte) for byte in error.object[error.start : error.end]), error.end


codecs.register_error(MARKING, _mark)


def decide_encoding(stream: BinaryIO, named: str | None = None) -> Encoding:
    """The encoding of a binary stream at its start; `named` wins, but for a byte order mark that it also needs.

    Plain ASCII heads are read on to the first other byte, so a name in row 900,000 still decides.
    Raises TableError `unknown_encoding`.
    """
    head = stream.read(HEAD_BYTES)
    if named is not None:
        return _named(named, head)
    marked = _by_mark(head)
    if marked is not None:
        return marked
    wide = _wide(head)
    if wide is not None:
        return wide
    cut = len(head) == HEAD_BYTES
    while head.isascii() and cut:
        following = stream.read(HEAD_BYTES)
        cut = len(following) == HEAD_BYTES
        if not following:
            break
        head = head[-4:] + following
    if head.isascii():
        return Encoding("utf-8", 0, True)
    if _is_utf8(head, cut):
        return Encoding("utf-8", 0, True)
    return _by_letters(head, cut)


def _named(name: str, head: bytes) -> Encoding:
    try:
        codec = codecs.lookup(name).name
        "".encode(codec)
    except LookupError as error:
        raise TableError("unknown_encoding", encoding=name) from error
    codec = {"utf-8-sig": "utf-8", "gbk": "gb18030", "gb2312": "gb18030"}.get(codec, codec)
    marked = _by_mark(head)
    if marked is not None and marked.name.startswith(codec[:6]):
        return marked
    return Encoding("utf-16-le" if codec == "utf-16" else codec, 0, True)


def _by_mark(head: bytes) -> Encoding | None:
    if head.startswith(codecs.BOM_UTF8):
        return Encoding("utf-8", 3, True)
    if head.startswith(codecs.BOM_UTF16_LE):
        return Encoding("utf-16-le", 2, True)
    if head.startswith(codecs.BOM_UTF16_BE):
        return Encoding("utf-16-be", 2, True)
    return None


def _wide(head: bytes) -> Encoding | None:
    """UTF-16 without its mark: separators and line ends have a zero on one side, always the same one."""
    sample = head[:4096]
    if len(sample) < 4 or b"\x00" not in sample:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    pairs = len(sample) // 2
    for name, zeros, others in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if zeros > pairs * 0.1 and others <= pairs * 0.02:
            return Encoding(name, 0, zeros > pairs * 0.3)
    return None


def _is_utf8(head: bytes, cut: bool) -> bool:
    """Whether the head is UTF-8. A single stray byte in a head that holds many true sequences is damage, not
    another encoding: legacy text practically never forms valid sequences by chance."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(head, final=not cut)
        return True
    except UnicodeDecodeError:
        text = head.decode("utf-8", errors="replace")
        bad = text.count("\ufffd")
        good = len(text) - bad - sum(1 for byte in head if byte < 0x80)
        return good >= 20 and bad * 20 <= good


def _by_letters(head: bytes, cut: bool) -> Encoding:
    runs = _HIGH_RUN.findall(head[: 1 << 18]) or _HIGH_RUN.findall(head)
    high = sum(map(len, runs))
    arabic = sum(1 for run in runs for byte in run if byte in _ARABIC_IN_1256) / high
    latin = _share_beside_ascii_letters(head)
    if latin > 0.6:
        return Encoding("cp1252", 0, latin > 0.8)
    chinese = _chinese_share(head, cut)
    if chinese >= 0.6 and arabic < 0.85:
        return Encoding("gb18030", 0, chinese >= 0.8 and arabic < 0.8)
    if arabic >= 0.7:
        return Encoding("cp1256", 0, arabic >= 0.9 and chinese < 0.9)
    return Encoding("gb18030", 0, False) if chinese > arabic else Encoding("cp1252", 0, False)


def _share_beside_ascii_letters(head: bytes) -> float:
    """The share of runs of high bytes that are one or two letters inside a Latin word (é in José)."""
    found = inside = 0
    for match in _HIGH_RUN.finditer(head[: 1 << 18]):
        found += 1
        start, end = match.span()
        beside = (start > 0 and head[start - 1] in _ASCII_LETTERS) or (
            end < len(head) and head[end] in _ASCII_LETTERS
        )
        inside += end - start <= 2 and beside
    return inside / found if found else 0.0


def _chinese_share(head: bytes, cut: bool) -> float:
    """The share of two-byte characters that are everyday Chinese or its punctuation; 0 where it is no GB18030.

    GB 2312 puts its 3,755 everyday characters at lead bytes B0..D7, its punctuation at A1..A3."""
    try:
        text = codecs.getincrementaldecoder("gb18030")().decode(head, final=not cut)
    except UnicodeDecodeError as error:
        if error.start < len(head) * 0.5 or error.start < 4096:
            return 0.0
        text = head[: error.start].decode("gb18030")
    high = [char for char in text if ord(char) > 0x7F]
    if not high:
        return 0.0
    leads = [char.encode("gb18030")[0] for char in high[:20_000]]
    return sum(1 for lead in leads if 0xA1 <= lead <= 0xA3 or 0xB0 <= lead <= 0xD7) / len(leads)
