"""Renewals: of the subscriptions that came to their end, which the customer went on with.

A subscription is due on the day on which its term ends, the first day without it: it is due in a period [a, b) if that
day is inside. One with an open end runs on and is never due, and one whose end the source moves on instead of telling
a new row isn't due until the end that stands there.

It was renewed by a subscription of the same customer that begins after it, at most the days of grace after its end, and
runs longer than it. One of another plan must also begin at most `MOST_EARLY` days before that end: what was
added half a year before is no renewal. Whether it was is known once all days of the grace have been told of.

A subscription was cancelled in [a, b) if it runs at the boundary a and neither it nor what renewed it, again and again,
runs at b. Where one ends and its renewal begins just around a, the renewal is what runs there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Self

import numpy as np
import numpy.typing as npt

from vafa.lab.mrr import UNPRICED, Wide
from vafa.lab.revenue import sum_by_label
from vafa.lab.spells import OPEN_END, Ints

MOST_EARLY = 31
NEVER = -1
"""The place of a subscription's renewal that hasn't any."""

Places = npt.NDArray[np.int64]

_KEY_WIDTH = 1 << 32


@dataclass(frozen=True)
class Terms:
    """Many subscriptions: whose, of which plan (a number), from when until when (OPEN_END: it runs on)."""

    customer_ix: Ints
    plan: Ints
    start: Ints
    end: Ints

    def __len__(self) -> int:
        return len(self.start)


def find_renewals(terms: Terms, grace: int) -> Places:
    """For each subscription the place of the one that renewed it, or NEVER: of those of its own plan the first, else
    of all the first."""
    found = _find_among(terms, terms.plan, grace, OPEN_END)
    others = _find_among(terms, np.zeros_like(terms.plan), grace, MOST_EARLY)
    return np.where(found == NEVER, others, found)


def _find_among(terms: Terms, kinds: Ints, grace: int, most_early: int) -> Places:
    """The first renewal among the subscriptions of the same customer and kind."""
    found = np.full(len(terms), NEVER, dtype=np.int64)
    lasting = np.flatnonzero(terms.end > terms.start)
    starts, ends = terms.start[lasting].astype(np.int64), terms.end[lasting].astype(np.int64)
    order = np.lexsort((ends, starts, kinds[lasting], terms.customer_ix[lasting]))
    rows, starts, ends = lasting[order], starts[order], ends[order]
    pairs = np.stack([terms.customer_ix[rows], kinds[rows]])
    is_first = np.ones(len(rows), dtype=np.bool_)
    is_first[1:] = np.any(pairs[:, 1:] != pairs[:, :-1], axis=0)
    keys = np.cumsum(is_first) * _KEY_WIDTH
    due = np.flatnonzero(ends != OPEN_END)
    earliest = np.maximum(starts[due] + 1, ends[due] - most_early)
    at = np.searchsorted(keys + starts, keys[due] + earliest, side="left")
    stop = np.searchsorted(keys + starts, keys[due] + ends[due] + grace, side="right")
    # Nearly always the first candidate runs longer. Where it doesn't, the next is looked at.
    while len(due):
        left = at < stop
        due, at, stop = due[left], at[left], stop[left]
        longer = ends[at] > ends[due]
        found[rows[due[longer]]] = rows[at[longer]]
        due, at, stop = due[~longer], at[~longer] + 1, stop[~longer]
    return found


@dataclass(frozen=True)
class RenewalCounts:
    """What became of the subscriptions of a period; adds up over customers.

    `due` were due and their outcome is known, `renewed` of them; `unsettled` were due and their grace isn't over.
    `due_money` is the MRR of those due whose price is known, `renewed_money` that of what renewed them: each new
    subscription once, though it may stand for two old ones. `unpriced` are due ones that money can't be told of.
    `running` ran at the start and their outcome is known, `cancelled` of them; `undecided` ran at the start, ended
    without a renewal so far, and their grace isn't over.
    """

    due: int = 0
    renewed: int = 0
    unsettled: int = 0
    due_money: int = 0
    renewed_money: int = 0
    unpriced: int = 0
    running: int = 0
    cancelled: int = 0
    undecided: int = 0

    def __add__(self, other: Self) -> "RenewalCounts":
        names = [field.name for field in fields(RenewalCounts)]
        return RenewalCounts(*(getattr(self, name) + getattr(other, name) for name in names))


def count_renewals(
    terms: Terms,
    renewals: Places,
    mrr: Wide,
    period: tuple[int, int],
    grace: int,
    known_until: int,
    labels: Ints | None = None,
    groups: int = 1,
) -> list[RenewalCounts]:
    """The counts of the period [start, end) (ordinals), for each group of subscriptions.

    `mrr` is each subscription's in one money, UNPRICED where it is unknown. `known_until` is the first day of which
    nothing has been told. `labels` gives each subscription's group, 0 .. groups - 1, or -1 for one that doesn't count
    (None: all are of group 0).
    """
    start, end = period
    runs = _find_running(terms, renewals, start)
    rows = np.flatnonzero((terms.end >= start) & (terms.end <= end) & (terms.end > terms.start))
    if labels is not None:
        runs, rows = runs[labels[runs] >= 0], rows[labels[rows] >= 0]
    last = _follow(terms, renewals, runs, end)
    gone = terms.end[last] <= end
    settled = terms.end[last].astype(np.int64) + grace < known_until
    ends, new = terms.end[rows].astype(np.int64), renewals[rows]
    known, renewed = ends + grace < known_until, new != NEVER
    due = ends < end
    priced = due & known & (mrr[rows] != UNPRICED) & (~renewed | (mrr[new] != UNPRICED))
    of = np.zeros(len(rows), dtype=np.int64) if labels is None else labels[rows].astype(np.int64)
    heads = {
        "due": due & known,
        "renewed": due & known & renewed,
        "unsettled": due & ~known,
        "unpriced": due & known & ~priced,
    }
    found = {name: np.bincount(of[mask], minlength=groups) for name, mask in heads.items()}
    of_runs = np.zeros(len(runs), dtype=np.int64) if labels is None else labels[runs]
    fates = {"running": settled | ~gone, "cancelled": gone & settled, "undecided": gone & ~settled}
    found |= {name: np.bincount(of_runs[mask], minlength=groups) for name, mask in fates.items()}
    # Each new subscription once in each group.
    pairs = np.unique(of[priced & renewed] * _KEY_WIDTH + new[priced & renewed])
    money = {
        "due_money": sum_by_label(mrr[rows[priced]], of[priced], groups),
        "renewed_money": sum_by_label(mrr[pairs % _KEY_WIDTH], pairs // _KEY_WIDTH, groups),
    }
    return [
        RenewalCounts(
            **{name: int(counts[group]) for name, counts in found.items()},
            **{name: sums[group] for name, sums in money.items()},
        )
        for group in range(groups)
    ]


def _find_running(terms: Terms, renewals: Places, boundary: int) -> Places:
    """Which subscriptions run at a boundary: those around it, and the renewals of those that ended just before."""
    around = (terms.start < boundary) & (terms.end > boundary)
    ended = np.flatnonzero((terms.start < boundary) & (terms.end <= boundary) & (renewals != NEVER))
    new = renewals[ended]
    around[new[terms.start[new] >= boundary]] = True
    return np.flatnonzero(around)


def _follow(terms: Terms, renewals: Places, rows: Places, end: int) -> Places:
    """What each subscription has become by a boundary: itself, or the last of the renewals begun by its ends."""
    last = rows.copy()
    moving = np.flatnonzero(terms.end[last] <= end)
    while len(moving):
        new = renewals[last[moving]]
        moving, new = moving[new != NEVER], new[new != NEVER]
        last[moving] = new
        moving = moving[terms.end[new] <= end]
    return last


def build_renewal_rate_money(counts: RenewalCounts) -> Fraction | None:
    """The MRR that renewals bring over the MRR that was due: above 1 where dearer ones outweigh; None without any."""
    return Fraction(counts.renewed_money, counts.due_money) if counts.due_money else None


# The slow twin.


@dataclass(frozen=True)
class NaiveTerm:
    """One subscription of a customer; `end` None: open. `mrr` None: unknown."""

    plan: int
    start: int
    end: int | None
    mrr: int | None = None


def naive_renewal(own: Sequence[NaiveTerm], place: int, grace: int) -> int | None:
    """The definition: the place of the first subscription that begins in time and runs longer, of the same plan if
    there is one."""
    old = own[place]
    if old.end is None or old.end <= old.start:
        return None
    same, others = [], []
    for number, new in enumerate(own):
        lasts = new.end is None or new.end > max(old.end, new.start)
        if not lasts or new.start <= old.start or new.start > old.end + grace:
            continue
        if new.plan == old.plan:
            same.append(number)
        if new.start >= old.end - MOST_EARLY:
            others.append(number)

    def first(numbers: list[int]) -> int:
        return min(numbers, key=lambda n: (own[n].start, OPEN_END if own[n].end is None else own[n].end))

    return first(same) if same else first(others) if others else None


def naive_runs(own: Sequence[NaiveTerm], place: int, boundary: int, grace: int) -> bool:
    """Whether a subscription runs at a boundary, or is the renewal of one that ended just before or on it."""
    one = own[place]
    if one.start < boundary:
        return one.end is None or boundary < one.end
    return any(
        old.start < boundary
        and old.end is not None
        and old.end <= boundary
        and naive_renewal(own, number, grace) == place
        for number, old in enumerate(own)
    )


def naive_renewal_counts(
    customers: Sequence[Sequence[NaiveTerm]], start: int, end: int, grace: int, known_until: int
) -> RenewalCounts:
    """The definition: every subscription is looked at on its own."""
    found = dict.fromkeys((field.name for field in fields(RenewalCounts)), 0)
    for own in customers:
        renewers = set()
        for place, old in enumerate(own):
            if old.end is not None and old.end <= old.start:
                continue
            if naive_runs(own, place, start, grace):
                last: int | None = place
                while last is not None and (own[last].end or end + 1) <= end:
                    gone_on, last = own[last].end, naive_renewal(own, last, grace)
                is_known = last is not None or (gone_on or 0) + grace + 1 <= known_until
                found["undecided"] += not is_known
                found["running"] += is_known
                found["cancelled"] += is_known and last is None
            if old.end is None:
                continue
            new = naive_renewal(own, place, grace)
            is_known = old.end + grace + 1 <= known_until
            if start <= old.end < end:
                found["due"] += is_known
                found["unsettled"] += not is_known
                found["renewed"] += is_known and new is not None
                if is_known and (old.mrr is None or (new is not None and own[new].mrr is None)):
                    found["unpriced"] += 1
                elif is_known:
                    found["due_money"] += old.mrr or 0
                    renewers |= {new} - {None}
        found["renewed_money"] += sum(own[new].mrr or 0 for new in renewers if new is not None)
    return RenewalCounts(**found)
