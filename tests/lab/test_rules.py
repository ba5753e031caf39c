"""Activity rules are read, written and learned."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vafa.lab.errors import ActivityRuleOutOfBounds, ActivityRuleUnknown, ActivityRuleUnsettled
from vafa.lab.rules import ActivityRule, learn_window, parse_rule


@pytest.mark.parametrize(
    "text", ["subscription", "subscription+7d", "purchase:90d", "purchase:1d", "purchase:auto"]
)
def test_a_rule_is_written_as_it_is_read(text: str) -> None:
    assert str(parse_rule(text)) == text


def test_no_grace_is_the_plain_rule() -> None:
    assert parse_rule("subscription+0d") == ActivityRule("subscription") == ActivityRule("subscription", 0)


@pytest.mark.parametrize(
    "text", ["", "purchase", "purchase:", "purchase:90", "purchase:-1d", "Subscription", "x"]
)
def test_an_unknown_rule_is_refused(text: str) -> None:
    with pytest.raises(ActivityRuleUnknown):
        parse_rule(text)


@pytest.mark.parametrize("text", ["purchase:0d", "purchase:3661d", "subscription+367d"])
def test_a_rule_out_of_bounds_is_refused_with_the_bounds(text: str) -> None:
    with pytest.raises(ActivityRuleOutOfBounds) as refusal:
        parse_rule(text)
    assert refusal.value.params["rule"] == text
    assert {"least", "most"} <= set(refusal.value.params)


def test_a_rule_to_be_learned_has_no_days_yet() -> None:
    with pytest.raises(ActivityRuleUnsettled):
        _ = parse_rule("purchase:auto").settled_days
    assert parse_rule("purchase:90d").settled_days == 90
    assert parse_rule("subscription").settled_days == 0


def test_nine_in_ten_gaps_fit_in_the_learned_weeks() -> None:
    learned = learn_window({10: 80, 30: 10, 200: 10})
    assert (learned.days, learned.gaps, learned.covered_share, learned.learned) == (35, 100, 0.9, True)


def test_a_gap_of_whole_weeks_is_not_rounded_further() -> None:
    assert learn_window({28: 100}).days == 28
    assert learn_window({29: 100}).days == 35


def test_too_few_gaps_fall_back_and_say_so() -> None:
    learned = learn_window({5: 29})
    assert (learned.days, learned.learned, learned.covered_share) == (90, False, 1.0)
    nothing = learn_window({})
    assert (nothing.days, nothing.gaps, nothing.covered_share, nothing.learned) == (90, 0, None, False)


@given(st.dictionaries(st.integers(1, 3000), st.integers(1, 50), min_size=30))
def test_a_learned_window_is_the_smallest_that_covers(histogram: dict[int, int]) -> None:
    learned = learn_window(histogram)
    total = sum(histogram.values())
    assert 7 <= learned.days <= 730
    assert learned.days % 7 == 0 or learned.days == 730

    def share(days: int) -> float:
        return sum(count for gap, count in histogram.items() if gap <= days) / total

    assert learned.covered_share == share(learned.days)
    if learned.days < 730:
        assert share(learned.days) >= 0.9
    if learned.days > 7:
        assert share(learned.days - 7) < 0.9
