"""How much there is to answer from, and how much may be told."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from vafa.lab.calendars import CalendarName
from vafa.lab.errors import PurchasesUnfit
from vafa.predict.models.backtesting import Backtest, Trial, run_backtest
from vafa.predict.models.contract_members import count_other_ends
from vafa.predict.models.features import KINDS
from vafa.predict.models.rules import LEAST_CUSTOMERS, Amounts, decide_refusal, decide_verdict
from vafa.predict.models.types import Kind, Lack, Question, Verdict
from vafa.warehouse.queries import Snapshot

_FEEDS: dict[Kind, tuple[str, ...]] = {"orders": ("orders",), "contracts": ("subscriptions",)}


def find_span(snapshot: Snapshot, question: Question) -> tuple[date, date] | None:
    """The first day of the facts, and the end of data; None where there are none."""
    known = snapshot.freshness(kinds=_FEEDS[question.kind])
    if known.first_on is None or known.data_until is None or known.data_until <= known.first_on:
        return None
    return known.first_on, known.data_until


def settle_verdict(
    snapshot: Snapshot, question: Question, shown: Backtest | None, until: date | None = None
) -> Verdict:
    """How much may be told by the data before a day (all by default) and by what the back-test has shown."""
    span = find_span(snapshot, question)
    if span is None:
        return Verdict("refused", (Lack("customers", 0, LEAST_CUSTOMERS),))
    last = shown.days[-1] if shown and shown.days else None
    amounts = count_amounts(
        snapshot,
        question,
        (span[0], until or span[1]),
        (last.n, last.leavers) if last else (0, 0),
    )
    return decide_verdict(amounts, question.horizon_days, shown.proof if shown else None)


def count_refusal(
    snapshot: Snapshot, question: Question, document: Mapping[str, Any] | None
) -> tuple[Lack, ...]:
    """What there is too little of to predict at all, by a card's record and the data as they are now.

    Without a card nobody has counted yet who left, so that isn't told of.
    """
    span = find_span(snapshot, question)
    if span is None:
        return (Lack("customers", 0, LEAST_CUSTOMERS),)
    if document is None:
        lacks = decide_refusal(count_amounts(snapshot, question, span, (0, 0)), question.horizon_days)
        return tuple(lack for lack in lacks if lack.code not in ("leavers", "stayers"))
    last = document["cutoffs"][-1]
    amounts = count_amounts(snapshot, question, span, (last["n"], last["leavers"]))
    return decide_refusal(amounts, question.horizon_days)


def count_amounts(
    snapshot: Snapshot, question: Question, span: tuple[date, date], tested: tuple[int, int]
) -> Amounts:
    """How much there is to learn from. `tested` are the customers and the leavers of the latest tested day."""
    first, until = span
    numbers = KINDS[question.kind].list_numbers(snapshot, until)
    repeat = None
    if question.kind == "orders":
        counts = snapshot.count_purchase_days(first, until)[numbers]
        repeat = int((counts > 1).sum())
    n, leavers = tested
    return Amounts(
        customers=len(numbers),
        repeat_buyers=repeat,
        leavers=leavers,
        stayers=n - leavers,
        history_days=(until - first).days,
        other_ends=count_other_ends(snapshot, until) if question.kind == "contracts" else None,
    )


def try_question(
    snapshot: Snapshot, question: Question, calendar: CalendarName
) -> tuple[Backtest | None, Verdict]:
    """Back-test what is asked, where there is something to test; and how much may be told."""
    span = find_span(snapshot, question)
    if span is None:
        return None, settle_verdict(snapshot, question, None)
    try:
        shown = run_backtest(Trial(snapshot, question, calendar), *span)
    except PurchasesUnfit:  # too few ever came again, on one of the past days at least
        return None, settle_verdict(snapshot, question, None)
    return shown, settle_verdict(snapshot, question, shown)
