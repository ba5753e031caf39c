"""DOOR: noting how trials stand and end, what was decided, and the sums of those who are erased."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from vafa.data.business.queries import get_business
from vafa.kit.audit import record
from vafa.kit.errors import AskedWrongly
from vafa.prove.trials.documents import write_standing
from vafa.prove.trials.models import Decision, Expense, Gone, Look, Result
from vafa.prove.trials.queries import get_trial
from vafa.prove.trials.types import CHOICES, KINDS, Standing, Tally, Trial

MOST_WORDS, MOST_NOTE = 1_000, 200
MOST_AMOUNT = Decimal(10) ** 15


def note_standing(trial: Trial, standing: Standing, *, now: datetime) -> bool:
    """Note where a trial stands as of a day, or how it ended; whether it is news. What was noted before stays."""
    document = write_standing(standing)
    if standing.is_final:
        _row, made = Result.objects.get_or_create(
            trial_key=trial.key,
            defaults={
                "series": trial.series,
                "as_of": standing.as_of,
                "verdict": standing.verdict,
                "document": document,
                "made_at": now,
            },
        )
    else:
        _row, made = Look.objects.get_or_create(  # type: ignore[assignment]
            trial_key=trial.key, as_of=standing.as_of, defaults={"document": document, "made_at": now}
        )
    return made


def decide(key: str, choice: str, why: str, *, by: Any, now: datetime) -> int:
    """Write a decision down; its id. Decisions are never changed: another one is written above it.

    Raises TrialUnknown, and AskedWrongly for a choice that is none or a reason that is not given.
    """
    get_trial(key)
    if choice not in CHOICES:
        raise AskedWrongly(_("Choose what was decided."), code="choice_unknown", field="choice")
    if not why.strip():
        raise AskedWrongly(
            _("Write down why: it is what others will want to know."), code="why_missing", field="why"
        )
    with transaction.atomic():
        made = Decision.objects.create(
            trial_key=key, choice=choice, why=why.strip()[:MOST_WORDS], by=by, at=now
        )
        record("trial.decided", by=by, now=now, subject=f"trial:{key}", choice=choice)
    return int(made.pk)


def add_expense(key: str, kind: str, amount: Decimal, note: str, *, by: Any, now: datetime) -> int:
    """Write down what a trial cost beside its messages, in the business's currency; its id. Raises TrialUnknown, and
    AskedWrongly for a kind that is none or an amount that is not above zero."""
    get_trial(key)
    if kind not in KINDS:
        raise AskedWrongly(_("Choose what was paid for."), code="kind_unknown", field="kind")
    if not 0 < amount < MOST_AMOUNT:
        raise AskedWrongly(_("Write an amount above zero."), code="amount_unfit", field="amount")
    with transaction.atomic():
        made = Expense.objects.create(
            trial_key=key, kind=kind, amount=amount, currency=get_business().currency,
            note=note.strip()[:MOST_NOTE], by=by if getattr(by, "pk", None) else None, at=now,
        )  # fmt: skip
        record("trial.expense_added", by=by, now=now, subject=f"trial:{key}", kind=kind)
    return int(made.pk)


def remove_expense(key: str, expense_id: int, *, by: Any, now: datetime) -> bool:
    """Take an expense back; whether it was there."""
    with transaction.atomic():
        own = Expense.objects.filter(pk=expense_id, trial_key=key, removed_at=None)
        if done := bool(own.update(removed_at=now)):
            record("trial.expense_removed", by=by, now=now, subject=f"trial:{key}")
    return done


def restore_expense(key: str, expense_id: int, *, by: Any, now: datetime) -> bool:
    """Bring back an expense that was taken back; whether it was."""
    with transaction.atomic():
        own = Expense.objects.filter(pk=expense_id, trial_key=key).exclude(removed_at=None)
        if done := bool(own.update(removed_at=None)):
            record("trial.expense_restored", by=by, now=now, subject=f"trial:{key}")
    return done


def add_gone(key: str, tallies: Mapping[str, Tally]) -> None:
    """Add the sums of customers who are being erased to those of their arms. Call in a transaction."""
    for arm, told in tallies.items():
        row, _made = Gone.objects.get_or_create(trial_key=key, arm=arm)
        Gone.objects.filter(pk=row.pk).update(
            **{name: F(name) + value for name, value in asdict(told).items()}
        )
