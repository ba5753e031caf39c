"""A running Vafa for the journeys: the real commands as processes, in a home of their own."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any

from tests.support.postgres import end_with, find_free_port
from tests.support.tables import give_tables

ROOT = Path(__file__).parents[2]
PASSWORD = "a long walk in the rain"
OWNER = "owner@example.com"
PATIENCE_SECONDS = 120
_KEPT = ("PATH", "HOME", "LANG", "VIRTUAL_ENV", "PYTHONPATH")


@dataclass(frozen=True)
class Site:
    """A running installation: where its pages are, its home, and all that the command answered."""

    address: str
    home: Path
    document: dict[str, Any]

    def get_url(self, path: str) -> str:
        """The address of a page."""
        return f"{self.address}{path}"


def build_environment(home: Path) -> dict[str, str]:
    """The environment of a command of this home, and of nothing else that the tests' own has."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return kept | {"VAFA_HOME": str(home)}


def call(home: Path, *arguments: str, said: str = "") -> dict[str, Any]:
    """Run a command to its end; the document that it answered with."""
    done = subprocess.run(
        [sys.executable, "-m", "vafa.config.command", *arguments, "--json"],
        env=build_environment(home),
        input=said,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert done.returncode == 0, f"{arguments} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def run_module(home: Path, module: str, *arguments: str) -> str:
    """Run a module of the tests to its end, as a process in this home; what it said."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env=build_environment(home),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert done.returncode == 0, f"{module} {arguments} ended with {done.returncode}:\n{done.stderr}"
    return done.stdout


def make_owned_home(home: Path, country: str, language: str) -> Path:
    """A home with its owner and country, past the first steps' first question."""
    owner = ("--email", OWNER, "--password-stdin", "--country", country, "--language", language)
    call(give_tables(home), "init", *owner, said=f"{PASSWORD}\n")
    return home


@contextmanager
def run_site(home: Path, *command: str, allow: str = "") -> Iterator[Site]:
    """Pages and worker of a home while the block runs (`vafa run`, or the command that is named); it may send to the
    hosts of `allow` though they are not of the public internet."""
    home.mkdir(parents=True, exist_ok=True)
    log = home.parent / f"{home.name}.log"
    with log.open("w+") as said:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "vafa.config.command"),
                *(command or ("run",)),
                *("--port", str(find_free_port()), "--json"),
            ],
            env=build_environment(home) | ({"VAFA_ALLOW_PRIVATE": allow} if allow else {}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
            preexec_fn=partial(end_with, os.getpid()),  # noqa: PLW1509 - no thread of ours runs yet
        )
        try:
            document = _read_document(process, log)
            yield Site(document["address"], home, document)
        finally:
            _stop(process)


def _read_document(process: "subprocess.Popen[str]", log: Path) -> dict[str, Any]:
    line = _get_output(process).readline()
    if not line:
        raise AssertionError(f"the server did not start:\n{log.read_text()}")
    document: dict[str, Any] = json.loads(line)
    return document


def _get_output(process: "subprocess.Popen[str]") -> IO[str]:
    assert process.stdout is not None
    return process.stdout


def _stop(process: "subprocess.Popen[str]") -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    _get_output(process).close()
