"""What those who left have in common: groups said by up to three conditions in which clearly more left than elsewhere.

Searched on one half of the customers by a beam (best first, quality sqrt(n) * (p - base), W. Klösgen 1996), confirmed
on the other half, which the search has not seen: by the hypergeometric test of the members against the rest, with the
share of false discoveries held down (Y. Benjamini and Y. Hochberg 1995). A search that is judged on its own rows
"finds" something in any noise. Which half a customer is in follows from the customer's id alone.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from vafa.lab.design import MOST_LEVELS, UNKNOWN, Feature
from vafa.lab.rates import Rate, build_proportion

Bools = npt.NDArray[np.bool_]
Columns = Mapping[str, npt.NDArray[Any]]
Ints = npt.NDArray[np.int64]
_Bits = npt.NDArray[np.uint64]
_Key = tuple[int, ...]
_Count = tuple[int, int]

Test = Literal["is", "at_most", "more_than", "yes", "no", "unknown"]

DEPTH = 3
BEAM = 40
GAIN = 1.05
"""A further condition must make a group so many times better, or it is one word more for nothing."""
MOST_TESTED = 12
ALIKE = 0.5
"""Groups that share so much of their members (Jaccard) are one group told twice."""
FALSE_SHARE = 0.02
"""Of the groups that are told, so many may be there by chance."""
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
LEAST_MEMBERS = 20
LEAST_SHARE = 0.01
_DIGITS = 12


@dataclass(frozen=True)
class Condition:
    """One thing that members have in common: the feature is a value, lies within a bound (`value` included in
    "at_most"), holds or doesn't, or isn't known."""

    feature: str
    test: Test
    value: str | float | None = None


@dataclass(frozen=True)
class Side:
    """Customers of one half: the members and the rest, with the share of each that left and its interval."""

    members: Rate
    rest: Rate


@dataclass(frozen=True)
class Subgroup:
    """A group in which more left. `found` is the half it was found on, which flatters; `confirmed` the other, which
    counts. `q` is the share of false discoveries at which it would just be told. `members` marks the rows of both."""

    conditions: tuple[Condition, ...]
    members: Bools
    found: Side
    confirmed: Side
    q: float


def find_subgroups(
    features: Sequence[Feature],
    columns: Columns,
    ids: npt.ArrayLike,
    left: npt.ArrayLike,
    *,
    seed: int = 0,
    false_share: float = FALSE_SHARE,
) -> tuple[Subgroup, ...]:
    """The groups that hold on the other half too, those with most leavers beyond the base first; nothing where nothing
    holds, or all or none left.

    All rows are used, a bit for each condition and row: a million customers of 70 conditions take about 10 s and 1 GB.
    """
    happened = np.asarray(left, dtype=np.bool_)
    first = split_halves(ids, seed)
    conditions, marks = list_conditions(features, columns)
    if not conditions or not happened[first].any() or not happened[~first].any():
        return ()
    tested = choose_different(
        search(marks[:, first], happened[first], [condition.feature for condition in conditions]), marks
    )
    asked = [(key, _compare(marks, key, happened, first)) for key in tested]
    told = [(key, compared) for key, compared in asked if compared is not None]
    shares = find_false_shares([compared.p for _key, compared in told])
    return tuple(
        Subgroup(
            tuple(conditions[place] for place in key),
            _find_members(marks, key),
            compared.found,
            compared.confirmed,
            q,
        )
        for (key, compared), q in zip(told, shares, strict=True)
        if q <= false_share
    )


def split_halves(ids: npt.ArrayLike, seed: int) -> Bools:
    """True for about one half of the customers: by a mix of the id's bits (splitmix64, S. Vigna 2015), so that it does
    not move when others come."""
    mixed = np.asarray(ids, dtype=np.int64).astype(np.uint64) + np.uint64(
        (seed + 1) * 0x9E3779B97F4A7C15 % 2**64
    )
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    told: Bools = ((mixed ^ (mixed >> np.uint64(31))) & np.uint64(1)).astype(np.bool_)
    return told


def mark_condition(condition: Condition, values: npt.NDArray[Any]) -> Bools:
    """Who of other rows meets a condition, by the same column."""
    told: Bools
    if condition.test == "is" or (condition.test == "unknown" and values.dtype.kind in "UO"):
        told = np.asarray(values, dtype=np.str_) == (condition.value if condition.test == "is" else UNKNOWN)
        return told
    numbers = np.asarray(values, dtype=np.float64)
    known, bound = np.isfinite(numbers), float(condition.value or 0)
    return {
        "unknown": ~known,
        "yes": known & (numbers > 0),
        "no": known & (numbers <= 0),
        "at_most": known & (numbers <= bound),
        "more_than": known & (numbers > bound),
    }[condition.test]


def list_conditions(features: Sequence[Feature], columns: Columns) -> tuple[list[Condition], Bools]:
    """All single conditions, with who meets each (conditions, rows): values of choices that some have, bounds at
    quantiles of numbers, both sides of flags, and what isn't known. None that everybody meets, nor nearly nobody."""
    conditions: list[Condition] = []
    marks: list[Bools] = []
    for feature in features:
        for condition, who in _list_of_feature(feature, np.asarray(columns[feature.name])):
            count = int(who.sum())
            if max(LEAST_MEMBERS, LEAST_SHARE * len(who)) <= count < len(who):
                conditions.append(condition)
                marks.append(who)
    return conditions, np.array(marks) if marks else np.empty((0, 0), dtype=np.bool_)


