"""Workbooks, HTML tables and Parquet: typed cells come as exact text."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from vafa.data.intake.reading.problems import TableError
from vafa.data.intake.reading.sheets import write_cell
from vafa.data.intake.reading.tables import open_table

from .helpers import read_file


def _workbook(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Cover").write(0, 0, "Sales")
        sheet = book.add_worksheet("Orders")
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write(0, 0, "گزارش فروش")
        sheet.write_row(2, 0, ["order", "at", "day", "phone", "price", "paid"])
        sheet.write(3, 0, "A-1")
        sheet.write_datetime(3, 1, datetime(2026, 3, 21, 12, 30, 59), moment)  # noqa: DTZ001
        sheet.write_datetime(3, 2, datetime(2026, 3, 21), day)  # noqa: DTZ001
        sheet.write_number(3, 3, 9123456789)
        sheet.write_number(3, 4, 0.1 + 0.2)
        sheet.write_boolean(3, 5, True)
        sheet.write(5, 0, "'00123")
        sheet.write(6, 0, "جمع")
        sheet.write_number(6, 4, 12.5)


def test_a_workbook_with_a_cover_a_title_and_a_total(tmp_path: Path) -> None:
    path = tmp_path / "orders.xlsx"
    _workbook(path)
    table, lines, rows, bad = read_file(path)
    assert (table.found.kind, table.found.sheet, table.found.sheets) == (
        "xlsx",
        "Orders",
        ("Cover", "Orders"),
    )
    assert (table.header_line, table.found.titles_above, table.dropped_totals) == (3, 1, 1)
    assert rows == [
        ("A-1", "2026-03-21 12:30:59", "2026-03-21", "9123456789", "0.3", "TRUE"),
        ("00123", "", "", "", "", ""),
    ]
    assert (lines, bad) == ([4, 6], [])


def test_a_sheet_is_chosen_by_name_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "orders.xlsx"
    _workbook(path)
    with pytest.raises(TableError) as error:
        open_table(path, sheet="Customers")
    assert (error.value.code, "Orders" in error.value.message) == ("no_such_sheet", True)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12346.0, "12346"),
        (1e-7, "0.0000001"),
        (1234567890123456.0, "1234567890123456"),
        (2.55, "2.55"),
        (float("nan"), ""),
    ],
)
def test_numbers_are_written_without_noise(value: float, text: str) -> None:
    assert write_cell(value) == text


HTML = """<html><head><meta charset="{charset}"></head><body><table><tr><td>menu</td></tr></table>
<table border=1><tr><td colspan=3>فروش ماه</td></tr><tr><th>شماره سفارش</th><th>مشتری</th><th>مبلغ</th></tr>
<tr><td>1</td><td>علي<br>رضايي</td><td>100</td></tr><tr><td>2</td><td>&nbsp;</td><td>200</td></tr>
<tr><td>جمع</td><td></td><td>300</td></tr></table></body></html>"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1256"])
def test_html_named_xls(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "report.xls"
    path.write_bytes(
        HTML.format(charset=encoding).replace("مشتری", "مشتري").encode(encoding, "xmlcharrefreplace")
    )
    table, lines, rows, bad = read_file(path)
    assert table.found.kind == "html"
    assert table.columns[0] == "شماره سفارش"
    assert (rows, lines) == ([("1", "عليرضايي", "100"), ("2", "", "200")], [3, 4])
    assert (bad, table.dropped_totals) == ([], 1)


def test_parquet_keeps_types_exactly(tmp_path: Path) -> None:
    path = tmp_path / "orders.parquet"
    columns = {
        "order": pa.array(["1", None, "3"]),
        "customer": pa.array([17850.0, None, float("nan")]),
        "at": pa.array([datetime(2010, 12, 1, 8, 26), None, datetime(2011, 1, 1)], pa.timestamp("ns")),  # noqa: DTZ001
        "utc": pa.array([datetime(2026, 1, 1, 20, tzinfo=UTC)] * 3, pa.timestamp("us", tz="UTC")),
        "day": pa.array([date(2026, 3, 21)] * 3),
        "price": pa.array([Decimal("1.10"), Decimal("0.00"), None], pa.decimal128(10, 2)),
        "quantity": pa.array([1, -2, None], pa.int64()),
        "line": pa.array(["a", "b", "a"]).dictionary_encode(),
        "weight": pa.array([0.1, 2.5, None], pa.float32()),
    }
    pq.write_table(pa.table(columns), path)
    table, lines, rows, bad = read_file(path, size=2)
    assert table.columns == tuple(columns)
    assert (lines, bad) == ([2, 3, 4], [])
    moment = "2026-01-01 20:00:00+00:00"
    assert rows == [
        ("1", "17850", "2010-12-01 08:26:00", moment, "2026-03-21", "1.10", "1", "a", "0.1"),
        ("", "", "", moment, "2026-03-21", "0.00", "-2", "b", "2.5"),
        ("3", "", "2011-01-01 00:00:00", moment, "2026-03-21", "", "", "a", ""),
    ]
