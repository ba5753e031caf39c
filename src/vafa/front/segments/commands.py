"""`vafa segment`: list, show, count, build segments and print their members; and `vafa import list`."""

from pathlib import Path
from typing import Annotated, Any

import typer
from django.utils import translation
from django.utils.translation import gettext as _

from vafa.data.business.queries import get_business, get_style
from vafa.data.customers.queries import list_customer_rows
from vafa.data.staff.queries import list_staff
from vafa.front.customers.rows import name_customer
from vafa.front.figures.following import open_newest_snapshot
from vafa.front.figures.printing import iso, parse_day, write_csv, write_rows
from vafa.front.segments.listed import read_file, write_rejects
from vafa.kit import clock
from vafa.kit.errors import AskedWrongly
from vafa.kit.locale.formats import strip_direction_marks
from vafa.kit.permissions import Permission
from vafa.kit.terminal import JsonOption, answer, needs
from vafa.measure.metrics.queries import Shards
from vafa.measure.segments.actions import add_members, create_segment, make_presets, rebuild_segments
from vafa.measure.segments.queries import (
    Names,
    Resolver,
    count_in_shards,
    describe_definition,
    find_by_name,
    find_saved,
    get_definition,
    get_segment_members,
    list_entries,
    list_segments,
    settle_as_of,
    write_definition,
)
from vafa.measure.segments.types import SavedSegment, SegmentUnknown

MEMBER_COLUMNS = ("id", "key", "name", "entered_at", "entered_as_of")
_AT_ONCE = 1_000


def register(app: typer.Typer) -> None:
    """Add `vafa segment ...`."""
    segments = typer.Typer(help="Segments: who is in them, since when, and by which conditions.")
    segments.command("list", help="List the saved segments.")(list_all)
    segments.command("show", help="Show one segment and its conditions.")(show)
    segments.command("members", help="Print who is in a segment.")(members)
    segments.command("count", help="Count who meets a segment's conditions, now or as of a day.")(count)
    segments.command("rebuild", help="Build segments now.")(rebuild)
    app.add_typer(segments, name="segment")


def _find(name: str) -> SavedSegment:
    """The segment of a slug, an id or a name. Raises SegmentUnknown."""
    by_id = next((one for one in list_segments() if name.isdigit() and one.id == int(name)), None)
    found = find_saved(name) or by_id or find_by_name(name)
    if found is None:
        raise SegmentUnknown(
            _("There is no segment named “%(name)s”.") % {"name": name},
            _("The page Segments lists them, and so does vafa segment list."),
            names=[one.slug for one in list_segments()],
        )
    return found


def _build_document(segment: SavedSegment) -> dict[str, Any]:
    return {
        "id": segment.id,
        "slug": segment.slug,
        "name": segment.name,
        "kind": segment.kind,
        "count": segment.count,
        "previous_count": segment.previous_count,
        "as_of": iso(segment.as_of),
        "built_at": segment.built_at,
        "error": segment.error or None,
        "archived": segment.archived,
    }


@needs(Permission.SEE_CUSTOMERS)
def list_all(as_json: JsonOption = False) -> None:
    """List the saved segments."""
    make_presets(now=clock.now())
    saved = list_segments()
    header = [_("Name"), _("Title"), _("Members"), _("Data up to"), _("Error")]

    def write() -> str:
        rows = [
            [
                one.slug,
                one.name,
                "" if one.count is None else f"{one.count:,}",
                iso(one.as_of) or "",
                one.error,
            ]
            for one in saved
        ]
        return write_rows(header, rows)

    answer({"segments": [_build_document(one) for one in saved]}, as_json, write)


@needs(Permission.SEE_CUSTOMERS)
def show(
    name: Annotated[str, typer.Argument(help="The segment's short name, id or title.")],
    as_json: JsonOption = False,
) -> None:
    """Show one segment: its conditions as a sentence and as a document."""
    segment = _find(name)
    definition = get_definition(segment.slug)
    document = _build_document(segment) | {"description": segment.description}
    document["definition"] = None if definition is None else write_definition(definition)
    document["sentence"] = None
    if definition is not None:
        names = Names(
            {one.slug: one.name for one in list_segments()}, {str(one.pk): str(one) for one in list_staff()}
        )
        style = get_style(translation.get_language() or "en")
        document["sentence"] = strip_direction_marks(describe_definition(definition, style, names))

    def write() -> str:
        told = [segment.name, segment.description, document["sentence"], segment.error]
        return "\n".join(text for text in told if text)

    answer(document, as_json, write)


@needs(Permission.EXPORT)
def members(
    name: Annotated[str, typer.Argument(help="The segment's short name, id or title.")],
    as_json: JsonOption = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print rows as CSV.")] = False,
) -> None:
    """Print who is in a segment since its last good build, and since when each is."""
    segment = _find(name)
    snapshot = open_newest_snapshot()
    ids = [int(pk) for pk in snapshot.ids(get_segment_members(segment.slug, snapshot))]
    rows = [
        row
        for start in range(0, len(ids), _AT_ONCE)
        for row in _list_rows(segment, ids[start : start + _AT_ONCE])
    ]
    if as_csv:
        write_csv(MEMBER_COLUMNS, rows)
        return
    document = _build_document(segment) | {"members": rows}

    def write() -> str:
        header = [_("Id"), _("Number at the source"), _("Name"), _("Since")]
        return write_rows(
            header, [[str(row["id"]), row["key"], row["name"], row["entered_as_of"] or ""] for row in rows]
        )

    answer(document, as_json, write)


