"""Who has a contract at a day, and who of them has one still some days later, by the business's own rule."""

from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from vafa.lab.rules import ActivityRule
from vafa.lab.sets import list_members
from vafa.measure.metrics.queries import resolve_rule
from vafa.predict.models.types import Question
from vafa.warehouse.queries import Snapshot

Ints = npt.NDArray[np.int64]


def find_contract_rule(snapshot: Snapshot) -> ActivityRule:
    """The business's rule, or that of subscriptions without days of grace where it follows purchases."""
    rule = resolve_rule(None, snapshot)
    return rule if rule.kind == "subscription" else ActivityRule("subscription")


def list_contract_numbers(snapshot: Snapshot, as_of: date) -> Ints:
    """The numbers of who is active at the midnight that begins the day."""
    return list_members(snapshot.active(find_contract_rule(snapshot), as_of)).astype(np.int64)


def find_contract_stayers(snapshot: Snapshot, as_of: date, question: Question) -> Ints:
    """The numbers of who is active at the midnight that ends the horizon; known once data reach so far."""
    return list_contract_numbers(snapshot, as_of + timedelta(days=question.horizon_days))


def count_other_ends(snapshot: Snapshot, until: date) -> int:
    """How many stays were over by a day, without those that ended on the commonest of all days.

    A file that was made on one day may give that day as the end of everybody who had left by then: it tells who has
    left, and not when.
    """
    ends = snapshot.spells(find_contract_rule(snapshot)).end
    _, counts = np.unique(ends[ends <= until.toordinal()], return_counts=True)
    return int(counts.sum() - counts.max(initial=0))
