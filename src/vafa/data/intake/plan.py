"""Deciding how a file will be read: from what the person said, then from its names and contents; the rest is asked."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, cast

from django.utils.translation import gettext as _

from vafa.data.business.queries import RIAL_UNITS
from vafa.data.customers.queries import list_definitions
from vafa.data.intake.counted import count_values
from vafa.data.intake.parsing import parse_currency, parse_interval_text
from vafa.data.intake.reading.columns import guess_columns
from vafa.data.intake.reading.intervals import find_named_interval
from vafa.data.intake.reading.money import decide_unit, unit_named
from vafa.data.intake.reading.months import decide_month_order
from vafa.data.intake.reading.problems import ValueProblem
from vafa.data.intake.reading.status import guess_status
from vafa.data.intake.reading.tables import Table, open_table
from vafa.data.intake.reading.values import decide_decimal_mark
from vafa.data.intake.reading.verdicts import decide_dates
from vafa.data.intake.survey_plan import decide_answers
from vafa.data.intake.types import (
    CONSENT_FIELDS,
    DATE_FIELDS,
    FIELDS,
    MONEY_FIELDS,
    REJECT_COLUMNS,
    REQUIRED,
    WHOLE_TERM,
    ImportOptions,
    Plan,
    Question,
)
from vafa.kit.errors import AskedWrongly
from vafa.kit.locale.letters import fold_key

if TYPE_CHECKING:
    from vafa.data.business.models import Business
    from vafa.lab.calendars import CalendarName

SAMPLE_ROWS = 2_000
MOST_STATUSES = 60


class UnknownColumn(AskedWrongly):
    """A mapping names a column that the file does not have."""

    code = "unknown_column"


class UnknownField(AskedWrongly):
    """A mapping names a field that this kind of row does not have."""

    code = "unknown_field"


def open_file(path: Path, options: ImportOptions, name: str | None = None) -> Table:
    """The file as a table, read as the person said."""
    return open_table(
        path, encoding=options.encoding, delimiter=options.delimiter, sheet=options.sheet, name=name
    )


def build_plan(
    path: Path, options: ImportOptions, business: "Business", today: date, name: str | None = None
) -> Plan:
    """Read a sample of the file and decide everything; what can't be decided is among `questions`."""
    with open_file(path, options, name) as table:
        return _build(table, path, options, business, today)


def _build(table: Table, path: Path, options: ImportOptions, business: "Business", today: date) -> Plan:
    sample = dict(zip(table.columns, table.sample(SAMPLE_ROWS), strict=True))
    guess = guess_columns(options.kind, table.columns, list(sample.values()))
    cards = tuple(guess.card_columns)
    mapping = (
        _check_mapping(options, table.columns)
        if options.mapping is not None
        else _settle(guess.mapping, options)
    )
    mapping = {field: column for field, column in mapping.items() if column not in cards}
    questions: list[Question] = []
    orders = _decide_dates(table, options, mapping, sample, today, questions)
    if "month" in mapping:
        orders["month"] = _decide_month(options, mapping, sample, business, today)
    unit = _decide_unit(options, mapping, sample, business, questions)
    others = [
        column for column in table.columns if column not in {*mapping.values(), *cards, *REJECT_COLUMNS}
    ]
    own = {fold_key(row.name) for row in list_definitions()} if options.kind == "customers" else set()
    kept = tuple(
        column
        for column in others
        if options.keep_other or column in options.kept_columns or fold_key(column) in own
    )
    counts = _count_statuses(table, mapping, path) if options.kind == "orders" and "status" in mapping else {}
    answers = (
        decide_answers(table, options, mapping, path, questions)
        if options.kind == "surveys" and "score" in mapping
        else {}
    )
    numbers = [field for field in (*MONEY_FIELDS, "index") if field in mapping]
    amounts = [text for field in numbers for text in sample[mapping[field]]]
    found = table.found
    return Plan(
        options=options,
        columns=table.columns,
        mapping=mapping,
        date_orders=orders,
        unit=unit,
        interval=_decide_interval(options, mapping),
        decimal_mark=decide_decimal_mark(amounts),
        statuses={value: options.statuses.get(value, guess_status(value) != "not") for value in counts},
        status_counts=counts,
        kept_columns=kept,
        card_columns=cards,
        left_out_columns=tuple(column for column in others if column not in kept),
        missing=tuple(
            fields for fields in REQUIRED[options.kind] if not any(field in mapping for field in fields)
        ),
        questions=tuple(questions),
        found={
            "kind": found.kind,
            "encoding": found.encoding,
            "delimiter": found.delimiter,
            "sheet": found.sheet,
            "sheets": list(found.sheets),
            "titles_above": found.titles_above,
            "header_line": table.header_line,
            "sure": found.sure,
        },
        system=guess.source_system if options.mapping is None else None,
        sureness=guess.sure if options.mapping is None else {},
        suggested={
            field: column
            for field, column in guess.mapping.items()
            if field in CONSENT_FIELDS and field in FIELDS[options.kind]
        },
        answers=answers,
    )


def _settle(guessed: dict[str, str], options: ImportOptions) -> dict[str, str]:
    """What was guessed, in this kind's fields: a code stands for the product, a city for the location. A column is
    consent only where a person says so, and a reject's own columns are nobody's."""
    mapping = dict(guessed)
    for field, stand_in in (("product", "sku"), ("location", "city"), ("location", "customer_location")):
        if field not in mapping and stand_in in mapping:
            mapping[field] = mapping[stand_in]
    fields = set(FIELDS[options.kind]) - CONSENT_FIELDS
    return {
        field: column for field, column in mapping.items() if field in fields and column not in REJECT_COLUMNS
    }


