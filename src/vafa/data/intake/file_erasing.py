"""Taking a person out of the files that wait here: uploads, and files of rejected rows.

A file without the person's rows takes the place of the old one at once. It is written as CSV in UTF-8, or as a book
where it had several sheets; what it was read by (letters, delimiter) is forgotten with the old form.
"""

import csv
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from vafa.data.business.queries import get_business
from vafa.data.customers.queries import list_phone_forms
from vafa.data.intake.models import Import
from vafa.data.intake.plan import build_plan
from vafa.data.intake.queries import build_digest
from vafa.data.intake.reading.tables import Table, TableError, open_table
from vafa.data.intake.types import ImportOptions
from vafa.data.log.queries import find_source_id
from vafa.kit import clock
from vafa.kit.cleaning import list_needles
from vafa.kit.erasing import Traits
from vafa.kit.errors import VafaError
from vafa.kit.home import get_folder, get_home
from vafa.kit.locale.digits import to_latin_digits
from vafa.kit.locale.letters import fold_name
from vafa.kit.sheets import Sheet, write_book

_FRESH = ".erasing"
_ORPHAN_AGE = timedelta(hours=1)
_LAST_DIGITS = 7
_NAME_FIELDS = frozenset({"name", "given_name", "family_name"})
_TELLING_FIELDS = ("customer", "email", "phone")


def scrub_files(traits: Traits) -> Mapping[str, int]:
    """Take a person's rows out of all files kept here; how many files were changed or removed. Files elsewhere, which
    an import was given by their path, are not ours to write: those that hold the person are counted."""
    _remove_leftovers()
    changed = elsewhere = 0
    for imported in Import.objects.order_by("pk"):
        erasing = _Erasing.of(imported, traits)
        for path in (Path(imported.file_path), Path(imported.rejects_path or "-")):
            if not path.is_file():
                continue
            if not path.resolve().is_relative_to(get_home()):
                elsewhere += erasing.is_in(path)
            elif erasing.take_out(path):
                changed += 1
                if path == Path(imported.file_path):
                    _note_new_form(imported, path)
        _forget_words(imported, traits)
    return {"files": changed, "files_elsewhere": elsewhere}


def _remove_leftovers() -> None:
    """Remove what a killed erasure or upload has left behind."""
    known = {str(Path(path).parent) for path in Import.objects.values_list("file_path", flat=True)}
    before = (clock.now() - _ORPHAN_AGE).timestamp()
    for folder in get_folder("uploads").iterdir():
        if str(folder) not in known and folder.is_dir() and folder.stat().st_mtime < before:
            shutil.rmtree(folder, ignore_errors=True)
    for name in ("uploads", "rejects"):
        for path in get_folder(name).rglob(f"*{_FRESH}"):
            path.unlink(missing_ok=True)


def _note_new_form(imported: Import, path: Path) -> None:
    if path.exists():
        options = replace(ImportOptions.from_json(imported.options), encoding=None, delimiter=None)
        imported.options, imported.file_digest = options.to_json(), build_digest(path)
        imported.save(update_fields=["options", "file_digest"])


def _forget_words(imported: Import, traits: Traits) -> None:
    """What was told of an import may name the cell that it stumbled over."""
    words = [needle.decode() for needle in list_needles(traits)]
    if imported.error and any(word in str(imported.error) for word in words):
        imported.error = {"code": imported.error.get("code", "failed"), "message": "", "remedy": ""}
        imported.save(update_fields=["error"])


