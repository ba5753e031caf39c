"""Money of two real shops: what the product says is what plain arithmetic on their files says."""

import io
from contextlib import redirect_stdout
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tests.golden.business import run
from tests.golden.raw_sales import find_first_days, read_cdnow, read_online_retail, retain, sum_months
from tests.laws.asking import build_command
from tests.laws.worlds import open_shop

DATA = Path(__file__).parents[2].parent / "shared" / "data"
SHOPS = {
    "online_retail/online_retail.parquet": (read_online_retail, Decimal("9747747.93")),
    "cdnow/CDNOW_master.txt": (read_cdnow, Decimal("2500315.63")),
}
WINDOW = 60

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture(params=SHOPS)
def shop(request, db, tmp_path):
    """The rows of a file that has been imported, and the published sum of its amounts."""
    path = DATA / request.param
    if not path.exists():
        pytest.skip(f"the data is not at {path}")
    read, total = SHOPS[request.param]
    with open_shop(tmp_path):
        with redirect_stdout(io.StringIO()):
            build_command().main(["import", "orders", str(path), "--json"], standalone_mode=False)
        yield list(read(path)), total


def ask(name, sales, *options):
    """First day of each month -> the row of a metric."""
    first = min(sale.day for sale in sales).isoformat()
    document = run("metric", name, "--from", first, "--every", "month", *options)
    return {date.fromisoformat(row["from"]): row for row in document["rows"]}


def test_every_month_is_worth_what_its_rows_say_and_revenue_is_retained_so(shop):
    """In one test, because the import takes longer than the questions."""
    sales, total = shop
    check_months(sales, total)
    check_retention(sales)


def check_months(sales, total):
    months, firsts = sum_months(sales), find_first_days(sales)
    names = ("revenue", "average_order_value", "purchase_frequency", "revenue_per_customer", "historical_clv")
    told = {name: ask(name, sales) for name in names}
    first, after = min(sale.day for sale in sales), max(sale.day for sale in sales) + timedelta(days=1)
    whole = run("metric", "revenue", "--from", first.isoformat(), "--to", after.isoformat())["rows"][0]
    assert round(Decimal(str(whole["value"])), 2) == total
    so_far = Decimal(0)
    for start in sorted(months):
        month = months[start]
        so_far += month.of_customers
        acquired = sum(day < (start + timedelta(days=31)).replace(day=1) for day in firsts.values())
        expected = {
            "revenue": month.revenue,
            "average_order_value": sum(month.orders) / len(month.orders),
            "purchase_frequency": Decimal(month.orders_of_customers) / len(month.buyers),
            "revenue_per_customer": month.of_customers / len(month.buyers),
            "historical_clv": so_far / acquired,
        }
        for name, value in expected.items():
            row = told[name][start]
            assert row["value"] == pytest.approx(float(value), rel=1e-12), (name, start)
        assert told["average_order_value"][start]["n"] == len(month.orders)
        assert told["historical_clv"][start]["details"] == {"acquired": acquired, "basis": "revenue"}


def check_retention(sales):
    rule = ("--rule", f"purchase:{WINDOW}d")
    net, gross = ask("order_revenue_retention", sales, *rule), ask("order_grr", sales, *rule)
    until = max(sale.day for sale in sales) + timedelta(days=1)
    assert len(net) in (13, 18)
    for place, start in enumerate(sorted(net)):
        if place == 0:
            assert net[start]["reason"] == "nobody_at_the_start"
            continue
        end = min(date.fromisoformat(net[start]["to"]), until)
        before, now, covered, active = retain(sales, WINDOW, start, end)
        assert net[start]["n"] == active
        assert net[start]["value"] == pytest.approx(float(now / before), rel=1e-12)
        assert gross[start]["value"] == pytest.approx(float(covered / before), rel=1e-12)
