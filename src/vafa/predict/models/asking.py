"""What the business asks, and how much there is to answer from."""

from datetime import date

from vafa.lab.calendars import CalendarName
from vafa.predict.models.backtesting import Backtest, Trial, run_backtest
from vafa.predict.models.features import KINDS
from vafa.predict.models.rules import Amounts, decide_verdict
from vafa.predict.models.types import Kind, Lack, Question, Verdict
from vafa.warehouse.queries import Snapshot

_FEEDS: dict[Kind, tuple[str, ...]] = {"orders": ("orders",), "contracts": ("subscriptions",)}


def find_span(snapshot: Snapshot, question: Question) -> tuple[date, date] | None:
    """The first day of the facts, and the end of data; None where there are none."""
    known = snapshot.freshness(kinds=_FEEDS[question.kind])
    if known.first_on is None or known.data_until is None or known.data_until <= known.first_on:
        return None
    return known.first_on, known.data_until


def settle_verdict(snapshot: Snapshot, question: Question, shown: Backtest | None) -> Verdict:
    """How much may be told of the question by these data and what the back-test has shown."""
    span = find_span(snapshot, question)
    if question.kind not in KINDS or span is None:
        return Verdict("refused", (Lack("customers", 0, 100),))
    amounts = count_amounts(snapshot, question, span, shown)
    return decide_verdict(amounts, question.horizon_days, shown.proof if shown else None)


def count_amounts(
    snapshot: Snapshot, question: Question, span: tuple[date, date], shown: Backtest | None
) -> Amounts:
    """How many customers, repeat buyers, leavers and stayers there are: those of the latest tested day."""
    first, until = span
    numbers = KINDS[question.kind].list_numbers(snapshot, until)
    repeat = None
    if question.kind == "orders":
        counts = snapshot.count_purchase_days(first, until)[numbers]
        repeat = int((counts > 1).sum())
    last = shown.days[-1] if shown and shown.days else None
    return Amounts(
        customers=len(numbers),
        repeat_buyers=repeat,
        leavers=last.leavers if last else 0,
        stayers=last.n - last.leavers if last else 0,
        history_days=(until - first).days,
    )


def try_question(
    snapshot: Snapshot, question: Question, calendar: CalendarName
) -> tuple[Backtest | None, Verdict]:
    """Back-test what is asked, where there is something to test; and how much may be told."""
    span = find_span(snapshot, question)
    if question.kind not in KINDS or span is None:
        return None, settle_verdict(snapshot, question, None)
    shown = run_backtest(Trial(snapshot, question, calendar), *span)
    return shown, settle_verdict(snapshot, question, shown)
