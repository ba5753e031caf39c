"""Arms: the same for ever, in the shares asked for, and telling nothing of another trial's."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vafa.lab.errors import SharesUnfit
from vafa.lab.trials import CONTROL, HALVES, TENTH, TREATED, arm_of, arms_of, suggest_shares

IDS = st.integers(0, 2**63 - 1)
SHARES = st.lists(st.integers(1, 50), min_size=1, max_size=5).map(
    lambda parts: {f"arm {place}": part / sum(parts) for place, part in enumerate(parts)}
)


@given(st.lists(IDS, min_size=1, max_size=20), st.text(max_size=20), SHARES)
def test_many_at_once_are_dealt_as_one_by_one(ids, key, shares):
    assert arms_of(ids, key, shares).tolist() == [arm_of(one, key, shares) for one in ids]


@given(IDS, st.text(max_size=20), SHARES)
def test_the_order_in_which_shares_are_named_changes_nothing(customer, key, shares):
    assert arm_of(customer, key, shares) == arm_of(customer, key, dict(reversed(shares.items())))


def test_arms_never_change_with_the_versions():
    """Golden: whoever was in the control last year must be found there. Computed once, never to be renewed."""
    dealt = "".join(arm[0] for arm in arms_of(np.arange(1, 41), "campaign:12", HALVES))
    assert dealt == "ctttcctctctcttttcttctttttccctttttcttcctt"
    assert [arm_of(one, "کمپین نوروز", {"a": 0.2, "b": 0.3, "c": 0.5}) for one in (1, 2, 3, 10**12)] == list(
        "acbb"
    )


@pytest.mark.parametrize("shares", [HALVES, TENTH, {"a": 0.2, "b": 0.3, "c": 0.5}])
def test_arms_hold_their_shares(shares):
    arms = arms_of(np.arange(100_000), "campaign:1", shares)
    for name, share in shares.items():
        # Five standard deviations of a count.
        assert abs((arms == name).mean() - share) < 5 * (share * (1 - share) / 100_000) ** 0.5


def test_arms_of_two_trials_tell_nothing_of_each_other():
    ids = np.arange(100_000)
    first = [arms_of(ids, f"campaign:{number}", HALVES) == CONTROL for number in range(8)]
    agreeing = [(a == b).mean() for place, a in enumerate(first) for b in first[:place]]
    assert max(abs(share - 0.5) for share in agreeing) < 0.008  # five standard deviations


@pytest.mark.parametrize(
    "shares", [{}, {"a": 1.2, "b": -0.2}, {"a": 0.5}, {"a": 1.0, "b": 0.0}, {"a": float("nan")}]
)
def test_shares_that_are_none_are_refused(shares):
    with pytest.raises(SharesUnfit):
        arm_of(1, "x", shares)


def test_a_tenth_is_held_back_only_above_20000():
    assert suggest_shares(20_000) == {CONTROL: 0.5, TREATED: 0.5}
    assert suggest_shares(20_001) == {CONTROL: 0.1, TREATED: 0.9}
