"""Published figures of what customers say, brought in as a file and asked for by command."""

import csv
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.golden.business import run
from tests.laws.worlds import open_shop
from vafa.data.customers.actions import apply_exclusions, merge_customers
from vafa.data.customers.models import CustomerKey
from vafa.data.intake.actions import import_file, undo_import
from vafa.data.intake.models import Import
from vafa.data.intake.types import ImportOptions
from vafa.warehouse.actions import refresh

NOW = datetime(2025, 7, 1, tzinfo=UTC)
MAY = ("--from", "2025-05-01", "--to", "2025-06-01")
# The scores 1 to 7, and the mean that is published of them.
EFFORT, EFFORT_MEAN = dict(zip(range(1, 8), (80, 210, 140, 110, 160, 180, 120), strict=True)), 4.08


@pytest.fixture
def shop(db, tmp_path):
    with open_shop(tmp_path):
        yield tmp_path


def bring(folder: Path, heading: str, scores: dict[Any, int], **options: Any) -> Import:
    """A file with so many answers of each score, each of a customer of its own."""
    told = [score for score, count in scores.items() for _ in range(count)]
    path = folder / "answers.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["Response ID", "Customer ID", heading, "Sent at", "Answered at"])
        for number, score in enumerate(told):
            answered = "" if score == "" else "2025-05-12 10:30"
            writer.writerow([number, f"c{number}", score, "2025-05-10", answered])
    through = date(2025, 6, 30)
    import_file(
        path, ImportOptions(kind="surveys", complete_through=through, **options), by=None, clock=lambda: NOW
    )
    refresh(now=NOW)
    return Import.objects.latest("pk")


def ask(name: str) -> dict[str, Any]:
    (row,) = run("metric", name, *MAY)["rows"]
    return dict(row)


def test_the_published_effort_score(shop):
    bring(shop, "How easy was it to get help?", EFFORT)
    row = ask("ces")
    assert row["value"] == pytest.approx(EFFORT_MEAN)
    assert row["n"] == 1000
    assert row["details"]["scales"][0]["scores"] == {str(score): count for score, count in EFFORT.items()}


def test_the_published_interval_of_700_of_1000(shop):
    bring(shop, "Satisfaction", {5: 400, 4: 300, 3: 200, 1: 100})
    row = ask("csat")
    assert (row["value"], row["low"], row["high"]) == pytest.approx((0.7, 0.671, 0.728), abs=0.0005)


def test_nps_is_the_share_of_9_and_10_minus_the_share_of_0_to_6(shop):
    bring(shop, "NPS", {10: 30, 9: 20, 8: 20, 7: 10, 6: 8, 0: 12, "": 100})
    row = ask("nps")
    assert (row["value"], row["n"]) == (pytest.approx(0.3), 100)
    rate = ask("response_rate")
    assert (rate["value"], rate["n"]) == (0.5, 200)


def test_an_undone_import_leaves_no_figure_and_a_reason(shop):
    imported = bring(shop, "NPS", {10: 3, 0: 1})
    assert ask("nps")["value"] == 0.5
    undo_import(imported, by=None, clock=lambda: NOW)
    refresh(now=NOW)
    row = ask("nps")
    assert (row["value"], row["reason"]) == (None, "no_data")


def test_merging_changes_whose_answers_they_are_and_leaving_out_takes_them_away(shop):
    bring(shop, "NPS", {10: 2, 0: 1})
    first, second, third = (CustomerKey.objects.get(key=f"c{number}").customer_id for number in range(3))
    merge_customers(first, second, by=None, now=NOW)
    refresh(now=NOW)
    assert ask("nps")["n"] == 3
    apply_exclusions([{"field": "key_prefix", "value": "c1"}], by=None, now=NOW)
    refresh(now=NOW)
    row = ask("nps")
    assert (row["value"], row["n"]) == (-1.0, 1)
    assert third not in (first, second)
