"""The gate: everything that must hold before a change is taken. `./vafa test` runs it.

    ./vafa test                    the whole gate: format, lint, types, imports, texts, front end, all tests
    ./vafa test --fast [ARGS]      only the tests, without the slow ones; ARGS go to pytest

Every step runs, also after one has failed, so that one run tells all there is to mend. pytest comes last.
Exit status 0 when all hold, 1 otherwise.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from vafa.config.frontend import FRONTEND, FrontendBuildFailed, ensure_frontend, find_node, make_environment

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Step:
    """One thing that must hold: its name, and what gives None, or the complaint."""

    name: str
    find_complaint: Callable[[], str | None]


def command(name: str, *arguments: str) -> Step:
    """A step that runs a command and holds when that ends with 0."""
    return Step(name, lambda: find_failure(list(arguments)))


def python(name: str, *arguments: str) -> Step:
    """A step that runs this environment's Python."""
    return command(name, sys.executable, *arguments)


def find_failure(
    arguments: list[str], environment: dict[str, str] | None = None, cwd: Path = ROOT
) -> str | None:
    """Run a command; None if it ends with 0, else all that it said."""
    done = subprocess.run(
        arguments,
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.stdout or f"exit status {done.returncode}" if done.returncode else None


def find_frontend_failure() -> str | None:
    """Build the front end and run the tests of its scripts."""
    try:
        ensure_frontend(say)
    except FrontendBuildFailed as problem:
        return str(problem)
    node = find_node()
    if node is None:
        return "the front end is built, but no Node is left to test its scripts with"
    with make_environment(node) as environment:
        npm = shutil.which("npm", path=environment["PATH"]) or "npm"
        return find_failure([npm, "test"], environment, FRONTEND)


STEPS = (
    command("format", "ruff", "format", "--check", "."),
    command("lint", "ruff", "check", "."),
    python("types", "-m", "mypy"),
    command("imports", "lint-imports"),
    python("migrations", "-m", "django", "makemigrations", "--check", "--dry-run"),
    python("texts", "-m", "vafa.kit.locale.catalogues", "check"),
    Step("front end", find_frontend_failure),
)


def say(text: str) -> None:
    """One line on stderr."""
    print(text, file=sys.stderr, flush=True)


def run_steps() -> list[str]:
    """Run the steps in turn and give the names of those that failed, having said why."""
    failed = []
    for step in STEPS:
        started = time.monotonic()
        complaint = step.find_complaint()
        say(f"{'FAILED' if complaint else 'ok':6} {step.name} ({time.monotonic() - started:.1f} s)")
        if complaint:
            failed.append(step.name)
            say(complaint.rstrip())
    return failed


def run_tests(arguments: list[str]) -> bool:
    """Run pytest with its output as it comes; whether all tests passed."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *arguments], cwd=ROOT, stdin=subprocess.DEVNULL, check=False
    )
    return done.returncode == 0


def main() -> int:
    """Run what is asked for; see the head of this file."""
    arguments = sys.argv[1:]
    if "--help" in arguments or "-h" in arguments:
        print(__doc__)
        return 0
    fast = arguments[:1] == ["--fast"]
    if arguments and not fast:
        say(f"./vafa test knows --fast [ARGS] and --help, not {' '.join(arguments)}")
        return 2
    with tempfile.TemporaryDirectory(prefix="vafa-gate-") as home:
        # The checks read Vafa's settings; they must never touch the data of whoever runs them.
        os.environ.update(VAFA_HOME=home, DJANGO_SETTINGS_MODULE="vafa.config.settings")
        os.environ.pop("DATABASE_URL", None)
        failed = [] if fast else run_steps()
        passed = run_tests(["-m", "not slow", *arguments[1:]] if fast else [])
    if failed:
        say(f"The gate is shut: {', '.join(failed)}")
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    sys.exit(main())
