"""The length of a text message: characters, parts and price.

A text whose characters are all in the alphabet of GSM 03.38 is sent in 7 bits a character: 160 in one part, 153 in each
where it takes several, for the rest of each part tells how they belong together; its ten extension characters take two
places. Any other text (Persian, Arabic, Chinese, one emoji, one half-space) is sent in UTF-16: 70 units, then 67; what
lies beyond the first 65,536 code points takes two. No character is cut in two by the end of a part (3GPP TS 23.038,
TS 23.040). A half-space and a line's end are characters like any other.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

Alphabet = Literal["gsm7", "ucs2"]
Cuts = Callable[[int], bool]
"""Whether an end before this unit would cut a character in two."""

GSM_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_EXTENSION = "\f^{}\\[~]|€"
"""Each takes two places: an escape, then a sign of the second table."""

ALONE: dict[Alphabet, int] = {"gsm7": 160, "ucs2": 70}
JOINED: dict[Alphabet, int] = {"gsm7": 153, "ucs2": 67}

GSM_LIKE = {
    "‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "`": "'", "´": "'",
    "–": "-", "—": "-", "−": "-", "…": "...", "•": "-", "·": "-", "\u00a0": " ", "\u202f": " ", "\u2009": " ",
    "\u200c": "", "\u200b": "", "\u200e": "", "\u200f": "", "\ufeff": "", "\t": " ", "ç": "Ç", "×": "x",
}  # fmt: skip
"""What means the same, or nearly, in the 7-bit alphabet, for signs that force a text out of it."""

_GSM = frozenset(GSM_BASIC + GSM_EXTENSION)
_DOUBLED = str.maketrans({sign: "\x1b" + sign for sign in GSM_EXTENSION})
_LOW_FIRST, _LOW_LAST = 0xDC00, 0xDFFF


@dataclass(frozen=True)
class SmsLength:
    """How long a text is: as people count `characters`, in `units` of its alphabet (some characters take two), and in
    parts. `left` units still fit into the last part."""

    alphabet: Alphabet
    characters: int
    units: int
    parts: int
    left: int


@dataclass(frozen=True)
class SmsPrice:
    """What one part costs in the alphabet of the country's own letters, and by how much a part in Latin letters costs
    more (twice in Iran)."""

    part_amount: Decimal
    latin_factor: Decimal = Decimal(1)

    def of(self, length: SmsLength) -> Decimal:
        """What a text of this length costs one receiver."""
        factor = self.latin_factor if length.alphabet == "gsm7" else Decimal(1)
        return self.part_amount * factor * length.parts


@dataclass(frozen=True)
class SmsOutlook:
    """What many texts come to: how many there are, their parts and price together, and by how many parts how many
    texts have; `longest` is the text of the most parts, and among those of the most units."""

    messages: int = 0
    parts: int = 0
    amount: Decimal = Decimal(0)
    by_parts: dict[int, int] = field(default_factory=dict)
    longest: str = ""
    longest_length: SmsLength | None = None


def measure_sms(text: str) -> SmsLength:
    """How many characters, units and parts a text has. An empty text has none."""
    if not _GSM.issuperset(text):
        return _measure_utf16(text)
    doubled = text.translate(_DOUBLED)
    ends = _list_ends(len(doubled), "gsm7", lambda at: doubled[at - 1] == "\x1b")
    return _build("gsm7", text, len(doubled), ends)


def _measure_utf16(text: str) -> SmsLength:
    units = len(text) + sum(char > "\uffff" for char in text)
    if units == len(text):
        return _build("ucs2", text, units, _list_ends(units, "ucs2", lambda at: False))
    raw = text.encode("utf-16-le", "surrogatepass")

    def cuts(at: int) -> bool:
        low = int.from_bytes(raw[2 * at : 2 * at + 2], "little")
        return _LOW_FIRST <= low <= _LOW_LAST

    return _build("ucs2", text, units, _list_ends(units, "ucs2", cuts))


def _list_ends(units: int, alphabet: Alphabet, cuts: Cuts) -> list[int]:
    """Where each part ends: as far as it reaches, one unit earlier where that would cut a character in two."""
    if units <= ALONE[alphabet]:
        return [units] if units else []
    ends, begin = [], 0
    while begin < units:
        end = min(begin + JOINED[alphabet], units)
        if end < units and cuts(end):
            end -= 1
        ends.append(end)
        begin = end
    return ends


def _build(alphabet: Alphabet, text: str, units: int, ends: list[int]) -> SmsLength:
    most = ALONE[alphabet] if len(ends) < 2 else JOINED[alphabet]
    begun = ends[-2] if len(ends) > 1 else 0
    return SmsLength(alphabet, len(text), units, len(ends), most - (units - begun))


def find_beyond_gsm(text: str) -> dict[str, int]:
    """The characters that keep a text out of the 7-bit alphabet, with how often each stands in it, in their order; none
    of a text that is sent in it."""
    found: dict[str, int] = {}
    for char in text:
        if char not in _GSM:
            found[char] = found.get(char, 0) + 1
    return found


def build_sms_outlook(texts: Iterable[str], price: SmsPrice) -> SmsOutlook:
    """What these texts come to, one for each receiver. Raises nothing: an empty text counts as a message of no part."""
    messages = parts = 0
    amount = Decimal(0)
    counts: dict[int, int] = {}
    longest, longest_length = "", None
    for text in texts:
        length = measure_sms(text)
        messages += 1
        parts += length.parts
        amount += price.of(length)
        counts[length.parts] = counts.get(length.parts, 0) + 1
        if longest_length is None or _get_size(length) > _get_size(longest_length):
            longest, longest_length = text, length
    return SmsOutlook(messages, parts, amount, dict(sorted(counts.items())), longest, longest_length)


def _get_size(length: SmsLength | None) -> tuple[int, int]:
    return (-1, -1) if length is None else (length.parts, length.units)


def naive_sms_parts(text: str) -> list[str]:
    """The slow twin: the text of each part, filled character by character as long as the next one fits."""
    latin = all(char in GSM_BASIC or char in GSM_EXTENSION for char in text)

    def count(char: str) -> int:
        if latin:
            return 2 if char in GSM_EXTENSION else 1
        return 2 if ord(char) > 0xFFFF else 1

    if sum(map(count, text)) <= (160 if latin else 70):
        return [text] if text else []
    parts, room = [""], 153 if latin else 67
    most = room
    for char in text:
        if count(char) > room:
            parts.append("")
            room = most
        parts[-1] += char
        room -= count(char)
    return parts
