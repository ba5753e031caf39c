"""Rates from counts alone: the lab's answer with its benchmark, and its refusals in words."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vafa.kit.errors import AskedWrongly
from vafa.lab.errors import (
    CountNegative,
    CountsIncomplete,
    LabError,
    LostContradictsCounts,
    PeriodLengthUnknown,
    ReactivatedMissing,
    StartIsZero,
)
from vafa.lab.from_counts import Counts, RateFromCounts, UnknownReason, rate_counts
from vafa.lab.periods import Every
from vafa.measure.metrics.benchmarks import get_benchmark
from vafa.measure.metrics.types import Benchmark

MOST_CUSTOMERS = 10**12
"""No business has more customers; larger counts are typing errors."""

Place = Literal["below", "within", "above"]
Write = Callable[[int], str]


@dataclass(frozen=True)
class RateAnswer:
    """What counts tell, the industry's benchmark, and where the yearly churn lies by it (None: unknown).

    `article_value` is the articles' (E - N) / S where the exact rate differs from it, else None.
    """

    rate: RateFromCounts
    every: Every | int | None
    benchmark: Benchmark | None
    place: Place | None
    article_value: float | None


@dataclass(frozen=True)
class Refusal:
    """Why counts can't be: the field to mend, the message, and the remedy."""

    code: str
    field: str
    message: str
    remedy: str


def answer_counts(
    counts: Counts, every: Every | int | None = None, industry: str | None = None
) -> RateAnswer:
    """The rates of these counts. Raises LabError for impossible ones, AskedWrongly for an unknown industry."""
    benchmark = get_benchmark(industry) if industry else None
    rate = rate_counts(counts, every)
    return RateAnswer(
        rate=rate,
        every=every,
        benchmark=benchmark,
        place=decide_place(rate.churn_annual, benchmark),
        article_value=_find_article_value(rate),
    )


def decide_place(churn_annual: float | None, benchmark: Benchmark | None) -> Place | None:
    """Where a yearly churn lies by a benchmark; None where either is unknown or isn't yearly."""
    if churn_annual is None or benchmark is None or benchmark.period != "year":
        return None
    if churn_annual > benchmark.churn_high:
        return "above"
    return "below" if benchmark.churn_low is not None and churn_annual < benchmark.churn_low else "within"


def _find_article_value(rate: RateFromCounts) -> float | None:
    counts = rate.counts
    if rate.crr is None or counts.start is None or counts.end is None or counts.new is None:
        return None
    value = (counts.end - counts.new) / counts.start
    return None if value == rate.crr else value


def explain_unknown(reason: UnknownReason) -> str:
    """Why the retention rate can't be told from the counts."""
    if reason == "newcomers_left_again":
        return _(
            "More customers came than are there at the end, so some newcomers have left again. How many of "
            "the first customers stayed cannot be told from these counts, only between which bounds it lies."
        )
    return _(
        "More customers came or came back than are there at the end, so some of them have left again. How "
        "many of the first customers stayed cannot be told from these counts, only between which bounds it lies."
    )


def explain_refusal(error: LabError, write: Write = str) -> Refusal:
    """A refusal by the lab in words; `write` writes a number in the reader's digits."""
    field, message, remedy = _explain(error, write)
    return Refusal(error.code, field, message, remedy)


def build_asked_wrongly(error: LabError) -> AskedWrongly:
    """The refusal as the command line tells it."""
    refusal = explain_refusal(error)
    if isinstance(error, ReactivatedMissing):
        refusal = replace(refusal, remedy=_("Give --reactivated, the customers who came back."))
    return AskedWrongly(
        refusal.message, refusal.remedy, code=refusal.code, field=refusal.field, **error.params
    )


def explain_too_many(field: str, write: Write = str) -> Refusal:
    """The refusal of a count that no business can have."""
    message = _("No business has more than %(most)s customers.") % {"most": write(MOST_CUSTOMERS)}
    return Refusal("count_too_large", field, message, _("Check the number."))


def _explain(error: LabError, write: Write) -> tuple[str, str, str]:
    if isinstance(error, CountsIncomplete):
        return _explain_missing(str(error.params["missing"]))
    if isinstance(error, StartIsZero):
        return (
            "start",
            _("With no customers at the start there is nobody to keep, so there is no rate."),
            _("Choose a period that begins with at least one customer."),
        )
    if isinstance(error, CountNegative):
        return (
            str(error.params["count"]),
            _("A number of customers cannot be below zero."),
            _("Check the number."),
        )
    if isinstance(error, ReactivatedMissing):
        return _explain_reactivated(int(error.params["least"]), write)
    if isinstance(error, LostContradictsCounts):
        return _explain_lost(int(error.params["least"]), int(error.params["most"]), write)
    if isinstance(error, PeriodLengthUnknown):
        return (
            "period",
            _("“%(text)s” names no length of time.") % {"text": error.params["text"]},
            _("Give month, quarter, year, or a number of days such as 30d."),
        )
    return "", _("These counts cannot be true together."), _("Check the numbers.")


def _explain_missing(missing: str) -> tuple[str, str, str]:
    remedy = _("Give the start, the end and the new customers; or the start and the lost ones.")
    if missing == "start":
        return missing, _("The number of customers at the start is missing."), remedy
    if missing == "end":
        return missing, _("The number of customers at the end is missing."), remedy
    return missing, _("The number of new customers is missing: two numbers are not enough."), remedy


def _explain_reactivated(least: int, write: Write) -> tuple[str, str, str]:
    message = ngettext(
        "At least %(count)s customer came back: more are there at the end than were there or were won.",
        "At least %(count)s customers came back: more are there at the end than were there or were won.",
        least,
    ) % {"count": write(least)}
    return "reactivated", message, _("Give the customers who came back as well.")


def _explain_lost(least: int, most: int, write: Write) -> tuple[str, str, str]:
    if least == most:
        message = _("By the other counts exactly %(count)s of the first customers were lost.") % {
            "count": write(least)
        }
    else:
        message = _(
            "That many of the first customers cannot have been lost: by the other counts it is between "
            "%(least)s and %(most)s."
        ) % {"least": write(least), "most": write(most)}
    return "lost", message, _("Count as lost only customers who were there at the start.")