def _list_rows(segment: SavedSegment, ids: list[int]) -> list[dict[str, Any]]:
    entries = list_entries(segment.slug, ids)
    rows = []
    for row in list_customer_rows(ids):
        entry = entries.get(row.id)
        rows.append(
            {
                "id": row.id,
                "key": row.key,
                "name": name_customer(row),
                "entered_at": entry.entered_at.isoformat() if entry else None,
                "entered_as_of": iso(entry.entered_as_of) if entry else None,
            }
        )
    return rows


@needs(Permission.SEE_CUSTOMERS)
def count(
    name: Annotated[str, typer.Argument(help="The segment's short name, id or title.")],
    on: Annotated[
        str | None, typer.Option(help="The day, as 2026-03-21: the midnight that begins it.")
    ] = None,
    rule: Annotated[str | None, typer.Option(help="subscription, purchase:90d, purchase:auto ...")] = None,
    shards: Annotated[
        int, typer.Option(min=1, max=64, help="Cut by customer, each share in a process of its own.")
    ] = 1,
    as_json: JsonOption = False,
) -> None:
    """Count who meets a segment's conditions as of a day, without building it."""
    segment = _find(name)
    snapshot = open_newest_snapshot()
    resolver = Resolver(snapshot, rule=rule)
    definition = get_definition(segment.slug)
    as_of = parse_day(on, "--on") or settle_as_of(definition, snapshot, resolver.rule, clock.now())
    if shards > 1:
        with Shards(shards) as running:
            found = count_in_shards(running, segment.slug, as_of, snapshot=snapshot, rule=rule)
    else:
        found = len(resolver.find_as_of(segment.slug, as_of))
    total = len(snapshot.everyone())
    document = {
        "slug": segment.slug,
        "as_of": iso(as_of),
        "rule": str(resolver.rule),
        "count": found,
        "customers": total,
        "share": found / total if total else None,
    }
    answer(document, as_json, lambda: f"{found:,}")


@needs(Permission.EDIT_SEGMENTS)
def rebuild(
    name: Annotated[
        str | None, typer.Argument(help="The segment's short name, id or title; without it all.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Build one segment, after those that it is defined by, or all."""
    now = clock.now()
    make_presets(now=now)
    slug = None if name is None else _find(name).slug
    built = rebuild_segments(slug, now=now, snapshot=open_newest_snapshot())
    document = {
        "built": [
            {
                "slug": one.slug,
                "count": one.count,
                "entered": one.entered,
                "left": one.left,
                "error": one.error or None,
                "seconds": one.seconds,
            }
            for one in built
        ]
    }

    def write() -> str:
        header = [_("Name"), _("Members"), _("Entered"), _("Left"), _("Error")]
        rows = [
            [
                one.slug,
                "" if one.count is None else f"{one.count:,}",
                str(one.entered),
                str(one.left),
                one.error,
            ]
            for one in built
        ]
        return write_rows(header, rows)

    answer(document, as_json, write)
    if any(one.error for one in built):
        raise typer.Exit(1)


@needs(Permission.IMPORT)
def import_list(
    files: Annotated[list[Path], typer.Argument(help="One file or several.")],
    name: Annotated[str, typer.Option("--name", help="The list that they go into; it is made if it is new.")],
    column: Annotated[
        str, typer.Option("--column", help="The column of ids, phones or e-mail addresses.")
    ] = "",
    rejects: Annotated[
        Path | None, typer.Option("--rejects", help="Where to write the rejected rows.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Bring the members of a list in from CSV, XLSX or Parquet files."""
    for path in files:
        if not path.is_file():
            raise AskedWrongly(
                _("There is no such file: %(path)s.") % {"path": path}, _("Check the path."), code="missing"
            )
    business, snapshot = get_business(), open_newest_snapshot()
    listed = [read_file(path, business, column=column) for path in files]
    found = find_saved(name) or find_by_name(name)
    slug = found.slug if found else create_segment(name, None, by=None, now=clock.now()).slug
    ids = [pk for one in listed for pk in one.ids]
    change = add_members(slug, ids, snapshot=snapshot, by=None, now=clock.now(), cause="import")
    rejected = [reject for one in listed for reject in one.rejected]
    if rejects is not None and rejected:
        write_rejects(rejects, rejected)
    document = {
        "slug": slug,
        "read": sum(one.read for one in listed),
        "added": change.entered_count if change else 0,
        "rejected": len(rejected),
        "rejects_file": str(rejects) if rejects is not None and rejected else None,
        "first_rejects": [
            {"line": one.line, "value": one.value, "reason": one.reason} for one in rejected[:10]
        ],
    }
    answer(
        document,
        as_json,
        _("%(read)s rows read: %(added)s added to the list, %(rejected)s rejected.") % document,
    )
