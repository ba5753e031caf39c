"""How good chances were, once it is known what happened.

* AUC: how often, of two customers of whom one left, the one who left had the higher chance; equal ones count half
  (H. B. Mann, D. R. Whitney 1947). 0.5 is chance, 1 perfect. It says nothing of whether the chances are right.
* Brier: mean squared distance of the chance from what happened (G. W. Brier 1950); its skill is the part of the
  base rate's Brier that the chances take away.
* Log-loss: mean of -log(chance of what happened).
* Calibration: of those who were told 20%, do 20% leave? By tenths of the customers, with Wilson's interval; as a slope
  (1 is right, below 1 too extreme) and as an intercept (0 is right, above 0 too low), on the log-odds (D. R. Cox 1958).
* Lift: the share that left among the tenth with the highest chances, over that of all.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from vafa.lab.rates import CONFIDENCE, Rate, build_proportion

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

BINS = 10
TOP = 0.1
DRAWS = 1000
# More customers than this are dealt into so many heaps at random, and the heaps are drawn.
MOST_UNITS = 10_000
_CELLS_AT_ONCE = 4_000_000
# Chances are kept so far from 0 and 1 that one certain mistake doesn't cost infinitely much.
EDGE = 1e-12
_STEPS = 50


@dataclass(frozen=True)
class CalibrationBin:
    """Customers with neighbouring chances: between which, what was told on average, and the share that left."""

    low: float
    high: float
    told: float
    happened: Rate


@dataclass(frozen=True)
class Judgement:
    """What chances were worth; None is unknown (nobody, or everybody, left).

    `slope_low` and `slope_high` bound the calibration slope; `skill` is Brier's against the base rate.
    """

    n: int
    positives: int
    auc: float | None
    brier: float | None
    log_loss: float | None
    curve: tuple[CalibrationBin, ...]
    slope: float | None
    lift: float | None
    mean_chance: float | None = None
    intercept: float | None = None
    slope_low: float | None = None
    slope_high: float | None = None
    skill: float | None = None


def judge(chances: npt.ArrayLike, labels: npt.ArrayLike) -> Judgement:
    """All of it, of chances within 0..1 and whether it happened."""
    told, happened = np.asarray(chances, dtype=np.float64), np.asarray(labels, dtype=np.bool_)
    n, positives = len(told), int(happened.sum())
    if n == 0:
        return Judgement(0, 0, None, None, None, (), None, None)
    brier = float(build_brier_losses(told, happened).mean())
    line = fit_calibration_line(told, happened)
    return Judgement(
        n=n,
        positives=positives,
        auc=find_auc(told, happened),
        brier=brier,
        log_loss=float(build_log_losses(told, happened).mean()),
        curve=build_calibration_curve(told, happened),
        slope=line.slope if line else None,
        lift=find_lift(told, happened),
        mean_chance=float(told.mean()),
        intercept=find_calibration_intercept(told, happened),
        slope_low=line.low if line else None,
        slope_high=line.high if line else None,
        skill=find_skill(brier, positives / n),
    )


def find_auc(scores: npt.ArrayLike, labels: npt.ArrayLike) -> float | None:
    """The share of pairs, one who left and one who stayed, in the right order; None without a pair."""
    happened = np.asarray(labels, dtype=np.bool_)
    positives = int(happened.sum())
    negatives = len(happened) - positives
    if not positives or not negatives:
        return None
    from scipy.stats import rankdata  # takes half a second, which most commands needn't wait

    ranks = rankdata(np.asarray(scores, dtype=np.float64))
    above = float(ranks[happened].sum()) - positives * (positives + 1) / 2
    return above / (positives * negatives)


def build_brier_losses(chances: Floats, labels: npt.NDArray[np.bool_]) -> Floats:
    """The squared distance of each."""
    told: Floats = (chances - labels) ** 2
    return told


def build_log_losses(chances: Floats, labels: npt.NDArray[np.bool_]) -> Floats:
    """-log(chance of what happened) of each, at most -log(EDGE)."""
    kept = np.clip(chances, EDGE, 1 - EDGE)
    told: Floats = -np.log(np.where(labels, kept, 1 - kept))
    return told


def find_skill(brier: float, base: float) -> float | None:
    """1 - brier / that of telling everybody the share `base`; None where that one makes no mistake."""
    plain = base * (1 - base)
    return 1 - brier / plain if plain > 0 else None


def find_lift(scores: npt.ArrayLike, labels: npt.ArrayLike, top: float = TOP) -> float | None:
    """The share that left among the `top` with the highest scores (rounded up), over that of all.

    Of those with the score at the border as many count as there is room for, each with the same part.
    """
    told, happened = np.asarray(scores, dtype=np.float64), np.asarray(labels, dtype=np.bool_)
    if not happened.any():
        return None
    room = math.ceil(top * len(told))
    border = np.partition(told, len(told) - room)[len(told) - room]
    above, level = told > border, told == border
    part = (room - int(above.sum())) / int(level.sum())
    left = float(happened[above].sum()) + part * float(happened[level].sum())
    return left / room / float(happened.mean())


def build_calibration_curve(
    chances: Floats, labels: npt.NDArray[np.bool_], bins: int = BINS
) -> tuple[CalibrationBin, ...]:
    """Bins of about as many customers each, by rising chance; equal chances are never parted."""
    order = np.argsort(chances, kind="stable")
    told, happened = chances[order], labels[order]
    edges = np.unique(np.searchsorted(told, told[(np.arange(1, bins) * len(told)) // bins], side="left"))
    starts = np.unique(np.concatenate(([0], edges)))
    ends = np.append(starts[1:], len(told))
    curve = []
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        share = build_proportion(int(happened[start:end].sum()), end - start)
        assert share is not None
        own = told[start:end]
        curve.append(CalibrationBin(float(own[0]), float(own[-1]), float(own.mean()), share))
    return tuple(curve)


@dataclass(frozen=True)
class CalibrationLine:
    """The line through what happened over what was told, both as log-odds, with the slope's interval."""

    intercept: float
    slope: float
    low: float
    high: float


