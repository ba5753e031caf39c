"""Whom pasted texts and files of a list mean: each line an id, a phone number or an e-mail address."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from vafa.data.business.queries import Business
from vafa.data.customers.queries import identify, list_seen
from vafa.data.intake.queries import TableError, get_plan, open_table
from vafa.data.intake.types import ImportOptions
from vafa.kit.errors import AskedWrongly
from vafa.kit.sheets import CsvSheet

AT_ONCE = 5_000
# The columns that say who somebody is, the surest first.
_IDENTIFYING = ("customer", "email", "phone")
REJECT_COLUMNS = ("line", "value", "reason")


@dataclass(frozen=True)
class Rejected:
    """A line that means nobody, or several."""

    line: int
    value: str
    code: str

    @property
    def reason(self) -> str:
        """Why, and what to do."""
        return {
            "nobody": _("Nobody is known by this. Check it, or import the customer first."),
            "several": _("Several customers are known by this. Write the number at the source instead."),
            "empty": _("There is nothing in the column."),
        }[self.code]


@dataclass
class Listed:
    """The ids of the customers meant, and the lines that mean nobody or several."""

    ids: list[int] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    read: int = 0


def read_pasted(text: str, business: Business, owner_id: int | None = None) -> Listed:
    """Whom pasted lines mean; with `owner_id` of that person's customers alone. Commas and semicolons part texts as
    well as lines do."""
    lines = [
        (number, part.strip())
        for number, line in enumerate(text.splitlines(), start=1)
        for part in line.replace("،", ",").replace(";", ",").split(",")
        if part.strip()
    ]
    listed = Listed()
    for start in range(0, len(lines), AT_ONCE):
        _add(listed, [(line, [value]) for line, value in lines[start : start + AT_ONCE]], business, owner_id)
    return listed


def read_file(
    path: Path,
    business: Business,
    *,
    column: str = "",
    name: str | None = None,
    owner_id: int | None = None,
) -> Listed:
    """Whom a table's rows mean, by a column, or by those that are called like ids, addresses and numbers; with
    `owner_id` of that person's customers alone.

    Raises AskedWrongly for a file that is no table, or a column that it doesn't have.
    """
    listed = Listed()
    try:
        columns, batches = _open(path, column, name)
        for batch in batches:
            _add(listed, batch, business, owner_id)
    except TableError as error:
        raise AskedWrongly(str(error), code="unreadable") from error
    if not columns:
        raise AskedWrongly(_("The file has no columns."), code="unreadable")
    return listed


def _open(
    path: Path, column: str, name: str | None
) -> tuple[Sequence[str], Iterator[list[tuple[int, list[str]]]]]:
    options = ImportOptions(kind="customers")
    plan = get_plan(path, options, name)
    wanted = [column] if column else [plan.mapping[field] for field in _IDENTIFYING if field in plan.mapping]
    if not wanted:
        wanted = list(plan.columns[:1])
    if column and column not in plan.columns:
        raise AskedWrongly(
            _("The file has no column named %(name)s.") % {"name": column},
            _("It has: %(names)s.") % {"names": ", ".join(plan.columns)},
            code="no_such_column",
        )

    def iterate() -> Iterator[list[tuple[int, list[str]]]]:
        with open_table(path) as table:
            places = [table.columns.index(name) for name in wanted]
            for batch in table.batches(AT_ONCE):
                cells = zip(*(batch.columns[place] for place in places), strict=True)
                yield [(line, list(own)) for line, own in zip(batch.lines, cells, strict=True)]

    return plan.columns, iterate()


def _add(
    listed: Listed, rows: Iterable[tuple[int, list[str]]], business: Business, owner_id: int | None
) -> None:
    """Add the customers that some rows mean: the first cell of a row that knows anybody decides. Whom one may not see
    is nobody, so that no list tells whether the business knows a number."""
    rows = list(rows)
    found = identify(
        {cell for _line, cells in rows for cell in cells},
        region=business.phone_region or business.country,
    )
    if owner_id is not None:
        seen = set(list_seen({pk for known in found.values() for pk in known}, owner_id))
        found = {cell: [pk for pk in known if pk in seen] for cell, known in found.items()}
    for line, cells in rows:
        listed.read += 1
        said = [cell for cell in cells if cell.strip()]
        known = next((found[cell] for cell in said if found[cell]), [])
        if len(known) == 1:
            listed.ids.append(known[0])
        else:
            code = "several" if known else "nobody" if said else "empty"
            listed.rejected.append(Rejected(line, " ".join(said)[:200], code))


def write_rejects(path: Path, rejected: Iterable[Rejected]) -> None:
    """Write the rejected lines into a CSV file, with their reasons."""
    sheet = CsvSheet(path, list(REJECT_COLUMNS))
    for one in rejected:
        sheet.add([one.line, one.value, one.reason])
    sheet.close()
