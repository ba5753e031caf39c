"""The published cohorts of CDNOW and Online Retail, by `vafa import` and `vafa cohorts`, to the unit."""

import io
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from tests.golden.business import run
from tests.laws.asking import build_command
from tests.laws.worlds import open_shop

DATA = Path(__file__).parents[2].parent / "shared" / "data"


@pytest.fixture
def bring(db, tmp_path):
    """Runs `vafa import orders` on a file of the data folder."""

    def bring_in(name: str, *options: str) -> None:
        path = DATA / name
        if not path.exists():
            pytest.skip(f"the data is not at {path}")
        with redirect_stdout(io.StringIO()):
            build_command().main(["import", "orders", str(path), *options, "--json"], standalone_mode=False)

    with open_shop(tmp_path):
        yield bring_in


def get_kept(count: str) -> dict[str, list[int | None]]:
    """First day of each cohort -> those who came 0, 1, 2 ... months after."""
    document = run("cohorts", "--every", "month", "--count", count)
    return {row["start"]: row["kept"] for row in document["cohorts"]}


@pytest.mark.slow
def test_cdnow(bring):
    fields = {"customer": "customer_id", "at": "date", "quantity": "number_of_cds", "amount": "dollar_value"}
    bring("cdnow/CDNOW_master.txt", *(f"--map={field}={column}" for field, column in fields.items()))
    kept = get_kept("all")
    assert {start: row[:7] for start, row in kept.items()} == {
        "1997-01-01": [7846, 1157, 964, 810, 679, 736, 720],
        "1997-02-01": [8476, 1312, 980, 783, 847, 786, 626],
        "1997-03-01": [7248, 1032, 752, 756, 674, 564, 561],
    }
    habits = run("metric", "repeat_purchase_rate", "--from", "1997-01-01", "--to", "1998-07-01")["rows"][0]
    # 11,516 of 23,570 came on more than one day; 11,513 of 23,502 if what cost nothing is no purchase.
    assert habits["value"] == pytest.approx(11_513 / 23_502, abs=1e-12)


@pytest.mark.slow
def test_online_retail_unaided_by_any_mapping(bring):
    bring("online_retail/online_retail.parquet")
    assert get_kept("all")["2010-12-01"] == [948, 362, 317, 367, 341, 376, 360, 336, 336, 374, 354, 474, 260]
    assert get_kept("purchases")["2010-12-01"] == [
        885,
        324,
        286,
        340,
        321,
        352,
        321,
        309,
        313,
        350,
        331,
        445,
        235,
    ]
