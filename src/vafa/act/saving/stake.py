"""What is at stake with customers at risk: money, chance of leaving, band."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from vafa.act.saving.types import AtStake
from vafa.data.business.queries import get_business
from vafa.measure.segments.queries import Resolver, get_revenue
from vafa.warehouse.queries import Snapshot

_YEAR = timedelta(days=365)
_CENT = Decimal("0.01")

Floats = npt.NDArray[np.float64]


def get_values_at_stake(snapshot: Snapshot) -> Floats:
    """What may be lost with each customer, by number, in the business's currency; NaN where it isn't known.

    It is what was predicted for the next twelve months times the chance of leaving, where that is published; else what
    the customer brought in the last 365 known days, returns taken off.
    """
    published = snapshot.published("value_at_risk")
    return _get_last_year(snapshot) if published is None else published.astype(np.float64)


def _get_last_year(snapshot: Snapshot) -> Floats:
    until = snapshot.freshness().data_until
    if until is None:
        return np.full(snapshot.numbers, np.nan)
    business = get_business()
    resolver = Resolver(snapshot, business)

    def build() -> Floats:
        return get_revenue(resolver, until) - get_revenue(resolver, until - _YEAR)

    parts = tuple(sorted(business.revenue_parts.items()))
    return snapshot.cached(("last_year", until, business.currency, parts, resolver.rates.key), build)


def list_at_stake(ids: Sequence[int], snapshot: Snapshot) -> dict[int, AtStake]:
    """What is at stake with each of these customers; unknown ones are left out."""
    numbers = snapshot.list_numbers(ids) if ids else np.empty(0, np.int64)
    values = get_values_at_stake(snapshot)
    chances, bands = snapshot.published("risk"), snapshot.published("risk_band")
    return {
        pk: AtStake(_read_money(values, number), _read(chances, number), _read_band(bands, number))
        for pk, number in zip(ids, numbers.tolist(), strict=True)
        if number >= 0
    }


def _read(values: npt.NDArray[np.floating] | None, number: int) -> float | None:
    if values is None or number >= len(values) or not np.isfinite(values[number]):
        return None
    return float(values[number])


def _read_money(values: Floats, number: int) -> Decimal | None:
    found = _read(values, number)
    return None if found is None else Decimal(found).quantize(_CENT)


def _read_band(bands: npt.NDArray[np.floating] | None, number: int) -> int | None:
    found = _read(bands, number)
    return None if found is None or found < 0 else int(found)