def _list_of_feature(feature: Feature, values: npt.NDArray[Any]) -> list[tuple[Condition, Bools]]:
    name = feature.name
    if feature.kind == "choice":
        texts = np.asarray(values, dtype=np.str_)
        found, counts = np.unique(texts, return_counts=True)
        most = [str(value) for value in found[np.argsort(-counts, kind="stable")][: MOST_LEVELS + 1]]
        return [
            (Condition(name, "unknown") if text == UNKNOWN else Condition(name, "is", text), texts == text)
            for text in most
        ]
    numbers = np.asarray(values, dtype=np.float64)
    known = np.isfinite(numbers)
    told: list[tuple[Condition, Bools]] = []
    if not known.all():
        told.append((Condition(name, "unknown"), ~known))
    if not known.any():
        return told
    if feature.kind == "flag":
        return [
            *told,
            (Condition(name, "yes"), known & (numbers > 0)),
            (Condition(name, "no"), known & (numbers <= 0)),
        ]
    # A bound that somebody has: "at most 29 months", not "at most 28.6".
    for bound in np.unique(np.quantile(numbers[known], QUANTILES, method="lower")).tolist():
        told.append((Condition(name, "at_most", bound), known & (numbers <= bound)))
        told.append((Condition(name, "more_than", bound), known & (numbers > bound)))
    return told


def search(marks: Bools, left: Bools, names: Sequence[str]) -> list[_Key]:
    """Groups by the places of their conditions, the best first: all that a beam of that width and depth meets.

    `marks` are (conditions, rows). A group of more conditions is met only where it is clearly better than one that it
    narrows. A number may be bound from both sides; else each feature is asked once.
    """
    rows = len(left)
    base = float(left.sum()) / rows
    bits, left_bits = _pack(marks), _pack(left[None, :])[0]
    least = max(LEAST_MEMBERS, LEAST_SHARE * rows)
    quality: dict[_Key, float] = {}
    beam: list[_Key] = [()]
    for _level in range(DEPTH):
        fresh: dict[_Key, float] = {}
        for stem in beam:
            inside = bits if not stem else bits & np.bitwise_and.reduce(bits[list(stem)], axis=0)
            sizes = np.bitwise_count(inside).sum(axis=1, dtype=np.int64)
            events = np.bitwise_count(inside & left_bits).sum(axis=1, dtype=np.int64)
            for place in np.flatnonzero(sizes >= least).tolist():
                key = tuple(sorted({*stem, place}))
                if len(key) <= len(stem) or key in fresh or not _may_join(place, stem, names):
                    continue
                score = _score(int(sizes[place]), int(events[place]), base)
                if score > (GAIN * quality[stem] if stem else 0.0):
                    fresh[key] = score
        quality.update(fresh)
        beam = _order(fresh)[:BEAM]
    return _order(quality)


def _may_join(place: int, stem: _Key, names: Sequence[str]) -> bool:
    return sum(names[other] == names[place] for other in stem) < 2


def _score(size: int, events: int, base: float) -> float:
    """Klösgen's quality: how much the share of members that left stands out, by the size of the group."""
    return round(math.sqrt(size) * (events / size - base), _DIGITS)


