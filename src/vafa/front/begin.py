"""The first owner: made by whoever can read the link that the terminal printed."""

import os
import secrets
from pathlib import Path

FILE_NAME = "begin.token"


def get_begin_token(home: Path) -> str:
    """The one-time token of a home without an owner, made when there is none yet."""
    path = home / FILE_NAME
    if token := _read(path):
        return token
    put_begin_token(home, secrets.token_urlsafe(24))
    return _read(path)


def put_begin_token(home: Path, token: str) -> None:
    """Set the token of a home; readable by nobody but whom the home belongs to. Whole or not at all."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = home / f"{FILE_NAME}.{secrets.token_hex(4)}"
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(token)
    part.replace(home / FILE_NAME)


def is_begin_token(home: Path, token: str) -> bool:
    """Whether this is the home's token."""
    known = _read(home / FILE_NAME)
    return bool(known) and secrets.compare_digest(known.encode(), token.encode())


def spend_begin_token(home: Path) -> None:
    """The owner exists; the link opens nothing any more."""
    (home / FILE_NAME).unlink(missing_ok=True)


def _read(path: Path) -> str:
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        return ""
