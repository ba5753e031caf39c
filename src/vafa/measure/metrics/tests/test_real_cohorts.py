"""The published cohorts of two real data sets, from the files through import and warehouse, to the unit."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from vafa.data.intake.actions import import_file
from vafa.data.intake.types import ImportOptions
from vafa.measure.metrics.queries import get_cohorts, get_metric
from vafa.warehouse.actions import refresh

NOW = datetime(2026, 1, 1, tzinfo=UTC)
DATA = next(
    (
        parent.parent / "shared" / "data"
        for parent in Path(__file__).parents
        if (parent / "pyproject.toml").exists()
    ),
    Path("no such folder"),
)


@pytest.fixture
def bring(db, tmp_path, monkeypatch):
    """Imports one of the files and brings the figures up to date."""
    monkeypatch.setenv("VAFA_HOME", str(tmp_path))

    def bring_in(name: str, mapping: dict[str, str], **options) -> None:
        path = DATA / name
        if not path.exists():
            pytest.skip(f"the development data are not on this machine: {name}")
        asked = ImportOptions(kind="orders", mapping=mapping, **options)
        import_file(path, asked, by=None, clock=lambda: NOW)
        refresh(now=NOW)

    return bring_in


@pytest.mark.slow
def test_cdnow(bring):
    columns = {"customer": "customer_id", "at": "date", "quantity": "number_of_cds", "amount": "dollar_value"}
    bring("cdnow/CDNOW_master.txt", columns)
    table = get_cohorts("month")
    assert table.data_until == date(1998, 7, 1)
    assert {row.start: row.kept[:7] for row in table.cohorts} == {
        date(1997, 1, 1): (7846, 1157, 964, 810, 679, 736, 720),
        date(1997, 2, 1): (8476, 1312, 980, 783, 847, 786, 626),
        date(1997, 3, 1): (7248, 1032, 752, 756, 674, 564, 561),
    }
    # June 1998 is over, so nothing is partial.
    assert [(len(row.kept), row.partial) for row in table.cohorts] == [(18, False), (17, False), (16, False)]
    # 23,570 customers, of whom 23,502 have a purchase of more than nothing.
    assert sum(row.size for row in table.cohorts) == 23_570
    row = get_metric(
        "customers_new", start=date(1997, 1, 1), end=date(1998, 7, 1), rule="purchase:3660d"
    ).rows[0]
    assert row.value == sum(row.size for row in get_cohorts("month", count="purchases").cohorts)


@pytest.mark.slow
def test_online_retail(bring):
    columns = {
        "order": "InvoiceNo",
        "customer": "CustomerID",
        "at": "InvoiceDate",
        "product": "StockCode",
        "quantity": "Quantity",
        "price": "UnitPrice",
    }
    bring("online_retail/online_retail.parquet", columns)
    december = get_cohorts("month").cohorts[0]
    assert december.start == date(2010, 12, 1)
    assert december.kept == (948, 362, 317, 367, 341, 376, 360, 336, 336, 374, 354, 474, 260)
    # The data end on 9 December 2011, inside the last month.
    assert december.partial
    bought = get_cohorts("month", count="purchases").cohorts[0]
    assert bought.kept == (885, 324, 286, 340, 321, 352, 321, 309, 313, 350, 331, 445, 235)
