"""Cohorts of two public data sets, to the unit, where the data is at hand."""

from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from vafa.lab.cohorts import Cohort, build_cohorts
from vafa.lab.periods import list_periods
from vafa.lab.purchases import build_purchase_habits
from vafa.lab.sets import PurchaseDays

DATA = Path(__file__).parents[2].parent / "shared" / "data"
CDNOW = DATA / "cdnow" / "CDNOW_master.txt"
ONLINE_RETAIL = DATA / "online_retail"
Numbers = npt.NDArray[np.int64]


def read_cdnow() -> tuple[Numbers, Numbers]:
    """Customers and days (ordinals) of the purchases."""
    if not CDNOW.exists():
        pytest.skip(f"the CDNOW data is not at {CDNOW}")
    rows = [line.split() for line in CDNOW.read_text().splitlines() if line.strip()[:1].isdigit()]
    days = [date.fromisoformat(row[1]).toordinal() for row in rows]
    return np.array([int(row[0]) for row in rows]), np.array(days)


def read_online_retail(purchases_only: bool) -> tuple[Numbers, Numbers]:
    """Customers and days (ordinals) of the rows that have a customer."""
    files = sorted(ONLINE_RETAIL.glob("*.parquet"))
    if not files:
        pytest.skip(f"the Online Retail data is not in {ONLINE_RETAIL}")
    import duckdb

    kept = "CustomerID IS NOT NULL" + (" AND Quantity > 0 AND UnitPrice > 0" if purchases_only else "")
    found = duckdb.execute(
        "SELECT CAST(CAST(CustomerID AS DOUBLE) AS BIGINT) AS customer,"
        " CAST(date_diff('day', DATE '1970-01-01', CAST(InvoiceDate AS DATE)) AS BIGINT) AS day"
        f" FROM read_parquet(?) WHERE {kept}",
        [[str(file) for file in files]],
    ).fetchnumpy()
    day_zero = date(1970, 1, 1).toordinal()
    return np.asarray(found["customer"]), np.asarray(found["day"]) + day_zero


def build_monthly(customers: Numbers, days: Numbers, start: date, until: date) -> list[Cohort]:
    months = list_periods(start, until, "month")
    bought = PurchaseDays.from_purchases(customers, days)
    sets = [bought.bought_between(month.start.toordinal(), month.end.toordinal()) for month in months]
    return build_cohorts(months, sets, until)


def test_cdnow() -> None:
    customers, days = read_cdnow()
    table = build_monthly(customers, days, date(1997, 1, 1), date(1998, 7, 1))
    assert [cohort.kept[:7] for cohort in table] == [
        (7846, 1157, 964, 810, 679, 736, 720),
        (8476, 1312, 980, 783, 847, 786, 626),
        (7248, 1032, 752, 756, 674, 564, 561),
    ]
    assert sum(cohort.size for cohort in table) == 23_570
    assert not table[0].partial
    habits = build_purchase_habits(customers, days, int(days.min()), int(days.max()) + 1)
    assert (habits.buyers, habits.repeat_buyers) == (23_570, 11_516)


@pytest.mark.parametrize(
    ("purchases_only", "december"),
    [
        (False, (948, 362, 317, 367, 341, 376, 360, 336, 336, 374, 354, 474, 260)),
        (True, (885, 324, 286, 340, 321, 352, 321, 309, 313, 350, 331, 445, 235)),
    ],
)
def test_online_retail(purchases_only: bool, december: tuple[int, ...]) -> None:
    customers, days = read_online_retail(purchases_only)
    table = build_monthly(customers, days, date(2010, 12, 1), date(2011, 12, 10))
    assert table[0].kept == december
    assert table[0].partial
