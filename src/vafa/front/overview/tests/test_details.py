"""What stands beside a value on its page: counts in words, curves and distributions with the same numbers in tables."""

from vafa.front.dictionary.details import build_details
from vafa.kit.locale.formats import build_default_style
from vafa.measure.metrics.queries import get_entry, list_rfm_groups

STYLE = build_default_style("en")


def build(name, **details):
    return build_details(get_entry(name), details, STYLE)


def test_counts_are_named_and_what_is_unknown_is_left_away():
    shown = build("win_back_rate", lapsed=1200, won_back=30, unheard_of=4, spend=None)
    assert [(fact.label, fact.text) for fact in shown.facts] == [
        ("Had gone at the start", "1,200"),
        ("Of these, came back", "30"),
    ]
    assert build("crr").is_empty


def test_a_curve_is_drawn_month_by_month():
    points = [
        {"month": 0, "share": 1.0, "low": 1.0, "high": 1.0},
        {"month": 1, "share": 0.8, "low": 0.7, "high": 0.9},
    ]
    (drawing,) = build("survival_rate", curve=points).drawings
    assert drawing.data["series"][0]["values"] == [1.0, 0.8]
    assert drawing.rows == [["0", "100.0%"], ["1", "80.0%"]]
    (tenure,) = build("active_share_by_tenure", curve=[{"month": 3, "customers": 4, "active": 1}]).drawings
    assert tenure.rows == [["3", "25.0%"]]


def test_every_gap_is_in_one_column():
    (drawing,) = build(
        "median_days_between_purchases", gaps={"1": 2, "7": 1, "8": 4, "365": 1, "366": 5}
    ).drawings
    counts = {label: text for label, text in drawing.rows if text != "0"}
    assert counts == {"1 to 7": "3", "8 to 14": "4", "181 to 365": "1", "over 365": "5"}


def test_groups_have_their_titles():
    groups = {entry.key: number for number, entry in enumerate(list_rfm_groups())}
    (drawing,) = build("rfm_groups", groups=groups).drawings
    assert drawing.rows[0] == ["Champions", "0"]
    assert len(drawing.rows) == len(groups)


def test_a_scale_says_its_direction_and_method():
    scale = {"low": 0, "high": 10, "direction": "high", "method": "nps", "n": 3, "scores": {"0": 1, "9": 2}}
    shown = build("crr", scales=[scale])
    assert shown.facts[0].text == "0 to 10, high is good; promoters less detractors; 3 answers"
    assert shown.drawings[0].rows == [["0", "1"], ["9", "2"]]
