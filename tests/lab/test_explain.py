"""An explanation says what the sets say, and names the rows that make it so."""

from hypothesis import given
from hypothesis import strategies as st

from tests.lab.facts import BOUNDARIES, PURCHASES, SUBSCRIPTIONS, Purchases, Subscriptions
from vafa.lab.explain import Explanation, Fact, explain_activity
from vafa.lab.rules import ActivityRule, parse_rule
from vafa.lab.spells import (
    OPEN_END,
    Spell,
    naive_is_active_by_purchases,
    naive_is_active_by_subscriptions,
)


def bought(*days: int) -> list[Fact]:
    return [Fact("purchase", f"order {number}", day) for number, day in enumerate(days)]


def subscribed(*periods: tuple[int, int | None]) -> list[Fact]:
    return [Fact("subscription", f"plan {number}", *period) for number, period in enumerate(periods)]


def list_keys(facts: tuple[Fact, ...]) -> list[str]:
    return [fact.key for fact in facts]


def assert_sound(told: Explanation) -> None:
    """The facts shown suffice: alone, they give the same verdict and the same spell."""
    again = explain_activity(told.facts, told.rule, told.boundary)
    assert (again.active, again.spell, again.facts) == (told.active, told.spell, told.facts)
    assert set(told.decisive) <= set(told.facts)
    assert bool(told.decisive) == bool(told.facts) == (told.spell is not None)
    if told.verdict == "active":
        assert explain_activity(told.decisive, told.rule, told.boundary).active


@given(PURCHASES, st.integers(1, 12), BOUNDARIES)
def test_explained_by_purchases(purchases: Purchases, window: int, boundary: int) -> None:
    days = [day for customer, day in purchases if customer == 0]
    told = explain_activity(bought(*days), ActivityRule("purchase", window), boundary)
    assert told.active == naive_is_active_by_purchases(days, window, boundary)
    assert_sound(told)


@given(SUBSCRIPTIONS, st.integers(0, 5), BOUNDARIES)
def test_explained_by_subscriptions(subscriptions: Subscriptions, grace: int, boundary: int) -> None:
    own = [(started, ended) for customer, started, ended in subscriptions if customer == 0]
    told = explain_activity(subscribed(*own), ActivityRule("subscription", grace), boundary)
    assert told.active == naive_is_active_by_subscriptions(own, grace, boundary)
    assert_sound(told)


def test_active_by_the_purchases_of_the_window() -> None:
    told = explain_activity(bought(100, 150, 300), parse_rule("purchase:90d"), 200)
    assert (told.verdict, told.active, told.spell) == ("active", True, Spell(100, 241))
    assert list_keys(told.facts) == ["order 0", "order 1"]
    assert list_keys(told.decisive) == ["order 1"]


def test_lapsed_since_the_last_purchase_ran_out() -> None:
    told = explain_activity(bought(100, 150, 300), parse_rule("purchase:90d"), 241)
    assert (told.verdict, told.active, told.spell) == ("lapsed", False, Spell(100, 241))
    assert list_keys(told.decisive) == ["order 1"]


def test_who_starts_on_the_day_is_not_yet_active_at_its_midnight() -> None:
    told = explain_activity(subscribed((100, None)), parse_rule("subscription"), 100)
    assert (told.verdict, told.active, told.spell) == ("starts_that_day", False, Spell(100, OPEN_END))
    assert explain_activity(subscribed((100, None)), parse_rule("subscription"), 101).active
    assert explain_activity(subscribed((100, None)), parse_rule("subscription"), 99).verdict == "not_yet"


def test_two_subscriptions_that_touch_carry_the_boundary_together() -> None:
    told = explain_activity(subscribed((100, 110), (110, 120)), parse_rule("subscription"), 110)
    assert (told.active, list_keys(told.decisive)) == (True, ["plan 0", "plan 1"])


def test_nobody_is_lost_after_the_end_of_data() -> None:
    told = explain_activity(bought(100), parse_rule("purchase:10d"), 160, data_until=150)
    assert (told.verdict, told.active) == ("not_known_yet", None)
    assert explain_activity(bought(100), parse_rule("purchase:10d"), 150, data_until=150).active is False


def test_facts_of_another_kind_do_not_count() -> None:
    told = explain_activity(
        [*bought(100), *subscribed((90, 95))], parse_rule("subscription"), 101, joined_on=80
    )
    assert (told.verdict, list_keys(told.facts), told.first_start) == ("lapsed", ["plan 0"], 80)


def test_without_facts() -> None:
    told = explain_activity(subscribed((100, 100)), parse_rule("subscription+7d"), 101)
    assert (told.verdict, told.active, told.spell, told.facts) == ("never", False, None, ())
    assert told.first_start is None
