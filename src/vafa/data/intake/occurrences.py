"""Counting which repetition of a key a row is, over a file of any size in bounded memory."""

import sqlite3
import tempfile
from pathlib import Path

MOST_IN_MEMORY = 1_000_000


class Occurrences:
    """`next(key)` is 1 for a key's first row, 2 for its second, and so on.

    Beyond a million distinct keys the counts move to a private file on disk, so that memory stays bounded.
    """

    def __init__(self, most: int = MOST_IN_MEMORY) -> None:
        self.most = most
        self.counts: dict[str, int] = {}
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._disk: sqlite3.Connection | None = None

    def next(self, key: str) -> int:
        """Count one more row of this key."""
        if self._disk is not None:
            return self._next_on_disk(key)
        count = self.counts.get(key, 0) + 1
        self.counts[key] = count
        if len(self.counts) > self.most:
            self._spill()
        return count

    def number(self, keys: list[str]) -> list[int]:
        """`next` for each of many keys."""
        if self._disk is not None or len(self.counts) + len(keys) > self.most:
            return [self.next(key) for key in keys]
        counts, numbers = self.counts, []
        for key in keys:
            counts[key] = number = counts.get(key, 0) + 1
            numbers.append(number)
        return numbers

    def note(self, key: str, occurrence: int) -> int:
        """A row says itself which repetition it is (it was rejected before and has been mended)."""
        while self.next(key) < occurrence:
            pass
        return occurrence

    def close(self) -> None:
        """Free the memory and the file."""
        self.counts.clear()
        if self._disk is not None:
            self._disk.close()
        if self._folder is not None:
            self._folder.cleanup()

    def _spill(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="vafa-import-")
        disk = sqlite3.connect(Path(self._folder.name) / "counts", isolation_level=None)
        disk.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536;"
            "CREATE TABLE counts (key TEXT PRIMARY KEY, n INTEGER) WITHOUT ROWID; BEGIN"
        )
        disk.executemany("INSERT INTO counts VALUES (?, ?)", self.counts.items())
        self.counts.clear()
        self._disk = disk

    def _next_on_disk(self, key: str) -> int:
        assert self._disk is not None
        row = self._disk.execute(
            "INSERT INTO counts VALUES (?, 1) ON CONFLICT (key) DO UPDATE SET n = n + 1 RETURNING n", (key,)
        ).fetchone()
        return int(row[0])
