"""The holdout: arms dealt by the customers' ids, and recorded before anything happens."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime

import numpy as np

from vafa.act.automations.models import Version
from vafa.act.automations.types import Document
from vafa.act.messaging.actions import assign
from vafa.lab.trials import CONTROL, TREATED, arms_of


def build_shares(document: Document) -> dict[str, float]:
    """The share of each arm."""
    return {CONTROL: document.holdout, TREATED: 1 - document.holdout}


def deal(version: Version, document: Document, customers: Sequence[int], *, now: datetime) -> dict[int, str]:
    """The arm of each of these customers; none where nobody is held out."""
    if not version.trial or not document.holdout or not customers:
        return {}
    shares = build_shares(document)
    assign(version.trial, customers, shares, {}, now=now)
    arms = arms_of(np.asarray(customers, dtype=np.int64), version.trial, shares)
    return dict(zip(customers, arms.tolist(), strict=True))


def rank(key: str) -> Callable[[int], int]:
    """A place for each customer in a draw: by a hash that nobody chooses and that is the same each time it is asked."""
    return lambda pk: int.from_bytes(hashlib.blake2b(f"{key}:{pk}".encode(), digest_size=8).digest(), "big")
