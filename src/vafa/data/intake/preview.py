"""The first rows of a file as they will be read, with what is wrong at the very cell."""

from dataclasses import replace
from pathlib import Path

from vafa.data.business.queries import Business
from vafa.data.intake.cost_rows import settle_spans
from vafa.data.intake.messages import build_message
from vafa.data.intake.parsing import CellProblem, Parsers
from vafa.data.intake.plan import open_file
from vafa.data.intake.reading.problems import ValueProblem
from vafa.data.intake.reading.tables import BadRow, Batch
from vafa.data.intake.subscription_rows import read_terms
from vafa.data.intake.typed_rows import Carry, TypedBatch, build_typed_batch
from vafa.data.intake.types import DATE_FIELDS, Plan, Preview, PreviewCell, PreviewRow, Unsettled
from vafa.data.intake.voice_rows import settle_days, settle_scores

LOOKED_AT = 2_000
SHOWN = 8
BAD_SHOWN = 5

_NEEDED: dict[str, tuple[tuple[str, ...], ...]] = {
    "orders": (("at",), ("amount", "price"), ("order",)),
    "spend": (("amount",),),
    "prices": (("month",), ("index",)),
}


def build_preview(path: Path, plan: Plan, business: Business, name: str | None = None) -> Preview:
    """Read the beginning of the file by its plan."""
    parsers = Parsers(plan, business.zone, business.phone_region)
    with open_file(path, plan.options, name) as table:
        batch = next(table.batches(LOOKED_AT), Batch([], [[] for _column in plan.columns], [], 1.0))
    typed = build_typed_batch(batch, plan, parsers, Carry() if plan.options.kind == "orders" else None)
    _pardon_open_dates(typed)
    _blame_gaps(typed)
    rows = [_build_row(typed, place) for place in range(min(SHOWN, len(typed.lines)))]
    bad = [_build_row(typed, place) for place in sorted(typed.bad) if place >= SHOWN][:BAD_SHOWN]
    bad += [_build_broken(row) for row in batch.bad[: BAD_SHOWN - len(bad)]]
    return Preview(rows, bad, len(typed.bad) + len(batch.bad), len(typed.lines) + len(batch.bad))


def _pardon_open_dates(typed: TypedBatch) -> None:
    """While it is asked in which order dates are written, not knowing it is no fault of the rows."""
    if not any(question.code == "date_order" for question in typed.plan.questions):
        return
    for name in DATE_FIELDS & set(typed.values):
        column = typed.values[name]
        typed.values[name] = [
            Unsettled(value.params["value"]) if getattr(value, "code", "") == "date_order" else value
            for value in column
        ]
    for place, (_name, problem) in list(typed.bad.items()):
        if problem.code == "date_order":
            del typed.bad[place]


def _blame_gaps(typed: TypedBatch) -> None:
    """Mark rows that lack what every row of the kind must tell; the import itself does it field by field."""
    kind = typed.plan.options.kind
    if kind == "surveys":
        # While it is asked what the answers are, not knowing it is no fault of the rows.
        if not any(question.code in ("question", "scale") for question in typed.plan.questions):
            settle_days(typed, settle_scores(typed)[2])
        return
    if kind == "spend":
        settle_spans(typed, last_day_included=typed.plan.options.last_day_included)
    if kind == "subscriptions" and not any(q.code == "date_order" for q in typed.plan.questions):
        read_terms(_without_problems(typed), last_day_included=typed.plan.options.last_day_included)
    for fields in _NEEDED.get(kind, (("at",), ("started_at",), ("opened_at",))):
        present = [name for name in fields if name in typed.values]
        columns = [typed.values[name] for name in present]
        for place, values in enumerate(zip(*columns, strict=True)):
            if all(value is None or value == "" for value in values):
                problem = CellProblem("missing_value", field=typed.plan.mapping[present[0]])
                typed.blame(place, present[0], problem)
    if kind in ("customers", "subscriptions", "interactions"):
        for place, person in enumerate(typed.told()):
            if person.is_anonymous and not (kind == "customers" and person.name):
                typed.blame(place, "customer", CellProblem("no_customer"))


def _without_problems(typed: TypedBatch) -> TypedBatch:
    """The same rows and blames, with unknown where a cell can't be read."""
    values = {
        name: [None if isinstance(value, ValueProblem) else value for value in column]
        for name, column in typed.values.items()
    }
    return replace(typed, values=values)


def _build_row(typed: TypedBatch, place: int) -> PreviewRow:
    blamed, problem = typed.bad.get(place, ("", None))
    cells = {}
    for name, column in typed.values.items():
        value, text = column[place], typed.texts[name][place]
        wrong = value if isinstance(value, ValueProblem) else problem if name == blamed else None
        told = build_message(wrong.code, {"field": name, "value": text} | wrong.params) if wrong else None
        cells[name] = PreviewCell(text, None if wrong else value, told)
    whole = problem if problem is not None and blamed not in cells else None
    return PreviewRow(typed.lines[place], cells, build_message(whole.code, whole.params) if whole else None)


def _build_broken(row: BadRow) -> PreviewRow:
    return PreviewRow(row.line, {}, build_message(row.code, dict(row.params)))
