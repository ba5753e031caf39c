"""How many customers bought in a period, from the daily sets of buyers."""

from datetime import date

from pyroaring import BitMap

from vafa.measure.metrics.asking import KnownPeriod
from vafa.measure.metrics.family import Asked
from vafa.warehouse.types import Group

_COUNTS_KEPT = 20_000


def count_buyers(asked: Asked, group: Group | None, known: KnownPeriod) -> int:
    """The customers looked at who bought in the period; those of everybody are kept for the next who asks."""
    whose = asked.whose.at(known.period.start)
    if whose is not None:
        return len(_find(asked, group, known) & whose)
    kept: dict[object, int] = asked.snapshot.cached(("buyers",), dict)
    key = (group, known.start, known.end)
    if key not in kept:
        found = len(_find(asked, group, known))
        if len(kept) >= _COUNTS_KEPT:
            kept.clear()
        kept[key] = found
    return kept[key]


def _find(asked: Asked, group: Group | None, known: KnownPeriod) -> BitMap:
    return asked.snapshot.buyers(date.fromordinal(known.start), date.fromordinal(known.end), group)
