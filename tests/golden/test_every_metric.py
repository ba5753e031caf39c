"""`vafa metric NAME --json` answers for every name on three businesses: the demo, a shop's order lines, a telecom's
subscriptions.

Each value is told with what it rests on, or is null with its reason; shares lie between their bounds; and whatever the
counts of a row say holds for its rates.
"""

import json
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from tests.golden.telco import END, read_telco, write_subscriptions
from vafa.config import command
from vafa.data.business.actions import change_business
from vafa.data.intake.actions import import_file
from vafa.data.intake.types import ImportOptions
from vafa.data.staff.queries import forget_owner
from vafa.front.demo.making import make_demo
from vafa.measure.metrics.queries import explain_reason, get_entry, list_metric_names

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
Ask = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def business(django_db_setup, django_db_blocker, tmp_path_factory, request) -> Iterator[str]:
    """The records of one of the three, with its figures up to date."""
    name, make = request.param
    with (
        pytest.MonkeyPatch.context() as patch,
        django_db_blocker.unblock(),
        transaction.atomic(),
    ):
        home = tmp_path_factory.mktemp(name)
        patch.setenv("VAFA_HOME", str(home))
        make(home)
        yield name
        transaction.set_rollback(True)
        forget_owner()


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Runs `vafa metric NAME --json …` as one types it."""
    monkeypatch.setattr("vafa.config.database.ensure_database", lambda *_args, **_options: None)

    def run(name: str, *options: str) -> dict[str, Any]:
        monkeypatch.setattr(sys, "argv", ["vafa", "metric", name, "--json", *options])
        with pytest.raises(SystemExit) as left:
            command.main()
        assert not left.value.code
        document: dict[str, Any] = json.loads(capsys.readouterr().out)
        return document

    return run


def make_a_demo(_home: Path) -> None:
    make_demo(say=lambda _text: None, now=NOW, customers=600)


def get_file(name: str) -> Path:
    if not (DATA / name).exists():
        pytest.skip(f"the development data are not on this machine: {name}")
    return DATA / name


def make_shop(_home: Path) -> None:
    change_business(by=None, now=NOW, name="Gifts", currency="GBP", country="GB", is_set_up=True)
    columns = {
        "order": "InvoiceNo", "product": "StockCode", "quantity": "Quantity", "at": "InvoiceDate", "price": "UnitPrice",
        "customer": "CustomerID", "location": "Country",
    }  # fmt: skip
    asked = ImportOptions(kind="orders", mapping=columns)
    import_file(get_file("online_retail/online_retail.parquet"), asked, by=None, clock=lambda: NOW)


def make_telecom(home: Path) -> None:
    change_business(by=None, now=NOW, name="Lines", currency="USD", country="US", is_set_up=True)
    path = write_subscriptions(
        read_telco(get_file("telco_ibm/Telco-Customer-Churn.csv")), home / "subscriptions.csv"
    )
    import_file(path, ImportOptions(kind="subscriptions"), by=None, clock=lambda: NOW)


BUSINESSES = [("demo", make_a_demo), ("shop", make_shop), ("telecom", make_telecom)]
on_each = pytest.mark.parametrize(
    "business", BUSINESSES, ids=[name for name, _make in BUSINESSES], indirect=True
)


@on_each
def test_every_name_is_answered(business: str, ask: Ask) -> None:
    problems = []
    for name in list_metric_names():
        document = (
            ask(name, "--every", "month")
            if business != "telecom"
            else ask(name, "--from", "2019-12-01", "--to", "2020-01-01")
        )
        entry = get_entry(name)
        if not document["rows"]:
            problems += [] if document["reason"] else [f"{name}: no row and no reason"]
            continue
        for row in document["rows"]:
            problems += [f"{name}: {problem}" for problem in find_problems(row, entry.unit)]
    assert not problems, "\n".join(problems)


def find_problems(row: dict[str, Any], unit: str) -> Iterator[str]:
    """What is wrong with a row by itself."""
    value, low, high = row["value"], row["low"], row["high"]
    if value is None:
        if not row["reason"] or not explain_reason(row["reason"]):
            yield "null without a reason"
        return
    if row["reason"] is not None:
        yield f"a value beside a reason, {row['reason']}"
    if (low is None) != (high is None) or (low is not None and not low <= value <= high):
        yield f"{value} is not between {low} and {high}"
    if unit == "customers" and (value < 0):
        yield f"{value} customers"
    if unit == "nps" and not -1 <= value <= 1:
        yield f"{value} is no net promoter score"


@on_each
def test_the_counts_hold_for_the_rates(business: str, ask: Ask) -> None:
    row = (
        ask("crr", "--every", "month")["rows"][0]
        if business != "telecom"
        else last_month_of_telecom(ask, "crr")
    )
    assert row["kept"] + row["lost"] == row["start"]
    assert row["kept"] + row["new"] + row["reactivated"] == row["end"]
    assert row["value"] == (row["kept"] / row["start"] if row["start"] else None)


def last_month_of_telecom(ask: Ask, name: str) -> dict[str, Any]:
    """The month that ends with the day on which those who left ended."""
    row: dict[str, Any] = ask(name, "--from", "2019-12-01", "--to", END.isoformat())["rows"][0]
    return row


@pytest.mark.parametrize("business", BUSINESSES[2:], ids=["telecom"], indirect=True)
def test_the_telecoms_figures_are_those_of_its_rows(business: str, ask: Ask) -> None:
    """Straight from the file: nobody had ended before 2020-01-01, and on it 1,869 of 7,043 did."""
    rows = read_telco(get_file("telco_ibm/Telco-Customer-Churn.csv"))
    lasting = [row for row in rows if row.tenure > 0]
    charged = sum((Decimal(row.charge) for row in rows), Decimal(0))
    left = [row for row in lasting if row.left]
    assert (len(rows), charged) == (7043, Decimal("456116.60"))
    # Active on the last boundary before the end: all whose subscription began earlier.
    day = ask("customers_lost", "--from", "2019-12-31", "--to", "2020-01-01")["rows"][0]
    begun = [row for row in lasting if row.started_on < date(2019, 12, 31)]
    assert (day["start"], day["lost"]) == (len(begun), len([row for row in begun if row.left]))
    churned = ask("mrr_churned", "--from", "2019-12-31", "--to", "2020-01-01")["rows"][0]
    assert churned["value"] == pytest.approx(float(sum(Decimal(row.charge) for row in left)))
    assert float(sum(Decimal(row.charge) for row in left)) == pytest.approx(139_130.85)


@pytest.mark.parametrize("business", BUSINESSES[1:2], ids=["shop"], indirect=True)
def test_the_shops_revenue_is_that_of_its_rows(business: str, ask: Ask) -> None:
    document = ask("revenue", "--from", "2010-12-01", "--to", "2011-12-10")
    # Purchases less what was taken back under the same numbers; the file's whole sum is 9,747,747.93.
    assert document["currency"] == "GBP"
    assert document["rows"][0]["value"] is not None
