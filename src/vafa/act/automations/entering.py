"""Letting customers in: who counts, meets the conditions and is not in already; the arm, and the first step."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import Max, Q

from vafa.act.automations.coding import read_document
from vafa.act.automations.conditions import Judge
from vafa.act.automations.holding_out import deal
from vafa.act.automations.models import Automation, Run, Step, Version
from vafa.act.automations.rules import LEAST_BETWEEN_YEARS, decide_due, decide_entry, flatten, is_owing
from vafa.act.automations.types import Document, Entry
from vafa.act.messaging.types import UNIVERSAL
from vafa.data.consent.queries import list_deceased
from vafa.data.customers.queries import map_to_kept
from vafa.lab.trials import CONTROL

FEW = 500
LANES = {"webhook": "call"}


def sift(document: Document, entries: Iterable[Entry], judge: Judge) -> list[Entry]:
    """Those who count (as the kept ones after merges), live and meet the conditions, in order, each key once."""
    listed = list(entries)
    kept = map_to_kept({entry.customer_id for entry in listed})
    dead = list_deceased() if listed else set()
    people = {one for one in kept.values() if one not in dead}
    wanted = judge.keep(document.conditions, people)
    found: dict[tuple[int, str], Entry] = {}
    for entry in listed:
        person = kept.get(entry.customer_id)
        if person in wanted and person is not None:
            found.setdefault((person, entry.key), Entry(person, entry.key, entry.at, entry.seq))
    return list(found.values())


def enter(
    automation: Automation, version: Version, entries: Sequence[Entry], *, now: datetime, seq: int, zone: str
) -> int:
    """Let them in who may, at most 1,000; how many did. Call it in a transaction that holds the automation's row.

    The arm is recorded before the first step exists; whoever is held out has a run, and steps only where something is
    owed to everybody.
    """
    document = read_document(version.document)
    chosen = _choose(automation, document, entries, now)
    if not chosen:
        return 0
    arms = deal(version, document, [entry.customer_id for entry, _key, _turn in chosen], now=now)
    runs = Run.objects.bulk_create(
        [_build_run(automation, version, *one, arms.get(one[0].customer_id, ""), seq, now) for one in chosen],
        batch_size=FEW,
    )
    nodes = flatten(document.steps)
    first = nodes[document.steps[0].id] if document.steps else None
    owing = is_owing(document)
    going = [run for run in runs if run.state == "running" or owing]
    if first is not None:
        due = decide_due(first, now, zone)
        Step.objects.bulk_create(
            [
                Step(
                    run=run, automation=automation, step=first.id, lane=LANES.get(first.kind, "quick"),
                    due_at=due,
                )
                for run in going
            ],
            batch_size=FEW,
        )  # fmt: skip
    return len(runs)


def _build_run(
    automation: Automation, version: Version, entry: Entry, key: str, turn: int, arm: str, seq: int,
    now: datetime,
) -> Run:  # fmt: skip
    held_out = arm in (CONTROL, UNIVERSAL)
    return Run(
        automation=automation, version=version, customer_id=entry.customer_id, entry_key=key, turn=turn, arm=arm,
        seq=entry.seq or seq, state="held_out" if held_out else "running", entered_at=now,
        ended_at=now if held_out else None,
    )  # fmt: skip


def _choose(
    automation: Automation, document: Document, entries: Sequence[Entry], now: datetime
) -> list[tuple[Entry, str, int]]:
    """Who enters, under which key, for the how-manieth time."""
    past = _list_past(automation, {entry.customer_id for entry in entries})
    yearly = document.when.kind in ("birthday", "joined")
    days = max(document.again.days, LEAST_BETWEEN_YEARS // timedelta(days=1) if yearly else 0)
    days = max(days, document.when.rest) if document.when.kind == "draw" else days
    rule = "key" if document.when.kind == "draw" or yearly else document.again.rule
    chosen: list[tuple[Entry, str, int]] = []
    for entry in entries:
        keys, running, last, turns = past.get(entry.customer_id, (set(), False, None, 0))
        key = decide_entry(
            rule, entry.key[:300], keys, is_running=running, last_entered=last, now=now, days=days
        )
        if key is None:
            continue
        chosen.append((entry, key, turns + 1))
        past[entry.customer_id] = ({*keys, key}, True, now, turns + 1)
    return chosen


_Past = tuple[set[str], bool, datetime | None, int]


def _list_past(automation: Automation, customers: set[int]) -> dict[int, _Past]:
    """What is known of entries before: keys, whether one runs, when the last one was, how many."""
    found: dict[int, _Past] = {}
    ids = sorted(customers)
    for start in range(0, len(ids), FEW):
        rows = Run.objects.filter(automation=automation, customer__in=ids[start : start + FEW])
        for customer, key, state, at in rows.values_list("customer_id", "entry_key", "state", "entered_at"):
            keys, running, last, turns = found.get(customer, (set(), False, None, 0))
            latest = at if last is None or at > last else last
            found[customer] = ({*keys, key}, running or state == "running", latest, turns + 1)
    return found


def list_last_entered(automation: Automation, customers: Iterable[int]) -> dict[int, datetime]:
    """When each of these customers entered last."""
    rows = Run.objects.filter(Q(automation=automation), customer__in=list(customers))
    return dict(
        rows.values("customer_id").annotate(last=Max("entered_at")).values_list("customer_id", "last")
    )
