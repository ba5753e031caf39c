"""Bringing files in, and taking them back."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from vafa.data.intake.models import Import
from vafa.data.intake.queries import find_running, get_plan
from vafa.data.intake.reading.problems import TableError
from vafa.data.intake.running import LEASE, Run
from vafa.data.intake.types import Counts, ImportOptions, ImportResult, Plan
from vafa.data.intake.undo import FACT_TABLES, undo_customers, undo_facts
from vafa.data.log.actions import add_happening, get_or_add_source, mark_received
from vafa.data.log.queries import get_last_number
from vafa.kit.audit import record
from vafa.kit.errors import AskedWrongly, VafaError
from vafa.kit.home import get_folder

Progress = Callable[[float, Counts], None]


class NotATable(VafaError):
    """The file can't be read as a table."""

    code = "not_a_table"


class FieldsMissing(AskedWrongly):
    """The file lacks a column that every row needs."""

    code = "fields_missing"


class Ambiguous(AskedWrongly):
    """The file can be read in two ways, and only a person can tell which."""

    code = "ambiguous"


class ImportRunning(VafaError):
    """Another import is at work; two at once would step on each other."""

    code = "import_running"


class NotUndoable(AskedWrongly):
    """This import can't be undone in its present state."""

    code = "not_undoable"


def read_plan(path: Path, options: ImportOptions, name: str | None = None) -> Plan:
    """The plan of a file, with a file that is no table told as an error for people."""
    try:
        return get_plan(path, options, name)
    except TableError as error:
        raise NotATable(error.message, error.remedy, code=error.code) from error


def check_plan(plan: Plan) -> None:
    """Refuse a plan that leaves something open, naming the option that would settle it."""
    if plan.missing:
        wanted = " ; ".join(_(" or ").join(fields) for fields in plan.missing)
        raise FieldsMissing(
            _("No column of the file tells: %(fields)s.") % {"fields": wanted},
            _("Name it with --map FIELD=COLUMN. The columns are: %(columns)s.")
            % {"columns": ", ".join(plan.columns)},
            missing=[list(fields) for fields in plan.missing],
        )
    for question in plan.questions:
        raise Ambiguous(
            _("It can't be told how “%(column)s” is meant: “%(example)s” may be %(choices)s.")
            % {
                "column": question.column,
                "example": question.example,
                "choices": _(" or ").join(question.choices),
            },
            _("Say it with %(option)s.") % {"option": question.option},
            option=question.option,
            choices=list(question.choices),
        )


def add_upload(path: Path, name: str, options: ImportOptions, *, by: Any, now: datetime) -> Import:
    """Note a file that is to come in."""
    return Import.objects.create(
        kind=options.kind,
        source_name=options.source,
        file_name=name,
        file_path=str(path),
        file_digest=_digest(path),
        options=options.to_json(),
        by=by if getattr(by, "pk", None) else None,
        created_at=now,
    )


def import_file(
    path: Path,
    options: ImportOptions,
    *,
    by: Any,
    clock: Callable[[], datetime],
    dry_run: bool = False,
    rejects: Path | None = None,
    progress: Progress = lambda share, counts: None,
) -> ImportResult:
    """Bring a file in from its path. An import of the same file that was interrupted is taken up where it stopped."""
    plan = read_plan(path, options)
    check_plan(plan)
    if dry_run:
        imported = Import(
            kind=options.kind, source_name=options.source, file_name=path.name, file_path=str(path)
        )
    else:
        imported = _find_interrupted(path, options) or add_upload(
            path, path.name, options, by=by, now=clock()
        )
    return run_import(imported, plan, clock=clock, rejects=rejects, progress=progress, by=by)


def run_import(
    imported: Import,
    plan: Plan,
    *,
    clock: Callable[[], datetime],
    by: Any = None,
    rejects: Path | None = None,
    progress: Progress = lambda share, counts: None,
) -> ImportResult:
    """Run a planned import to its end (a dry run where it has not been saved) and return what it did."""
    began = monotonic()
    dry = imported.pk is None
    rejects_path = rejects or get_folder("rejects") / f"{imported.pk or f'dry-{imported.file_name}'}.csv"
    with transaction.atomic():
        source = get_or_add_source(plan.options.source)
    run: Run | None = None
    try:
        if not dry:
            _claim(imported, clock())
        run = Run(imported, plan, source.pk, rejects_path, clock)
        if not dry and not run.resumed:
            imported.first_seq = get_last_number() + 1
            imported.save(update_fields=["first_seq"])
        run.go(Path(imported.file_path), progress)
    except TableError as error:
        problem = NotATable(error.message, error.remedy, code=error.code)
        _fail(imported, problem, clock())
        raise problem from error
    except ImportRunning:
        raise
    except Exception as error:
        _fail(imported, error, clock())
        raise
    summary = _summarise(run)
    counts = {name: getattr(run.counts, name) for name in ("read", "new", "changed", "same", "rejected")}
    rejects_file = str(rejects_path) if run.counts.rejected else None
    if not dry:
        _finish(imported, run, counts, summary, rejects_file, by=by, now=clock())
    return ImportResult(
        imported.pk, **counts, rejects_file=rejects_file, seconds=monotonic() - began, summary=summary
    )


