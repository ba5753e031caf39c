"""Where an installation keeps its data."""

import contextlib
import os
import secrets
from pathlib import Path

import platformdirs


def get_home() -> Path:
    """The folder of this installation: VAFA_HOME, else the user's own data folder."""
    named = os.environ.get("VAFA_HOME")
    return Path(named).expanduser().resolve() if named else platformdirs.user_data_path("vafa")


def get_demo_home() -> Path:
    """The demo's folder, apart from the real one, so that neither can spoil the other."""
    if "VAFA_HOME" in os.environ:
        return get_home() / "demo"
    return platformdirs.user_data_path("vafa-demo")


def get_folder(name: str) -> Path:
    """A folder inside the home, made when missing, readable by its owner alone."""
    folder = get_home() / name
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def get_secret_key() -> str:
    """The signing key of this installation, made on first use and never shown."""
    path = get_home() / "secret.key"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read_when_written(path)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()


def _read_when_written(path: Path) -> str:
    """Another start may have made the file a moment ago and not yet filled it."""
    import time

    for _attempt in range(50):
        if text := path.read_text().strip():
            return text
        time.sleep(0.02)
    path.write_text(secrets.token_urlsafe(48))
    return path.read_text().strip()


def keep_secret(name: str, value: str) -> None:
    """Keep a secret in a file of the home that only its owner can read; nothing keeps none."""
    path = get_folder("secrets") / name
    if not value:
        path.unlink(missing_ok=True)
        return
    fresh = path.with_name(f"{name}.{secrets.token_hex(6)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(value)
    fresh.replace(path)


def find_secret(name: str) -> str | None:
    """A secret that was kept; None if there is none."""
    try:
        return (get_home() / "secrets" / name).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None


def get_made_secret(name: str) -> str:
    """A secret of this installation, 64 hexadecimal digits, made on first use: the same for all who ask at once."""
    path = get_folder("secrets") / name
    if (known := find_secret(name)) is not None:
        return known
    keep_secret(fresh := f"{name}.{secrets.token_hex(6)}", secrets.token_hex(32))
    with contextlib.suppress(FileExistsError):
        # A link is made whole or not at all, and by one alone.
        os.link(path.with_name(fresh), path)
    keep_secret(fresh, "")
    return path.read_text(encoding="utf-8")
