"""Answers to surveys as the figures need them: by question, on which scale and by which method; and invitations."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

import numpy as np

from vafa.lab.histograms import Histogram, build_histogram
from vafa.lab.voice import Basis, Direction, Method, Scale, build_basis, choose_basis
from vafa.measure.metrics.dated_facts import DatedFacts, Ints, Source, read_facts
from vafa.measure.metrics.family import Asked
from vafa.warehouse.queries import Snapshot

_FIELDS = {"survey": ("survey",), "answer_channel": ("channel",)}
_WAYS = ("method", "scale_low", "scale_high", "direction")


@dataclass(frozen=True, order=True)
class Way:
    """How answers were asked for and are judged."""

    method: Method
    scale: Scale

    @property
    def basis(self) -> Basis:
        """With which others they add up."""
        return build_basis(self.method, self.scale)


@dataclass(frozen=True)
class Answers:
    """Scores by the way in which they were asked for; those of customers apart add up. `main` is the basis of most
    answers that the business has of this question, whoever is looked at and whenever."""

    by_way: Mapping[Way, Histogram] = field(default_factory=dict)
    main: Basis | None = None

    def __add__(self, other: "Answers") -> "Answers":
        merged = dict(self.by_way)
        for way, scores in other.by_way.items():
            merged[way] = merged[way] + scores if way in merged else scores
        return Answers(merged, self.main or other.main)

    @property
    def own(self) -> dict[Way, Histogram]:
        """Those that add up on the main basis."""
        return {way: scores for way, scores in sorted(self.by_way.items()) if way.basis == self.main}

    @property
    def others(self) -> dict[Way, Histogram]:
        """Those that don't, and are told apart."""
        return {way: scores for way, scores in sorted(self.by_way.items()) if way.basis != self.main}


@dataclass(frozen=True)
class BasisCounts:
    """How many answers there are on each basis; those of customers apart add up."""

    counts: Mapping[Basis, int] = field(default_factory=dict)

    def __add__(self, other: "BasisCounts") -> "BasisCounts":
        names = {**self.counts, **other.counts}
        return BasisCounts({basis: self.counts.get(basis, 0) + other.counts.get(basis, 0) for basis in names})


@dataclass(frozen=True)
class Invited:
    """Invitations, and how many of them were answered; those of customers apart add up."""

    invited: int = 0
    answered: int = 0

    def __add__(self, other: "Invited") -> "Invited":
        return Invited(self.invited + other.invited, self.answered + other.answered)


def _find_source(question: str) -> Source:
    """All scores of a question, by the day of the answer."""
    return Source(
        "answers",
        "answered_no",
        "question = ? AND score IS NOT NULL",
        (question,),
        {"score": "score"},
        {"way": _WAYS, **_FIELDS},
    )


def list_ways(snapshot: Snapshot, question: str) -> list[Way]:
    """The ways in which a question has been asked, in the order of their codes."""

    def build() -> list[Way]:
        return [
            Way(_name_method(question, method), Scale(low, high, cast("Direction", direction or "high")))
            for method, low, high, direction in _find_source(question).list_values(snapshot, "way")
        ]

    return snapshot.cached(("ways of asking", question), build)


def _name_method(question: str, method: str) -> Method:
    """Of satisfaction, a mean is told as a place between the ends of the scale, since the figure is a share."""
    return "position" if question == "csat" and method == "mean" else cast("Method", method)


def get_answers(snapshot: Snapshot, question: str, by: str | None = None) -> DatedFacts:
    """All scores of a question, by the day of the answer; `by` is the field to split them by."""
    own = by if by in _FIELDS else None
    return snapshot.cached(
        ("answers", question, own), lambda: read_facts(snapshot, _find_source(question), own)
    )


def get_invitations(snapshot: Snapshot, by: str | None = None) -> DatedFacts:
    """All invitations, by their day; the column `answered` is 1 where an answer came."""
    own = by if by in _FIELDS else None
    answered = {"answered": "CASE WHEN answered_no IS NULL THEN 0 ELSE 1 END"}
    source = Source("answers", "invited_no", numbers=answered, codes=_FIELDS)
    return snapshot.cached(("invitations", own), lambda: read_facts(snapshot, source, own))


def build_answers(facts: DatedFacts, ways: list[Way], places: Ints, main: Basis | None) -> Answers:
    """The scores at some places, by way."""
    codes = facts.columns["way"][places]
    scores = facts.columns["score"][places]
    return Answers(
        {ways[int(code)]: build_histogram(scores[codes == code]) for code in np.unique(codes)}, main
    )


def count_bases(asked: Asked, question: str) -> BasisCounts:
    """How many answers of everybody there are on each basis, ever: of one shard, or of all."""
    whole = asked.snapshot.unlimited
    facts, ways = get_answers(whole, question), list_ways(whole, question)
    places = facts.narrow(
        np.arange(len(facts.days)),
        asked.whose.shard,
        nobodies=asked.whose.anonymous,
        numbers=whole.numbers,
    )
    codes, counts = np.unique(facts.columns["way"][places], return_counts=True)
    found = BasisCounts()
    for code, count in zip(codes.tolist(), counts.tolist(), strict=True):
        found += BasisCounts({ways[code].basis: count})
    return found


def find_main(asked: Asked, question: str) -> Basis | None:
    """The basis of most answers that the business has of a question."""
    counts = asked.prepared if isinstance(asked.prepared, BasisCounts) else count_bases(asked, question)
    return choose_basis(counts.counts)
