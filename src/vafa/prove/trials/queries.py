"""DOOR: which trials there are, what was told of them, and what was decided."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from vafa.act.automations.queries import sum_gifts
from vafa.lab.trial_pooling import Pooled, pool
from vafa.prove.trials.declared import find_trial, get_exposures, get_spent, list_trials, list_trials_of
from vafa.prove.trials.documents import read_standing, write_standing
from vafa.prove.trials.models import Decision, Expense, Gone, Look, Result
from vafa.prove.trials.rules import build_standing, tally
from vafa.prove.trials.types import Standing, Tally, Trial, TrialUnknown

__all__ = [
    "Decision",
    "Expense",
    "build_standing",
    "count_looks",
    "find_standing",
    "find_trial",
    "get_exposures",
    "get_gone",
    "get_spent",
    "get_trial",
    "has_result",
    "list_decided",
    "list_decisions",
    "list_expenses",
    "list_looks",
    "list_results",
    "list_standings",
    "list_trials",
    "list_trials_of",
    "pool_series",
    "tally",
    "write_standing",
]


def get_trial(key: str) -> Trial:
    """The trial with a key. Raises TrialUnknown."""
    found = find_trial(key)
    if found is None:
        raise TrialUnknown(key)
    return found


def has_result(key: str) -> bool:
    """Whether a trial has come to its planned end."""
    return Result.objects.filter(trial_key=key).exists()


def list_decided() -> set[str]:
    """The keys of the trials that have come to their planned end."""
    return set(Result.objects.values_list("trial_key", flat=True))


def find_standing(key: str) -> Standing | None:
    """The result of a trial, or else the newest look; None before the first."""
    return list_standings([key]).get(key)


def list_standings(keys: Iterable[str]) -> dict[str, Standing]:
    """Where each of these trials stands: its result, or else its newest look. Those without either are left out."""
    wanted = list(keys)
    # In the order of the days, so that the last one stays; a result stands above all looks.
    told = {
        look.trial_key: look.document for look in Look.objects.filter(trial_key__in=wanted).order_by("as_of")
    }
    told |= {result.trial_key: result.document for result in Result.objects.filter(trial_key__in=wanted)}
    paid = list_paid(told)
    return {key: add_paid(read_standing(document), paid.get(key, {})) for key, document in told.items()}


def list_looks(key: str) -> list[Standing]:
    """How a trial stood from day to day, in order, without its result."""
    return [read_standing(look.document) for look in Look.objects.filter(trial_key=key).order_by("as_of")]


def count_looks(key: str, as_of: date) -> int:
    """How many looks there are of a trial as of a day: 0 or 1."""
    return Look.objects.filter(trial_key=key, as_of=as_of).count()


def list_results(series: str | None = None) -> list[tuple[str, Standing]]:
    """All results, or those of one series of runs, in the order in which they came due: (key, standing)."""
    found = Result.objects.order_by("as_of", "pk")
    if series is not None:
        found = found.filter(series=series)
    listed = list(found)
    paid = list_paid(result.trial_key for result in listed)
    return [
        (result.trial_key, add_paid(read_standing(result.document), paid.get(result.trial_key, {})))
        for result in listed
    ]


def add_paid(standing: Standing, paid: Mapping[str, float]) -> Standing:
    """A standing with what was paid beside its messages."""
    spent = ({} if standing.cost is None else {"messages": standing.cost}) | dict(paid)
    return replace(standing, spent=spent, cost=sum(spent.values()) if spent else None)


def list_paid(keys: Iterable[str]) -> dict[str, dict[str, float]]:
    """What was paid for each of these trials beside its messages, by kind: as it was written down, and for gifts that
    an automation drew, what each costs."""
    wanted = list(keys)
    paid: dict[str, dict[str, float]] = defaultdict(dict)
    for key, kind, amount in list_sums(wanted):
        paid[key][kind] = float(amount)
    for key, amount in sum_gifts(wanted).items():
        paid[key]["gifts"] = paid[key].get("gifts", 0.0) + float(amount)
    return dict(paid)


def list_sums(keys: Sequence[str]) -> list[tuple[str, str, Decimal]]:
    """The sums that were written down, by trial and kind."""
    rows = Expense.objects.filter(trial_key__in=keys, removed_at=None).order_by("trial_key", "kind")
    return list(
        rows.values("trial_key", "kind")
        .annotate(total=Sum("amount"))
        .values_list("trial_key", "kind", "total")
    )


def list_expenses(key: str) -> list[Expense]:
    """What was written down for a trial and stands, the newest first."""
    return list(Expense.objects.filter(trial_key=key, removed_at=None).select_related("by"))


def pool_series(series: str) -> Pooled | None:
    """The results of all runs of one campaign or automation as one; without those whose arms can't be believed. None
    below two runs."""
    effects = [
        standing.kept
        for _key, standing in list_results(series)
        if standing.kept is not None and standing.verdict != "mismatch"
    ]
    return pool(effects) if len(effects) > 1 else None


def get_gone(key: str) -> dict[str, Tally]:
    """The sums over those of each arm who were erased."""
    fields = ("n", "kept", "orders", "orders_squares", "money", "money_squares")
    return {
        row.arm: Tally(**{name: getattr(row, name) for name in fields})
        for row in Gone.objects.filter(trial_key=key)
    }


def list_decisions(keys: Iterable[str] | None = None) -> dict[str, list[Decision]]:
    """What was decided, by trial, the newest first."""
    found = Decision.objects.select_related("by")
    if keys is not None:
        found = found.filter(trial_key__in=list(keys))
    by_key: dict[str, list[Decision]] = defaultdict(list)
    for decision in found:
        by_key[decision.trial_key].append(decision)
    return dict(by_key)
