"""The bundle holds this version and its packages, and nothing of anybody."""

import subprocess
import tarfile
from pathlib import Path

import pytest

from vafa.config import bundling


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of source with what git would ignore, and somebody's home in it."""
    root = tmp_path / "source"
    for name in (
        "vafa", "requirements.lock", "src/vafa/app.py", "src/vafa/static/dist/app.css", "src/vafa/locale/fa/django.mo",
        ".venv/bin/python", "frontend/node_modules/a.js", "frontend/app.js", "home/secret.key", "home/notes.txt",
        "vafa.sqlite3", "src/vafa/__pycache__/app.pyc",
    ):  # fmt: skip
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    monkeypatch.setattr(bundling, "ROOT", root)
    return root


def pack(tmp_path: Path) -> set[str]:
    wheels = tmp_path / "fetched"
    wheels.mkdir()
    (wheels / "a-1.0-py3-none-any.whl").write_text("x")
    file = tmp_path / "bundle.tgz"
    assert bundling.pack(file, wheels) == 1
    assert [path.name for path in tmp_path.iterdir() if "part" in path.name] == []
    with tarfile.open(file) as archive:
        assert {(entry.uid, entry.uname) for entry in archive} == {(0, "")}
        return set(archive.getnames())


WANTED = {
    "vafa/vafa", "vafa/requirements.lock", "vafa/src/vafa/app.py", "vafa/src/vafa/static/dist/app.css",
    "vafa/src/vafa/locale/fa/django.mo", "vafa/frontend/app.js", "vafa/wheels/a-1.0-py3-none-any.whl",
}  # fmt: skip


def test_without_git_neither_data_nor_environments_are_packed(checkout: Path, tmp_path: Path) -> None:
    assert pack(tmp_path) == WANTED


def test_with_git_what_it_keeps_and_what_was_built_is_packed(checkout: Path, tmp_path: Path) -> None:
    (checkout / ".gitignore").write_text(
        "dist/\n*.mo\n.venv/\nnode_modules/\n*.sqlite3\n__pycache__/\nhome/\n"
    )
    subprocess.run(["git", "init", "-q", str(checkout)], check=True)
    subprocess.run(["git", "-C", str(checkout), "add", "."], check=True)
    (checkout / "left-behind.txt").write_text("x")
    assert pack(tmp_path) == WANTED | {"vafa/.gitignore"}


def test_packages_that_are_not_all_there_are_refused(checkout: Path, tmp_path: Path) -> None:
    (checkout / "requirements.lock").write_text(f"no-such-thing==1.0 --hash=sha256:{'0' * 64}\n")
    with pytest.raises(bundling.BundleBroken):
        bundling.prove(tmp_path)
