"""Sealing a file with a passphrase, piece by piece, so that neither a changed nor a cut-off file can be opened.

The key comes of scrypt; each piece is sealed by AES-256-GCM under a number of its own, and the last one says that it is
the last (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár).
"""

import os
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from django.utils.translation import gettext as _

from vafa.config.backups.errors import BackupBroken, PassphraseWrong

MAGIC = b"VAFASEAL1\n"
PIECE = 1024 * 1024
TAG = 16
SALT, PREFIX = 16, 7
# 32 MB and about a tenth of a second a guess.
SCRYPT = {"n": 2**15, "r": 8, "p": 1}


def is_sealed(path: "os.PathLike[str]") -> bool:
    """Whether a file needs a passphrase."""
    with open(path, "rb") as file:  # noqa: PTH123 - of any path-like
        return file.read(len(MAGIC)) == MAGIC


def _build_key(passphrase: str, salt: bytes) -> AESGCM:
    return AESGCM(Scrypt(salt=salt, length=32, **SCRYPT).derive(passphrase.encode()))


def _number(prefix: bytes, count: int, *, last: bool) -> bytes:
    return prefix + count.to_bytes(4, "big") + bytes([last])


class Sealer:
    """Writes what it is given, sealed, into another file. `close` writes the last piece."""

    def __init__(self, target: IO[bytes], passphrase: str) -> None:
        salt, self._prefix = os.urandom(SALT), os.urandom(PREFIX)
        self._target, self._key = target, _build_key(passphrase, salt)
        self._head = MAGIC + salt + self._prefix
        self._waiting = bytearray()
        self._count = 0
        target.write(self._head)

    def write(self, data: bytes) -> int:
        """Take more of the content."""
        self._waiting += data
        while len(self._waiting) > PIECE:
            self._seal(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]
        return len(data)

    def close(self) -> None:
        """Seal what is left, as the last piece."""
        self._seal(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _seal(self, piece: bytes, *, last: bool) -> None:
        number = _number(self._prefix, self._count, last=last)
        self._target.write(self._key.encrypt(number, piece, self._head))
        self._count += 1


class Opener:
    """Reads a sealed file as what it was before. Raises PassphraseWrong at the first piece, BackupBroken later."""

    def __init__(self, source: IO[bytes], passphrase: str) -> None:
        self._source = source
        self._head = source.read(len(MAGIC) + SALT + PREFIX)
        salt = self._head[len(MAGIC) : len(MAGIC) + SALT]
        self._prefix = self._head[len(MAGIC) + SALT :]
        if len(self._prefix) != PREFIX:
            raise BackupBroken(_("The backup is cut off."), _("Take another copy of it."))
        self._key = _build_key(passphrase, salt)
        self._next = source.read(PIECE + TAG)
        self._opened = b""
        self._count = 0

    def read(self, size: int = -1) -> bytes:
        """The next bytes; fewer only at the end."""
        while (size < 0 or len(self._opened) < size) and self._next:
            piece, self._next = self._next, self._source.read(PIECE + TAG)
            self._opened += self._open(piece, last=not self._next)
        taken = self._opened if size < 0 else self._opened[:size]
        self._opened = self._opened[len(taken) :]
        return taken

    def _open(self, piece: bytes, *, last: bool) -> bytes:
        number = _number(self._prefix, self._count, last=last)
        try:
            opened = self._key.decrypt(number, piece, self._head)
        except InvalidTag:
            if self._count == 0 and not self._opens(piece, last=not last):
                raise PassphraseWrong(
                    _("The passphrase does not open this backup."),
                    _("Give the one it was made with; if that is this one, the file is damaged."),
                ) from None
            raise BackupBroken(
                _("The backup is damaged or cut off."), _("Take another copy of it.")
            ) from None
        self._count += 1
        return opened

    def _opens(self, piece: bytes, *, last: bool) -> bool:
        """Whether the passphrase is right and only the end of the file is missing."""
        try:
            self._key.decrypt(_number(self._prefix, 0, last=last), piece, self._head)
        except InvalidTag:
            return False
        return True
