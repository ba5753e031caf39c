"""Facts and spells as Parquet files for analysts, with names and ids in place of the warehouse's numbers."""

from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from vafa.lab.rules import ActivityRule
from vafa.lab.spells import OPEN_END
from vafa.warehouse.engine import quote_path
from vafa.warehouse.snapshot import Snapshot
from vafa.warehouse.types import Query

What = Literal["facts", "spells"]

_DAY = "(DATE '0001-01-01' + (f.day_no - 1)::INTEGER)"
_UNIX_DAY_ZERO = 719_163  # the ordinal of 1970-01-01, from which Arrow counts its days


def _money(column: str) -> str:
    return f"CAST(f.{column} AS DECIMAL(22, 0)) * CAST(0.0001 AS DECIMAL(5, 4)) AS {column}"


def export_facts(snapshot: Snapshot, path: Path) -> int:
    """Write every counted order line and return how many.

    One row a line: source, order number, customer id (NULL for an anonymous sale), day, product, product line,
    location, quantity, money as decimals, currency, and whether it counts as a purchase.
    """
    amounts = ", ".join(_money(name) for name in ("quantity", "amount", "discount", "tax", "shipping"))
    rows = snapshot.run(
        Query(
            f"""
            COPY (
                SELECT f.row_id, s.name AS source, f.order_no, c.id AS customer, {_DAY} AS day,
                    p.code AS product, l.name AS product_line, w.name AS location, {amounts},
                    m.code AS currency, f.counts, f.cancelled, f.is_purchase
                FROM facts f
                LEFT JOIN customers c ON c.ix = f.customer_ix
                LEFT JOIN sources s ON s.id = f.source
                LEFT JOIN products p ON p.id = f.product
                LEFT JOIN product_lines l ON l.id = f.product_line
                LEFT JOIN locations w ON w.id = f.location
                LEFT JOIN currencies m ON m.id = f.currency
                ORDER BY f.day_no, f.row_id
            ) TO {quote_path(path)} (FORMAT parquet, COMPRESSION zstd)
            """
        )
    )
    return int(rows[0][0])


def export_spells(snapshot: Snapshot, rule: ActivityRule, path: Path) -> int:
    """Write every spell under a rule and return how many: customer id, first day, and the day of its end,
    on which the customer isn't active any more (NULL while it goes on)."""
    spells = snapshot.spells(rule)
    ids = snapshot.list_ids(spells.customer_ix)
    is_open = spells.end == OPEN_END
    ends = np.where(is_open, 0, spells.end.astype(np.int64) - _UNIX_DAY_ZERO).astype(np.int32)
    table = pa.table(
        {
            "customer": pa.array(ids),
            "started_on": pa.array((spells.start - _UNIX_DAY_ZERO).astype(np.int32)).cast(pa.date32()),
            "ended_on": pa.array(ends, mask=is_open).cast(pa.date32()),
            "rule": pa.array([str(rule)] * len(ids), pa.string()).dictionary_encode(),
        }
    )
    pq.write_table(table, path, compression="zstd")
    return len(ids)
