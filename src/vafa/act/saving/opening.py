"""Taking customers on: a case for each, unless there is one open already."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from vafa.act.saving.horizon import get_horizon_days
from vafa.act.saving.models import Case, Move
from vafa.act.saving.stake import list_at_stake
from vafa.act.saving.types import MOST_AT_ONCE, AtStake, Done
from vafa.act.saving.viewing import check_owner
from vafa.data.customers.queries import list_owners, list_seen
from vafa.data.log.actions import add_happenings
from vafa.kit.audit import record
from vafa.warehouse.queries import Snapshot, open_snapshot

_NOTHING = AtStake()


def open_cases(
    customers: Iterable[int],
    *,
    by: Any,
    now: datetime,
    owner_id: int | None = None,
    snapshot: Snapshot | None = None,
) -> Done:
    """Open a case for each of these customers (kept ones), at most 1,000 at once; who has an open one is passed over.

    They are saved by `owner_id`; without it by who looks after the customer, else by whoever opens the case. Raises
    CaseUnusable and AssigneeBlind for an owner who can't be given them.
    """
    wanted = list_seen(list(dict.fromkeys(customers))[:MOST_AT_ONCE], None)
    snapshot = snapshot or open_snapshot()
    # Read before the transaction: it may take long.
    stakes, horizon = list_at_stake(wanted, snapshot), get_horizon_days()
    with transaction.atomic():
        owners = list_owners(wanted)
        if owner_id is not None:
            check_owner(owner_id, owners.values())
        taken = _list_taken(wanted)
        opened = []
        for customer in wanted:
            if customer in taken:
                continue
            saver = owner_id or owners.get(customer) or getattr(by, "pk", None)
            case = _open(customer, saver, stakes.get(customer, _NOTHING), (snapshot, horizon), by, now)
            if case is not None:
                opened.append(case)
        _tell(opened, by, now)
    return Done(len(opened), len(wanted) - len(opened), opened=tuple(case.pk for case in opened))


def _list_taken(customers: list[int]) -> set[int]:
    """Those of these customers who have an open case, of their own or of one merged into them."""
    found: set[int] = set()
    for start in range(0, len(customers), 400):
        piece = customers[start : start + 400]
        ours = Q(customer__in=piece) | Q(customer__kept__in=piece)
        rows = Case.objects.filter(ours, closed_at=None).values_list("customer_id", "customer__kept_id")
        found.update(kept or own for own, kept in rows)
    return found


def _open(
    customer: int, owner_id: int | None, stake: AtStake, known: tuple[Snapshot, int], by: Any, now: datetime
) -> Case | None:
    snapshot, horizon = known
    try:
        with transaction.atomic():
            case = Case.objects.create(
                customer_id=customer, staged_at=now, owner_id=owner_id, value=stake.value, chance=stake.chance,
                band=stake.band, horizon_days=horizon, known_until=snapshot.freshness().data_until,
                made_by=by if getattr(by, "pk", None) else None, made_at=now, changed_at=now,
            )  # fmt: skip
    except IntegrityError:  # somebody else took it on meanwhile
        return None
    Move.objects.create(case=case, stage=case.stage, why="opened", by=case.made_by, at=now)
    return case


def _tell(opened: list[Case], by: Any, now: datetime) -> None:
    if not opened:
        return
    one = opened[0].pk if len(opened) == 1 else None
    record("case.opened", by=by, now=now, subject=f"case:{one}" if one else "cases", count=len(opened))
    customers = [case.customer_id for case in opened]
    add_happenings("case_opened", customers, at=now, now=now, live=True)
