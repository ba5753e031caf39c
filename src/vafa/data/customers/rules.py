"""How likely two customers are one person, by what agrees and what contradicts."""

from collections.abc import Collection
from itertools import combinations
from typing import Literal

# What may agree: an address, a number, the name, and what is known beside them; and what speaks against it.
Evidence = Literal[
    "email", "phone", "name", "similar_name", "near_phone", "birthday", "company", "location", "other_name",
    "other_birthday",
]  # fmt: skip
CERTAIN, LIKELY, LEAST = 95, 70, 45
# Who share more than this many share it as a family or an office does, and are not compared by it.
MOST_SHARING = 6
_STRONG: tuple[tuple[frozenset[str], int], ...] = (
    (frozenset({"phone", "name"}), 95),
    (frozenset({"email", "name"}), 95),
    (frozenset({"name", "birthday"}), 85),
    (frozenset({"email", "similar_name"}), 85),
    (frozenset({"phone", "similar_name"}), 78),
    (frozenset({"email", "phone"}), 78),
    (frozenset({"name", "near_phone"}), 72),
    (frozenset({"email"}), 70),
    (frozenset({"name", "company"}), 62),
    (frozenset({"phone"}), 55),
)
_MORE = 3
_AGAINST = {"other_name": 20, "other_birthday": 40}
_BEST = 99


def score_pair(evidence: Collection[str]) -> int:
    """0 to 99: how likely it is; from CERTAIN on nobody needs to look, below LEAST nothing is proposed."""
    known = set(evidence)
    base, used = next(((points, part) for part, points in _STRONG if part <= known), (0, frozenset[str]()))
    if not base:
        return 0
    further = known - used - set(_AGAINST) - {"similar_name"}
    against = sum(points for code, points in _AGAINST.items() if code in known)
    return max(0, min(_BEST, base + _MORE * len(further)) - against)


def list_pairs(group: Collection[int]) -> list[tuple[int, int]]:
    """The pairs of a group that shares something, the older first; none of a group of one, or one too large."""
    members = sorted(set(group))
    return list(combinations(members, 2)) if 2 <= len(members) <= MOST_SHARING else []


def is_near(number: str, other: str) -> bool:
    """Whether two phone numbers differ by one digit, or by two neighbours that changed places."""
    if len(number) != len(other) or number == other:
        return False
    differing = [place for place, pair in enumerate(zip(number, other, strict=True)) if pair[0] != pair[1]]
    if len(differing) == 1:
        return True
    return (
        len(differing) == 2
        and differing[1] == differing[0] + 1
        and number[differing[0]] == other[differing[1]]
        and number[differing[1]] == other[differing[0]]
    )


def are_similar(words: Collection[str], others: Collection[str]) -> bool:
    """Whether two names have the same words in another order, or one has more words than the other."""
    mine, theirs = set(words), set(others)
    return bool(mine and theirs) and (mine <= theirs or theirs <= mine)
