"""Following the log: which live happenings since the switch-on let whom in.

Each automation follows by its own cursor, a few hundred rows at a time, so that none waits for another. What is read is
judged outside of any transaction; the entries and the new cursor are then written in one, if nobody was faster.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction

from vafa.act.automations.coding import read_document
from vafa.act.automations.conditions import Judge
from vafa.act.automations.entering import enter, sift
from vafa.act.automations.models import Automation
from vafa.act.automations.rules import has_failed_payment
from vafa.act.automations.types import BANDS, Entry, When
from vafa.data.business.queries import get_business
from vafa.data.customers.queries import map_family, map_to_kept
from vafa.data.interactions.queries import list_kinds_of_rows
from vafa.data.log.queries import Happened, get_last_number, list_live_happenings
from vafa.data.orders.queries import ArrivedOrder, list_arrived, list_first_order_keys
from vafa.warehouse.queries import Snapshot

AT_ONCE = 500
KINDS: dict[str, tuple[str, ...]] = {
    "order": ("order_new", "order_changed"),
    "first_order": ("order_new", "order_changed"),
    "payment_failed": ("order_new", "order_changed"),
    "return": ("return_new",),
    "customer": ("customer_new",),
    "subscription": ("subscription_new",),
    "interaction": ("interaction_new",),
    "risk_rose": ("risk_rose",),
    "risk_fell": ("risk_fell",),
    "entered_segment": ("entered_segment",),
    "left_segment": ("left_segment",),
}
"""Which happenings each trigger reads."""


def follow(automation_id: int, snapshot: Snapshot, now: datetime) -> bool:
    """Let in whom the next happenings bring; whether there may be more."""
    automation = Automation.objects.select_related("version").get(pk=automation_id)
    version = automation.version
    if automation.state != "on" or version is None or automation.switched_on_at is None:
        return False
    document = read_document(version.document)
    if document.when.kind not in KINDS:
        return False
    # The number is read before the rows, so that what is written meanwhile is found the next time.
    last = get_last_number()
    if document.conditions:
        # Conditions are judged by the copy of the facts: what it has not reached waits the few seconds until it has.
        last = min(last, snapshot.seq)
    if last <= automation.followed:
        return False
    kinds = KINDS[document.when.kind]
    found = list_live_happenings(
        automation.followed, last, AT_ONCE, since=automation.switched_on_at, kinds=kinds
    )
    entries = sift(document, read_entries(document.when, found, automation), Judge(snapshot, now))
    more = len(found) == AT_ONCE
    reached = found[-1].seq if more else last
    zone = get_business().zone
    with transaction.atomic():
        held = Automation.objects.select_for_update().get(pk=automation_id)
        if held.state != "on" or held.followed != automation.followed or held.version_id != version.pk:
            return True
        enter(held, version, entries, now=now, seq=last, zone=zone)
        Automation.objects.filter(pk=automation_id).update(followed=reached)
    return more


def read_entries(when: When, found: Sequence[Happened], automation: Automation) -> list[Entry]:
    """Who would enter by these happenings."""
    if when.kind in ("order", "first_order", "payment_failed"):
        return _read_orders(when, found, automation)
    return _READERS.get(when.kind, _read_subjects)(when, found)


def _read_orders(when: When, found: Sequence[Happened], automation: Automation) -> list[Entry]:
    orders = list_arrived({one.subject for one in found if one.subject is not None})
    told: list[tuple[Happened, ArrivedOrder]] = []
    for one in found:
        order = orders.get(one.subject or 0)
        if order is None or order.customer_id is None:
            continue
        # A correction is no order: what was placed before the switch-on stays history, whatever is changed in it.
        if one.kind == "order_changed" and one.at < (automation.switched_on_at or one.at):
            continue
        wanted = has_failed_payment(order.status) if when.kind == "payment_failed" else order.counts
        if wanted:
            told.append((one, order))
    if when.kind == "first_order":
        kept = map_to_kept({order.customer_id for _one, order in told if order.customer_id})
        family = map_family(set(kept.values()))
        first = list_first_order_keys(family, family)
        told = [
            (one, order) for one, order in told if first.get(kept.get(order.customer_id or 0, 0)) == order.key
        ]
    return [Entry(order.customer_id or 0, f"order:{order.key}", one.at, one.seq) for one, order in told]


def _read_facts(_when: When, found: Sequence[Happened]) -> list[Entry]:
    """Happenings whose subject is a fact, and whose details tell the customer."""
    return [
        Entry(int(one.details["customer"]), f"{one.kind}:{one.subject}", one.at, one.seq)
        for one in found
        if one.details.get("customer")
    ]


def _read_interactions(when: When, found: Sequence[Happened]) -> list[Entry]:
    kinds = (
        list_kinds_of_rows({one.subject for one in found if one.subject is not None}) if when.kind_of else {}
    )
    wanted = [
        one
        for one in found
        if not when.kind_of or when.kind_of in (one.details.get("what"), kinds.get(one.subject or 0))
    ]
    return [
        Entry(int(one.details.get("customer") or one.subject or 0), f"interaction:{one.seq}", one.at, one.seq)
        for one in wanted
    ]


def _read_moves(when: When, found: Sequence[Happened]) -> list[Entry]:
    wanted = [one for one in found if not when.band or one.details.get("after") == BANDS.index(when.band)]
    return _read_subjects(when, wanted)


def _read_segment(when: When, found: Sequence[Happened]) -> list[Entry]:
    from vafa.measure.segments.queries import find_saved

    saved = find_saved(when.segment)
    wanted = [one for one in found if saved is not None and one.details.get("segment") == saved.id]
    return [
        Entry(one.subject, f"{one.kind}:{one.details.get('change', one.seq)}", one.at, one.seq)
        for one in wanted
        if one.subject is not None
    ]


def _read_subjects(_when: When, found: Sequence[Happened]) -> list[Entry]:
    """Happenings whose subject is the customer."""
    return [
        Entry(one.subject, f"{one.kind}:{one.seq}", one.at, one.seq)
        for one in found
        if one.subject is not None
    ]


_READERS: dict[str, Callable[[When, Sequence[Happened]], list[Entry]]] = {
    "return": _read_facts,
    "subscription": _read_facts,
    "customer": _read_facts,
    "interaction": _read_interactions,
    "risk_rose": _read_moves,
    "risk_fell": _read_moves,
    "entered_segment": _read_segment,
    "left_segment": _read_segment,
}
