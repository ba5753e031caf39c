"""`vafa segment`, `vafa import list`, and figures of a segment on the command line."""

from pathlib import Path

import pytest

from vafa.front.overview.tests.shop import NOW, Shop
from vafa.measure.metrics.tests.conftest import vafa
from vafa.measure.segments.actions import create_segment
from vafa.measure.segments.types import Definition, FactCondition, FactFilter, Group

__all__ = ["vafa"]

pytestmark = pytest.mark.django_db(transaction=True)
SPAN = ["--from", "2025-05-01", "--to", "2025-06-01", "--json"]


@pytest.fixture
def berlin(shop: Shop) -> Shop:
    """The shop with a segment of those who bought in Berlin."""
    bought = FactCondition("purchase", filters=(FactFilter("location", ("berlin",)),))
    create_segment("Berlin", Definition(Group("all", (bought,))), by=None, now=NOW)
    return shop


def test_segments_are_built_listed_shown_and_counted(berlin, vafa):
    _code, built = vafa("segment", "rebuild", "berlin", "--json")
    assert built["built"] == [
        {
            "slug": "berlin",
            "count": 3,
            "entered": 3,
            "left": 0,
            "error": None,
            "seconds": built["built"][0]["seconds"],
        }
    ]
    _code, listed = vafa("segment", "list", "--json")
    assert {one["slug"]: one["count"] for one in listed["segments"]}["berlin"] == 3
    assert len(listed["segments"]) == 10
    _code, shown = vafa("segment", "show", "Berlin", "--json")
    assert shown["definition"]["root"]["parts"][0]["fact"] == "purchase"
    assert (
        "Days with a purchase: at least 1 time, at any time, Location of the order: berlin"
        in shown["sentence"]
    )
    _code, counted = vafa("segment", "count", "berlin", "--on", "2025-03-01", "--json")
    assert (counted["count"], counted["customers"]) == (2, 4)
    _code, members = vafa("segment", "members", "berlin", "--json")
    assert {row["id"] for row in members["members"]} == {berlin.staying, berlin.leaving, berlin.returning}
    assert {row["entered_as_of"] for row in members["members"]} == {"2025-07-01"}


def test_a_segment_cut_by_customer_counts_the_same(berlin, vafa):
    for shards in ("1", "3"):
        _code, counted = vafa("segment", "count", "berlin", "--shards", shards, "--json")
        assert counted["count"] == 3


def test_an_unknown_segment_names_those_there_are(berlin, vafa):
    code, refused = vafa("segment", "show", "nowhere", "--json")
    assert (code, refused["error"]) == (2, "segment_unknown")
    code, refused = vafa("metric", "crr", "--segment", "nowhere", "--json")
    assert (code, refused["error"]) == (2, "segment_unknown")


def test_figures_are_of_a_segment_or_split_by_them(berlin, vafa):
    vafa("segment", "rebuild", "berlin", "--json")
    for shards in ([], ["--shards", "2"]):
        _code, document = vafa("metric", "crr", "--segment", "berlin", *SPAN, *shards)
        row = document["rows"][0]
        assert (row["start"], row["kept"], row["value"]) == (2, 1, 0.5)
    _code, document = vafa("metric", "crr", "--by", "segment", *SPAN)
    assert [row["start"] for row in document["rows"] if row["group"] == "Berlin"] == [2]
    assert document["adds_up"] is False
    _code, table = vafa("cohorts", "--segment", "berlin", "--json")
    assert sum(row["size"] for row in table["cohorts"]) == 3


def test_a_list_comes_in_from_a_file(berlin, vafa, tmp_path: Path):
    file = tmp_path / "guests.csv"
    file.write_text("Customer,Note\nK1,x\nK2,y\nK77,z\n")
    rejects = tmp_path / "rejects.csv"
    asked = ["import", "list", str(file), "--name", "Guests", "--rejects", str(rejects), "--json"]
    _code, document = vafa(*asked)
    assert (document["read"], document["added"], document["rejected"]) == (3, 2, 1)
    assert document["first_rejects"][0]["value"] == "K77"
    assert "K77" in rejects.read_text()
    _code, again = vafa(*asked)
    assert (again["slug"], again["added"]) == (document["slug"], 0)
    code, refused = vafa("import", "list", str(file), "--name", "Guests", "--column", "Phone", "--json")
    assert (code, refused["error"]) == (2, "no_such_column")
    code, refused = vafa("import", "list", str(file), "--name", "Berlin", "--json")
    assert (code, refused["error"]) == (2, "segment_not_a_list")
