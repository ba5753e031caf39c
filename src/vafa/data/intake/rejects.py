"""The file of rejected rows: the columns as they came, why, and what to do. Mend it, and import it again."""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from vafa.data.intake.messages import build_message
from vafa.data.intake.types import REJECT_COLUMNS, Reject
from vafa.kit.sheets import CsvSheet


class RejectsFile:
    """Opened with the first reject; no rejects, no file. Without a path they are only counted."""

    def __init__(self, path: Path | None, columns: Sequence[str]) -> None:
        self.path = path
        self.columns = [column for column in columns if column not in REJECT_COLUMNS]
        self.kept = [place for place, column in enumerate(columns) if column not in REJECT_COLUMNS]
        self.count = 0
        self._sheet: CsvSheet | None = None

    def add(self, rejects: Sequence[Reject]) -> None:
        """Write some rejects."""
        self.count += len(rejects)
        if self.path is None:
            return
        if rejects and self._sheet is None:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._sheet = CsvSheet(self.path, [*self.columns, *REJECT_COLUMNS])
        for reject in rejects:
            assert self._sheet is not None
            reason, remedy = build_message(reject.code, reject.params)
            cells = [reject.cells[place] if place < len(reject.cells) else "" for place in self.kept]
            occurrence = reject.occurrence or ""
            self._sheet.add([*cells, reject.line, reject.field, reject.value, reason, remedy, occurrence])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._sheet is not None:
            self._sheet.close()
