"""`vafa bundle`: this version with every package that it needs in one file, for places where no registry is reached."""

import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from vafa.config.frontend import ensure_frontend
from vafa.config.messages import ensure_messages
from vafa.kit.errors import AskedWrongly, VafaError
from vafa.kit.terminal import JsonOption, answer, open_command, say

ROOT = Path(__file__).resolve().parents[3]
LOCK = "requirements.lock"
FOLDER, WHEELS = "vafa", "wheels"
# What git ignores and the server needs all the same: it has no registry of front-end packages either.
BUILT = {"src/vafa/static/dist": "", "src/vafa/locale": ".mo"}
# Where there is no git to ask: never an environment, a cache, a home with data, or a database.
LEFT_OUT = {".git", ".venv", "node_modules", "__pycache__", "wheels", "var"}
DATA_ENDINGS = (".sqlite3", ".sqlite3-wal", ".sqlite3-shm", ".duckdb", ".parquet", ".pyc", ".key", ".tgz")


class BundleBroken(VafaError):
    """The packages could not be fetched, or are not all that the lock names."""

    code = "bundle_broken"


def register(app: typer.Typer) -> None:
    """Add `vafa bundle FILE`."""
    app.command(
        "bundle", help="Put this version and all its packages into one file, for a server without a registry."
    )(bundle)


@open_command("It packs the program and touches no data.")
def bundle(
    file: Annotated[Path, typer.Argument(help="The file to write, such as vafa-bundle.tgz.")],
    wheels: Annotated[
        Path | None, typer.Option(help="A folder of packages fetched before; else they are fetched now.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Fetch what requirements.lock names, prove it against its hashes without a registry, and pack it."""
    if not (ROOT / LOCK).is_file():
        raise AskedWrongly(
            "This Vafa was not started from its folder of source.",
            "Run ./vafa bundle in a copy of the repository.",
        )
    if wheels is not None and not wheels.is_dir():
        raise AskedWrongly(f"There is no folder {wheels}.", "Name the folder that holds the packages.")
    file = file.absolute()
    ensure_messages()
    ensure_frontend(say)
    with tempfile.TemporaryDirectory(prefix="vafa-bundle-") as own:
        folder = wheels or fetch(Path(own))
        prove(folder)
        count = pack(file, folder)
    told = {"file": str(file), "packages": count, "bytes": file.stat().st_size}
    lines = [
        f"{file}: this version with {count} packages, {file.stat().st_size >> 20} MB.",
        f"On the server: unpack it, then VAFA_WHEELS=.../{FOLDER}/{WHEELS} .../{FOLDER}/vafa run",
        f"The server needs the same system and the same Python: {sys.version.split()[0]} on {sys.platform}.",
    ]
    answer(told, as_json, "\n".join(lines))


def fetch(folder: Path) -> Path:
    """The folder with everything that the lock names, for this system and Python. Raises BundleBroken."""
    say("Fetching the packages")
    _pip("download", "--require-hashes", "--requirement", str(ROOT / LOCK), "--dest", str(folder))
    return folder


def prove(folder: Path) -> None:
    """See that the packages are whole and enough, as the server will: no registry, every hash. Raises BundleBroken."""
    say("Proving the packages against their hashes, without a registry")
    with tempfile.TemporaryDirectory(prefix="vafa-prove-") as target:
        chosen = [
            "--no-index",
            "--find-links",
            str(folder),
            "--require-hashes",
            "--requirement",
            str(ROOT / LOCK),
        ]
        _pip("install", "--dry-run", "--ignore-installed", "--target", target, *chosen)


def _pip(*arguments: str) -> None:
    command = [
        sys.executable,
        "-m",
        "pip",
        "--disable-pip-version-check",
        "--no-input",
        "--quiet",
        *arguments,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        told = [line for line in done.stderr.splitlines() if line.strip()]
        raise BundleBroken(
            f"pip {arguments[0]} ended with an error: {told[-1] if told else done.returncode}",
            "Look whether the registry can be reached from here, or name a whole folder with --wheels.",
        )


def pack(file: Path, wheels: Path) -> int:
    """Write the file, whole or not at all; how many packages are in it."""
    packages = sorted(path for path in wheels.iterdir() if path.is_file())
    part = file.with_name(f".{file.name}.part")
    try:
        with tarfile.open(part, "w:gz", compresslevel=6) as archive:
            for path in list_own_files():
                archive.add(ROOT / path, f"{FOLDER}/{path}", recursive=False, filter=_forget_who)
            for package in packages:
                archive.add(package, f"{FOLDER}/{WHEELS}/{package.name}", filter=_forget_who)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    return len(packages)


def _forget_who(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """Without the names and numbers of people of this machine."""
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry


def list_own_files() -> list[str]:
    """The files of this version: what git keeps, or where there is no git what is no data; and what was built."""
    kept = _ask_git()
    found = set(kept if kept is not None else _walk(ROOT))
    for place, ending in BUILT.items():
        found.update(path for path in _walk(ROOT / place) if path.endswith(ending))
    return sorted(path for path in found if (ROOT / path).is_file())


def _ask_git() -> list[str] | None:
    if not (ROOT / ".git").exists():
        return None
    done = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z"], capture_output=True, text=True, check=False
    )
    return [path for path in done.stdout.split("\0") if path] if done.returncode == 0 else None


def _walk(start: Path) -> Iterator[str]:
    """The files below a folder, as paths from the root, without environments, caches and data."""
    for folder, below, names in os.walk(start):
        # Whoever keeps a home in here would give away everybody's data.
        below[:] = [
            name
            for name in below
            if name not in LEFT_OUT
            and not name.startswith(".")
            and not (Path(folder) / name / "secret.key").exists()
        ]
        for name in names:
            if not name.endswith(DATA_ENDINGS):
                yield (Path(folder) / name).relative_to(ROOT).as_posix()
