"""Money of several currencies in one: exact sums, each amount at the rate of its own day.

Amounts are whole ten-thousandths of their currency, and rates have at most ten decimals. So a converted amount is a
whole number of `UNIT`s, sums of them are exact in any order, and those of parts of a business add up to the whole.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

RATE_PLACES = 10
AMOUNT_PLACES = 4
UNIT = Fraction(1, 10 ** (RATE_PLACES + AMOUNT_PLACES))
"""What a sum of converted amounts is counted in, as a part of the currency."""

RateSteps = Mapping[str, Iterable[tuple[int, Decimal]]]
"""Currency -> from which days (ordinals) one unit of it is worth how much of the own currency."""


class RateTable:
    """What one unit of each currency is worth in the own one, on each day.

    `fixed` holds for all days until a step says otherwise: the own currency itself, rial and toman.
    """

    def __init__(self, fixed: Mapping[str, Decimal], steps: RateSteps) -> None:
        self._fixed = {name: _to_units(rate) for name, rate in fixed.items()}
        ordered = {name: sorted(table) for name, table in steps.items()}
        self._days = {name: [day for day, _rate in table] for name, table in ordered.items()}
        self._rates = {name: [_to_units(rate) for _day, rate in table] for name, table in ordered.items()}

    @property
    def fingerprint(self) -> tuple[object, ...]:
        """Equal exactly for tables with the same rates."""
        steps = [(name, tuple(days), tuple(self._rates[name])) for name, days in self._days.items()]
        return tuple(sorted(self._fixed.items())), tuple(sorted(steps))

    def find_units(self, currency: str, day: int) -> int | None:
        """The rate in 10 ** -10 of the own currency; None where none is known on that day.

        A whole amount in ten-thousandths times it is a whole number of `UNIT`s.
        """
        place = bisect_right(self._days.get(currency, []), day) - 1
        return self._fixed.get(currency) if place < 0 else self._rates[currency][place]

    def list_pieces(self, currency: str, start: int, end: int) -> list[tuple[int, int, int | None]]:
        """[start, end) cut where the currency's rate changes: (from, until, its `find_units`)."""
        cuts = [start, *(day for day in self._days.get(currency, []) if start < day < end), end]
        return [
            (first, until, self.find_units(currency, first))
            for first, until in pairwise(cuts)
            if first < until
        ]

    def convert(self, amount: int, currency: str, day: int) -> int | None:
        """An amount (ten-thousandths) in `UNIT`s of the own currency; None without a rate."""
        rate = self.find_units(currency, day)
        return None if rate is None else amount * rate


def _to_units(rate: Decimal) -> int:
    """Exactly; more decimals than a rate may have are rounded away, half to even."""
    units: int = round(Fraction(rate) * 10**RATE_PLACES)
    return units


def naive_convert(
    amount: Decimal, currency: str, day: int, fixed: Mapping[str, Decimal], steps: RateSteps
) -> Fraction | None:
    """The slow twin: the amount in the own currency by the last rate that holds on the day, found by reading all."""
    rate = fixed.get(currency)
    last = None
    for since, told in steps.get(currency, ()):
        if since <= day and (last is None or since > last):
            last, rate = since, told
    return None if rate is None else Fraction(amount) * Fraction(rate)
