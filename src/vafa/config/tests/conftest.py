"""Commands of Vafa as real processes, each test in a home of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.tables import give_tables

PATIENCE_SECONDS = 90

Start = Callable[..., "subprocess.Popen[str]"]


def wait_for(what: Callable[[], Any], patience: float = PATIENCE_SECONDS) -> Any:
    """What the function gives as soon as it gives something."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        if found := what():
            return found
        time.sleep(0.1)
    raise AssertionError(f"waited {patience} s in vain for {what}")


@pytest.fixture
def bare_home(tmp_path: Path) -> Path:
    """A home in which nothing has run yet."""
    return tmp_path / "home"


@pytest.fixture
def home(bare_home: Path) -> Path:
    """The same with records without rows, so that no command has to make the tables."""
    return give_tables(bare_home)


@pytest.fixture
def start(bare_home: Path) -> Iterator[Start]:
    """Start a command of vafa in a home of its own; whatever still runs at the end is killed."""
    started: list[subprocess.Popen[str]] = []

    def go(*arguments: str, said: str = "", **environment: str) -> "subprocess.Popen[str]":
        names = ("PATH", "HOME", "LANG", "VIRTUAL_ENV")
        kept = {name: os.environ[name] for name in names if name in os.environ}
        process = subprocess.Popen(
            [sys.executable, "-m", "vafa.config.command", *arguments],
            env=kept | {"VAFA_HOME": str(bare_home)} | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stdin is not None
        process.stdin.write(f"{said}\n" if said else "")
        process.stdin.close()
        process.stdin = None
        started.append(process)
        return process

    yield go
    for process in started:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
    for process in started:
        try:
            process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def read_document(process: "subprocess.Popen[str]") -> dict[str, Any]:
    """The one JSON document of a command with --json."""
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line:
        raise AssertionError(process.communicate()[1])
    document: dict[str, Any] = json.loads(line)
    return document


def ask(address: str) -> int | None:
    """The status of an address; None if nobody answers."""
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return None


def list_processes(home: Path) -> dict[int, str]:
    """The running processes of a home, with their command lines; the dead that nobody has buried don't count."""
    found = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdecimal():
            continue
        try:
            environment = (folder / "environ").read_bytes().split(b"\0")
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            state = (folder / "stat").read_text().rsplit(")", 1)[1].split()[0]
        except OSError:
            continue
        if f"VAFA_HOME={home}".encode() in environment and state != "Z":
            found[int(folder.name)] = command
    return found


def find_free_port() -> int:
    with socket.socket() as attempt:
        attempt.bind(("127.0.0.1", 0))
        return int(attempt.getsockname()[1])
