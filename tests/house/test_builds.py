"""What is built, and when: the front end and the message catalogues."""

import gettext
import os
from pathlib import Path

import pytest

from vafa.config import frontend, messages

PO = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"

msgid "Customers"
msgstr "{word}"
"""


@pytest.fixture
def catalogue(tmp_path) -> Path:
    folder = tmp_path / "fa" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(PO.format(word="مشتریان"), encoding="utf-8")
    return folder / "django.po"


def translate(catalogue: Path) -> str:
    """The Persian for "Customers", as the compiled file has it."""
    with catalogue.with_suffix(".mo").open("rb") as compiled:
        return gettext.GNUTranslations(compiled).gettext("Customers")


def test_a_catalogue_is_compiled_once_and_again_when_it_changes(tmp_path, catalogue):
    assert messages.ensure_messages(tmp_path) == [catalogue.with_suffix(".mo")]
    assert translate(catalogue) == "مشتریان"
    assert messages.ensure_messages(tmp_path) == []
    catalogue.write_text(PO.format(word="مراجعان"), encoding="utf-8")
    os.utime(catalogue, (1, 1))  # an older moment, as a restored file has
    assert len(messages.ensure_messages(tmp_path)) == 1
    assert translate(catalogue) == "مراجعان"
    assert sorted(path.suffix for path in catalogue.parent.iterdir()) == [".mo", ".po"]


@pytest.fixture
def checkout(tmp_path, monkeypatch) -> Path:
    """A small checkout whose npm is a script that writes down what it was asked."""
    (tmp_path / "frontend").mkdir()
    (tmp_path / "src" / "vafa").mkdir(parents=True)
    (tmp_path / "frontend" / "package.json").write_text("{}")
    (tmp_path / "frontend" / "package-lock.json").write_text("{}")
    (tmp_path / "src" / "vafa" / "page.html").write_text("<p class='p-2'>")
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "node").write_text("#!/bin/sh\necho v22.1.0\n")
    (programs / "npm").write_text(
        '#!/bin/sh\necho "npm $*" >> ../asked\n[ "$1" = ci ] && mkdir -p node_modules\n'
        '[ -e ../broken ] && { echo "no such class"; exit 1; }\nmkdir -p ../src/vafa/static/dist\n'
    )
    for program in programs.iterdir():
        program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(frontend, "ROOT", tmp_path)
    monkeypatch.setattr(frontend, "FRONTEND", tmp_path / "frontend")
    monkeypatch.setattr(frontend, "DIST", tmp_path / "src" / "vafa" / "static" / "dist")
    monkeypatch.setattr(frontend, "LOG", tmp_path / "frontend" / "build.log")
    return tmp_path


def list_asked(checkout: Path) -> list[str]:
    """What npm was asked for since the last look."""
    asked = checkout / "asked"
    lines = asked.read_text().splitlines() if asked.exists() else []
    asked.unlink(missing_ok=True)
    return lines


def test_the_front_end_is_built_when_its_sources_change_and_only_then(checkout):
    said: list[str] = []
    frontend.ensure_frontend(said.append)
    assert list_asked(checkout) == ["npm ci --no-audit --no-fund", "npm run build"]
    assert said == ["Fetching the front end's packages", "Building the front end"]
    frontend.ensure_frontend(said.append)
    assert list_asked(checkout) == []
    (checkout / "src" / "vafa" / "page.html").write_text("<p class='p-4'>")
    frontend.ensure_frontend(said.append)
    assert list_asked(checkout) == ["npm run build"]
    (checkout / "frontend" / "package-lock.json").write_text('{"packages": {}}')
    frontend.ensure_frontend(said.append)
    assert list_asked(checkout) == ["npm ci --no-audit --no-fund", "npm run build"]


def test_a_failed_build_says_why_and_is_tried_again(checkout):
    frontend.ensure_frontend(print)
    (checkout / "broken").touch()
    (checkout / "src" / "vafa" / "page.html").write_text("<p class='no-such-class'>")
    for _ in range(2):
        with pytest.raises(frontend.FrontendBuildFailed, match=r"npm run build failed(?s:.*)no such class"):
            frontend.ensure_frontend(print)
    (checkout / "broken").unlink()
    frontend.ensure_frontend(print)
    assert frontend.is_fresh()


def test_an_installed_package_builds_nothing(checkout):
    (checkout / "frontend" / "package.json").unlink()
    frontend.ensure_frontend(print)
    assert list_asked(checkout) == []


def test_an_old_node_is_not_taken(checkout, monkeypatch):
    (checkout / "bin" / "node").write_text("#!/bin/sh\necho v18.20.0\n")
    monkeypatch.setattr(frontend, "find_fetched_node", lambda: None)
    assert frontend.find_node() is None
    (checkout / "bin" / "node").write_text("#!/bin/sh\necho v20.0.0\n")
    assert frontend.find_node() == checkout / "bin" / "node"
