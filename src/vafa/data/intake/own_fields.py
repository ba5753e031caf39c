"""Columns of a customers file that are fields of the business's own: each value is read by the type of its field, and
a row with one that can't be is refused by name."""

from typing import Any
from zoneinfo import ZoneInfo

from vafa.data.business.queries import get_business
from vafa.data.customers.queries import list_definitions, read_value
from vafa.data.customers.types import ValueUnusable
from vafa.data.intake.parsing import CellProblem
from vafa.data.intake.reading.dates import build_date_parser
from vafa.data.intake.reading.problems import ValueProblem
from vafa.data.intake.typed_rows import TypedBatch
from vafa.kit.locale.letters import fold_key


class OwnFields:
    """Reads the kept columns whose name is that of a defined field; others stay texts as they came."""

    def __init__(self) -> None:
        business = get_business()
        self._region = business.phone_region or business.country
        self._zone = ZoneInfo(business.zone)
        self._calendar = business.calendar
        # Archived fields too: their values are kept, so they are to be right.
        self._known = {fold_key(row.name): row for row in list_definitions(archived=True)}

    def read(self, batch: TypedBatch, customs: list[dict[str, str]]) -> list[dict[str, str]]:
        """The values of each row by the names of fields; rows with one that can't be are blamed."""
        fields = {
            column: row
            for column in batch.plan.kept_columns
            if (row := self._known.get(fold_key(column))) is not None
        }
        if not fields:
            return customs
        return [self._read_row(batch, place, custom, fields) for place, custom in enumerate(customs)]

    def _read_row(
        self, batch: TypedBatch, place: int, custom: dict[str, str], fields: dict[str, Any]
    ) -> dict[str, str]:
        told: dict[str, str] = {}
        for column, text in custom.items():
            row = fields.get(column)
            if row is None:
                told[column] = text
                continue
            try:
                told[row.name] = read_value(
                    row.type,
                    text,
                    row.choices,
                    region=self._region,
                    read_day=lambda said: self._read_day(batch, said),
                )
            except ValueUnusable as problem:
                batch.blame(place, column, CellProblem(problem.code, **problem.details))
        return told

    def _read_day(self, batch: TypedBatch, text: str) -> str:
        """A day in the order of the file's own dates, else year first, in the business's calendar."""
        orders: list[Any] = [*dict.fromkeys(batch.plan.date_orders.values()), "iso"]
        if self._calendar in ("jalali", "hijri"):
            orders.append(self._calendar)
        for order in orders:
            try:
                return build_date_parser(order, self._zone)(text)[0].isoformat()
            except ValueProblem:
                continue
        raise ValueError(text)
