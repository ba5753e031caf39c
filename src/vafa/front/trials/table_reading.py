"""An outside table of a trial: one row a customer, one column with the arm, one with the outcome."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext as _

from vafa.data.intake.queries import (
    DecimalMark,
    TableError,
    ValueProblem,
    decide_decimal_mark,
    open_table,
    parse_number,
)
from vafa.kit.errors import AskedWrongly
from vafa.kit.locale.letters import fold, fold_key

_YES = frozenset({"true", "yes", "t", "y", "بله", "بلی", "نعم", "是"})
_NO = frozenset({"false", "no", "f", "n", "خیر", "نه", "لا", "否"})
_UNKNOWN = frozenset({"", "na", "null", "none", "nan"})
_SAMPLED = 500


@dataclass(frozen=True)
class BadLine:
    """A row that was left out: where it stands, why, and what to do."""

    line: int
    message: str
    remedy: str


@dataclass
class TrialTable:
    """What was read. `values` holds the known outcomes of each arm, `missing` how many of it have none, `spellings` the
    other ways in which an arm was written."""

    values: dict[str, npt.NDArray[np.float64]] = field(default_factory=dict)
    missing: dict[str, int] = field(default_factory=dict)
    bad: list[BadLine] = field(default_factory=list)
    spellings: dict[str, list[str]] = field(default_factory=dict)

    def count_dealt(self) -> dict[str, int]:
        """How many customers were dealt into each arm, with or without an outcome."""
        return {arm: len(values) + self.missing.get(arm, 0) for arm, values in self.values.items()}


def read_trial_table(
    path: Path, arm_column: str, outcome_column: str, sheet: str | None = None
) -> TrialTable:
    """The outcomes of each arm, arms in alphabetic order. Raises AskedWrongly for a file that is no table, or lacks one
    of the columns, or has no arm at all."""
    try:
        with open_table(path, sheet=sheet) as table:
            columns = [_find_column(table.columns, name) for name in (arm_column, outcome_column)]
            mark = decide_decimal_mark(table.sample(_SAMPLED)[columns[1]])
            reader = _Reader(arm_column, mark)
            for batch in table.batches():
                reader.table.bad += [BadLine(row.line, row.message, row.remedy) for row in batch.bad]
                reader.read(batch.lines, batch.columns[columns[0]], batch.columns[columns[1]])
    except TableError as error:
        raise AskedWrongly(error.message, error.remedy, code=error.code) from error
    return reader.finish()


def _find_column(columns: Sequence[str], name: str) -> int:
    """Where a column stands: by its name, or by one that differs in case, blanks or forms of letters only."""
    if name in columns:
        return list(columns).index(name)
    alike = [place for place, column in enumerate(columns) if fold_key(column) == fold_key(name)]
    if len(alike) == 1:
        return alike[0]
    raise AskedWrongly(
        _("There is no column named “%(name)s”.") % {"name": name},
        _("Choose one of: %(columns)s.") % {"columns": ", ".join(columns)},
        code="no_such_column",
    )


class _Reader:
    def __init__(self, arm_column: str, mark: DecimalMark | None) -> None:
        self.table = TrialTable()
        self._arm_column = arm_column
        self._mark = mark
        self._values: dict[str, array[float]] = {}
        self._known: dict[str, float | None] = {}
        self._arms: dict[str, str] = {}
        self._folded: dict[str, str] = {}

    def read(self, lines: Sequence[int], arms: Sequence[str], outcomes: Sequence[str]) -> None:
        """Take up a batch of rows."""
        for line, written, outcome in zip(lines, arms, outcomes, strict=True):
            if not written:
                message = _("The field “%(field)s” is empty.") % {"field": self._arm_column}
                self.table.bad.append(BadLine(line, message, _("Fill it in, or take the row out.")))
                continue
            try:
                value = self._parse(outcome)
            except ValueProblem as problem:
                self.table.bad.append(BadLine(line, problem.message, problem.remedy))
                continue
            arm = self._arms.get(written) or self._settle_arm(written)
            kept = self._values.setdefault(arm, array("d"))
            if value is None:
                self.table.missing[arm] = self.table.missing.get(arm, 0) + 1
            else:
                kept.append(value)

    def _settle_arm(self, written: str) -> str:
        """The arm that is meant: the first spelling met of those that differ in case and forms of letters only."""
        arm = self._folded.setdefault(fold(written), written)
        self._arms[written] = arm
        if arm != written:
            self.table.spellings.setdefault(arm, []).append(written)
        return arm

    def _parse(self, text: str) -> float | None:
        """The outcome as a number, yes as 1 and no as 0; None where it is not known."""
        if text not in self._known:
            word = fold_key(text)
            if word in _YES or word in _NO:
                value: float | None = float(word in _YES)
            elif word in _UNKNOWN:
                value = None
            else:
                value = float(parse_number(text, self._mark))
            if len(self._known) > 100_000:
                self._known.clear()
            self._known[text] = value
        return self._known[text]

    def finish(self) -> TrialTable:
        """The whole table. Raises AskedWrongly where no row could be read."""
        if not self._values:
            first = self.table.bad[0] if self.table.bad else None
            raise AskedWrongly(
                _("No row of the table could be read."),
                _("Line %(line)s: %(message)s") % {"line": first.line, "message": first.message}
                if first
                else "",
                code="no_rows",
            )
        self.table.values = {arm: np.array(self._values[arm]) for arm in sorted(self._values)}
        self.table.bad.sort(key=lambda row: row.line)
        return self.table
