"""What may and may not be in the repository."""

import json
import re
import subprocess
import tomllib
from functools import cache
from pathlib import Path

import pytest

from tools.complete_npm_lock import list_missing

ROOT = Path(__file__).resolve().parents[2]
LINES_AT_MOST = 600
# Machine-made lists and the licence's own text have the length that they have.
OF_ANY_LENGTH = re.compile(
    r"(^docs/reference/.*|\.lock|\.po|package-lock\.json|\.svg|/samples/.*|_data/.*|\.json)$|^LICENSE$"
)
FORBIDDEN = re.compile(
    r"(^|/)(vendor|node_modules|static/dist|\.venv)/|\.min\.(js|css)$|\.(mo|pyc|sqlite3|duckdb)$"
)
# Written in two parts, or this file would name them.
HOSTS = tuple(
    name + end
    for end, names in (
        (".org", ("pypi", "pythonhosted", "npmjs", "anaconda")),
        (".com", ("npmjs", "npmmirror", "yarnpkg", "unpkg")),
        (".net", ("jsdelivr",)),
        (".io", ("jsr", "crates")),
        (".edu", ("tuna.tsinghua",)),
        (".cloudflare", ("cdnjs",)),
    )
    for name in names
)


@cache
def list_files() -> tuple[str, ...]:
    """Every file that git tracks or would track."""
    if not (ROOT / ".git").exists():
        pytest.skip("this is no git checkout")
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return tuple(sorted(name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()))


def read(name: str) -> str | None:
    """The text of a file; None for one that is no text."""
    try:
        return (ROOT / name).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def test_the_list_of_files_is_the_repositorys():
    assert {"vafa", "pyproject.toml", "tests/house/test_repository.py"} <= set(list_files())


def test_no_file_is_too_long_to_read():
    long = {
        name: count
        for name in list_files()
        if not OF_ANY_LENGTH.search(name)
        and (text := read(name)) is not None
        and (count := text.count("\n")) > LINES_AT_MOST
    }
    assert not long


def test_nothing_built_or_foreign_is_kept():
    assert [name for name in list_files() if FORBIDDEN.search(name)] == []


@pytest.mark.parametrize(
    "name", ["src/vafa/static/dist/app.css", "a/vendor/x.py", "x/chart.min.js", "fa/django.mo"]
)
def test_what_is_forbidden_would_be_found(name):
    assert FORBIDDEN.search(name)


def test_no_package_index_is_named():
    named = {name: host for name in list_files() for host in HOSTS if host in (read(name) or "")}
    assert not named


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock", "requirements-node.lock"])
def test_lock_files_pin_by_hash_and_hold_no_address(name):
    text = (ROOT / name).read_text()
    assert not re.search(r"\w+://| @ |--(?!hash=sha256:)", text)
    pins = re.findall(r"^[a-z0-9][\w.-]*==\S+", text, re.MULTILINE)
    blocks = re.findall(r"^[a-z0-9].*(?:\\\n +--hash=sha256:[0-9a-f]{64} ?)+", text, re.MULTILINE)
    assert len(pins) == len(blocks) > 0


def test_the_lock_holds_every_dependency_of_the_project():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wishes = [*project["project"]["dependencies"], *project["dependency-groups"]["build"]]
    tools = [*wishes, *project["dependency-groups"]["dev"]]
    for name, wanted in (("requirements.lock", wishes), ("requirements-dev.lock", tools)):
        text = (ROOT / name).read_text()
        names = {re.split(r"[^\w.-]", wish, maxsplit=1)[0].lower().replace("_", "-") for wish in wanted}
        pinned = set(re.findall(r"^([a-z0-9][\w.-]*)==", text, re.MULTILINE))
        assert names - pinned == set(), f"{name} is behind pyproject.toml: run python tools/lock.py"


def test_the_front_ends_lock_holds_no_address():
    name = "frontend/package-lock.json"
    text = read(name) or ""
    assert '"integrity"' in text
    assert '"resolved"' not in text


def test_the_front_ends_lock_names_every_platform():
    missing = list_missing(json.loads(read("frontend/package-lock.json") or "")["packages"])
    assert missing == {}, "npm ci would refuse this lock: run python tools/complete_npm_lock.py"


def test_the_licence_is_one():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["license"] == "Apache-2.0"
    assert "Apache License" in (ROOT / "LICENSE").read_text()
    package = read("frontend/package.json") or ""
    assert '"license": "Apache-2.0"' in package


def list_broken_links(name: str) -> list[str]:
    """The links of one document that lead to no file beside it."""
    targets = re.findall(r"\]\(([^)\s#]+)(?:#[^)]*)?\)", read(name) or "")
    beside = [target for target in targets if not re.match(r"[a-z]+:", target)]
    return [f"{name}: {target}" for target in beside if not (ROOT / name).parent.joinpath(target).exists()]


def test_links_between_documents_lead_somewhere():
    assert [link for name in list_files() if name.endswith(".md") for link in list_broken_links(name)] == []
