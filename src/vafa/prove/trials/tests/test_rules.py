"""From outcomes to a verdict: known truth found, nothing claimed of nothing, and no claim from arms that leak."""

from datetime import UTC, date, datetime

import numpy as np
import pytest

from vafa.lab.trials import CONTROL, HALVES, TREATED
from vafa.prove.trials.documents import read_standing, write_standing
from vafa.prove.trials.rules import build_standing, tally
from vafa.prove.trials.types import Outcomes, Tally, Trial

DAY = date(2026, 6, 1)
TRIAL = Trial("campaign:1:1", "Spring", "campaign:1:1", HALVES, 30, 4_000, datetime(2026, 5, 1, tzinfo=UTC))


def draw(lift, seed=1, n=4_000, basis="orders", gone=None, score=True):
    """Outcomes of a trial in which the message keeps `lift` more of those who would have been lost."""
    noise = np.random.default_rng(seed)
    risk = noise.beta(2, 2, n)
    arms = np.where(np.arange(n) % 2 == 0, CONTROL, TREATED)
    kept = noise.random(n) < (1 - risk) + lift * (arms == TREATED)
    orders = kept * noise.poisson(1.5, n).astype(float)
    scores = risk if score else np.full(n, np.nan)
    return Outcomes(basis, arms, kept, orders, orders * noise.gamma(2, 50, n), scores, 0.5, gone or {})


def stand(outcomes, *, is_final=True, dealt=None):
    counts = dealt or {CONTROL: 2_000, TREATED: 2_000}
    return build_standing(TRIAL, outcomes, counts, DAY, is_final=is_final)


def test_a_known_lift_is_found_at_the_end():
    standing = stand(draw(0.08))
    assert (standing.verdict, standing.is_adjusted) == ("works", True)
    assert standing.kept.low < 0.08 < standing.kept.high
    assert standing.saved.value == pytest.approx(standing.kept.value * 2_000)
    assert standing.kept.variance < standing.kept_plain.variance * 0.9
    assert standing.orders.value > 0
    assert standing.money.value > 0
    assert stand(draw(-0.08)).verdict == "harms"


def test_nothing_is_claimed_of_nothing():
    verdicts = [stand(draw(0.0, seed)).verdict for seed in range(60)]
    assert verdicts.count("unproven") >= 53


def test_before_the_end_intervals_are_wider_and_money_is_not_told():
    running, final = stand(draw(0.08), is_final=False), stand(draw(0.08))
    assert (running.verdict, running.orders, running.money, running.arms[0].money) == (
        "ahead",
        None,
        None,
        None,
    )
    assert running.kept.high - running.kept.low > final.kept_plain.high - final.kept_plain.low
    assert stand(draw(0.0), is_final=False).verdict == "running"
    assert stand(draw(-0.12), is_final=False).verdict == "behind"


def test_with_contracts_the_kept_are_those_who_did_not_leave():
    running = stand(draw(0.12, basis="contracts"), is_final=False)
    assert running.verdict == "ahead"
    assert running.kept.low < running.kept.value < running.kept.high


def test_arms_that_were_not_dealt_as_planned_forbid_every_claim():
    for is_final in (False, True):
        standing = stand(draw(0.2), is_final=is_final, dealt={CONTROL: 1_700, TREATED: 2_000})
        assert standing.verdict == "mismatch"
        assert standing.ratio_p < 0.001


def test_without_a_control_there_is_nothing_to_compare():
    outcomes = draw(0.1)
    only = outcomes.arms == TREATED
    told = Outcomes(
        "orders", outcomes.arms[only], outcomes.kept[only], outcomes.orders[only], outcomes.money[only],
        outcomes.scores[only],
    )  # fmt: skip
    standing = stand(told, dealt={TREATED: 4})
    assert (standing.verdict, standing.kept) == ("nobody", None)


def test_who_was_erased_counts_as_a_number_alone():
    whole = draw(0.05)
    erased = np.arange(4_000) < 100
    left = Outcomes(
        "orders", whole.arms[~erased], whole.kept[~erased], whole.orders[~erased], whole.money[~erased],
        whole.scores[~erased], 0.5,
        {arm: tally(whole, erased & (whole.arms == arm)) for arm in (CONTROL, TREATED)},
    )  # fmt: skip
    before, after = stand(whole), stand(left)
    assert after.arms == tuple(
        type(arm)(arm.name, arm.n, arm.kept, pytest.approx(arm.orders), pytest.approx(arm.money))
        for arm in before.arms
    )
    assert after.kept == before.kept_plain
    assert not after.is_adjusted
    for name in ("orders", "money"):
        told, known = getattr(after, name), getattr(before, name)
        assert (told.value, told.low, told.high) == pytest.approx((known.value, known.low, known.high))


def test_the_score_is_only_used_where_it_is_known_of_nearly_all():
    assert not stand(draw(0.08, score=False)).is_adjusted
    assert tally(draw(0.0), np.zeros(4_000, bool)) == Tally()


@pytest.mark.parametrize("is_final", [True, False])
def test_a_standing_is_read_as_it_was_written(is_final):
    standing = stand(draw(0.08), is_final=is_final)
    assert read_standing(write_standing(standing)) == standing


def test_several_arms_are_each_compared_with_wider_intervals():
    shares = {CONTROL: 1 / 3, "call": 1 / 3, "offer": 1 / 3}
    noise = np.random.default_rng(4)
    arms = np.array(sorted(shares) * 2_000)
    risk = noise.beta(2, 2, len(arms))
    kept = noise.random(len(arms)) < (1 - risk) + np.where(arms == "call", 0.1, 0.0)
    orders = kept.astype(float)
    outcomes = Outcomes("orders", arms, kept, orders, orders * 10, risk, 0.5)
    dealt = dict.fromkeys(shares, 2_000)
    trial = Trial("t", "Two", "campaign:1:1", shares, 30, 6_000, datetime(2026, 5, 1, tzinfo=UTC))
    final = build_standing(trial, outcomes, dealt, DAY, is_final=True)
    told = {one.name: one for one in final.each}
    assert {name: one.verdict for name, one in told.items()} == {"call": "works", "offer": "unproven"}
    two = arms != "offer"
    alone = build_standing(
        Trial("t", "One", "campaign:1:1", {CONTROL: 0.5, "call": 0.5}, 30, 4_000, datetime(2026, 5, 1, tzinfo=UTC)),
        Outcomes("orders", arms[two], kept[two], orders[two], orders[two] * 10, risk[two], 0.5),
        {CONTROL: 2_000, "call": 2_000}, DAY, is_final=True,
    )  # fmt: skip
    assert alone.each == ()
    # Bonferroni's intervals for two comparisons are those of 97.5%: 2.2414 errors wide instead of 1.96.
    ratio = (told["call"].kept.high - told["call"].kept.low) / (alone.kept.high - alone.kept.low)
    assert ratio == pytest.approx(2.241403 / 1.959964, rel=1e-5)
    assert told["call"].kept.value == pytest.approx(alone.kept.value)
    running = build_standing(trial, outcomes, dealt, DAY, is_final=False)
    assert {one.verdict for one in running.each} <= {"running", "ahead"}
    assert read_standing(write_standing(final)) == final
