"""What customers say: NPS, satisfaction, effort and how many answer, always on a stated scale.

A score is a whole number of ten-thousandths (SCALE), so that half points are exact. Answers are given as exact
histograms of scores, which add up over customers.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import Literal

from vafa.lab.histograms import Histogram, build_histogram
from vafa.lab.rates import CONFIDENCE, Rate, build_proportion

SCALE = 10_000
# A number that the widths of all usual scales divide (1 to 10, and 100), so that positions on them are exact.
_FINE = 12_600
WHOLE = SCALE * _FINE
Direction = Literal["high", "low"]
Method = Literal["nps", "top2", "top1", "easy", "mean", "position"]
"""`top2`, `top1` and `easy` are shares of good answers, `mean` is the mean in points of the scale, `position` the mean
place between the worst point (0) and the best (1)."""

# The question of the net promoter score has eleven points, whatever else is asked.
NPS_LOW, NPS_HIGH = 0, 10
_PROMOTER, _DETRACTOR = 9 * SCALE, 6 * SCALE
# What an adjusted Wald interval adds to the answers: three in all, a quarter of them at each end.
_ADDED, _ADDED_AT_EACH_END = 3.0, 0.75


@dataclass(frozen=True, order=True)
class Scale:
    """The points [low, high] of an answer, and which end is good: "high" or "low"."""

    low: int
    high: int
    direction: Direction = "high"

    def __contains__(self, score: int) -> bool:
        return self.low * SCALE <= score <= self.high * SCALE

    def measure_goodness(self, score: int) -> int:
        """How far a score is from the bad end, in ten-thousandths of a point."""
        return score - self.low * SCALE if self.direction == "high" else self.high * SCALE - score


@dataclass(frozen=True, order=True)
class Basis:
    """On what answers can be added up. A share makes yes or no of every answer, and a position a number from 0 to 1, on
    its own scale, so answers on different scales add up; a mean, and the net promoter score, are of one scale alone
    (`scale`)."""

    method: Method
    scale: Scale | None


def build_basis(method: Method, scale: Scale) -> Basis:
    """The basis of answers given on a scale and judged by a method."""
    return Basis(method, scale if method in ("mean", "nps") else None)


def choose_basis(answers: Mapping[Basis, int]) -> Basis | None:
    """The basis of the most answers (of the first in order where two have as many); None without any."""
    if not answers:
        return None
    most = max(answers.values())
    return min(
        (basis for basis, count in answers.items() if count == most),
        key=lambda basis: (basis.method, basis.scale or Scale(0, 0)),
    )


@dataclass(frozen=True)
class NpsCounts:
    """The three groups of the net promoter score; groups of two sets of answers add up."""

    promoters: int
    passives: int
    detractors: int

    def __add__(self, other: "NpsCounts") -> "NpsCounts":
        return NpsCounts(
            self.promoters + other.promoters,
            self.passives + other.passives,
            self.detractors + other.detractors,
        )

    @property
    def n(self) -> int:
        """All answers."""
        return self.promoters + self.passives + self.detractors


def count_nps(scores: Histogram) -> NpsCounts:
    """9 and 10 promote, 7 and 8 are passive, 0 to 6 detract: an answer of 0 is an answer.

    F. Reichheld, "The One Number You Need to Grow", Harvard Business Review, December 2003.
    """
    promoters = int(scores.counts[scores.values >= _PROMOTER].sum())
    detractors = int(scores.counts[scores.values <= _DETRACTOR].sum())
    return NpsCounts(promoters, scores.n - promoters - detractors, detractors)


def build_nps(counts: NpsCounts, confidence: float = CONFIDENCE) -> Rate | None:
    """Share of promoters minus share of detractors, -1..1, with its interval; None without answers.

    The interval is the adjusted Wald one: the variance of a difference of two shares of one multinomial sample,
    (p + d - (p - d)²) / n, after three answers have been added, three quarters of one at each end; so it has a
    width where all answers are alike. B. Rocks, "Interval Estimation for the 'Net Promoter Score'", The American
    Statistician 70 (2016), who found it the best of six.
    """
    if not counts.n:
        return None
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    n = counts.n + _ADDED
    promoters = (counts.promoters + _ADDED_AT_EACH_END) / n
    detractors = (counts.detractors + _ADDED_AT_EACH_END) / n
    centre = promoters - detractors
    half = z * math.sqrt((promoters + detractors - centre * centre) / n)
    difference = counts.promoters - counts.detractors
    value = difference / counts.n
    # Where all answers are alike the middle is drawn in a little; the interval holds the value all the same.
    low, high = min(value, max(-1.0, centre - half)), max(value, min(1.0, centre + half))
    return Rate(value, low, high, difference, counts.n)


def build_mean_score(
    scores: Histogram, scale: Scale | None = None, confidence: float = CONFIDENCE
) -> Rate | None:
    """The mean of scores on one scale, in points, with Student's interval; None without answers.

    A single answer has no interval: nothing tells how far the next would lie from it. Where the scale is given, the
    interval ends where it does: of a few answers near an end Student's reaches beyond, where no mean can be.
    """
    mean = _build_mean(scores, SCALE, confidence)
    return mean if scale is None else _keep_within(mean, scale.low, scale.high)


def build_positions(scores: Histogram, scale: Scale) -> Histogram:
    """How far each answer lies from the worst point of its scale to the best, in WHOLE-ths of the way."""
    positions = (
        scale.measure_goodness(value) * _FINE // (scale.high - scale.low) for value in scores.to_dict()
    )
    return build_histogram(list(positions), scores.counts)


def build_mean_position(positions: Histogram, confidence: float = CONFIDENCE) -> Rate | None:
    """The mean of positions, 0 (all at the worst point) to 1 (all at the best), with Student's interval."""
    return _keep_within(_build_mean(positions, WHOLE, confidence), 0, 1)


