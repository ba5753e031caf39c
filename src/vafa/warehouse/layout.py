"""The warehouse's folder: an immutable base, a few deltas over it, and the manifest that names them.

Each delta holds all that differs from what lies beneath it. Only the last one is written anew at each refresh; when it
has grown large it stays as it is, and the next one lies upon it, so that following the records costs as much as has
changed lately, whatever has changed before.

The manifest is replaced by an atomic rename, so a reader sees the old copy or the new one, never a half.
What it no longer names is removed when nobody can be reading it any more.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from vafa.kit import clock
from vafa.kit.home import get_folder

FORMAT = 6
MANIFEST = "manifest.json"
# How long a page that is being made may still read the copy before last.
GRACE_SECONDS = 120
_BUILDING = "building-"


@dataclass(frozen=True)
class Manifest:
    """What is published: folders, the sequence reached, and the small facts about the whole.

    `under_seq` and `under_customers` are the sequence, and how many numbers of customers are in use, without the last
    delta.
    """

    seq: int
    base: str
    base_seq: int
    base_lines: int
    frozen: list[str]
    delta: str | None
    under_seq: int
    under_customers: int
    customers_ix: int
    orders: int
    customers: int
    has_subscriptions: bool
    engine: str
    fingerprint: str
    currencies: list[str]
    day_set_dimensions: list[str]
    feeds: list[dict[str, Any]]
    feeds_told: list[list[Any]]
    first_day: int
    last_day: int
    refreshed_at: str
    previous: list[str] = field(default_factory=list)
    format: int = FORMAT

    @property
    def under(self) -> list[str]:
        """What the next delta lies upon: the base and the deltas that stay as they are."""
        return [self.base, *self.frozen]

    @property
    def folders(self) -> list[str]:
        """All of it, the earliest first."""
        return [*self.under, *([self.delta] if self.delta else [])]


def get_warehouse_folder() -> Path:
    """The folder of the columnar copy."""
    return get_folder("warehouse")


def read_manifest(folder: Path) -> Manifest | None:
    """The published manifest; None where there is none, or one that this version can't read."""
    try:
        document = json.loads((folder / MANIFEST).read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    if document.get("format") != FORMAT:
        return None
    manifest = Manifest(**document)
    return manifest if all((folder / name).is_dir() for name in manifest.folders) else None


def publish(folder: Path, manifest: Manifest) -> None:
    """Make the manifest the published one. The grace of what it doesn't name any more begins now."""
    for name in manifest.previous:
        if (folder / name).is_dir():
            os.utime(folder / name)
    draft = folder / f"{MANIFEST}.draft"
    with draft.open("w") as file:
        json.dump(asdict(manifest), file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / MANIFEST)


@contextmanager
def lock(folder: Path) -> Iterator[None]:
    """Hold the warehouse for writing; others wait. The kernel lets go of it even when we are killed."""
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def make_folder(folder: Path, kind: str) -> Iterator[Path]:
    """A new folder to build in; it is gone if the block fails."""
    building = folder / f"{_BUILDING}{kind}-{clock.now().timestamp():.6f}"
    building.mkdir(mode=0o700)
    try:
        yield building
    finally:
        shutil.rmtree(building, ignore_errors=True)


def settle(building: Path) -> str:
    """Give a folder that was built its lasting name, with its files safely on the disk, and return that."""
    shutil.rmtree(building / "work", ignore_errors=True)
    for path in building.iterdir():
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    name = building.name.removeprefix(_BUILDING)
    building.rename(building.parent / name)
    return name


def clean(folder: Path, manifest: Manifest | None) -> None:
    """Remove what a killed refresh left behind and what has not been named for longer than the grace.

    Call it while holding the lock: then nobody else is building.
    """
    named = {*manifest.folders, *manifest.previous} if manifest else set()
    for path in folder.iterdir():
        if not path.is_dir() or path.name in named:
            continue
        is_old = clock.now().timestamp() - path.stat().st_mtime > GRACE_SECONDS
        if path.name.startswith(_BUILDING) or is_old:
            shutil.rmtree(path, ignore_errors=True)
