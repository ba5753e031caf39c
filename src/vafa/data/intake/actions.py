"""Bringing files in, and taking them back."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from time import monotonic
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from vafa.data.business.actions import change_business
from vafa.data.business.queries import get_business, list_rates
from vafa.data.customers.actions import apply_exclusions
from vafa.data.customers.queries import count_customers_of_import, list_customers_of_import
from vafa.data.intake.alone import ImportRunning, working_alone
from vafa.data.intake.arriving import take_things
from vafa.data.intake.keeping import remove_old_files
from vafa.data.intake.messages import build_message
from vafa.data.intake.models import BeforeImage, Import
from vafa.data.intake.queries import build_digest, get_plan
from vafa.data.intake.reading.problems import TableError
from vafa.data.intake.running import LEASE, Run
from vafa.data.intake.types import UNDOABLE, Counts, ImportOptions, ImportResult, Plan, Reject
from vafa.data.intake.undo import FACT_TABLES, undo_customers, undo_facts
from vafa.data.intake.uploads import (
    NotStartable,
    NotUndoable,
    add_upload,
    discard_upload,
    mark_waiting,
    note_options,
    queue_import,
    queue_undo,
    remove_uploaded_file,
    store_upload,
)
from vafa.data.log.actions import add_happening, get_or_add_source, mark_received, set_complete_through
from vafa.data.log.queries import find_source_id, get_last_number, list_feeds
from vafa.kit.audit import record
from vafa.kit.errors import AskedWrongly, VafaError
from vafa.kit.home import get_folder

__all__ = [
    "Ambiguous",
    "FieldsMissing",
    "ImportRunning",
    "NotATable",
    "NotStartable",
    "NotUndoable",
    "add_upload",
    "check_plan",
    "discard_upload",
    "import_file",
    "mark_failed",
    "mark_waiting",
    "note_options",
    "queue_import",
    "queue_undo",
    "read_plan",
    "remove_old_files",
    "remove_uploaded_file",
    "run_import",
    "store_upload",
    "take_things",
    "undo_import",
]

# The id of no source: a dry run writes none, and what it writes under it is taken back.
NO_SOURCE = 0

# What files bring money in.
MONEY_KINDS = ("orders", "returns", "subscriptions", "spend")

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


def read_plan(path: Path, options: ImportOptions, name: str | None = None) -> Plan:
    """The plan of a file, with a file that is no table told as an error for people."""
    try:
        return get_plan(path, options, name)
    except TableError as error:
        kind = AskedWrongly if error.code in ("unknown_encoding", "no_such_sheet") else NotATable
        raise kind(error.message, error.remedy, code=error.code) from error


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
    if imported._state.adding:
        run = Run(imported, plan, find_source_id(plan.options.source) or NO_SOURCE, rejects, clock)
        _go(run, progress)
        rejects_path = rejects
        summary = _summarise(run) | {"first_rejects": [_tell_reject(reject) for reject in run.first_rejects]}
    else:
        rejects_path = rejects or get_folder("rejects") / f"{imported.pk}.csv"
        with working_alone():
            _begin(imported, clock())
            source = get_or_add_source(plan.options.source)
            run = Run(imported, plan, source.pk, rejects_path, clock)
            if not run.resumed:
                imported.first_seq = get_last_number() + 1
                imported.save(update_fields=["first_seq"])
            try:
                _go(run, progress)
            except Exception as error:
                mark_failed(imported, error, clock())
                raise
            named = _name_currency(run, by=by, now=clock())
            summary = _summarise(run) | {"currency_named": named}
            _leave_out(imported, by=by, now=clock())
            _finish(imported, run, summary, str(rejects_path), by=by, now=clock())
    rejects_file = str(rejects_path) if rejects_path and run.counts.rejected else None
    return ImportResult(
        imported.pk,
        **run.counts.to_json(),
        rejects_file=rejects_file,
        seconds=monotonic() - began,
        summary=summary,
    )


def _go(run: Run, progress: Progress) -> None:
    try:
        run.go(Path(run.imported.file_path), progress)
    except TableError as error:
        raise NotATable(error.message, error.remedy, code=error.code) from error


def _tell_reject(reject: Reject) -> dict[str, Any]:
    reason, remedy = build_message(reject.code, reject.params)
    return {
        "line": reject.line, "field": reject.field, "value": reject.value, "reason": reason, "remedy": remedy,
    }  # fmt: skip


@transaction.atomic
def _begin(imported: Import, now: datetime) -> None:
    if imported.kind == "customers" and imported.first_seq is not None:
        # Several rows may tell of one customer, so half of a file can't be told apart from the whole: begin anew.
        undo_customers(imported)
        BeforeImage.objects.filter(imported=imported).delete()
        imported.first_seq = None
    imported.state, imported.error = "running", None
    imported.started_at = imported.started_at or now
    imported.lease_until = now + LEASE
    imported.save()


def mark_failed(imported: Import, error: Exception, now: datetime) -> None:
    """Note that an import has stopped, and why; what it has brought stays until it goes on or is undone."""
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
        "exact_repeats": run.exact_repeats,
        "customers_added": None if run.dry else _count_added(run),
        "mapping": plan.mapping,
        "dates": plan.date_orders,
        "unit": plan.unit,
        "interval": plan.interval,
        "statuses": plan.statuses,
        "questions": [reading.to_json() for reading in plan.answers.values()],
        "status_counts": plan.status_counts,
        "kept_columns": list(plan.kept_columns),
        "card_columns": list(plan.card_columns),
        "left_out_columns": list(plan.left_out_columns),
        "dropped_totals": run.dropped_totals,
        "without_rate": _list_without_rate(run),
        "last_day_included": plan.options.last_day_included,
        "found": plan.found,
        "system": plan.system,
    }


def _list_without_rate(run: Run) -> list[str]:
    """The currencies of the file whose amounts stay out of money totals until they have a rate."""
    currencies = run.tally.currencies
    own = get_business().currency or _find_only_currency(run) or ""
    rates = list_rates(own, currencies, run.now().date())
    return [currency for currency in currencies if currency not in rates]


def _name_currency(run: Run, *, by: Any, now: datetime) -> str | None:
    """Where nobody has said the business's currency, it is that of the first money; None where nothing is named."""
    currency = _find_only_currency(run) if not get_business().currency else None
    if currency:
        change_business(by=by, now=now, currency=currency)
    return currency