def _check_mapping(options: ImportOptions, columns: tuple[str, ...]) -> dict[str, str]:
    for field, column in (options.mapping or {}).items():
        if field not in FIELDS[options.kind]:
            raise UnknownField(
                _("There is no field “%(field)s”.") % {"field": field},
                _("The fields are: %(fields)s.") % {"fields": ", ".join(FIELDS[options.kind])},
            )
        if column not in columns:
            raise UnknownColumn(
                _("The file has no column “%(column)s”.") % {"column": column},
                _("Its columns are: %(columns)s.") % {"columns": ", ".join(columns)},
            )
    return dict(options.mapping or {})


def _decide_dates(
    table: Table,
    options: ImportOptions,
    mapping: dict[str, str],
    sample: dict[str, list[str]],
    today: date,
    questions: list[Question],
) -> dict[str, str]:
    """The order of each date column's parts. A sample that can't tell gives way to the whole column."""
    orders: dict[str, str] = {}
    for field in sorted(DATE_FIELDS & set(mapping)):
        column = mapping[field]
        if options.dates:
            orders[field] = options.dates
            continue
        verdict = decide_dates(sample[column], today)
        if not verdict.is_date_column:
            # The person says that these are dates: whatever is none among them must not hide how the others are meant.
            verdict = decide_dates(_keep_dates(sample[column], today), today)
        if verdict.ambiguous:
            verdict = decide_dates(_keep_dates(_distinct(table, column), today), today)
        if verdict.ambiguous:
            questions.append(Question("date_order", "--dates", verdict.choices, verdict.example, column))
        orders[field] = verdict.order or "iso"
    decided = {order for order in orders.values() if order != "iso"}
    if questions and len(decided) == 1:
        # One file writes its dates in one way: what one column tells holds for the others.
        order = decided.pop()
        questions[:] = [question for question in questions if question.code != "date_order"]
        orders = dict.fromkeys(orders, order)
    return orders


def _decide_month(
    options: ImportOptions,
    mapping: dict[str, str],
    sample: dict[str, list[str]],
    business: "Business",
    today: date,
) -> str:
    """The calendar of months whose years are no Gregorian ones."""
    if options.dates in ("jalali", "hijri"):
        return options.dates
    texts = [text for field in ("month", "year") if field in mapping for text in sample[mapping[field]]]
    return decide_month_order(texts, cast("CalendarName", business.calendar), today)


def _keep_dates(texts: Iterable[str], today: date) -> list[str]:
    """Those of some texts that can be read as dates by themselves."""
    return [text for text in dict.fromkeys(texts) if text and decide_dates([text], today).is_date_column]


def _distinct(table: Table, column: str) -> Iterator[str]:
    """A column's distinct values over the whole file, as far as they can be remembered."""
    place = table.columns.index(column)
    seen: set[str] = set()
    for batch in table.batches():
        for text in batch.columns[place]:
            if text not in seen:
                seen.add(text)
                yield text
        if len(seen) > 5_000:
            return


def _decide_unit(
    options: ImportOptions,
    mapping: dict[str, str],
    sample: dict[str, list[str]],
    business: "Business",
    questions: list[Question],
) -> str:
    """The unit of amounts that carry no currency of their own; "" is the business's own, unnamed one."""
    if options.unit:
        return _parse_unit(options.unit)
    money = [field for field in ("amount", "price") if field in mapping]
    if not money or "currency" in mapping:
        return business.currency
    column = mapping[money[0]]
    if business.currency not in RIAL_UNITS:
        return unit_named(column) or business.currency
    verdict = decide_unit(column, sample[column], "IRR")
    if verdict.ambiguous:
        hint = verdict.hint or business.currency
        choices = (hint, *(unit for unit in RIAL_UNITS if unit != hint))
        example = next((text for text in sample[column] if text.strip("0.,٠۰ ")), "")
        questions.append(Question("unit", "--unit", choices, example, column))
    return verdict.unit or business.currency


def _decide_interval(options: ImportOptions, mapping: dict[str, str]) -> str:
    """How often a subscription's price is paid where its row doesn't say it: as the person said, or as the name of the
    price's column does ("monthly charges"); "" where that is unknown."""
    if options.interval == WHOLE_TERM:
        return ""
    if options.interval:
        try:
            return parse_interval_text(options.interval)
        except ValueProblem as problem:
            raise AskedWrongly(problem.message, problem.remedy, code="interval_unknown") from problem
    if options.kind != "subscriptions" or "amount" not in mapping:
        return ""
    found = find_named_interval(mapping["amount"])
    return f"{found[1]} {found[0]}" if found else ""


def _parse_unit(text: str) -> str:
    try:
        return parse_currency(text)
    except ValueProblem as problem:
        raise AskedWrongly(
            _("There is no currency “%(name)s”.") % {"name": text},
            _("Name with --unit rial, toman, IRHR, IRHT, or a currency's code of three letters."),
            code="unit_unknown",
        ) from problem


def _count_statuses(table: Table, mapping: dict[str, str], path: Path) -> dict[str, int]:
    """How many rows have each status, over the whole file; rare ones beyond the first sixty are left to the words."""
    counts = count_values(table, (mapping["status"],), path)
    named = Counter({status: count for (status,), count in counts.items() if status})
    return dict(named.most_common(MOST_STATUSES))
