"""What customers spend an order: the Gamma-Gamma model, which draws who has ordered little towards the average of all.

A customer's orders vary around an own mean (gamma distributed: p), and these means vary from customer to customer
(gamma distributed again: q, v). P. S. Fader, B. G. S. Hardie 2013 ("The Gamma-Gamma model of monetary value"). It
assumes that who orders more often spends neither more nor less an order; `correlate` tells how far that is so, and
where it isn't, `shrink_means` is to be used.

`orders` are how many orders a mean is of, `means` what they brought on average (above zero), one entry a customer.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import gammaln, psi

from vafa.lab.errors import SpendUnfit

Floats = npt.NDArray[np.float64]
Document = dict[str, Any]

MOST_CORRELATED = 0.3
"""A stronger correlation of number and mean than this contradicts the model."""

LEAST_CUSTOMERS = 20
PRIOR_ORDERS = 3.0
"""Where the model is contradicted: so many orders at the average of all are added to a customer's own."""

_LEAST, _MOST = 1e-3, 1e6


@dataclass(frozen=True)
class SpendModel:
    """A fitted model; `v` is in the unit of money."""

    p: float
    q: float
    v: float
    log_likelihood: float
    customers: int

    @property
    def average(self) -> float | None:
        """The average of all customers' means; None where it is not finite (q up to 1)."""
        return self.p * self.v / (self.q - 1) if self.q > 1 else None

    def expected_means(self, orders: npt.ArrayLike, means: npt.ArrayLike) -> Floats:
        """What an order of each will bring on average; of who has no order yet (0) the average of all."""
        count, mean = np.asarray(orders, dtype=np.float64), np.asarray(means, dtype=np.float64)
        paid = np.where(count > 0, count * mean, 0.0)
        told: Floats = self.p * (self.v + paid) / (self.p * count + self.q - 1)
        return told

    def to_document(self) -> Document:
        """As JSON takes it."""
        return dict(self.__dict__)

    @classmethod
    def from_document(cls, document: Document) -> Self:
        """What `to_document` has written."""
        return cls(**document)


def fit_spend_model(orders: npt.ArrayLike, means: npt.ArrayLike) -> SpendModel:
    """The model under which the means are the likeliest. Raises SpendUnfit for fewer than LEAST_CUSTOMERS, or means
    that are not above zero."""
    count, mean = np.asarray(orders, dtype=np.float64), np.asarray(means, dtype=np.float64)
    if len(count) < LEAST_CUSTOMERS or not bool((mean > 0).all()) or not bool((count > 0).all()):
        raise SpendUnfit
    unit = float(mean.mean())
    scaled = mean / unit
    logs = np.log(scaled)

    def loss(at: Floats) -> tuple[float, Floats]:
        p, q, v = np.exp(at)
        grown, paid = p * count, v + scaled * count
        log_paid = np.log(paid)
        told = (
            gammaln(grown + q) - gammaln(grown) - gammaln(q) + q * math.log(v)
            + (grown - 1) * logs + grown * np.log(count) - (grown + q) * log_paid
        )  # fmt: skip
        both = psi(grown + q)
        slope = np.array(
            [
                float((count * (both - psi(grown) + logs + np.log(count) - log_paid)).sum()),
                float((both - psi(q) + math.log(v) - log_paid).sum()),
                float((q / v - (grown + q) / paid).sum()),
            ]
        )
        return -float(told.mean()), -slope * np.exp(at) / len(count)

    bounds = [(math.log(_LEAST), math.log(_MOST))] * 3
    found = minimize(
        loss, np.log([2.0, 3.0, 1.0]), jac=True, method="L-BFGS-B", bounds=bounds,
        options={"maxiter": 500, "ftol": 1e-13, "gtol": 1e-8},
    )  # fmt: skip
    p, q, v = np.exp(found.x).tolist()
    likelihood = -float(found.fun) * len(count) - len(count) * math.log(unit)
    return SpendModel(p, q, v * unit, likelihood, len(count))


def correlate(orders: npt.ArrayLike, means: npt.ArrayLike) -> float | None:
    """Pearson's correlation of the number of orders with their mean; None where one of them doesn't vary."""
    count, mean = np.asarray(orders, dtype=np.float64), np.asarray(means, dtype=np.float64)
    if len(count) < 2 or not count.std() or not mean.std():
        return None
    return float(np.corrcoef(count, mean)[0, 1])


def shrink_means(orders: npt.ArrayLike, means: npt.ArrayLike) -> Floats:
    """The mean of each customer's own orders and PRIOR_ORDERS at the average of all orders."""
    count, mean = np.asarray(orders, dtype=np.float64), np.asarray(means, dtype=np.float64)
    paid = np.where(count > 0, count * mean, 0.0)
    average = float(paid.sum() / count.sum()) if count.sum() else 0.0
    told: Floats = (paid + PRIOR_ORDERS * average) / (count + PRIOR_ORDERS)
    return told


def naive_expected_mean(model: SpendModel, payments: Sequence[float]) -> float:
    """The slow twin: an own mean and the average of all, weighted by how much is known of each."""
    known = model.p * len(payments) / (model.p * len(payments) + model.q - 1)
    average = model.p * model.v / (model.q - 1)
    own = sum(payments) / len(payments) if payments else 0.0
    return known * own + (1 - known) * average


def naive_shrunken_mean(payments: Sequence[float], average: float) -> float:
    """The slow twin of `shrink_means`, of one customer."""
    return (sum(payments) + PRIOR_ORDERS * average) / (len(payments) + PRIOR_ORDERS)