@transaction.atomic
def _claim(imported: Import, now: datetime) -> None:
    """Take the import for this process; the lease keeps others off while it works."""
    other = find_running(now)
    if other is not None:
        raise ImportRunning(
            _("Another import is running: %(file)s.") % {"file": other.file_name},
            _("Wait until it has finished."),
        )
    imported.state, imported.error = "running", None
    imported.started_at = imported.started_at or now
    imported.lease_until = now + LEASE
    imported.save()


def _fail(imported: Import, error: Exception, now: datetime) -> None:
    if imported._state.adding:  # a dry run, which leaves no trace
        return
    imported.state, imported.lease_until, imported.finished_at = "failed", None, now
    imported.error = {
        "code": getattr(error, "code", "failed"),
        "message": str(getattr(error, "message", error)),
        "remedy": str(getattr(error, "remedy", "")),
    }
    imported.save(update_fields=["state", "lease_until", "finished_at", "error"])


def _summarise(run: Run) -> dict[str, Any]:
    plan = run.plan
    return run.tally.to_json() | {
        "customers_added": run.finder.added,
        "mapping": plan.mapping,
        "dates": plan.date_orders,
        "unit": plan.unit,
        "statuses": plan.statuses,
        "status_counts": plan.status_counts,
        "kept_columns": list(plan.kept_columns),
        "card_columns": list(plan.card_columns),
        "left_out_columns": list(plan.left_out_columns),
        "dropped_totals": run.dropped_totals,
        "found": plan.found,
        "system": plan.system,
    }


def _finish(
    imported: Import,
    run: Run,
    counts: dict[str, int],
    summary: dict[str, Any],
    rejects: str | None,
    *,
    by: Any,
    now: datetime,
) -> None:
    with transaction.atomic():
        imported.state, imported.progress, imported.finished_at = "done", 1.0, now
        imported.counts, imported.summary, imported.rejects_path = counts, summary, rejects or ""
        imported.lease_until, imported.last_seq = None, get_last_number()
        imported.save()
        source = get_or_add_source(imported.source_name)
        mark_received(source, imported.kind, now=now, complete_through=run.plan.options.complete_through)
        add_happening(
            "import_finished", at=now, now=now, live=False, subject=imported.pk, kind_of_rows=imported.kind
        )
        record("import.finished", by=by, now=now, subject=str(imported.pk), counts=counts)


def undo_import(
    imported: Import,
    *,
    by: Any,
    clock: Callable[[], datetime],
    progress: Callable[[int], None] = lambda rows: None,
) -> dict[str, Any]:
    """Undo an import whole. Rows changed since are listed and left alone. May be interrupted and called again."""
    if imported.state not in ("done", "failed", "undoing", "running"):
        raise NotUndoable(_("This import has nothing to undo."), "")
    with transaction.atomic():
        other = find_running(clock())
        if other is not None:
            raise ImportRunning(
                _("Another import is running: %(file)s.") % {"file": other.file_name},
                _("Wait until it has finished."),
            )
        imported.state, imported.lease_until = "undoing", clock() + LEASE
        imported.save(update_fields=["state", "lease_until"])

    def renew(rows: int) -> None:
        imported.lease_until = clock() + LEASE
        imported.save(update_fields=["lease_until"])
        progress(rows)

    facts = (
        undo_facts(imported, renew)
        if imported.kind in FACT_TABLES
        else {"removed": 0, "restored": 0, "left": []}
    )
    customers = undo_customers(imported)
    result = {"facts": facts, "customers": customers}
    with transaction.atomic():
        imported.state, imported.lease_until = "undone", None
        imported.summary = imported.summary | {"undone": result}
        imported.save()
        record("import.undone", by=by, now=clock(), subject=str(imported.pk))
    return result


def _find_interrupted(path: Path, options: ImportOptions) -> Import | None:
    """An import of the same file with the same options that was cut short, to be taken up again."""
    same = Import.objects.filter(
        kind=options.kind, file_digest=_digest(path), state__in=("running", "failed")
    )
    for imported in same:
        if imported.options == options.to_json():
            imported.file_path = str(path)
            return imported
    return None


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=20)).hexdigest()
