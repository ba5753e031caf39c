"""The holdout: arms dealt by the customers' ids, and recorded before anything happens."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime

import numpy as np

from vafa.act.automations.models import Version
from vafa.act.automations.types import Document
from vafa.act.messaging.actions import assign
from vafa.act.messaging.queries import list_chances, list_kept_apart
from vafa.act.messaging.types import UNIVERSAL
from vafa.lab.trials import arms_of, build_shares
from vafa.warehouse.queries import has_copy


def deal(version: Version, document: Document, customers: Sequence[int], *, now: datetime) -> dict[int, str]:
    """The arm of each of these customers; none where nobody is held out. Who is in the universal holdout is in no other
    arm: nothing happens to them in either."""
    apart = list_kept_apart(customers, document.purpose)
    held = dict.fromkeys(apart, UNIVERSAL)
    people = [pk for pk in customers if pk not in apart]
    if not version.trial or not document.holdout or not people:
        return held
    shares = build_shares(document.holdout or 0.0)
    assign(version.trial, people, shares, list_chances(people) if has_copy() else {}, now=now)
    arms = arms_of(np.asarray(people, dtype=np.int64), version.trial, shares)
    return held | dict(zip(people, arms.tolist(), strict=True))


def rank(key: str) -> Callable[[int], int]:
    """A place for each customer in a draw: by a hash that nobody chooses and that is the same each time it is asked."""
    return lambda pk: int.from_bytes(hashlib.blake2b(f"{key}:{pk}".encode(), digest_size=8).digest(), "big")
