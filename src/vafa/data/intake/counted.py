"""How often the values of some columns come together, over a whole file."""

from collections import Counter
from pathlib import Path
from typing import Any

from vafa.data.intake.reading.tables import Table

# Distinct values that are remembered; a column with more tells rows apart, and is not worth counting.
MOST_VALUES = 20_000
_FILES_REMEMBERED = 8

# Columns that were counted lately: a page asks for the plan of one file again and again.
_counted: dict[tuple[Any, ...], dict[tuple[str, ...], int]] = {}


def count_values(table: Table, columns: tuple[str, ...], path: Path) -> dict[tuple[str, ...], int]:
    """How many rows have each combination of values in these columns, the most frequent first."""
    places = tuple(table.columns.index(column) for column in columns)
    about = path.stat()
    key = (str(path), about.st_size, about.st_mtime_ns, table.found, places)
    if key not in _counted:
        counts: Counter[tuple[str, ...]] = Counter()
        for batch in table.batches():
            counts.update(zip(*(batch.columns[place] for place in places), strict=True))
            if len(counts) > MOST_VALUES:
                counts = Counter(dict(counts.most_common(MOST_VALUES)))
        if len(_counted) >= _FILES_REMEMBERED:
            _counted.clear()
        _counted[key] = dict(counts.most_common())
    return _counted[key]
