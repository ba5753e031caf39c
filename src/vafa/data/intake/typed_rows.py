"""One batch of a file as typed rows: what every kind has in common."""

import json
from dataclasses import dataclass, field
from typing import Any

from vafa.data.customers.types import Told
from vafa.data.intake.parsing import Column, Parsers
from vafa.data.intake.reading.problems import ValueProblem
from vafa.data.intake.reading.tables import Batch
from vafa.data.intake.types import Plan, Reject

# Texts that are brought into a normal form, and are None where blank.
_PARSED_TEXTS = frozenset({"email", "phone", "birthday", "interval"})
ERASED_PERSON = "erased_person"
_TRAITS = frozenset({"name", "given_name", "family_name", "email", "phone", "birthday"})


class _ToldByKey(dict[str, Told]):
    """Rows that tell an id and nothing else, made once for each id."""

    def __missing__(self, key: str) -> Told:
        self[key] = told = Told(key)
        return told


@dataclass
class TypedBatch:
    """Values by field in database form, one place a row; `bad` names the rows that can't go in, by place, `repeated`
    those that say once more what an earlier row of the same number has said."""

    plan: Plan
    lines: list[int]
    texts: dict[str, list[str]]
    all_columns: list[list[str]]
    values: dict[str, Column]
    bad: dict[int, tuple[str, ValueProblem]]
    occurrences: list[int] = field(default_factory=list)
    repeated: set[int] = field(default_factory=set)

    def column(self, name: str) -> Column:
        """A field's values; all None where the file has no such column."""
        found = self.values.get(name)
        return found if found is not None else [None] * len(self.lines)

    def texts_of(self, name: str) -> list[str]:
        """A text field's values with "" for blanks."""
        found = self.values.get(name)
        if name in _PARSED_TEXTS and found is not None:
            return [value or "" for value in found]
        return found if found is not None else [""] * len(self.lines)

    def blame(self, place: int, name: str, problem: ValueProblem) -> None:
        """Mark a row as one that can't go in; the first blame stays."""
        self.bad.setdefault(place, (name, problem))

    def list_good(self) -> list[int]:
        """The places of the rows that go in."""
        left_out = self.repeated.union(self.bad)
        return [place for place in range(len(self.lines)) if place not in left_out]

    def drop_unreadable(self) -> None:
        """Take the cells that could not be read for unknown; their rows are blamed and won't go in."""
        for place in self.bad:
            for column in self.values.values():
                if isinstance(column[place], ValueProblem):
                    column[place] = None

    def told(self) -> list[Told]:
        """Whose each row is."""
        if not _TRAITS & set(self.values):
            known = _ToldByKey()
            return [known[key] for key in self.texts_of("customer")]
        names = self.texts_of("name")
        if "given_name" in self.values or "family_name" in self.values:
            pairs = zip(self.texts_of("given_name"), self.texts_of("family_name"), strict=True)
            parts = [f"{given} {family}".strip() for given, family in pairs]
            names = [name or part for name, part in zip(names, parts, strict=True)]
        columns = (self.texts_of(name) for name in ("email", "phone", "birthday"))
        return list(map(Told._make, zip(self.texts_of("customer"), names, *columns, strict=True)))

    def brought_occurrences(self) -> list[int] | None:
        """Which repetition of its key each row says it is, in a mended file of rejects; 0 where it says nothing."""
        if "vafa_occurrence" not in self.plan.columns:
            return None
        column = self.all_columns[self.plan.columns.index("vafa_occurrence")]
        return [int(text) if text.isdigit() else 0 for text in column]

    def custom(self) -> list[str | None]:
        """The kept columns of each row, as the text of a JSON document; None where all are blank."""
        names = self.plan.kept_columns
        if not names:
            return [None] * len(self.lines)
        columns = [self.all_columns[self.plan.columns.index(name)] for name in names]
        return [_document(names, cells) for cells in zip(*columns, strict=True)]

    def custom_values(self) -> list[dict[str, str]]:
        """The kept columns of each row that are not blank."""
        return [json.loads(text) if text else {} for text in self.custom()]

    def rejects(self) -> list[Reject]:
        """The bad rows, with their cells as they came."""
        return [self._reject(place, *blame) for place, blame in sorted(self.bad.items())]

    def _reject(self, place: int, name: str, problem: ValueProblem) -> Reject:
        params: dict[str, Any] = {"field": name, "value": ""} | problem.params
        if problem.code == ERASED_PERSON:
            # What the row says of the person must not stay in the file of rejects.
            return Reject(self.lines[place], "", "", problem.code, params, cells=())
        column = self.texts.get(name)
        if column is None and name in self.plan.kept_columns:
            column = self.all_columns[self.plan.columns.index(name)]
        value = column[place] if column is not None else ""
        return Reject(
            line=self.lines[place],
            field=self.plan.mapping.get(name, name),
            value=value,
            code=problem.code,
            params=params,
            cells=tuple(column[place] for column in self.all_columns),
            occurrence=self.occurrences[place] if self.occurrences else 0,
        )


def build_typed_batch(batch: Batch, plan: Plan, parsers: Parsers, carry: "Carry | None" = None) -> TypedBatch:
    """Parse a batch; `carry` fills in what an order's continuation lines leave out."""
    places = {column: place for place, column in enumerate(plan.columns)}
    texts = {field: batch.columns[places[column]] for field, column in plan.mapping.items()}
    if carry is not None:
        carry.fill(texts)
    if "year" in texts and "month" in texts:
        # A month that stands beside its year is read with it.
        texts["month"] = [
            f"{year} {month}" if year and month else month
            for year, month in zip(texts["year"], texts["month"], strict=True)
        ]
    values, bad = parsers.parse(texts)
    return TypedBatch(plan, batch.lines, texts, batch.columns, values, bad)


class Carry:
    """An order's continuation lines repeat its number only, or not even that but name a product: the rest of its
    head is taken from its first line."""

    FIELDS = ("customer", "at", "location", "currency", "status", "name", "email", "phone")

    def __init__(self) -> None:
        self.order = ""
        self.head: dict[str, str] = {}

    def fill(self, texts: dict[str, list[str]]) -> None:
        """Fill blanks in place where the date is blank and the order is that of the line above, or blank too."""
        if "order" not in texts or "at" not in texts:
            return
        orders, fields = texts["order"], [name for name in self.FIELDS if name in texts]
        if "" in texts["at"]:
            texts.update({name: list(texts[name]) for name in ("order", *fields)})
            # Without a number only a product tells a line of the order from a line of totals.
            products = [texts[name] for name in ("product", "product_name") if name in texts]
            for place, (order, at) in enumerate(zip(orders, texts["at"], strict=True)):
                if at:
                    self._remember(order, {name: texts[name][place] for name in fields})
                elif self.order and (
                    order == self.order or (not order and any(column[place] for column in products))
                ):
                    texts["order"][place] = self.order
                    for name in fields:
                        texts[name][place] = texts[name][place] or self.head[name]
        elif orders:
            self._remember(orders[-1], {name: texts[name][-1] for name in fields})

    def _remember(self, order: str, head: dict[str, str]) -> None:
        self.order, self.head = order, head


def _document(names: tuple[str, ...], cells: tuple[str, ...]) -> str | None:
    told = {name: cell for name, cell in zip(names, cells, strict=True) if cell}
    return json.dumps(told, ensure_ascii=False, sort_keys=True) if told else None