def _keep_within(rate: Rate | None, lowest: float, highest: float) -> Rate | None:
    """The same with an interval that ends where the scale does."""
    if rate is None or rate.low is None or rate.high is None:
        return rate
    return replace(rate, low=max(float(lowest), rate.low), high=min(float(highest), rate.high))


def _build_mean(numbers: Histogram, unit: int, confidence: float) -> Rate | None:
    """The mean of numbers given in so many parts of a unit."""
    if not numbers.n:
        return None
    n, total = numbers.n, numbers.total
    mean = total / n / unit
    if n == 1:
        return Rate(mean, None, None, total / unit, n)
    squares = sum(value * value * count for value, count in numbers.to_dict().items())
    # Whole numbers to the last step, so that nothing cancels: n·Σx² - (Σx)² is exact.
    variance = (n * squares - total * total) / (n * (n - 1)) / unit**2
    from scipy.special import stdtrit  # takes a fifth of a second, which most commands needn't wait

    half = float(stdtrit(n - 1, 0.5 + confidence / 2)) * math.sqrt(variance / n)
    return Rate(mean, mean - half, mean + half, total / unit, n)


def count_good(scores: Histogram, scale: Scale, method: Method) -> int:
    """How many answers a share counts as good.

    `top2`: in one of the two best points; `top1`: in the best; `easy`: on the good side of the scale's middle.
    """
    return sum(count for value, count in scores.to_dict().items() if is_good(value, scale, method))


def is_good(score: int, scale: Scale, method: Method) -> bool:
    """Whether a share by this method counts a score as good."""
    goodness, best = scale.measure_goodness(score), (scale.high - scale.low) * SCALE
    if method == "easy":
        return 2 * goodness > best
    return goodness >= best - (SCALE if method == "top2" else 0)


def build_good_share(good: int, answers: int, confidence: float = CONFIDENCE) -> Rate | None:
    """The share of good answers with its Wilson interval; None without answers."""
    return build_proportion(good, answers, confidence)


def build_response_rate(answered: int, invited: int, confidence: float = CONFIDENCE) -> Rate | None:
    """Of those invited, the share who answered, with its Wilson interval; None where nobody was invited."""
    return build_proportion(answered, invited, confidence)


# The slow twins


def naive_nps(scores: Iterable[float]) -> float | None:
    """Answer by answer, as the definition says."""
    promoters = detractors = answers = 0
    for score in scores:
        answers += 1
        if score in (9, 10):
            promoters += 1
        elif score in (0, 1, 2, 3, 4, 5, 6):
            detractors += 1
    return promoters / answers - detractors / answers if answers else None


def naive_mean_score(scores: Iterable[float]) -> float | None:
    """The sum divided by the number."""
    told = list(scores)
    return sum(told) / len(told) if told else None


def naive_mean_position(scores: Iterable[float], scale: Scale) -> float | None:
    """Each answer is put between 0 and 1, then the mean is taken."""
    places = [(score - scale.low) / (scale.high - scale.low) for score in scores]
    if scale.direction == "low":
        places = [1 - place for place in places]
    return sum(places) / len(places) if places else None


def naive_good_share(scores: Iterable[int], scale: Scale, method: Method) -> float | None:
    """The best points are named one by one, and each answer looked up among them."""
    points = list(range(scale.low, scale.high + 1))
    if scale.direction == "low":
        points.reverse()
    many = {"easy": len(points) // 2, "top2": 2}.get(method, 1)
    best = points[-many:]
    told = list(scores)
    return sum(score in best for score in told) / len(told) if told else None


def naive_response_rate(answered: Iterable[bool]) -> float | None:
    """Invitation by invitation."""
    told = list(answered)
    return told.count(True) / len(told) if told else None
