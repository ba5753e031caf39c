"""Everything in open formats: each table as a CSV file in a folder of its room, the uploaded files, and a page that
tells what is what. Secrets (passwords, tokens, keys) stay out."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import models

from vafa.kit.home import get_home
from vafa.kit.sheets import CsvSheet

OURS = "vafa."
# Fields that open something; what they open is lost with them, and made anew.
SECRET_WORDS = ("password", "digest", "secret", "token")
FILES = ("uploads", "rejects", "attachments", "photos")


@dataclass(frozen=True)
class ExportedTable:
    """One table as it was written."""

    room: str
    name: str
    rows: int
    columns: list[str]
    meaning: str


def export_everything(folder: Path) -> list[ExportedTable]:
    """Write everything into an empty folder; what comes back is what was written, room by room."""
    tables = [_export(model, folder) for model in list_models()]
    for name in FILES:
        if (get_home() / name).is_dir():
            shutil.copytree(get_home() / name, folder / name)
    (folder / "README.md").write_text(build_readme(tables), encoding="utf-8")
    return tables


def list_models() -> list[type[models.Model]]:
    """All tables of Vafa's own rooms."""
    ours = [config for config in apps.get_app_configs() if config.name.startswith(OURS)]
    return [model for config in ours for model in config.get_models(include_auto_created=True)]


def _export(model: type[models.Model], folder: Path) -> ExportedTable:
    room = model._meta.app_label
    (folder / room).mkdir(parents=True, exist_ok=True)
    fields = [field for field in model._meta.concrete_fields if not is_secret(field.name)]
    columns = [str(field.column) for field in fields]
    name = model._meta.model_name or ""
    sheet = CsvSheet(folder / room / f"{name}.csv", columns)
    rows = 0
    try:
        for row in _read(model, [field.attname for field in fields]):
            sheet.add(map(_plain, row))
            rows += 1
    finally:
        sheet.close()
    meaning = " ".join((model.__doc__ or "").split("\n\n")[0].split())
    return ExportedTable(room, name, rows, columns, meaning)


def _read(model: type[models.Model], names: list[str]) -> Iterator[tuple[Any, ...]]:
    """The rows in their order, a piece at a time by their key: no table is held in memory, and no write waits."""
    key = model._meta.pk.attname
    last: Any = None
    while True:
        some = model._default_manager.order_by(key)
        if last is not None:
            some = some.filter(**{f"{key}__gt": last})
        rows = list(some.values_list(key, *names)[:5000])
        yield from (row[1:] for row in rows)
        if len(rows) < 5000:
            return
        last = rows[-1][0]


def is_secret(name: str) -> bool:
    """Whether a field opens something."""
    return any(word in name for word in SECRET_WORDS)


def _plain(value: Any) -> Any:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return value


def build_readme(tables: list[ExportedTable]) -> str:
    """What stands in the folder."""
    lines = [
        "# All data of this installation of Vafa",
        "",
        "CSV files in UTF-8, the columns named in the first line; moments in UTC, documents as JSON, an empty cell",
        "where nothing is known. `*_id` names a row of another table by its `id`. Amounts are decimal numbers in the",
        "currency beside them. A text that a spreadsheet would run as a formula has an apostrophe in front. Passwords,",
        "tokens and keys are left out.",
    ]
    for room in dict.fromkeys(table.room for table in tables):
        lines += ["", f"## {room}", "", "| file | rows | what it holds | columns |", "|---|---|---|---|"]
        lines += [
            f"| {room}/{table.name}.csv | {table.rows} | {table.meaning} | {', '.join(table.columns)} |"
            for table in tables
            if table.room == room
        ]
    return "\n".join(lines) + "\n"
