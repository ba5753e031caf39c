"""When customers who are bound by nothing order again: the models BG/NBD and MBG/NBD.

While a customer is there, orders come at an own rate (Poisson; the rates of all are gamma distributed: r, alpha); after
each order the customer leaves for good with an own chance (these are beta distributed: a, b). In BG/NBD nobody leaves
before the first repeat order; in MBG/NBD one may leave right after the first order, so one-time buyers needn't be there
for ever.

P. S. Fader, B. G. S. Hardie, K. L. Lee 2005 (BG/NBD); E. P. Batislam, M. Denizel, A. Filiztekin 2007 and D. Hoppe,
U. Wagner 2007 (MBG/NBD). What is known of a customer is (x, t, T): on how many days after the first one they ordered,
the days from the first order to the last, and from the first to the day asked. Any unit of time will do, as long as it
is the same for all; days throughout Vafa.

The chance of no order in the next H days is L(x, t, T + H) / L(x, t, T): what is seen until T + H is the same history,
longer. The chance of being gone for good (1 - `alive_chances`) is another question, and ranks those who will not order
worse than chance does.
"""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, Self

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import expit, gammaln, hyp2f1, psi

from vafa.lab.errors import PurchasesUnfit

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Kind = Literal["mbg", "bg"]
Document = dict[str, Any]

# Three whole numbers in one, where each is below this.
_WIDTH = 1 << 21
# Parameters are looked for between these, in units of about a tenth of the customers' mean age.
_LEAST, _MOST = 1e-4, 1e5
# Where a, or a + b, is 1 the formula of expected orders divides by zero; its limit is told by its neighbour.
_NEAR_ONE = 1e-6
_SAMPLE = 10_000
# From so many on a + b says that the chance to leave after an order hardly differs between customers.
_ALIKE = 500.0


@dataclass(frozen=True)
class PurchaseHistories:
    """The different histories, and how many customers have each: `row_of[i]` is the row of the i-th customer."""

    orders: Floats
    recency: Floats
    age: Floats
    counts: Ints
    row_of: Ints

    @property
    def customers(self) -> int:
        """How many customers there are."""
        return len(self.row_of)

    @property
    def repeat_customers(self) -> int:
        """How many of them ordered on more than one day."""
        return int(self.counts[self.orders > 0].sum())


def build_histories(orders: npt.ArrayLike, recency: npt.ArrayLike, age: npt.ArrayLike) -> PurchaseHistories:
    """The histories of customers, one entry each. Raises PurchasesUnfit where 0 <= recency <= age does not hold."""
    x, t, whole = (np.asarray(values, dtype=np.float64) for values in (orders, recency, age))
    if len(x) and (x.min() < 0 or t.min() < 0 or bool((t > whole).any())):
        raise PurchasesUnfit
    table = np.column_stack((x, t, whole))
    if len(x) and bool((table == np.floor(table)).all()) and table.max() < _WIDTH:
        keys = (table[:, 0].astype(np.int64) * _WIDTH + table[:, 1].astype(np.int64)) * _WIDTH
        _, firsts, row_of, counts = np.unique(
            keys + table[:, 2].astype(np.int64), return_index=True, return_inverse=True, return_counts=True
        )
        rows = table[firsts]
    else:
        rows, row_of, counts = np.unique(table, axis=0, return_inverse=True, return_counts=True)
    return PurchaseHistories(
        rows[:, 0], rows[:, 1], rows[:, 2], counts.astype(np.int64), row_of.reshape(-1).astype(np.int64)
    )


def summarise_days(
    numbers: npt.ArrayLike, days: npt.ArrayLike, until: int, customers: int
) -> tuple[Floats, Floats, Floats]:
    """(x, t, T) by customer's number (0 .. customers-1) at the boundary `until`, from purchase days (ordinals, each
    pair of number and day once, in any order); NaN in all three for who did not buy before it."""
    whose, when = np.asarray(numbers, dtype=np.int64), np.asarray(days, dtype=np.int64)
    before = when < until
    whose, when = whose[before], when[before]
    counts = np.bincount(whose, minlength=customers).astype(np.float64)
    first = np.full(customers, np.iinfo(np.int64).max)
    last = np.zeros(customers, dtype=np.int64)
    np.minimum.at(first, whose, when)
    np.maximum.at(last, whose, when)
    bought = counts > 0
    unknown = np.full(customers, np.nan)
    x, t, whole = unknown.copy(), unknown.copy(), unknown
    x[bought] = counts[bought] - 1
    t[bought] = (last - first)[bought]
    # At the midnight after the first day one day has passed; the day of the first order itself is none.
    whole[bought] = until - 1 - first[bought]
    return x, t, whole


