"""Parquet files: typed columns -> the texts that the parsers of this part read exactly."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from .problems import TableError
from .rows import Block, Head


class ParquetSource:
    """A Parquet file; the line of its first row is 2, as if the column names stood on line 1."""

    def __init__(self, path: Path) -> None:
        try:
            self._file = pq.ParquetFile(path)
        except (pa.ArrowException, OSError, ValueError) as error:
            raise TableError("broken_parquet", detail=str(error)[:200]) from error
        self.names = [str(name) for name in self._file.schema_arrow.names]
        self._rows = self._file.metadata.num_rows
        if not self.names:
            raise TableError("empty")
        if not self._rows:
            raise TableError("header_only")

    def head(self) -> Head:
        """The names alone: a Parquet file needs no search for its header."""
        return Head([1], [self.names], self._rows == 0)

    def blocks(self, after_line: int, width: int, size: int) -> Iterator[Block]:
        """All rows (the names are not among them, so `after_line` is always 1)."""
        done = 0
        try:
            for batch in self._file.iter_batches(batch_size=size):
                columns = [_write_column(column) for column in batch.columns]
                rows = [list(row) for row in zip(*columns, strict=True)]
                lines = range(done + 2, done + 2 + len(rows))
                done += len(rows)
                yield Block(lines, rows, [], done / self._rows)
        except (pa.ArrowException, OSError) as error:
            raise TableError("broken_parquet", detail=str(error)[:200]) from error

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()


def _write_column(column: pa.Array[Any]) -> list[str]:
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.dictionary_decode()
        kind = column.type
    if pa.types.is_floating(kind):
        return _write_floats(column)
    if pa.types.is_timestamp(kind):
        return ["" if value is None else _write_timestamp(value) for value in _to_python_moments(column)]
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return ["" if value is None else value.decode("utf-8", "replace") for value in column.to_pylist()]
    try:
        texts = pc.cast(column, pa.string())
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
        return ["" if value is None else str(value) for value in column.to_pylist()]
    if pa.types.is_decimal(kind):
        return ["" if value is None else format(value, "f") for value in column.to_pylist()]
    return ["" if text is None else text for text in texts.to_pylist()]


def _write_floats(column: pa.Array[Any]) -> list[str]:
    """Shortest exact digits, whole numbers without `.0` (ids kept as floats because some are missing)."""
    written: dict[float | None, str] = {None: ""}
    single = pa.types.is_float32(column.type) or pa.types.is_float16(column.type)
    values = column.to_numpy(zero_copy_only=False).tolist() if single else column.to_pylist()
    texts = pc.cast(column, pa.string()).to_pylist() if single else None
    result = []
    for place, value in enumerate(values):
        text = written.get(value)
        if text is None:
            text = written[value] = _write_float(value, texts[place] if texts else None)
        result.append(text)
    return result


def _write_float(value: float, shortest: str | None) -> str:
    if value != value or value in (float("inf"), float("-inf")):
        return ""
    if value == int(value) and abs(value) < 1e21:
        return str(int(value))
    return shortest or repr(value)


def _to_python_moments(column: pa.Array[Any]) -> list[Any]:
    """Moments with microseconds: finer ones are cut, which Python's own type would refuse."""
    kind = column.type
    if kind.unit == "ns":
        column = pc.cast(column, pa.timestamp("us", tz=kind.tz), safe=False)
    moments: list[Any] = column.to_pylist()
    return moments


def _write_timestamp(value: Any) -> str:
    text: str = value.isoformat(" ")
    return text
