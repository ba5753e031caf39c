"""What every template keeps to: the content policy, both directions of reading, and icons that exist."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.template import Context, Template, TemplateSyntaxError, engines
from django.template.loader import get_template

PACKAGE = Path(__file__).resolve().parents[2]
FRONTEND = PACKAGE.parents[1] / "frontend"
TEMPLATES = sorted(path for path in PACKAGE.rglob("*.html") if "templates" in path.parts)
# Mails are read by mail programs, which know inline styles only.
PAGES = [path for path in TEMPLATES if "mail" not in path.stem]
DJANGO_COMMENT = re.compile(r"\{% comment.*?%\}.*?\{% endcomment %\}", re.DOTALL)
FORBIDDEN = {
    "an inline style": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "an inline handler": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    "an evaluated attribute": re.compile(
        r"\shx-on[:\-]|\s(?:hx-vals|hx-headers)\s*=\s*[\"']?js:", re.IGNORECASE
    ),
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", re.IGNORECASE),
    "an inline style sheet": re.compile(r"<style\b", re.IGNORECASE),
    "an address outside": re.compile(r"\b(?:src|action)\s*=\s*[\"'](?:https?:)?//", re.IGNORECASE),
}
PHYSICAL = re.compile(
    r"(?<![\w-])-?(?:ml|mr|pl|pr|left|right|border-l|border-r|rounded-l|rounded-r|rounded-t[lr]|rounded-b[lr])-[\w\[]"
    r"|(?<![\w-])(?:text-left|text-right|float-left|float-right)(?![\w-])"
)
ICON = re.compile(r"components/icon\.html\" with name=\"([a-z0-9-]+)\"|\bicon=\"([a-z0-9-]+)\"")


def read(path: Path) -> str:
    """A template's text without its comments."""
    return DJANGO_COMMENT.sub("", path.read_text(encoding="utf-8"))


def test_there_are_templates_to_check() -> None:
    assert any(path.name == "base.html" for path in PAGES)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_page_keeps_the_content_policy(path: Path) -> None:
    found = [name for name, pattern in FORBIDDEN.items() if pattern.search(read(path))]
    assert not found, f"{path.relative_to(PACKAGE)} has {', '.join(found)}"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_page_names_no_left_or_right(path: Path) -> None:
    classes = " ".join(re.findall(r"class=\"([^\"]*)\"", read(path)))
    assert not PHYSICAL.findall(classes), f"{path.relative_to(PACKAGE)}: use ms-, me-, ps-, pe-, start, end"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_template_compiles(path: Path) -> None:
    try:
        engines["django"].from_string(path.read_text(encoding="utf-8"))
    except TemplateSyntaxError as error:
        pytest.fail(f"{path.relative_to(PACKAGE)}: {error}")


def test_every_icon_that_a_page_names_is_in_the_sprite() -> None:
    known = set((FRONTEND / "icons.txt").read_text(encoding="utf-8").split())
    named = {name for path in TEMPLATES for pair in ICON.findall(read(path)) for name in pair if name}
    assert named, "the pattern finds no icon at all"
    assert named <= known, f"add to frontend/icons.txt: {sorted(named - known)}"


@pytest.mark.parametrize(
    ("direction", "good", "tone", "icon"),
    [
        ("up", True, "change-good", "arrow-up"),
        ("down", False, "change-bad", "arrow-down"),
        ("same", None, "", "equal"),
    ],
)
def test_change_has_arrow_and_word(direction: str, good: bool | None, tone: str, icon: str) -> None:
    html = get_template("components/change.html").render(
        {"direction": direction, "text": "3 more", "good": good}
    )
    assert f"#{icon}" in html
    assert "3 more" in html
    assert ("change-good" in html, "change-bad" in html) == (tone == "change-good", tone == "change-bad")


def test_unknown_number_is_said_and_never_zero() -> None:
    html = get_template("components/stat.html").render({"label": "CRR", "value": None})
    assert "unknown" in html
    assert "0" not in re.sub(r"<[^>]+>", "", html)


def test_zero_is_a_number() -> None:
    html = get_template("components/stat.html").render({"label": "Lost", "value": "0", "url": "/names/"})
    assert '<a href="/names/">0</a>' in html


def test_component_escapes_what_people_typed() -> None:
    template = Template('{% include "components/empty.html" with title=name only %}')
    html = template.render(Context({"name": "<script>alert(1)</script>"}))
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def find_node() -> str:
    """The program of Node.js; skips the test where it or the front end's packages are missing."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs Node.js")
    if not (FRONTEND / "node_modules").is_dir():
        pytest.skip("needs the front end's packages: npm ci in frontend/")
    return node


def list_classes(path: Path) -> set[str]:
    """The classes that a template names in full; those put together from a value can't be told."""
    attributes = " ".join(re.findall(r"class=\"([^\"]*)\"", re.sub(r"\{%.*?%\}", " ", read(path))))
    return {name for name in re.sub(r"\{\{.*?\}\}", "\0", attributes).split() if "\0" not in name}


def test_build_knows_every_class_that_a_page_names(tmp_path: Path) -> None:
    """A misspelt class, or one of a library that we left out, would quietly look wrong."""
    node = find_node()
    target = tmp_path / "dist"
    command = [node, "build.mjs", "--to", str(target)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=FRONTEND, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    sheet = (target / "app.css").read_text(encoding="utf-8")
    known = {re.sub(r"\\(.)", r"\1", name) for name in re.findall(r"\.((?:\\.|[\w-])+)", sheet)}
    unknown = {
        f"{name} ({path.relative_to(PACKAGE)})" for path in PAGES for name in list_classes(path) - known
    }
    assert "card" in known
    assert not unknown, sorted(unknown)


def test_styles_and_charts_pass_their_own_tests() -> None:
    """The contrast of both themes and the logic of the charts, tested in their own language."""
    node = find_node()
    files = sorted(str(path) for path in (FRONTEND / "test").glob("*.test.mjs"))
    command = [node, "--test", *files]
    done = subprocess.run(command, capture_output=True, text=True, cwd=FRONTEND, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    passed = re.search(r"^. pass (\d+)$", done.stdout, re.MULTILINE)
    assert passed is not None, done.stdout
    assert int(passed[1]) > 10
