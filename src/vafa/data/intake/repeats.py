"""Counting rows that repeat an earlier row cell for cell, over a file of any size in bounded memory."""

import tempfile
from array import array
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

MOST_IN_MEMORY = 2_000_000


class Repeats:
    """Remembers eight bytes a row, beyond two million rows in a private file on disk."""

    def __init__(self, most: int = MOST_IN_MEMORY) -> None:
        self.most = most
        self._prints = array("q")
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._rows = 0

    def add(self, columns: list[list[str]]) -> None:
        """Note some rows, given as columns."""
        self._prints.extend(map(hash, zip(*columns, strict=True)))
        if len(self._prints) > self.most:
            self._spill()

    def count(self) -> int:
        """How many rows so far repeat an earlier one.

        Two different rows have the same print once in 2^64 pairs: with ten million rows the chance that the count
        is off by one is one in 370,000.
        """
        if self._folder is None:
            return len(self._prints) - len(np.unique(np.frombuffer(self._prints, dtype=np.int64)))
        self._spill()
        parts = self._rows // self.most + 1
        return self._rows - sum(len(np.unique(self._part(part, parts))) for part in range(parts))

    def close(self) -> None:
        """Free the memory and the file."""
        self._prints = array("q")
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _path(self) -> Path:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="vafa-import-")
        return Path(self._folder.name) / "prints"

    def _spill(self) -> None:
        with self._path().open("ab") as file:
            self._prints.tofile(file)
        self._rows += len(self._prints)
        self._prints = array("q")

    def _part(self, part: int, parts: int) -> "np.ndarray":
        """The prints that fall into one of some parts; equal prints fall into the same."""
        return np.concatenate(list(_select(self._blocks(), part, parts)))

    def _blocks(self) -> Iterator["np.ndarray"]:
        with self._path().open("rb") as file:
            while len(block := np.fromfile(file, dtype=np.int64, count=self.most)):
                yield block


def _select(blocks: Iterable["np.ndarray"], part: int, parts: int) -> Iterator["np.ndarray"]:
    for block in blocks:
        yield block[block % parts == part]
