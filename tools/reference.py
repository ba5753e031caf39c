"""Write the pages of docs/reference that come from the code: metrics, commands, import fields, permissions.

.venv/bin/python tools/reference.py            write them
.venv/bin/python tools/reference.py --check    only tell which are behind the code (exit status 1)
"""

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "reference"
NOTE = "<!-- Written by tools/reference.py from the code; edit there. -->"

if TYPE_CHECKING:
    import click


def build_pages() -> dict[str, str]:
    """Name and text of each page, in English. Django must be set up."""
    from django.utils import translation

    with translation.override("en"):
        return {
            "metrics.md": build_metrics(),
            "commands.md": build_commands(),
            "import-fields.md": build_import_fields(),
            "permissions.md": build_permissions(),
        }


def build_metrics() -> str:
    """The dictionary of metrics."""
    from vafa.measure.metrics.queries import list_entries

    lines = [
        "# Metrics",
        "",
        (
            "Ask for one by its name: `vafa metric crr --every month`. What *active*, *period* and *end of data* mean "
            "is told in [What the numbers mean](../guide/numbers.md)."
        ),
    ]
    for entry in list_entries():
        lines += [
            "",
            f"## {entry.title} (`{entry.name}`)",
            "",
            entry.meaning,
            "",
            f"    {entry.formula}",
            "",
            f"* Unit: {entry.unit}",
            f"* Good: {entry.good}",
            f"* Source: {entry.source}",
            f"* Also called: {', '.join(entry.synonyms)}",
        ]
    return finish(lines)


def build_commands() -> str:
    """Every command with its arguments and options."""
    lines = [
        "# Commands",
        "",
        (
            "`vafa COMMAND`, or `./vafa COMMAND` in a copy of the repository. Dates are ISO Gregorian. With `--json` "
            "one JSON document stands on standard output, everything else on standard error. Exit status: 0 done, 2 "
            "asked wrongly (the message names the option), 1 failed."
        ),
    ]
    for name, command in list_commands():
        lines += ["", f"## vafa {name}", "", (command.help or "").strip()]
        rows = [describe(parameter) for parameter in command.params if parameter.name != "help"]
        if rows:
            lines += ["", "| option | meaning | default |", "|---|---|---|", *rows]
    return finish(lines)


def list_commands() -> list[tuple[str, "click.Command"]]:
    """The commands that people see, by name; those of a group with the group's name in front."""
    import click
    import typer

    from vafa.config.command import COMMAND_MODULES

    app = typer.Typer()
    for module in COMMAND_MODULES:
        import_module(module).register(app)
    found: list[tuple[str, click.Command]] = []

    def walk(command: Any, name: str) -> None:
        if command.hidden:
            return
        if hasattr(command, "commands"):
            for inner_name, inner in command.commands.items():
                walk(inner, f"{name} {inner_name}".strip())
        else:
            found.append((name, command))

    walk(typer.main.get_command(app), "")
    return sorted(found)


def describe(parameter: Any) -> str:
    """One argument or option as a row of a table."""
    if parameter.param_type_name == "argument":
        name = f"`{(parameter.metavar or parameter.name.upper())}`" + (
            " ..." if parameter.nargs == -1 else ""
        )
    else:
        name = ", ".join(f"`{option}`" for option in parameter.opts)
    default = parameter.default
    shown = "" if default in (None, False, "", ()) or callable(default) else f"`{default}`"
    return f"| {name.replace('|', chr(92) + '|')} | {(parameter.help or '').replace('|', chr(92) + '|')} | {shown} |"


def build_import_fields() -> str:
    """The fields of each kind of import, and header names that are recognised."""
    from vafa.data.intake.types import DATE_FIELDS, FIELDS, KINDS, MONEY_FIELDS, REQUIRED

    lines = [
        "# Fields of imports",
        "",
        (
            "Name them with `--map FIELD=COLUMN`, or let Vafa recognise the columns. How values are read is told in "
            "[Bring your data](../guide/data.md)."
        ),
    ]
    for kind in KINDS:
        needed = " and ".join(" or ".join(f"`{field}`" for field in fields) for fields in REQUIRED[kind])
        lines += [
            "",
            f"## {kind}",
            "",
            f"Every row needs {needed}.",
            "",
            "| field | holds | headers that are recognised |",
        ]
        lines += ["|---|---|---|"]
        names = import_module(f"vafa.data.intake.reading.names.{kind}").NAMES
        for field in FIELDS[kind]:
            holds = "a date" if field in DATE_FIELDS else "money" if field in MONEY_FIELDS else "text"
            holds = {"quantity": "a number", "duration": "minutes"}.get(field, holds)
            known = "none: consent only where you map it" if field.startswith("consent") else ""
            lines.append(f"| `{field}` | {holds} | {known or show_names(names.get(field, ()))} |")
    return finish(lines)


def show_names(names: tuple[str, ...]) -> str:
    """The first header names of a field in each script, and how many more there are."""
    scripts: dict[str, list[str]] = {}
    for name in dict.fromkeys(names):
        scripts.setdefault(find_script(name), []).append(name)
    shown = [name for some in scripts.values() for name in some[:3]]
    rest = len(dict.fromkeys(names)) - len(shown)
    return ", ".join(shown) + (f" and {rest} more" if rest else "")


def find_script(name: str) -> str:
    """The script that a header is written in, roughly."""
    first = next((char for char in name if char.isalpha()), "a")
    if first < "\u0250":
        return "latin"
    if first >= "\u3000":
        return "han"
    return "persian" if any(char in "پچژگکی" for char in name) else "arabic"


def build_permissions() -> str:
    """Which role may do what."""
    from vafa.kit.permissions import ROLE_NAMES, ROLE_PERMISSIONS, Permission

    lines = [
        "# Roles and permissions",
        "",
        "What each role means in practice is told in [Permissions](../guide/permissions.md).",
        "",
        "| permission | " + " | ".join(str(name) for name in ROLE_NAMES.values()) + " |",
        "|---" * (len(ROLE_NAMES) + 1) + "|",
    ]
    lines += [
        f"| `{permission.value}` | "
        + " | ".join("yes" if permission in ROLE_PERMISSIONS[role] else "" for role in ROLE_NAMES)
        + " |"
        for permission in Permission
    ]
    return finish(lines)


def finish(lines: list[str]) -> str:
    """The text of a page, with the note that it is written by machine."""
    return "\n".join([*lines[:1], "", NOTE, *lines[1:]]) + "\n"


def find_stale(pages: dict[str, str]) -> list[str]:
    """The pages that differ from what is kept."""
    return [
        name
        for name, text in pages.items()
        if not (FOLDER / name).exists() or (FOLDER / name).read_text(encoding="utf-8") != text
    ]


def main() -> None:
    """Write the pages, or check them."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vafa.config.settings")
    import django

    django.setup()
    pages = build_pages()
    stale = find_stale(pages)
    if "--check" in sys.argv[1:]:
        if stale:
            sys.exit(f"Behind the code: {', '.join(stale)}. Run python tools/reference.py")
        return
    for name in stale:
        (FOLDER / name).write_text(pages[name], encoding="utf-8")
        print(f"docs/reference/{name}")


if __name__ == "__main__":
    main()
