"""Closing the cases that the facts have settled, and telling what facts hint at of the others."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from vafa.act.saving.models import Case
from vafa.act.saving.moving import put
from vafa.act.saving.rules import decide_closing, decide_hint
from vafa.act.saving.told import read_facts, tell_opening
from vafa.act.saving.types import Noted
from vafa.data.business.queries import get_business
from vafa.kit.audit import record
from vafa.measure.metrics.queries import resolve_rule
from vafa.warehouse.queries import Snapshot, has_copy, open_snapshot

_PIECE = 500


def close_settled(now: datetime) -> int:
    """Close every open case that facts after its opening settle; how many. One query when no case is open.

    Each piece is a transaction of its own, and a case is looked at again under its lock: two workers close it once.
    """
    ids = list(Case.objects.filter(closed_at=None).order_by("pk").values_list("pk", flat=True))
    if not ids or not has_copy():
        return 0
    snapshot = open_snapshot()
    return sum(
        _close_piece(ids[start : start + _PIECE], snapshot, now) for start in range(0, len(ids), _PIECE)
    )


@transaction.atomic
def _close_piece(ids: list[int], snapshot: Snapshot, now: datetime) -> int:
    locked = Case.objects.select_for_update(of=("self",)).select_related("customer")
    cases = list(locked.filter(pk__in=ids, closed_at=None).order_by("pk"))
    zone, rule = get_business().zone, resolve_rule(None, snapshot)
    until, count = snapshot.freshness(rule).data_until, 0
    facts = read_facts(cases, snapshot, rule, zone)
    for case in cases:
        if case.pk not in facts:
            continue
        opened_on, _second = tell_opening(case, zone)
        closing = decide_closing(facts[case.pk], opened_on, case.horizon_days, until, rule.kind)
        if closing is not None and put(case, closing.stage, closing.why, closing.on, by=None, now=now):
            record(
                "case.closed",
                by=None,
                now=now,
                subject=f"case:{case.pk}",
                stage=closing.stage,
                why=closing.why,
            )
            count += 1
    return count


def list_hints(cases: Sequence[Case], snapshot: Snapshot) -> dict[int, Noted]:
    """What the facts hint at of open cases, by id."""
    opened = [case for case in cases if case.closed_at is None]
    zone = get_business().zone
    facts = read_facts(opened, snapshot, resolve_rule(None, snapshot), zone)
    hints = {}
    for case in opened:
        noted = decide_hint(facts[case.pk], tell_opening(case, zone)[0]) if case.pk in facts else None
        if noted is not None:
            hints[case.pk] = noted
    return hints
