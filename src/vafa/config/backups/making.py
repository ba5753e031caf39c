"""Making a backup: the records of one moment, and the files of the home that can't be made anew."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath

from vafa import __version__
from vafa.config.backups.archive import About, write_archive
from vafa.config.backups.records import get_vendor, list_migrations, save_records
from vafa.kit.home import get_folder, get_home

ENDING = ".vafa-backup"
RECORDS, HOME = "records", "home"
# What is made anew by itself, belongs to processes that run now, or is a backup itself.
# So does the list of erasures: it must outlive a backup that is older than they are.
LEFT_OUT = frozenset(
    {"warehouse", "backups", "demo", "running.json", "worker.beat", "migrated", "erasures.jsonl"}
)
LEFT_OUT_BEGINNINGS = ("vafa.sqlite3", "restore-", "before-restore")


@dataclass(frozen=True)
class Made:
    """A backup that was made: where, how large in bytes, of how many files."""

    path: Path
    size: int
    files: int


def build_name(now: datetime, why: str = "") -> str:
    """The file name of a backup that is made now, so that names sort by time."""
    return f"vafa-{now:%Y%m%d-%H%M%S}{f'-{why}' if why else ''}{ENDING}"


def make_backup(path: Path | None, *, now: datetime, passphrase: str = "", why: str = "") -> Made:
    """Make a backup while everything goes on; without a path in the folder `backups` of the home."""
    path = path or get_folder("backups") / build_name(now, why)
    home = get_home()
    with tempfile.TemporaryDirectory(prefix="restore-making-", dir=home) as work:
        # Migrations first: what is added to the tables between the two is then merely applied again.
        about = About(__version__, now.isoformat(), get_vendor(), list_migrations())
        save_records(Path(work))
        sums = write_archive(path, about, _list_files(Path(work), home), passphrase)
    return Made(path, path.stat().st_size, len(sums))


def _list_files(work: Path, home: Path) -> Iterator[tuple[str, Path]]:
    for found in sorted(work.rglob("*")):
        if found.is_file():
            yield str(PurePosixPath(RECORDS, *found.relative_to(work).parts)), found
    for top in list_kept(home):
        for found in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if found.is_file() and not found.is_symlink():
                yield str(PurePosixPath(HOME, *found.relative_to(home).parts)), found


def list_kept(home: Path) -> list[Path]:
    """What lies in the home and belongs into a backup."""
    return [
        path
        for path in sorted(home.iterdir())
        if path.name not in LEFT_OUT
        and not path.name.startswith(LEFT_OUT_BEGINNINGS)
        and path.suffix not in (".lock", ".part")
        and not path.is_symlink()
    ]


def remove_expired(folder: Path, *, days: int, now: datetime) -> list[Path]:
    """Remove the backups of a folder that are older than some days; other files are left alone."""
    before = (now - timedelta(days=days)).timestamp()
    expired = [path for path in sorted(folder.glob(f"vafa-*{ENDING}")) if path.stat().st_mtime < before]
    for path in expired:
        path.unlink()
    return expired
