"""Chances and bands of many customers as few bytes, in stretches that are read one by one.

A block is a header, then compressed: the differences of the ascending ids in the narrowest type that holds them, the
chances in 16 bits (65,535 is unknown), each half of them together because the upper halves are alike, and one byte of
marks. A million customers take about 2 MB. Blocks are small, so that one customer's past costs one of each issue.
"""

import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from vafa.predict.scores.types import NO_BAND

Ids = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bands = npt.NDArray[np.int8]
Flags = npt.NDArray[np.bool_]

SIZE = 16_384
FORMAT = 1
UNKNOWN = 65_535
_MOST = UNKNOWN - 1
_HEAD = struct.Struct("<BBIq")
_BAND, _ACTIVE, _LEFT = 0b0011, 0b0100, 0b1000
_NO_BAND_MARK = 0b0011


@dataclass(frozen=True)
class Packed:
    """Who was told what: by ascending id the chance (NaN: none was told), the band, whether the customer was active,
    and, once it is known, whether the customer left."""

    ids: Ids
    chances: Floats
    bands: Bands
    active: Flags
    left: Flags

    def __len__(self) -> int:
        return len(self.ids)

    def choose(self, rows: "Flags | slice") -> "Packed":
        """These rows of it."""
        return Packed(
            self.ids[rows], self.chances[rows], self.bands[rows], self.active[rows], self.left[rows]
        )


def split(whole: Packed) -> Iterator[Packed]:
    """The stretches of which each makes a block."""
    for start in range(0, len(whole), SIZE):
        yield whole.choose(slice(start, start + SIZE))


def join(parts: Iterable[Packed]) -> Packed:
    """Stretches put together again."""
    found = list(parts)
    if not found:
        return Packed(
            np.empty(0, np.int64), np.empty(0), np.empty(0, np.int8), np.empty(0, bool), np.empty(0, bool)
        )
    return Packed(
        *(np.concatenate([getattr(part, name) for part in found]) for name in Packed.__dataclass_fields__)
    )


def pack(part: Packed) -> bytes:
    """The bytes of one stretch, which holds somebody."""
    steps = np.diff(part.ids, prepend=part.ids[0])
    width = next(width for width in (1, 2, 4, 8) if int(steps.max()) < 1 << (8 * width))
    known = ~np.isnan(part.chances)
    told = np.full(len(part), UNKNOWN, dtype="<u2")
    told[known] = np.rint(np.clip(part.chances[known], 0, 1) * _MOST).astype("<u2")
    marks = np.where(part.bands == NO_BAND, _NO_BAND_MARK, part.bands).astype(np.uint8)
    marks |= np.where(part.active, _ACTIVE, 0).astype(np.uint8) | np.where(part.left, _LEFT, 0).astype(
        np.uint8
    )
    halves = told.view(np.uint8).reshape(-1, 2).T
    body = steps.astype(f"<u{width}").tobytes() + halves.tobytes() + marks.tobytes()
    return _HEAD.pack(FORMAT, width, len(part), int(part.ids[0])) + zlib.compress(body, 6)


def unpack(data: bytes | memoryview) -> Packed:
    """What was packed; chances are right to 1/65,534. Raises ValueError for what is no block."""
    content = bytes(data)
    form, width, count, first = _HEAD.unpack_from(content)
    if form != FORMAT:
        raise ValueError(f"blocks of form {form} are not known")
    body = zlib.decompress(content[_HEAD.size :])
    ends = np.cumsum([count * width, 2 * count, count])
    if len(body) != ends[-1]:
        raise ValueError("a block is not as long as it says")
    ids = first + np.cumsum(np.frombuffer(body[: ends[0]], f"<u{width}").astype(np.int64))
    halves = np.frombuffer(body[ends[0] : ends[1]], np.uint8).reshape(2, -1)
    told = halves[0].astype(np.uint16) | (halves[1].astype(np.uint16) << 8)
    marks = np.frombuffer(body[ends[1] :], np.uint8)
    bands = (marks & _BAND).astype(np.int8)
    return Packed(
        ids,
        np.where(told == UNKNOWN, np.nan, told / _MOST),
        np.where(bands == _NO_BAND_MARK, np.int8(NO_BAND), bands).astype(np.int8),
        (marks & _ACTIVE) != 0,
        (marks & _LEFT) != 0,
    )


def leave_out(part: Packed, ids: npt.ArrayLike) -> Packed:
    """The stretch without these customers."""
    return part.choose(~np.isin(part.ids, np.asarray(ids, dtype=np.int64)))


def mark_left(part: Packed, left: Flags) -> Packed:
    """The stretch, with who left noted."""
    return replace(part, left=left)
