"""The file of a backup: a compressed tar of what the records and the home hold, sealed if asked for.

First in it stands `about.json` (which version, which database, which migrations), last `checksums.json` (SHA-256 of
every file), so that a file that was cut off anywhere is known not to be whole.
"""

import gzip
import hashlib
import io
import json
import tarfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from django.utils.translation import gettext as _

from vafa.config.backups.errors import BackupBroken, PassphraseWrong
from vafa.config.backups.sealing import Opener, Sealer, is_sealed

ABOUT, CHECKSUMS = "about.json", "checksums.json"
FORMAT = 1
BLOCK = 1024 * 1024


@dataclass(frozen=True)
class About:
    """What a backup says of itself."""

    version: str
    made_at: str
    vendor: str
    migrations: list[str]
    format: int = FORMAT


def write_archive(
    path: Path, about: About, files: Iterable[tuple[str, Path]], passphrase: str
) -> dict[str, str]:
    """Write files into a backup, each under its name; what comes back is the checksum of each. The backup appears
    when it is whole, and only its owner can read it."""
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    sums: dict[str, str] = {}
    try:
        with part.open("wb") as file:
            sealer = Sealer(file, passphrase) if passphrase else None
            target: Any = sealer or file
            # Not tarfile's own compression, whose effort can't be chosen before Python 3.12.
            with (
                gzip.GzipFile(filename="", fileobj=target, mode="wb", compresslevel=5) as packed,
                tarfile.open(fileobj=packed, mode="w|") as tar,
            ):
                _add_text(tar, ABOUT, asdict(about))
                for name, found in files:
                    sums[name] = _add_file(tar, name, found)
                _add_text(tar, CHECKSUMS, sums)
            if sealer is not None:
                sealer.close()
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return sums


def read_about(path: Path, passphrase: str) -> About:
    """What a backup says of itself, without reading the rest."""
    with _open(path, passphrase) as tar:
        return _read_about(tar, tar.next())


def extract_archive(path: Path, target: Path, passphrase: str) -> About:
    """Unpack a whole backup into an empty folder. Raises BackupBroken where any of it is missing or differs."""
    sums: dict[str, str] = {}
    told: dict[str, str] | None = None
    with _open(path, passphrase) as tar:
        about = _read_about(tar, tar.next())
        while (member := tar.next()) is not None:
            content = tar.extractfile(member) if member.isfile() else None
            if content is None:
                raise _build_broken()
            if member.name == CHECKSUMS:
                told = json.loads(content.read())
                continue
            sums[member.name] = _write(content, _place(target, member.name))
    if told is None or told != sums:
        raise _build_broken()
    return about


@contextmanager
def _open(path: Path, passphrase: str) -> Iterator[tarfile.TarFile]:
    if is_sealed(path) and not passphrase:
        raise PassphraseWrong(
            _("This backup is sealed with a passphrase."),
            _("Give it on standard input with --passphrase-stdin, or in VAFA_BACKUP_PASSPHRASE."),
        )
    try:
        with path.open("rb") as file:
            source: Any = Opener(file, passphrase) if is_sealed(path) else file
            with tarfile.open(fileobj=source, mode="r|gz") as tar:
                yield tar
    except (tarfile.TarError, zlib.error, EOFError, ValueError, KeyError, TypeError) as error:
        raise _build_broken() from error


def _build_broken() -> BackupBroken:
    return BackupBroken(_("The backup is damaged or cut off."), _("Take another copy of it."))


def _read_about(tar: tarfile.TarFile, member: tarfile.TarInfo | None) -> About:
    content = tar.extractfile(member) if member is not None and member.name == ABOUT else None
    if content is None:
        raise _build_broken()
    return About(**json.loads(content.read()))


def _add_text(tar: tarfile.TarFile, name: str, document: Any) -> None:
    data = json.dumps(document, indent=1).encode()
    member = tarfile.TarInfo(name)
    member.size = len(data)
    tar.addfile(member, io.BytesIO(data))


class _Summing:
    """Adds up what is read of a file; one that grows or shrinks meanwhile keeps the size it began with."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self._file, self._left, self.sum = file, size, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        wanted = self._left if size < 0 else min(size, self._left)
        data = self._file.read(wanted).ljust(wanted, b"\0")
        self._left -= wanted
        self.sum.update(data)
        return data


def _add_file(tar: tarfile.TarFile, name: str, path: Path) -> str:
    with path.open("rb") as file:
        member = tar.gettarinfo(arcname=name, fileobj=file)
        member.uid = member.gid = 0
        member.uname = member.gname = ""
        summing = _Summing(file, member.size)
        tar.addfile(member, summing)
        return summing.sum.hexdigest()


def _place(target: Path, name: str) -> Path:
    """Where a file of the backup goes; never outside of the folder."""
    parts = PurePosixPath(name).parts
    if not parts or parts[0] == "/" or ".." in parts:
        raise _build_broken()
    return target.joinpath(*parts)


def _write(content: IO[bytes], path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    total = hashlib.sha256()
    path.touch(mode=0o600)
    with path.open("wb") as file:
        while data := content.read(BLOCK):
            total.update(data)
            file.write(data)
    return total.hexdigest()
