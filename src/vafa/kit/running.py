"""What runs in which home: one server a home, found again by whoever comes second; and ports."""

import fcntl
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

FILE_NAME = "running.json"
PORTS_TRIED = 50


@dataclass(frozen=True)
class Running:
    """A server that runs, and where. `address` is empty during the moments of its start."""

    pid: int
    address: str


class RunsAlready(Exception):
    """Another process serves this home. Carries what is known of it."""

    def __init__(self, running: Running) -> None:
        super().__init__(running.address)
        self.running = running


@contextmanager
def hold_home(home: Path) -> Iterator["HeldHome"]:
    """Be the one server of a home, until the block ends or the process dies. Raises RunsAlready."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (home / FILE_NAME).open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RunsAlready(_wait_for_address(home)) from None
        held = HeldHome(home / FILE_NAME)
        held.tell("")
        yield held


@dataclass(frozen=True)
class HeldHome:
    """The right to serve a home."""

    path: Path

    def tell(self, address: str) -> None:
        """Note the address for those who come second. Written in place: the lock is on this very file."""
        self.path.write_text(json.dumps(asdict(Running(os.getpid(), address))))


def find_running(home: Path) -> Running | None:
    """The server of a home, if one runs now."""
    try:
        with (home / FILE_NAME).open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return _read(home)
    except FileNotFoundError:
        pass
    return None


def _read(home: Path) -> Running:
    try:
        return Running(**json.loads((home / FILE_NAME).read_text()))
    except (ValueError, TypeError):  # being written at this moment
        return Running(0, "")


def _wait_for_address(home: Path, patience_seconds: float = 10) -> Running:
    """What the other start tells of itself; it may be a moment away from knowing its port."""
    until = time.monotonic() + patience_seconds
    while not (running := _read(home)).address and time.monotonic() < until:
        time.sleep(0.1)
    return running


def find_free_port(host: str, wanted: int) -> int:
    """The wanted port, or the next free one after it. Raises OSError if none of many is free."""
    problem: OSError | None = None
    for port in range(wanted, min(wanted + PORTS_TRIED, 65536)):
        try:
            _try_port(host, port)
        except OSError as error:
            problem = error
        else:
            return port
    raise problem or OSError(f"no such port: {wanted}")


def _try_port(host: str, port: int) -> None:
    family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, protocol) as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        attempt.bind(address)
        # Without listening, two binds with SO_REUSEADDR may both succeed.
        attempt.listen(1)


def build_address(host: str, port: int) -> str:
    """The address to open in a browser on this machine."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{shown}:{port}"
