"""Goals and exits as they happen: what the log tells that could end somebody's run is looked at at once.

Only runs of the customers of whom the log tells are asked, so a million who wait cost nothing. What is not live (an
import of old orders) is one row of the log; it ends runs when their next step is due, as `stepping` asks again then.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from vafa.act.automations.coding import read_document
from vafa.act.automations.conditions import Judge
from vafa.act.automations.exiting import find_ended, list_staying
from vafa.act.automations.models import Automation, Run, Step, Version
from vafa.act.automations.types import Document
from vafa.data.customers.queries import map_family, map_to_kept
from vafa.data.log.queries import Happened, get_last_number, list_live_happenings
from vafa.data.orders.queries import list_arrived
from vafa.warehouse.queries import Snapshot

AT_ONCE = 300
ORDERS = ("order_new", "order_changed")
GOALS: dict[str, tuple[str, ...]] = {"order": ORDERS, "subscription": ("subscription_new",)}
MOVES = ("entered_segment", "left_segment")


def watch(automation_id: int, snapshot: Snapshot, now: datetime) -> int:
    """End the runs whose customers have arrived, or stopped meeting the conditions, by the next happenings; how many
    rows of the log were looked at, 0 where no more wait."""
    automation = Automation.objects.get(pk=automation_id)
    last = get_last_number()
    if last <= automation.watched or automation.switched_on_at is None:
        return 0
    # The few versions, not the many runs: whoever is in may be in by any of them.
    versions = Version.objects.filter(automation=automation_id).values_list("pk", "document")
    documents = {pk: read_document(told) for pk, told in versions}
    kinds = _list_kinds(documents.values())
    found: list[Happened] = []
    if kinds:
        since = automation.switched_on_at
        found = list_live_happenings(automation.watched, last, AT_ONCE, since=since, kinds=kinds)
    _end_runs(automation_id, _list_customers(found), documents, Judge(snapshot, now), now)
    more = len(found) == AT_ONCE
    Automation.objects.filter(pk=automation_id, watched=automation.watched).update(
        watched=found[-1].seq if more else last
    )
    return len(found) if more else 0


def _list_kinds(documents: Iterable[Document]) -> set[str]:
    kinds: set[str] = set()
    for document in documents:
        kinds.update(GOALS.get(document.goal, ()))
        if list_staying(document):
            kinds.update(MOVES)
    return kinds


def _list_customers(found: Sequence[Happened]) -> set[int]:
    """Of whom these happenings tell."""
    orders = list_arrived({one.subject for one in found if one.kind in ORDERS and one.subject is not None})
    people = {order.customer_id for order in orders.values() if order.customer_id is not None}
    people |= {int(one.details["customer"]) for one in found if one.details.get("customer")}
    return people | {one.subject for one in found if one.kind in MOVES and one.subject is not None}


def _end_runs(
    automation_id: int, customers: set[int], documents: dict[int, Document], judge: Judge, now: datetime
) -> None:
    kept = map_to_kept(customers)
    if not kept:
        return
    family = map_family(set(kept.values()))
    with transaction.atomic():
        runs = list(Run.objects.filter(automation=automation_id, customer__in=list(family), state="running"))
        ended = find_ended(runs, documents, judge, family)
        for outcome in set(ended.values()):
            own = [pk for pk, one in ended.items() if one == outcome]
            state, why = outcome
            Run.objects.filter(pk__in=own, state="running").update(state=state, why=why, ended_at=now)
            # A step that is being done now is ended by its worker, or goes on to one that finds its run ended.
            Step.objects.filter(run__in=own, state="waiting").update(state="ended", why=why, done_at=now)