def _order(quality: Mapping[_Key, float]) -> list[_Key]:
    return sorted(quality, key=lambda key: (-quality[key], len(key), key))


def _pack(marks: Bools) -> _Bits:
    """Rows as bits, in whole words."""
    packed = np.packbits(marks, axis=1)
    whole = np.ascontiguousarray(np.pad(packed, ((0, 0), (0, -packed.shape[1] % 8))))
    words: _Bits = whole.view(np.uint64)
    return words


def choose_different(keys: Sequence[_Key], marks: Bools) -> list[_Key]:
    """The first MOST_TESTED groups of which none shares ALIKE or more of its members with one before."""
    bits = _pack(marks)
    taken: list[tuple[_Key, _Bits]] = []
    for key in keys:
        own = np.bitwise_and.reduce(bits[list(key)], axis=0)
        if all(_measure_likeness(own, other) < ALIKE for _key, other in taken):
            taken.append((key, own))
            if len(taken) == MOST_TESTED:
                break
    return [key for key, _own in taken]


def _measure_likeness(one: _Bits, other: _Bits) -> float:
    both = int(np.bitwise_count(one & other).sum(dtype=np.int64))
    either = int(np.bitwise_count(one | other).sum(dtype=np.int64))
    return both / either if either else 1.0


@dataclass(frozen=True)
class _Compared:
    """The two halves, and how likely so many leavers among the members of the second are by chance."""

    found: Side
    confirmed: Side
    p: float


def _compare(marks: Bools, key: _Key, left: Bools, first: Bools) -> _Compared | None:
    """None where the second half has no members, or nobody else."""
    who = _find_members(marks, key)
    found, confirmed = (_build_side(who, left, half) for half in (first, ~first))
    if found is None or confirmed is None:
        return None
    members, rest = confirmed.members, confirmed.rest
    from scipy.stats import hypergeom  # takes half a second, which most commands needn't wait

    p = hypergeom.sf(
        int(members.numerator) - 1,
        int(members.denominator + rest.denominator),
        int(members.numerator + rest.numerator),
        int(members.denominator),
    )
    return _Compared(found, confirmed, float(p))


def _find_members(marks: Bools, key: _Key) -> Bools:
    who: Bools = np.logical_and.reduce(marks[list(key)], axis=0)
    return who


def _build_side(who: Bools, left: Bools, half: Bools) -> Side | None:
    members = build_proportion(int((who & left & half).sum()), int((who & half).sum()))
    rest = build_proportion(int((~who & left & half).sum()), int((~who & half).sum()))
    return None if members is None or rest is None else Side(members, rest)


def find_false_shares(p_values: Sequence[float]) -> list[float]:
    """Of each of these tests the share of false discoveries at which it would just be told (Benjamini-Hochberg)."""
    order = sorted(range(len(p_values)), key=lambda place: p_values[place])
    shares, least = [1.0] * len(p_values), 1.0
    for rank in range(len(order), 0, -1):
        place = order[rank - 1]
        least = min(least, p_values[place] * len(order) / rank)
        shares[place] = least
    return shares


def naive_search(members: Sequence[set[int]], left: set[int], rows: int, names: Sequence[str]) -> list[_Key]:
    """The slow twin of `search`: sets of rows, every group counted by itself."""
    base = len(left) / rows
    least = max(LEAST_MEMBERS, LEAST_SHARE * rows)

    def count(key: _Key) -> _Count:
        inside = set.intersection(*(members[place] for place in key))
        return len(inside), len(inside & left)

    quality: dict[_Key, float] = {}
    beam: list[_Key] = [()]
    for _level in range(DEPTH):
        fresh: dict[_Key, float] = {}
        for stem in beam:
            for place in range(len(members)):
                alike = [other for other in stem if names[other] == names[place]]
                if place in stem or len(alike) > 1:
                    continue
                key = tuple(sorted((*stem, place)))
                size, events = count(key)
                if size < least:
                    continue
                score = round(math.sqrt(size) * (events / size - base), _DIGITS)
                if score > (GAIN * quality[stem] if stem else 0.0):
                    fresh[key] = score
        quality.update(fresh)
        beam = sorted(fresh, key=lambda key: (-fresh[key], len(key), key))[:BEAM]
    return sorted(quality, key=lambda key: (-quality[key], len(key), key))
