"""The docs say what is: links lead somewhere, commands and options exist, the reference follows the code."""

import re
from functools import cache
from pathlib import Path

import pytest

from tools.pictures import FOLDER as PICTURES_FOLDER
from tools.pictures import MOST_BYTES, PICTURES
from tools.reference import build_pages, find_stale, list_commands

ROOT = Path(__file__).resolve().parents[2]
PAGES = tuple(sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("**/*.md")]))
# Settled by ./vafa before the installed command is there.
OF_THE_START_SCRIPT = {"test"}


def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


@cache
def build_options() -> dict[str, set[str]]:
    """The options of every command, by the command's name."""
    return {
        name: {option for parameter in command.params for option in parameter.opts if option.startswith("-")}
        for name, command in list_commands()
    }


def find_named_commands(text: str) -> list[str]:
    """What follows `vafa` or `./vafa` in code: a command with its options."""
    code = [line for line in text.splitlines() if line.startswith("    ")]
    code += re.findall(r"`([^`]+)`", text)
    return [
        found.strip()
        for line in code
        for found in re.findall(r"(?:^|\s|=)(?:\./|/opt/vafa/)?vafa ([a-z][^#|]*)", line)
    ]


def find_command(words: list[str]) -> str | None:
    """The command that the words begin with."""
    return next((name for length in (2, 1) if (name := " ".join(words[:length])) in build_options()), None)


def list_anchors(page: Path) -> set[str]:
    """The headings of a page, as addresses name them."""
    headings = re.findall(r"^#+ (.+)$", read(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_somewhere(page):
    for target, anchor in re.findall(r"\]\(([^)\s#]*)(?:#([^)]*))?\)", read(page)):
        if re.match(r"[a-z]+:", target):
            continue
        there = page.parent / target if target else page
        assert there.exists(), f"{target} is not there"
        assert not anchor or anchor in list_anchors(there), f"{target}#{anchor} is not there"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_command_and_option_exists(page):
    for text in find_named_commands(read(page)):
        words = text.split()
        if words[0] in OF_THE_START_SCRIPT or words[0].isupper():
            continue
        command = find_command(words)
        assert command is not None or words[0] == "import", f"there is no command: vafa {text}"
        known = build_options()[command] if command else set().union(*build_options().values())
        for option in re.findall(r"--[a-z][a-z-]+", text):
            assert option in known, f"vafa {command} has no option {option}"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_variable_exists(page):
    named = set(re.findall(r"\bVAFA_[A-Z_]+\b", read(page)))
    sources = "\n".join(
        read(path) for folder in ("src", "tools", "tests") for path in (ROOT / folder).rglob("*.py")
    )
    sources += read(ROOT / "vafa")
    assert {name for name in named if name not in sources} == set()


def test_every_option_of_the_import_is_told():
    guide = read(ROOT / "docs" / "guide" / "data.md")
    told = set(re.findall(r"--[a-z][a-z-]+", guide))
    assert build_options()["import orders"] - {"--help"} <= told


def test_every_page_can_be_reached_from_the_readme():
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached:
            continue
        reached.add(page)
        links = re.findall(r"\]\(([^)\s#]+\.md)", read(page))
        waiting += [(page.parent / link).resolve() for link in links if "://" not in link]
    assert {name_of(page) for page in PAGES} <= {name_of(page) for page in reached}


def test_the_reference_is_the_codes():
    stale = find_stale(build_pages())
    assert stale == [], "run .venv/bin/python tools/reference.py"


@pytest.mark.parametrize("name", PICTURES.values())
def test_pictures_are_there_and_small(name):
    picture = PICTURES_FOLDER / name
    assert picture.read_bytes()[:4] == b"\x89PNG"
    assert picture.stat().st_size <= MOST_BYTES


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("`vafa metric crr --every month`", ["metric crr --every month"]),
        ("    ./vafa run  # here", ["run"]),
        ("    VAFA_AS=analyst vafa metric crr", ["metric crr"]),
        ("    ExecStart=/opt/vafa/vafa run --workers 2", ["run --workers 2"]),
        ("    useradd --home-dir /var/lib/vafa vafa", []),
        ("The vafa in prose", []),
    ],
)
def test_commands_are_found_in_code_alone(text, found):
    assert find_named_commands(text) == found
