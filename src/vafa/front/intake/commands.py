"""`vafa import`: bring files in from the command line. It never asks; what is ambiguous is refused by option name."""

from dataclasses import replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from django.utils import translation
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from vafa.data.business.queries import get_style
from vafa.data.consent.types import Channel, Purpose
from vafa.data.intake.actions import import_file, undo_import
from vafa.data.intake.queries import find_import
from vafa.data.intake.types import KINDS, Counts, ImportOptions, ImportResult
from vafa.front.intake.lines import Line
from vafa.front.intake.words import build_summary_lines, build_undone_lines
from vafa.front.segments.commands import import_list
from vafa.kit import clock
from vafa.kit.errors import AskedWrongly
from vafa.kit.locale.formats import Style, strip_direction_marks
from vafa.kit.permissions import Permission
from vafa.kit.terminal import JsonOption, answer, console, needs, say
from vafa.warehouse.actions import refresh

DATE_ORDERS = ("iso", "dmy", "mdy", "ymd", "jalali", "hijri")
DELIMITERS = {"tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "blanks": "blanks"}


def register(app: typer.Typer) -> None:
    """Add `vafa import KIND FILE...` and `vafa undo-import ID`."""
    imports = typer.Typer(
        help="Bring customers, orders, returns, subscriptions, interactions, surveys, tickets, marketing spend "
        "or an index of prices in from files."
    )
    for kind in KINDS:
        imports.command(kind, help=f"Bring {kind} in from CSV, XLSX or Parquet files.")(_build_command(kind))
    imports.command("list", help="Bring the members of a list in, by ids, phones or e-mail addresses.")(
        import_list
    )
    app.add_typer(imports, name="import")
    app.command("undo-import", help="Undo an import whole.")(undo)


def _build_command(kind: Any) -> Any:
    @needs(Permission.IMPORT)
    def run(
        files: Annotated[
            list[Path], typer.Argument(help="One file or several, brought in one after the other.")
        ],
        mappings: Annotated[
            list[str] | None,
            typer.Option("--map", help="FIELD=COLUMN; may be repeated. With it nothing else is guessed."),
        ] = None,
        source: Annotated[str, typer.Option("--source", help="Where the rows come from.")] = "main",
        complete_through: Annotated[
            str | None,
            typer.Option("--complete-through", help="The last day that the source has told in full."),
        ] = None,
        keep_other: Annotated[
            bool, typer.Option("--keep-other", help="Keep the other columns as own fields.")
        ] = False,
        dry_run: Annotated[
            bool, typer.Option("--dry-run", help="Say what would happen, and write nothing.")
        ] = False,
        rejects: Annotated[
            Path | None, typer.Option("--rejects", help="Where to write the rejected rows.")
        ] = None,
        encoding: Annotated[
            str | None, typer.Option("--encoding", help="utf-8, utf-16, windows-1256, gb18030 ...")
        ] = None,
        delimiter: Annotated[
            str | None,
            typer.Option("--delimiter", help="One character, or tab, comma, semicolon, pipe, blanks."),
        ] = None,
        sheet: Annotated[str | None, typer.Option("--sheet", help="The sheet of a workbook.")] = None,
        dates: Annotated[str | None, typer.Option("--dates", help=" | ".join(DATE_ORDERS))] = None,
        unit: Annotated[
            str | None, typer.Option("--unit", help="rial, toman, IRHR, IRHT, or a currency code.")
        ] = None,
        interval: Annotated[
            str | None,
            typer.Option(
                "--interval", help="How often prices without an interval are paid: month, 1 year, term ..."
            ),
        ] = None,
        last_day_included: Annotated[
            bool,
            typer.Option(
                "--last-day-included", help="A subscription's end is its last day, not the first without it."
            ),
        ] = False,
        statuses: Annotated[
            list[str] | None, typer.Option("--status", help="VALUE=counts or VALUE=not; may be repeated.")
        ] = None,
        question: Annotated[
            str | None, typer.Option("--question", help="What answers answer: nps, csat, ces or other.")
        ] = None,
        scale: Annotated[
            str | None,
            typer.Option("--scale", help="Of answers: its lowest and highest number, such as 1-5."),
        ] = None,
        direction: Annotated[
            str | None, typer.Option("--direction", help="Of answers, which number is good: high or low.")
        ] = None,
        method: Annotated[
            str | None,
            typer.Option("--method", help="How answers are added up: top2, top1, easy or mean."),
        ] = None,
        permission_source: Annotated[
            str,
            typer.Option(
                "--permission-source",
                help="Of customers, where permission to write to them came from; without it only service messages are "
                "allowed.",
            ),
        ] = "",
        permission_wording: Annotated[
            str, typer.Option("--permission-wording", help="What they agreed to, word for word.")
        ] = "",
        permission_on: Annotated[
            str | None, typer.Option("--permission-on", help="The day on which permission was given.")
        ] = None,
        permission_channels: Annotated[
            list[str] | None,
            typer.Option(
                "--permission-channel",
                help="A channel that everybody in the file permitted; may be repeated.",
            ),
        ] = None,
        permission_purposes: Annotated[
            list[str] | None,
            typer.Option("--permission-purpose", help="marketing or survey; may be repeated."),
        ] = None,
        as_json: JsonOption = False,
    ) -> None:
        options = ImportOptions(
            kind=kind,
            source=source,
            mapping=_parse_pairs(mappings, "--map") if mappings else None,
            encoding=encoding,
            delimiter=_parse_delimiter(delimiter),
            sheet=sheet,
            dates=_check(dates, DATE_ORDERS, "--dates"),
            unit=unit,
            interval=interval,
            last_day_included=last_day_included,
            complete_through=_parse_day(complete_through),
            keep_other=keep_other,
            statuses={
                value: _check(meaning, ("counts", "not"), "--status") == "counts"
                for value, meaning in _parse_pairs(statuses or [], "--status").items()
            },
            question=question,
            scale=scale,
            direction=direction,
            method=method,
            permission_source=permission_source,
            permission_wording=permission_wording,
            permission_on=_parse_day(permission_on),
            permission_channels=_check_all(permission_channels or [], Channel, "--permission-channel"),
            permission_purposes=_check_all(
                permission_purposes or [Purpose.MARKETING], Purpose, "--permission-purpose"
            ),
        )
        if options.permission_channels and not permission_source.strip():
            raise AskedWrongly(
                "--permission-channel says that everybody permitted something, but not where that is known from.",
                "Name it with --permission-source.",
            )
        for path in files:
            if not path.is_file():
                raise AskedWrongly(f"There is no such file: {path}.", "Check the path.", code="missing")
        results = [
            _import_one(path, options, dry_run, _number_path(rejects, place))
            for place, path in enumerate(files)
        ]
        if not dry_run:
            refreshed = refresh(now=clock.now(), say=say)
            say(
                f"Figures are current: {refreshed.orders:,} order lines of {refreshed.customers:,} customers."
            )
        document = _sum(kind, results)
        answer(document, as_json, lambda: _tell(document))

    return run


def _number_path(path: Path | None, place: int) -> Path | None:
    """The named file for the first file's rejects; each further file has one of its own beside it."""
    return path if path is None or place == 0 else path.with_stem(f"{path.stem}-{place + 1}")


def _import_one(path: Path, options: ImportOptions, dry_run: bool, rejects: Path | None) -> ImportResult:
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(path.name, total=1.0)

        def progress(share: float, counts: Counts) -> None:
            bar.update(task, completed=share, description=f"{path.name}: {counts.read:,}")

        return import_file(
            path, options, by=None, clock=clock.now, dry_run=dry_run, rejects=rejects, progress=progress
        )


def _sum(kind: str, results: list[ImportResult]) -> dict[str, Any]:
    """The JSON of one or several files; the summary of the last, and of each where there are several."""
    names = ("read", "new", "changed", "same", "rejected")
    document: dict[str, Any] = {name: sum(getattr(result, name) for result in results) for name in names}
    files = [result.rejects_file for result in results if result.rejects_file]
    document["rejects_file"] = files[0] if len(files) == 1 else (files or None)
    document["seconds"] = round(sum(result.seconds for result in results), 3)
    document["kind"] = kind
    document["imports"] = [result.import_id for result in results if result.import_id is not None]
    document["summary"] = results[0].summary if len(results) == 1 else [result.summary for result in results]
    return document


def _tell(document: dict[str, Any]) -> str:
    lines = [
        (
            f"{document['read']:,} rows read: {document['new']:,} new, {document['changed']:,} changed, "
            f"{document['same']:,} the same, {document['rejected']:,} rejected ({document['seconds']} s)."
        )
    ]
    if document["rejects_file"]:
        lines.append(f"Rejected rows, with reasons and remedies: {document['rejects_file']}")
    summaries = document["summary"] if isinstance(document["summary"], list) else [document["summary"]]
    for summary in summaries:
        lines.extend(_tell_summary(document["kind"], summary))
    return "\n".join(lines)


def _tell_summary(kind: str, summary: dict[str, Any]) -> list[str]:
    """The lines of the page's summary; a command writes Latin digits and ISO days of the Gregorian calendar."""
    lines = build_summary_lines(kind, summary, _get_plain_style(), for_command=True)
    rejects = [
        f"{reject['line']}: {reject['field']} {reject['value']!r}: {reject['reason']} {reject['remedy']}"
        for reject in summary.get("first_rejects", [])
    ]
    return _write(lines) + rejects


def _get_plain_style() -> Style:
    return replace(get_style(translation.get_language() or "en"), digits="latn", calendar="gregorian")


def _write(lines: list[Line]) -> list[str]:
    return [strip_direction_marks(line.text) for line in lines]


def _parse_pairs(texts: list[str], option: str) -> dict[str, str]:
    pairs = {}
    for text in texts:
        left, sign, right = text.partition("=")
        if not (left and sign and right):
            raise AskedWrongly(
                f"{option} takes NAME=VALUE, not {text!r}.", "Write it like --map at=InvoiceDate."
            )
        pairs[left.strip()] = right.strip()
    return pairs


def _check(value: str | None, allowed: tuple[str, ...], option: str) -> str | None:
    if value is not None and value not in allowed:
        raise AskedWrongly(f"{option} can't be {value!r}.", f"It is one of: {', '.join(allowed)}.")
    return value


def _check_all(values: list[str], allowed: type[StrEnum], option: str) -> tuple[str, ...]:
    for value in values:
        _check(value, tuple(allowed), option)
    return tuple(values)


def _parse_delimiter(text: str | None) -> str | None:
    if text is None or len(text) == 1:
        return text
    if text not in DELIMITERS:
        named = ", ".join(DELIMITERS)
        raise AskedWrongly(f"--delimiter can't be {text!r}.", f"It is one character, or one of: {named}.")
    return DELIMITERS[text]


def _parse_day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise AskedWrongly(f"{text!r} is not a day.", "Write it like 2026-03-21.") from error


@needs(Permission.UNDO_IMPORT)
def undo(
    import_id: Annotated[int, typer.Argument(help="The number of the import.")],
    as_json: JsonOption = False,
) -> None:
    """Undo an import whole; rows changed since are listed and left alone."""
    imported = find_import(import_id)
    if imported is None:
        raise AskedWrongly(
            f"There is no import {import_id}.", "The page Import lists them.", code="no_such_import"
        )
    result = undo_import(imported, by=None, clock=clock.now)
    refresh(now=clock.now(), say=say)
    answer(result, as_json, lambda: _tell_undone(result))


def _tell_undone(result: dict[str, Any]) -> str:
    return "\n".join(_write(build_undone_lines(result, _get_plain_style())))