@dataclass(frozen=True)
class PurchaseModel:
    """A fitted model. Its methods take x, t and T of customers (arrays of one length) in the unit that it was fitted
    in, in which `alpha` is too, and give one number each. `log_likelihood` is of all customers together."""

    kind: Kind
    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float
    customers: int

    @property
    def _shift(self) -> int:
        """Whether one may leave right after the first order."""
        return 1 if self.kind == "mbg" else 0

    def log_likelihoods(self, x: npt.ArrayLike, t: npt.ArrayLike, age: npt.ArrayLike) -> Floats:
        """The logarithm of the likelihood of each history."""
        orders = np.asarray(x, dtype=np.float64)
        r, alpha, a, b = self.r, self.alpha, self.a, self.b
        turns = orders + self._shift
        told: Floats = (
            gammaln(r + orders) - gammaln(r) + r * math.log(alpha)
            + gammaln(a + b) + gammaln(b + turns) - gammaln(b) - gammaln(a + b + turns)
            + self._rest(orders, np.asarray(t, dtype=np.float64), np.asarray(age, dtype=np.float64))
        )  # fmt: skip
        return told

    def no_order_chances(
        self, x: npt.ArrayLike, t: npt.ArrayLike, age: npt.ArrayLike, horizon_days: float | Floats
    ) -> Floats:
        """The chance of no order from the day asked until so many days later (one number, or one a customer)."""
        orders, last, whole = (np.asarray(values, dtype=np.float64) for values in (x, t, age))
        told: Floats = np.exp(
            self._rest(orders, last, whole + horizon_days) - self._rest(orders, last, whole)
        )
        return told

    def alive_chances(self, x: npt.ArrayLike, t: npt.ArrayLike, age: npt.ArrayLike) -> Floats:
        """The chance of not having left for good. Never to be shown as a chance of staying: see above."""
        orders, last, whole = (np.asarray(values, dtype=np.float64) for values in (x, t, age))
        alive: Floats = expit(-self._dead_odds(orders, last, whole))
        return alive

    def expected_orders(
        self, x: npt.ArrayLike, t: npt.ArrayLike, age: npt.ArrayLike, horizon_days: float
    ) -> Floats:
        """On how many days they will order from the day asked until so many days later, on average.

        The published formula after Euler's transformation of its hypergeometric function, which keeps it within the
        numbers also for customers with hundreds of orders.
        """
        orders, last, whole = (np.asarray(values, dtype=np.float64) for values in (x, t, age))
        a = self.a
        if a + self.b > _ALIKE:
            return self._expect_of_alike(orders, whole, horizon_days) * self.alive_chances(
                orders, last, whole
            )
        if abs(a - 1) < _NEAR_ONE or (self.kind == "bg" and abs(a + self.b - 1) < _NEAR_ONE):
            a += 2 * _NEAR_ONE
        shift, b = self._shift, self.b
        far = horizon_days / (self.alpha + whole + horizon_days)
        turns = orders + shift
        series = hyp2f1(a + b + shift - 1 - self.r, a - 1, a + b + turns - 1, far)
        told: Floats = (a + b + turns - 1) / (a - 1) * (1 - (1 - far) ** (a - 1) * series)
        return told * self.alive_chances(orders, last, whole)

    def _expect_of_alike(self, orders: Floats, whole: Floats, horizon_days: float) -> Floats:
        """Of who is still there, where the chance p to leave after an order hardly differs between customers: then the
        series of the formula grows past all numbers, and the mean of (1 - e^(-rate p H)) / p over the rate is taken at
        three values of p (Gauss and Hermite), its mean and as much to both sides as its spread says."""
        one, other = self.a, self.b + orders + self._shift
        mean = one / (one + other)
        spread = np.sqrt(mean * (1 - mean) / (one + other + 1))
        told = np.zeros_like(orders)
        for weight, step in ((2 / 3, 0.0), (1 / 6, -math.sqrt(3)), (1 / 6, math.sqrt(3))):
            chance = np.clip(mean + step * spread, 1e-12, 1.0)
            silent = -np.log1p(chance * horizon_days / (self.alpha + whole)) * (self.r + orders)
            told += weight * -np.expm1(silent) / chance
        return told

    def to_document(self) -> Document:
        """As JSON takes it."""
        return {
            "kind": self.kind,
            "r": self.r,
            "alpha": self.alpha,
            "a": self.a,
            "b": self.b,
            "log_likelihood": self.log_likelihood,
            "customers": self.customers,
        }

    @classmethod
    def from_document(cls, document: Document) -> Self:
        """What `to_document` has written."""
        return cls(**document)

    def _rest(self, orders: Floats, last: Floats, whole: Floats) -> Floats:
        """The part of the log-likelihood in which time stands: still there, or gone since the last order."""
        told: Floats = -(self.r + orders) * np.log(self.alpha + whole) + np.logaddexp(
            0.0, self._dead_odds(orders, last, whole)
        )
        return told

    def _dead_odds(self, orders: Floats, last: Floats, whole: Floats) -> Floats:
        """The log-odds of being gone against being there; -inf for who can't have left yet."""
        turns = orders + self._shift
        odds = np.full(len(orders), -np.inf)
        may = turns > 0
        odds[may] = (
            math.log(self.a)
            - np.log(self.b + turns[may] - 1)
            + (self.r + orders[may]) * (np.log(self.alpha + whole[may]) - np.log(self.alpha + last[may]))
        )
        return odds


