"""The real files beside the repository, where they are: every row read, every cell parsed."""

from __future__ import annotations

import csv
import time
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from vafa.data.intake.reading.caches import Cached
from vafa.data.intake.reading.columns import guess_columns
from vafa.data.intake.reading.dates import build_date_parser
from vafa.data.intake.reading.problems import ValueProblem
from vafa.data.intake.reading.tables import open_table
from vafa.data.intake.reading.values import parse_number

DATA = Path(__file__).parents[7] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the shared data sets are not on this machine")


def test_cdnow() -> None:
    with open_table(DATA / "cdnow" / "CDNOW_master.txt") as table:
        mapping = guess_columns("orders", table.columns, table.sample()).mapping
        assert mapping == {
            "customer": "customer_id",
            "at": "date",
            "quantity": "number_of_cds",
            "amount": "dollar_value",
        }
        rows = customers = 0
        total, seen = Decimal(0), set[str]()
        for batch in table.batches():
            rows += len(batch.lines)
            seen.update(batch.columns[0])
            total += sum(map(parse_number, batch.columns[3]))
        customers = len(seen)
    assert (rows, customers, total) == (69_659, 23_570, Decimal("2500315.63"))


def test_online_retail_as_parquet_and_as_csv_agree(tmp_path: Path) -> None:
    path = tmp_path / "online_retail.csv"
    with (
        open_table(DATA / "online_retail" / "online_retail.parquet") as table,
        path.open("w", newline="") as stream,
    ):
        writer = csv.writer(stream)
        writer.writerow(table.columns)
        for batch in table.batches():
            writer.writerows(zip(*batch.columns, strict=True))
    numbers, days = Cached(parse_number), Cached(build_date_parser("iso", ZoneInfo("Europe/London")))
    began = time.perf_counter()
    with open_table(path) as table:
        rows, anonymous, total, customers, firsts = 0, 0, Decimal(0), set[str](), []
        for batch in table.batches():
            assert not batch.bad
            quantities, prices = numbers.column(batch.columns[3]), numbers.column(batch.columns[5])
            moments = days.column(batch.columns[4])
            assert not any(isinstance(value, ValueProblem) for value in (*quantities, *prices, *moments))
            total += sum(q * p for q, p in zip(quantities, prices, strict=True))  # type: ignore[misc]
            rows += len(batch.lines)
            anonymous += batch.columns[6].count("")
            customers.update(filter(None, batch.columns[6]))
            firsts.append(batch.lines[0])
    seconds = time.perf_counter() - began
    assert (rows, anonymous, len(customers)) == (541_909, 135_080, 4_372)
    assert total.quantize(Decimal("0.01")) == Decimal("9747747.93")
    assert firsts[0] == 2
    # A loose bound: a shared machine is slow at times, a quadratic reader is slower still.
    assert rows / seconds > 20_000


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("telco_ibm/Telco-Customer-Churn.csv", 7_043),
        ("iranian_churn/Customer_Churn.csv", 3_150),
        ("mlc_churn/mlc_churn.csv", 5_000),
        ("cdnow/CDNOW_sample.txt", 6_919),
        ("export_samples/odoo_res.partner.csv", 6),
    ],
)
def test_every_row_of_the_others(name: str, rows: int) -> None:
    with open_table(DATA / name) as table:
        batches = list(table.batches())
    assert sum(len(batch.lines) for batch in batches) == rows
    assert not any(batch.bad for batch in batches)