@dataclass(frozen=True)
class _Erasing:
    """How a person is found in the rows of one import's files."""

    traits: Traits
    keys: frozenset[str]
    options: ImportOptions
    mapping: dict[str, str]
    region: str

    @classmethod
    def of(cls, imported: Import, traits: Traits) -> "_Erasing":
        options = ImportOptions.from_json(imported.options)
        source = find_source_id(imported.source_name)
        keys = frozenset(key for source_id, key in traits.keys if source_id == source)
        mapping = imported.summary.get("mapping") or options.mapping or _guess_mapping(imported, options)
        return cls(traits, keys, options, mapping, get_business().phone_region)

    def take_out(self, path: Path) -> bool:
        """Rewrite a file without the person's rows; whether it held any. What can't be read as a table goes whole, if
        their words are in it."""
        try:
            with self._open(path, self.options.sheet) as table:
                sheets = table.found.sheets if len(table.found.sheets) > 1 else ()
                if not sheets and not self._find(table):
                    return False
        except (TableError, VafaError):
            return self._remove_whole(path)
        if sheets and not any(self._is_in_sheet(path, sheet) for sheet in sheets):
            return False
        fresh = path.with_name(f"{path.name}{_FRESH}")
        if sheets:
            self._write_book(path, fresh, sheets)
        else:
            self._write_csv(path, fresh)
        fresh.chmod(0o600)
        fresh.replace(path)
        return True

    def is_in(self, path: Path) -> bool:
        """Whether a file holds rows of the person."""
        try:
            with self._open(path, self.options.sheet) as table:
                return self._find(table)
        except (TableError, VafaError, OSError):
            return False

    def _open(self, path: Path, sheet: str | None) -> Table:
        # A file of rejects is ours, whatever the file was that it came from.
        own = path.parent == get_folder("rejects")
        return open_table(
            path,
            encoding=None if own else self.options.encoding,
            delimiter=None if own else self.options.delimiter,
            sheet=None if own else sheet,
        )

    def _is_in_sheet(self, path: Path, sheet: str) -> bool:
        try:
            with self._open(path, sheet) as table:
                return self._find(table)
        except TableError:
            return False

    def _find(self, table: Table) -> bool:
        return any(self._is_theirs(row, table.columns) for row in _list_rows(table))

    def _write_csv(self, path: Path, fresh: Path) -> None:
        with (
            self._open(path, self.options.sheet) as table,
            fresh.open("w", encoding="utf-8-sig", newline="") as file,
        ):
            writer = csv.writer(file)
            writer.writerow(table.columns)
            writer.writerows(self._list_others(table))

    def _write_book(self, path: Path, fresh: Path, names: Iterable[str]) -> None:
        sheets = []
        for name in names:
            try:
                with self._open(path, name) as table:
                    sheets.append(Sheet(name, table.columns, list(self._list_others(table))))
            except TableError:
                sheets.append(Sheet(name, (), ()))
        write_book(fresh, sheets)

    def _list_others(self, table: Table) -> Iterator[list[str]]:
        return (row for row in _list_rows(table) if not self._is_theirs(row, table.columns))

    def _remove_whole(self, path: Path) -> bool:
        content = path.read_bytes()
        needles = [*list_needles(self.traits), *(key.encode() for key in self.keys)]
        found = content.startswith(b"PK") or any(needle in content for needle in needles)
        if found:
            path.unlink()
        return found

    def _is_theirs(self, row: list[str], columns: tuple[str, ...]) -> bool:
        """Whether a row is the person's: by their id, address or number anywhere, or by their name where nothing else
        tells whose it is."""
        cells = dict(zip(columns, row, strict=False))
        told = {name: cells.get(column, "").strip() for name, column in self.mapping.items()}
        if told.get("customer") in self.keys and told["customer"]:
            return True
        if any(self._holds_point(cell) for cell in row):
            return True
        return not any(told.get(name) for name in _TELLING_FIELDS) and self._holds_name(row, told)

    def _holds_point(self, cell: str) -> bool:
        if not cell:
            return False
        lowered = cell.lower()
        if "@" in lowered and any(email in lowered for email in self.traits.emails):
            return True
        digits = re.sub(r"\D", "", to_latin_digits(cell))
        if len(digits) < _LAST_DIGITS or not any(
            phone[-_LAST_DIGITS:] in digits for phone in self.traits.phones
        ):
            return False
        forms = set(list_phone_forms(cell, self.region))
        return bool(forms & self.traits.phones) or any(
            phone.lstrip("+") in digits for phone in self.traits.phones
        )

    def _holds_name(self, row: list[str], told: dict[str, str]) -> bool:
        both = f"{told.get('given_name', '')} {told.get('family_name', '')}"
        wanted = {fold_name(name) for name in self.traits.names} - {""}
        return any(fold_name(text) in wanted for text in (*row, both) if text.strip())


def _list_rows(table: Table) -> Iterator[list[str]]:
    for batch in table.batches():
        yield from (list(cells) for cells in zip(*batch.columns, strict=True))
        # Rows that could not be read have their cells too; they are kept unless they are the person's.
        yield from ([*bad.cells, *[""] * len(table.columns)][: len(table.columns)] for bad in batch.bad)


def _guess_mapping(imported: Import, options: ImportOptions) -> dict[str, str]:
    business = get_business()
    try:
        plan = build_plan(
            Path(imported.file_path), options, business, clock.today(business.zone), imported.file_name
        )
    except (TableError, VafaError, OSError):
        return {}
    return plan.mapping
