"""Values that cross the orders' doors."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SalePair:
    """Two orders of two sources that may be one sale, each by a line of it; `first` is the one that would count."""

    first: int
    second: int
    score: int
    evidence: tuple[str, ...]