def _find_only_currency(run: Run) -> str | None:
    """The one currency that all money known so far is in; None where there are several, or one without a name."""
    currencies = run.tally.currencies
    earlier = Import.objects.filter(kind__in=MONEY_KINDS, state="done").exclude(pk=run.imported.pk)
    return None if len(currencies) != 1 or earlier.exists() else currencies[0] or None


def _count_added(run: Run) -> int:
    """The customers that the import added, before and after any interruption."""
    changed = BeforeImage.objects.filter(imported=run.imported, table="customer").count()
    return count_customers_of_import(run.imported.pk) - changed


def _leave_out(imported: Import, *, by: Any, now: datetime) -> None:
    """Apply the business's rules of who is left out to those whom the import added or changed."""
    if rules := get_business().exclusions:
        apply_exclusions(rules, by=by, now=now, among=list_customers_of_import(imported.pk))


def _finish(
    imported: Import,
    run: Run,
    summary: dict[str, Any],
    rejects: str,
    *,
    by: Any,
    now: datetime,
) -> None:
    counts = run.counts.to_json()
    with transaction.atomic():
        imported.state, imported.progress, imported.finished_at = "done", 1.0, now
        imported.counts, imported.summary = counts, imported.summary | summary
        imported.rejects_path = rejects if run.counts.rejected else ""
        imported.lease_until, imported.last_seq = None, get_last_number()
        imported.save()
        source = get_or_add_source(imported.source_name)
        before = mark_received(source, imported.kind, now=now).complete_through
        mark_received(source, imported.kind, now=now, complete_through=run.plan.options.complete_through)
        imported.summary["complete_through_before"] = before.isoformat() if before else None
        imported.save(update_fields=["summary"])
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
    if imported.state not in UNDOABLE:
        raise NotUndoable(_("This import has nothing to undo."), "")
    with working_alone():
        return _undo(imported, by, clock, progress)


def _undo(
    imported: Import, by: Any, clock: Callable[[], datetime], progress: Callable[[int], None]
) -> dict[str, Any]:
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
        _take_back_completeness(imported, clock())
        imported.state, imported.lease_until, imported.last_seq = "undone", None, get_last_number()
        imported.summary = imported.summary | {"undone": result}
        imported.save()
        record("import.undone", by=by, now=clock(), subject=str(imported.pk))
    return result


def _take_back_completeness(imported: Import, now: datetime) -> None:
    """The day that the import said its source is complete through gives way to what was said before it."""
    said = imported.options.get("complete_through")
    feed = next(
        (
            feed
            for feed in list_feeds()
            if feed.source.name == imported.source_name and feed.kind == imported.kind
        ),
        None,
    )
    if said and feed is not None and feed.complete_through == date.fromisoformat(said):
        before = imported.summary.get("complete_through_before")
        set_complete_through(feed, date.fromisoformat(before) if before else None, by=imported.by, now=now)


def _find_interrupted(path: Path, options: ImportOptions) -> Import | None:
    """An import of the same file with the same options that was cut short, to be taken up again."""
    same = Import.objects.filter(
        kind=options.kind, file_digest=build_digest(path), state__in=("running", "failed")
    )
    for imported in same:
        if imported.options == options.to_json():
            imported.file_path = str(path)
            return imported
    return None
