"""From what became of customers to what may be said of a trial: pure decisions."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import numpy.typing as npt

from vafa.lab.rates import CONFIDENCE
from vafa.lab.trial_effects import (
    Effect,
    Sample,
    Share,
    adjust_means,
    build_sample,
    compare_means,
    compare_shares,
)
from vafa.lab.trial_looks import MISMATCH_P, find_ratio_p, plan_share_information, watch_shares
from vafa.lab.trial_planning import Sizes, find_smallest_share
from vafa.lab.trial_pooling import count_saved
from vafa.lab.trials import CONTROL
from vafa.prove.trials.types import Arm, ArmEffect, Outcomes, Standing, Tally, Trial, Verdict

Flags = npt.NDArray[np.bool_]

# The chances frozen before must be known of so many, or the plain difference is the headline: settled before any
# result.
LEAST_SCORED = 0.8
# A share of nothing or of all can't be planned with.
_LEAST_BASE = 0.01
_NONE = Tally()


def build_standing(
    trial: Trial, outcomes: Outcomes, dealt: Mapping[str, int], as_of: date, *, is_final: bool
) -> Standing:
    """Where a trial stands, from one entry a customer. `dealt` counts all who were dealt into each arm."""
    names = [CONTROL, *sorted(set(trial.shares) - {CONTROL})]
    arms = tuple(_count_arm(name, outcomes, is_final=is_final) for name in names)
    ratio_p = find_ratio_p({name: dealt.get(name, 0) for name in names}, trial.shares)
    standing = Standing(as_of, is_final, outcomes.basis, arms, dict(dealt), "nobody", ratio_p)
    control, treated = arms[0].n, standing.treated
    if not control or not treated:
        return standing
    plain = _compare_kept(trial, outcomes, arms[0], arms[1:], is_final=is_final)
    adjusted = _adjust_kept(outcomes, outcomes.arms != CONTROL) if is_final else None
    kept = adjusted or plain
    base = arms[0].kept / control
    standing = replace(
        standing,
        kept=kept,
        kept_plain=plain,
        is_adjusted=adjusted is not None,
        orders=_compare(outcomes.orders, "orders", outcomes, names[1:]) if is_final else None,
        money=_compare(outcomes.money, "money", outcomes, names[1:]) if is_final else None,
        saved=count_saved(kept, treated),
        smallest=find_smallest_share(base, Sizes(control, treated)),
        each=_compare_each(trial, outcomes, arms, ratio_p, is_final=is_final) if len(names) > 2 else (),
    )
    return replace(standing, verdict=_judge(ratio_p, kept, is_final=is_final))


def decide_verdict(standing: Standing) -> Verdict:
    """What may be said in one word. Arms that are not what they were meant to be forbid every claim."""
    return _judge(standing.ratio_p, standing.kept, is_final=standing.is_final)


def _judge(ratio_p: float | None, effect: Effect | None, *, is_final: bool) -> Verdict:
    if ratio_p is not None and ratio_p < MISMATCH_P:
        return "mismatch"
    if effect is None:
        return "nobody"
    if not effect.is_clear:
        return "unproven" if is_final else "running"
    if is_final:
        return "works" if effect.value > 0 else "harms"
    return "ahead" if effect.value > 0 else "behind"


def _compare_each(
    trial: Trial, outcomes: Outcomes, arms: tuple[Arm, ...], ratio_p: float | None, *, is_final: bool
) -> tuple[ArmEffect, ...]:
    """Each treated arm against the control, with the chance of a wrong interval shared among them."""
    confidence = 1 - (1 - CONFIDENCE) / (len(arms) - 1)
    told = []
    for arm in arms[1:]:
        if not arm.n:
            continue
        plain = _compare_kept(trial, outcomes, arms[0], (arm,), is_final=is_final, confidence=confidence)
        adjusted = _adjust_kept(outcomes, outcomes.arms == arm.name, confidence) if is_final else None
        kept = adjusted or plain
        told.append(
            ArmEffect(
                arm.name,
                kept,
                _compare(outcomes.orders, "orders", outcomes, [arm.name], confidence) if is_final else None,
                _compare(outcomes.money, "money", outcomes, [arm.name], confidence) if is_final else None,
                count_saved(kept, arm.n),
                _judge(ratio_p, kept, is_final=is_final),
            )
        )
    return tuple(told)


def tally(outcomes: Outcomes, members: npt.NDArray[np.bool_]) -> Tally:
    """The sums over some customers, before they are forgotten."""
    orders, money = outcomes.orders[members], outcomes.money[members]
    return Tally(
        int(members.sum()),
        int(outcomes.kept[members].sum()),
        float(orders.sum()),
        float((orders**2).sum()),
        float(money.sum()),
        float((money**2).sum()),
    )


def _count_arm(name: str, outcomes: Outcomes, *, is_final: bool) -> Arm:
    told, gone = tally(outcomes, outcomes.arms == name), outcomes.gone.get(name, _NONE)
    n, kept = told.n + gone.n, told.kept + gone.kept
    if not is_final:
        return Arm(name, n, kept, None, None)
    return Arm(name, n, kept, told.orders + gone.orders, told.money + gone.money)


def _compare_kept(
    trial: Trial, outcomes: Outcomes, control: Arm, arms: Sequence[Arm], *, is_final: bool,
    confidence: float = CONFIDENCE,
) -> Effect:  # fmt: skip
    """The plain difference of the shares kept of some arms together; before the end with the interval that holds at
    every look."""
    left_alone = Share(control.kept, control.n)
    treated = Share(sum(arm.kept for arm in arms), sum(arm.n for arm in arms))
    if is_final:
        return compare_shares(treated, left_alone, confidence)
    base = min(max(outcomes.base if outcomes.base is not None else 0.5, _LEAST_BASE), 1 - _LEAST_BASE)
    share = sum(trial.shares.get(name, 0.0) for name in (CONTROL, *(arm.name for arm in arms)))
    planned = max(round(trial.planned * share), 2)
    if outcomes.basis == "orders":
        return watch_shares(treated, left_alone, plan_share_information(base, planned), confidence)
    # With contracts it is the leaving that happens little by little.
    information = plan_share_information(1 - base, planned)
    return _negate(watch_shares(_turn(treated), _turn(left_alone), information, confidence))


def _turn(share: Share) -> Share:
    return Share(share.n - share.hits, share.n)


def _negate(effect: Effect) -> Effect:
    low = None if effect.high is None else -effect.high
    high = None if effect.low is None else -effect.low
    return Effect(-effect.value, low, high, effect.variance)


def _adjust_kept(outcomes: Outcomes, in_arm: Flags, confidence: float = CONFIDENCE) -> Effect | None:
    """The difference freed of what the frozen chances foretold; None where these are known of too few, or where
    somebody was erased, whose chance nobody knows any more."""
    rows = in_arm | (outcomes.arms == CONTROL)
    scores = outcomes.scores[rows]
    if not len(scores) or (~np.isnan(scores)).mean() < LEAST_SCORED:
        return None
    if any(gone.n for gone in outcomes.gone.values()):
        return None
    return adjust_means(outcomes.kept[rows].astype(np.float64), in_arm[rows], scores, confidence)


def _compare(
    values: npt.NDArray[np.float64], name: str, outcomes: Outcomes, arms: Sequence[str],
    confidence: float = CONFIDENCE,
) -> Effect:  # fmt: skip
    """The difference of means of orders or money of some arms, those of the erased among them."""
    control, treated = outcomes.arms == CONTROL, np.isin(outcomes.arms, list(arms))
    gone = [tally for arm, tally in outcomes.gone.items() if arm in arms]
    return compare_means(
        _gather(values[treated], name, gone),
        _gather(values[control], name, [outcomes.gone.get(CONTROL, _NONE)]),
        confidence,
    )


def _gather(values: npt.NDArray[np.float64], name: str, gone: list[Tally]) -> Sample:
    erased = sum(one.n for one in gone)
    if not erased:
        return build_sample(values)
    n = len(values) + erased
    total = float(values.sum()) + sum(getattr(one, name) for one in gone)
    squares = float((values**2).sum()) + sum(getattr(one, f"{name}_squares") for one in gone)
    variance = max(0.0, squares - total**2 / n) / (n - 1) if n > 1 else None
    return Sample(n, total / n, variance)
