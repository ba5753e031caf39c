"""What customers say: whether they would recommend, how satisfied they are, how much effort it was, how many answer."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from vafa.lab.histograms import Histogram
from vafa.lab.rates import Rate
from vafa.lab.rules import ActivityRule
from vafa.lab.voice import (
    SCALE,
    Basis,
    build_good_share,
    build_mean_position,
    build_mean_score,
    build_nps,
    build_positions,
    build_response_rate,
    count_good,
    count_nps,
)
from vafa.measure.metrics.answers import (
    Answers,
    BasisCounts,
    Invited,
    Way,
    build_answers,
    count_bases,
    find_main,
    get_answers,
    get_invitations,
    list_ways,
)
from vafa.measure.metrics.asking import KnownPeriod
from vafa.measure.metrics.dated_facts import find_cells
from vafa.measure.metrics.family import Asked, Cell, Family, Fit, Told
from vafa.measure.metrics.types import MetricEntry
from vafa.measure.metrics.voice_entries import describe_basis, list_voice_entries
from vafa.warehouse.types import Group

RESPONSE_METRIC = "response_rate"
QUESTION_METRICS = ("nps", "csat", "ces")
SHARES = ("top2", "top1", "easy")


class VoiceFamily(Family):
    """Figures of answers to surveys. Each metric of a question bears the question's name."""

    names = frozenset((*QUESTION_METRICS, RESPONSE_METRIC))

    def name(self) -> str:
        return _("What customers say")

    def list_entries(self) -> list[MetricEntry]:
        return list_voice_entries()

    def list_kinds(self, metric: str, rule: ActivityRule) -> tuple[str, ...]:
        return ("answers",)

    def fits(self, metric: str, rule: ActivityRule) -> tuple[Fit, ...]:
        return ("answer", "customer")

    def describe(self, asked: Asked) -> list[str]:
        main = None if asked.metric == RESPONSE_METRIC else find_main(asked, asked.metric)
        if main is None:
            return []
        ways = list_ways(asked.snapshot.unlimited, asked.metric)
        own = [way.scale for way in ways if way.basis == main]
        return describe_basis(main, own, others=len(own) < len(ways))

    def prepare(self, asked: Asked) -> BasisCounts | None:
        """Which way of asking is the business's usual one: the same for everybody, whoever is looked at."""
        return None if asked.metric == RESPONSE_METRIC else count_bases(asked, asked.metric)

    def measure(self, asked: Asked) -> Mapping[Cell, Answers | Invited]:
        if asked.metric == RESPONSE_METRIC:
            facts = get_invitations(asked.snapshot, asked.by)
            return {
                cell: Invited(len(places), int(facts.columns["answered"][places].sum()))
                for cell, places in find_cells(asked, facts).items()
            }
        facts = get_answers(asked.snapshot, asked.metric, asked.by)
        ways = list_ways(asked.snapshot, asked.metric)
        main = find_main(asked, asked.metric)
        return {
            cell: build_answers(facts, ways, places, main)
            for cell, places in find_cells(asked, facts).items()
        }

    def zero(self, asked: Asked) -> Answers | Invited:
        return Invited() if asked.metric == RESPONSE_METRIC else Answers()

    def tell(self, asked: Asked, partial: Any, group: Group | None, known: KnownPeriod) -> Told:
        if asked.metric == RESPONSE_METRIC:
            return _tell_response(partial)
        return _tell_answers(partial)


def _tell_response(invited: Invited) -> Told:
    rate = build_response_rate(invited.answered, invited.invited)
    if rate is None:
        return Told(None, reason="nobody_invited", n=0)
    details = {"invited": invited.invited, "answered": invited.answered}
    return Told(rate.value, rate.low, rate.high, n=invited.invited, details=details)


def _tell_answers(answers: Answers) -> Told:
    own, others = answers.own, answers.others
    details: dict[str, Any] = {
        "method": answers.main.method if answers.main else None,
        "scales": [_tell_way(way, scores) for way, scores in own.items()],
        "apart": [_tell_way(way, scores) for way, scores in others.items()],
    }
    details |= _count_parts(answers.main, own)
    rate = None if answers.main is None else build_rate(answers.main, own)
    if rate is None:
        return Told(None, reason="asked_in_another_way" if others else "no_answers", n=0, details=details)
    return Told(rate.value, rate.low, rate.high, n=int(rate.denominator), details=details)


def build_rate(basis: Basis, ways: Mapping[Way, Histogram]) -> Rate | None:
    """The figure of answers that add up; None without any."""
    if basis.method == "nps":
        return build_nps(count_nps(_sum(list(ways.values()))))
    if basis.method == "mean":
        return build_mean_score(_sum(list(ways.values())), basis.scale)
    if basis.method == "position":
        return build_mean_position(_sum([build_positions(scores, way.scale) for way, scores in ways.items()]))
    good = sum(count_good(scores, way.scale, way.method) for way, scores in ways.items())
    return build_good_share(good, sum(scores.n for scores in ways.values()))


def _sum(parts: list[Histogram]) -> Histogram:
    total = Histogram()
    for part in parts:
        total += part
    return total


def _count_parts(basis: Basis | None, ways: Mapping[Way, Histogram]) -> dict[str, int]:
    """What the figure is made of, over all ways that add up."""
    if basis is None or not ways:
        return {}
    if basis.method == "nps":
        groups = count_nps(_sum(list(ways.values())))
        return {"promoters": groups.promoters, "passives": groups.passives, "detractors": groups.detractors}
    if basis.method in SHARES:
        return {"good": sum(count_good(scores, way.scale, way.method) for way, scores in ways.items())}
    return {}


def _tell_way(way: Way, scores: Histogram) -> dict[str, Any]:
    """Answers of one way as plain values: scale, direction, method, and how often each score was given."""
    rate = build_rate(way.basis, {way: scores})
    told: dict[str, Any] = {
        "low": way.scale.low,
        "high": way.scale.high,
        "direction": way.scale.direction,
        "method": way.method,
        "n": scores.n,
        "value": None if rate is None else rate.value,
        "scores": {_write_score(score): count for score, count in scores.to_dict().items()},
    }
    return told | _count_parts(way.basis, {way: scores})


def _write_score(score: int) -> str:
    return f"{(Decimal(score) / SCALE).normalize():f}"