def fit_calibration_line(
    chances: Floats, labels: npt.NDArray[np.bool_], confidence: float = CONFIDENCE
) -> CalibrationLine | None:
    """By maximum likelihood; None where all chances are alike, or they part those who left from the others."""
    odds, happened = _build_odds(chances), labels.astype(np.float64)
    spread = float(odds.std())
    if spread < EDGE or not 0 < happened.sum() < len(happened):
        return None
    low, high = odds[labels], odds[~labels]
    if low.min() >= high.max() or low.max() <= high.min():
        return None
    middle = float(odds.mean())
    scaled = (odds - middle) / spread
    at = np.asarray([math.log(happened.mean() / (1 - happened.mean())), 0.0])
    for _ in range(_STEPS):
        missed = expit(at[0] + at[1] * scaled) - happened
        bends = _build_bends(at, scaled)
        slope = np.asarray([missed.sum(), missed @ scaled])
        step = np.linalg.solve(bends, slope)
        # A long step would jump over the top.
        step *= min(1.0, 4.0 / max(float(np.abs(step).max()), EDGE))
        at = at - step
        if float(np.abs(step).max()) < EDGE:
            break
    error = math.sqrt(float(np.linalg.inv(_build_bends(at, scaled))[1, 1])) / spread
    told = float(at[1]) / spread
    far = NormalDist().inv_cdf(0.5 + confidence / 2) * error
    return CalibrationLine(float(at[0]) - told * middle, told, told - far, told + far)


def _build_odds(chances: Floats) -> Floats:
    kept = np.clip(chances, EDGE, 1 - EDGE)
    told: Floats = np.log(kept / (1 - kept))
    return told


def _build_bends(at: Floats, scaled: Floats) -> Floats:
    chances = expit(at[0] + at[1] * scaled)
    own = chances * (1 - chances)
    return np.asarray([[own.sum(), own @ scaled], [own @ scaled, own @ scaled**2]])