def fit_purchase_model(histories: PurchaseHistories, kind: Kind = "mbg") -> PurchaseModel:
    """The model under which the histories are the likeliest. Raises PurchasesUnfit where nobody ordered again."""
    if not histories.repeat_customers or not float(histories.age.max()) > 0:
        raise PurchasesUnfit
    unit = max(float(np.average(histories.age, weights=histories.counts)) / 10, 1e-9)
    start = np.log([0.5, 5.0, 1.0, 2.0])
    if len(histories.orders) > 2 * _SAMPLE:
        # Most of the way is gone with few rows.
        start, _loss = _minimise(_Fit(_thin(histories), kind, unit), start)
    fit = _Fit(histories, kind, unit)
    found, loss = _minimise(fit, start)
    r, alpha, a, b = np.exp(found).tolist()
    likelihood = -loss * histories.customers - fit.orders_in_all * math.log(unit)
    return PurchaseModel(kind, r, alpha * unit, a, b, likelihood, histories.customers)


def _thin(histories: PurchaseHistories) -> PurchaseHistories:
    """About _SAMPLE of the rows, evenly from all kinds."""
    some = slice(None, None, len(histories.orders) // _SAMPLE)
    counts = histories.counts[some]
    return PurchaseHistories(
        histories.orders[some],
        histories.recency[some],
        histories.age[some],
        counts,
        np.repeat(np.arange(len(counts)), counts),
    )


def _minimise(fit: "_Fit", start: Floats) -> tuple[Floats, float]:
    """The logarithms of the parameters with the least loss, and that loss."""
    bounds = [(math.log(_LEAST), math.log(_MOST))] * 4
    found = minimize(
        fit.loss, start, jac=True, method="L-BFGS-B", bounds=bounds,
        options={"maxiter": 500, "ftol": 1e-12, "gtol": 1e-7},
    )  # fmt: skip
    return found.x, float(found.fun)


class _Fit:
    """The mean negative log-likelihood over histories by the logarithms of r, alpha, a and b, and its slope.

    Functions of one variable alone are asked once for each of its values: there are far fewer numbers of orders and
    days than histories.
    """

    def __init__(self, histories: PurchaseHistories, kind: Kind, unit: float) -> None:
        self.shift = 1 if kind == "mbg" else 0
        self.weights = histories.counts / histories.customers
        self.x, self.x_of = np.unique(histories.orders, return_inverse=True)
        self.t, self.t_of = np.unique(histories.recency / unit, return_inverse=True)
        self.whole, self.whole_of = np.unique(histories.age / unit, return_inverse=True)
        self.per_x = np.bincount(self.x_of, self.weights, len(self.x))
        self.may_leave = histories.orders + self.shift > 0
        self.orders_in_all = float(histories.orders @ histories.counts)

    @cached_property
    def _row_x(self) -> Floats:
        return self.x[self.x_of]

    def loss(self, logs: Floats) -> tuple[float, Floats]:
        r, alpha, a, b = np.exp(logs)
        turns = self.x + self.shift
        log_t, log_whole = np.log(alpha + self.t), np.log(alpha + self.whole)
        by_x = (
            gammaln(r + self.x) - gammaln(r) + r * math.log(alpha)
            + gammaln(a + b) + gammaln(b + turns) - gammaln(b) - gammaln(a + b + turns)
        )  # fmt: skip
        with np.errstate(divide="ignore", invalid="ignore"):
            dead_by_x = math.log(a) - np.log(b + turns - 1)
        rate = r + self._row_x
        row_t, row_whole = log_t[self.t_of], log_whole[self.whole_of]
        odds = np.where(self.may_leave, dead_by_x[self.x_of] + rate * (row_whole - row_t), -np.inf)
        # log(1 + e^odds) and its slope by one exponential; it is most of the work.
        small = np.exp(-np.abs(odds))
        above = odds > 0
        grown = np.where(above, odds, 0.0) + np.log1p(small)
        told = float(self.per_x @ by_x + self.weights @ (grown - rate * row_whole))
        dead = np.where(above, 1.0, small) / (1 + small)
        gone, there = self.weights * dead, self.weights * (1 - dead)
        gone_by_x = np.bincount(self.x_of, gone, len(self.x))
        with np.errstate(divide="ignore", invalid="ignore"):
            last_turn = np.where(turns > 0, gone_by_x / (b + turns - 1), 0.0)
        of_both = psi(a + b) - psi(a + b + turns)
        slope = np.array(
            [
                self.per_x @ (psi(r + self.x) - psi(r) + math.log(alpha)) - there @ row_whole - gone @ row_t,
                r / alpha
                - (there * rate) @ (1 / (alpha + self.whole))[self.whole_of]
                - (gone * rate) @ (1 / (alpha + self.t))[self.t_of],
                self.per_x @ of_both + float(gone.sum()) / a,
                self.per_x @ (of_both + psi(b + turns) - psi(b)) - float(last_turn.sum()),
            ]
        )
        return -told, -slope * np.exp(logs)


def naive_likelihood(model: PurchaseModel, x: int, t: float, age: float) -> float:
    """The slow twin: the likelihood of one history, as it is printed (in plain factors, so for few orders only)."""
    r, alpha, a, b = model.r, model.alpha, model.a, model.b
    paid = math.gamma(r + x) / math.gamma(r) * alpha**r
    if model.kind == "mbg":
        there = _beta(a, b + x + 1) / _beta(a, b) / (alpha + age) ** (r + x)
        gone = _beta(a + 1, b + x) / _beta(a, b) / (alpha + t) ** (r + x)
        return float(paid * (there + gone))
    there = _beta(a, b + x) / _beta(a, b) / (alpha + age) ** (r + x)
    gone = _beta(a + 1, b + x - 1) / _beta(a, b) / (alpha + t) ** (r + x) if x else 0.0
    return float(paid * (there + gone))


def naive_no_order_chance(model: PurchaseModel, x: int, t: float, age: float, horizon: float) -> float:
    """The slow twin: being gone, or there but silent, told from the model rather than from likelihoods.

    Of who is there, rate and chance of leaving are gamma and beta distributed again; silence over `horizon` is then
    ((alpha + T) / (alpha + T + H)) ** (r + x).
    """
    alive = naive_alive_chance(model, x, t, age)
    quiet = ((model.alpha + age) / (model.alpha + age + horizon)) ** (model.r + x)
    return float(1 - alive + alive * quiet)


def naive_alive_chance(model: PurchaseModel, x: int, t: float, age: float) -> float:
    """The slow twin: the published closed form."""
    turns = x + (1 if model.kind == "mbg" else 0)
    if not turns:
        return 1.0
    grown = ((model.alpha + age) / (model.alpha + t)) ** (model.r + x)
    return float(1 / (1 + model.a / (model.b + turns - 1) * grown))


def naive_expected_orders(model: PurchaseModel, x: int, t: float, age: float, horizon: float) -> float:
    """The slow twin: as published (before any transformation), the hypergeometric function as its series."""
    r, alpha, a, b = model.r, model.alpha, model.a, model.b
    turns = x + (1 if model.kind == "mbg" else 0)
    far = horizon / (alpha + age + horizon)
    series = _sum_series(r + x, b + turns, a + b + turns - 1, far)
    told = (a + b + turns - 1) / (a - 1) * (1 - ((alpha + age) / (alpha + age + horizon)) ** (r + x) * series)
    return float(told * naive_alive_chance(model, x, t, age))


def _beta(a: float, b: float) -> float:
    return math.exp(math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b))


def _sum_series(a: float, b: float, c: float, z: float) -> float:
    term, told, place = 1.0, 1.0, 0
    while abs(term) > 1e-17 * abs(told) and place < 100_000:
        term *= (a + place) * (b + place) / (c + place) / (place + 1) * z
        told += term
        place += 1
    return told
