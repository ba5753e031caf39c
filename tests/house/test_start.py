"""The start script, without a network: what it decides, and what it says."""

import fcntl
import shutil
import subprocess
import sys
import time
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = ("vafa", "pyproject.toml", "hatch_build.py", "requirements.lock", "requirements-dev.lock")


@pytest.fixture
def checkout(tmp_path, monkeypatch) -> Path:
    """A folder with all that the start script reads, and no environment."""
    monkeypatch.delenv("VAFA_VENV", raising=False)
    folder = tmp_path / "a checkout"
    folder.mkdir()
    for name in FILES:
        shutil.copy(ROOT / name, folder / name)
    return folder


def load(checkout: Path) -> ModuleType:
    """The start script as a module."""
    loader = SourceFileLoader("vafa_start", str(checkout / "vafa"))
    spec = spec_from_loader("vafa_start", loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


def make_ready(checkout: Path, *, with_tools: bool = False) -> ModuleType:
    """An environment as the script leaves it, whose command only says that it ran."""
    start = load(checkout)
    (checkout / ".venv" / "bin").mkdir(parents=True)
    start.PYTHON.symlink_to(sys.executable)
    command = checkout / ".venv" / "bin" / "vafa"
    command.write_text('#!/bin/sh\necho "ran: $*"\n')
    command.chmod(0o755)
    start.MARK.write_text(start.describe_base())
    start.STAMP.write_text(start.build_stamp(with_tools=with_tools))
    return start


def run(checkout: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run the start script to its end."""
    return subprocess.run(
        [checkout / "vafa", *arguments], capture_output=True, text=True, timeout=60, check=False
    )


def run_with(checkout: Path, prelude: str) -> "subprocess.CompletedProcess[str]":
    """Run the start script in a Python that a prelude has changed first."""
    code = f"import runpy, sys\n{prelude}\nrunpy.run_path({str(checkout / 'vafa')!r}, run_name='__main__')"
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )


def test_a_ready_environment_is_used_at_once(checkout):
    make_ready(checkout)
    started = time.monotonic()
    done = run(checkout, "rate", "--start", "10")
    assert (done.returncode, done.stdout, done.stderr) == (0, "ran: rate --start 10\n", "")
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("name", ["pyproject.toml", "hatch_build.py", "requirements.lock"])
def test_a_changed_wish_makes_the_environment_stale(checkout, name):
    start = make_ready(checkout)
    assert start.is_ready(with_tools=False)
    (checkout / name).write_text((checkout / name).read_text() + "\n# changed\n")
    assert not start.is_ready(with_tools=False)


def test_the_tools_serve_ordinary_starts_but_not_the_other_way_round(checkout):
    start = make_ready(checkout)
    assert not start.is_ready(with_tools=True)
    start.STAMP.write_text(start.build_stamp(with_tools=True))
    assert start.is_ready(with_tools=False)
    assert start.is_ready(with_tools=True)


def test_an_environment_whose_python_is_gone_is_stale(checkout):
    start = make_ready(checkout)
    start.PYTHON.unlink()
    assert not start.is_ready(with_tools=False)


def test_an_environment_of_other_hands_is_left_alone(checkout):
    (checkout / ".venv").mkdir()
    kept = checkout / ".venv" / "mine.txt"
    kept.write_text("mine")
    done = run(checkout, "demo")
    assert done.returncode == 1
    assert "was not made by this script" in done.stderr
    assert "VAFA_VENV" in done.stderr
    assert kept.read_text() == "mine"


def test_a_broken_off_environment_is_emptied_and_still_known_as_ours(checkout, monkeypatch):
    start = load(checkout)
    start.VENV.mkdir()
    start.MARK.write_text("half made")
    (start.VENV / "lib").mkdir()
    (start.VENV / "lib" / "half.py").touch()
    commands: list[list[str]] = []
    monkeypatch.setattr(start, "run", lambda complaint, command: commands.append(command))
    start.make_environment()
    assert [path.name for path in start.VENV.iterdir()] == ["made-by-vafa"]
    assert commands == [[str(start.get_base_python()), "-m", "venv", str(start.VENV)]]


def test_the_installer_is_pinned_by_hash(checkout, monkeypatch):
    start = load(checkout)
    wishes: list[str] = []

    def ask(command: list[str]) -> "subprocess.CompletedProcess[str]":
        wishes.append(Path(command[-1]).read_text())
        assert "--require-hashes" in command
        return subprocess.CompletedProcess(command, 1, "", "no network\n")

    monkeypatch.setattr(start, "ask", ask)
    assert start.ensure_uv() is None
    lines = wishes[0].strip().splitlines()
    assert lines[0].startswith("uv==")
    assert len(lines) > 1
    assert all("--hash=sha256:" in line for line in lines[1:])


def test_without_venv_it_says_what_to_install(checkout):
    prelude = "import importlib.util as u; f = u.find_spec; u.find_spec = lambda n: n != 'ensurepip' and f(n) or None"
    done = run_with(checkout, prelude)
    assert done.returncode == 1
    assert "lacks the module 'ensurepip'" in done.stderr
    assert "apt install python3-venv" in done.stderr


def test_an_old_python_is_told_so(checkout):
    done = run_with(checkout, "sys.version_info = (3, 9, 2, 'final', 0)")
    assert done.returncode == 1
    assert "needs Python 3.11 or newer, and this is 3.9" in done.stderr


def test_a_second_start_waits_for_the_first(checkout):
    start = make_ready(checkout)
    stamp = start.STAMP.read_text()
    start.STAMP.unlink()
    with (checkout / ".venv.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        second = subprocess.Popen(
            [checkout / "vafa", "check"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert second.stderr is not None
        assert "Another start is setting up; waiting for it" in second.stderr.readline()
        assert second.poll() is None
        start.STAMP.write_text(stamp)
    output, errors = second.communicate(timeout=60)
    assert (second.returncode, output, errors) == (0, "ran: check\n", "")


def test_with_a_folder_of_packages_no_installer_asks_a_registry(checkout, tmp_path, monkeypatch):
    start, asked = load(checkout), []
    monkeypatch.setenv("VAFA_WHEELS", str(tmp_path))
    for name in ("PIP_NO_INDEX", "PIP_FIND_LINKS"):
        monkeypatch.setenv(name, "")
    monkeypatch.setattr(start, "ask", lambda command: subprocess.CompletedProcess(command, 1, "", ""))

    def call(command, _environment=None):
        asked.append(command)
        return 0

    monkeypatch.setattr(start, "call", call)
    start.use_wheels()
    assert start.run_uv(Path("uv"), "sync", "requirements.lock")
    only = ["--no-index", "--find-links", str(tmp_path)]
    assert asked == [["uv", "pip", "sync", "--python", str(start.PYTHON), *only, "requirements.lock"]]
    assert (start.os.environ["PIP_NO_INDEX"], start.os.environ["PIP_FIND_LINKS"]) == ("1", str(tmp_path))