def find_calibration_intercept(chances: Floats, labels: npt.NDArray[np.bool_]) -> float | None:
    """By how much all log-odds must rise so that on average the chances tell what happened; None where none do."""
    odds, left = _build_odds(chances), float(labels.sum())
    if not 0 < left < len(labels):
        return None
    # Bisection: the sum of the chances rises with the intercept.
    low, high = -80.0, 80.0
    for _ in range(100):
        middle = (low + high) / 2
        if float(expit(odds + middle).sum()) < left:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def paired_interval(
    loss_a: Floats,
    loss_b: Floats,
    seed: int,
    customers: npt.ArrayLike | None = None,
    draws: int = DRAWS,
    confidence: float = CONFIDENCE,
) -> tuple[float, float] | None:
    """The bootstrap interval of mean(loss_a - loss_b) over the same rows; below zero throughout: a is better.

    Customers are drawn, not rows: who stands in several back-tests (`customers`: one id a row) comes with all
    rows or none (percentiles; B. Efron 1979). The same seed gives the same interval. None without rows.
    """
    gaps = np.asarray(loss_a, dtype=np.float64) - np.asarray(loss_b, dtype=np.float64)
    if not len(gaps):
        return None
    random = np.random.default_rng(seed)
    sums, rows = _sum_by_unit(gaps, customers, random)
    units = len(sums)
    at_once = max(1, _CELLS_AT_ONCE // units)
    means: list[Floats] = []
    for start in range(0, draws, at_once):
        drawn = random.integers(0, units, size=(min(at_once, draws - start), units))
        means.append(sums[drawn].sum(axis=1) / rows[drawn].sum(axis=1))
    tail = (1 - confidence) / 2
    low, high = np.quantile(np.concatenate(means), (tail, 1 - tail))
    return float(low), float(high)


def _sum_by_unit(
    gaps: Floats, customers: npt.ArrayLike | None, random: np.random.Generator
) -> tuple[Floats, Floats]:
    """The sum of the gaps, and how many rows, of each customer, or of each heap of them."""
    if customers is None:
        units = np.arange(len(gaps))
    else:
        _, units = np.unique(np.asarray(customers), return_inverse=True)
    count = int(units.max()) + 1
    if count > MOST_UNITS:
        units = (random.permutation(count) % MOST_UNITS)[units]
        count = MOST_UNITS
    return np.bincount(units, gaps, count).astype(np.float64), np.bincount(units, minlength=count).astype(
        np.float64
    )


def naive_auc(scores: Sequence[float], labels: Sequence[bool]) -> float | None:
    """The slow twin of the AUC: pair by pair."""
    left = [score for score, label in zip(scores, labels, strict=True) if label]
    stayed = [score for score, label in zip(scores, labels, strict=True) if not label]
    if not left or not stayed:
        return None
    right = sum(1.0 if own > other else 0.5 if own == other else 0.0 for own in left for other in stayed)
    return right / (len(left) * len(stayed))


def naive_brier(chances: Sequence[float], labels: Sequence[bool]) -> float | None:
    """The slow twin of Brier's score."""
    losses = [(chance - (1 if label else 0)) ** 2 for chance, label in zip(chances, labels, strict=True)]
    return math.fsum(losses) / len(losses) if losses else None


def naive_log_loss(chances: Sequence[float], labels: Sequence[bool]) -> float | None:
    """The slow twin of the log-loss."""
    losses = []
    for chance, label in zip(chances, labels, strict=True):
        kept = min(max(chance, EDGE), 1 - EDGE)
        losses.append(-math.log(kept if label else 1 - kept))
    return math.fsum(losses) / len(losses) if losses else None


def naive_lift(scores: Sequence[float], labels: Sequence[bool], top: float = TOP) -> float | None:
    """The slow twin of the lift: who stand at the border share the room that is left."""
    if not any(labels):
        return None
    room = math.ceil(top * len(scores))
    border = sorted(scores, reverse=True)[room - 1]
    above = [label for score, label in zip(scores, labels, strict=True) if score > border]
    level = [label for score, label in zip(scores, labels, strict=True) if score == border]
    left = sum(above) + (room - len(above)) * sum(level) / len(level)
    return left / room / (sum(labels) / len(labels))
