"""The articles' worked examples, G1 to G10: from their counts alone, and from records to which just that happens."""

from datetime import date

import pytest

from tests.golden.business import Story, ask, live, run
from tests.laws.worlds import open_shop
from vafa.measure.metrics.queries import get_entry

YEAR = (date(2023, 1, 1), date(2024, 1, 1))
ORDIBEHESHT = (date(2024, 4, 20), date(2024, 5, 21))
MONTH, QUARTER = (date(2024, 3, 1), date(2024, 4, 1)), (date(2024, 1, 1), date(2024, 4, 1))

# What happened, the rate that the article prints or its formula gives, and its counts as `vafa rate` takes them.
EXAMPLES = {
    "G1": (Story(1000, 0, 200, *YEAR), 1.0, "--start 1000 --end 1200 --new 200"),
    "G2": (Story(100, 10, 15, *ORDIBEHESHT), 0.9, "--start 100 --end 105 --new 15"),
    "G3": (Story(1000, 300, 200, *YEAR), 0.7, "--start 1000 --end 900 --new 200"),
    "G4": (Story(5000, 1000, 800, *MONTH), 0.8, "--start 5000 --end 4800 --new 800"),
    "G5": (Story(300, 60, 50, *QUARTER), 0.8, "--start 300 --end 290 --new 50"),
    "G6": (Story(1000, 200, 0, *MONTH), 0.8, "--start 1000 --end 800 --new 0"),
    "G7": (Story(20, 1, 5, *QUARTER), 0.95, "--start 20 --end 24 --new 5"),
    "G8": (Story(1000, 150, 0, *YEAR), 0.85, "--start 1000 --lost 150"),
    "G9": (Story(50, 10, 20, *YEAR), 0.8, "--start 50 --end 60 --new 20"),
}


@pytest.fixture
def shop(db, tmp_path):
    with open_shop(tmp_path) as shop:
        yield shop


@pytest.mark.parametrize("name", EXAMPLES)
def test_from_counts_alone(name):
    story, crr, counts = EXAMPLES[name]
    for told in (counts, f"{counts} --lost {story.lost}"):
        document = run("rate", *told.split())
        assert document["crr"] == pytest.approx(crr, abs=1e-12)
        assert document["churn"] == pytest.approx(1 - crr, abs=1e-12)


@pytest.mark.parametrize("name", EXAMPLES)
def test_from_records(shop, name):
    story, crr, _counts = EXAMPLES[name]
    live(shop, story)
    row = ask("crr", story)
    assert (row["start"], row["end"], row["new"], row["lost"]) == (
        story.start,
        story.end,
        story.new,
        story.lost,
    )
    assert row["value"] == pytest.approx(crr, abs=1e-12)
    assert row["complete"]
    assert ask("churn_rate", story)["value"] == pytest.approx(1 - crr, abs=1e-12)
    # Nobody came back or left again, so the articles' own formula says the same.
    assert row["article_value"] == pytest.approx(crr, abs=1e-12)
    assert row["article_customers"] == 0


def test_g10_has_no_numbers_but_a_whole_formula(db):
    formula = get_entry("crr").formula
    numerator, slash, denominator = formula.partition("/" if "/" in formula else "÷")
    assert slash
    assert numerator.strip()
    assert denominator.strip()
