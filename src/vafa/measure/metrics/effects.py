"""What an activity rule would do to the figures, for choosing one."""

from collections.abc import Sequence

from pyroaring import BitMap

from vafa.lab.rates import build_crr
from vafa.measure.metrics.activity import SettledRule, settle_rule
from vafa.measure.metrics.asking import decide_known, settle_cutting, settle_periods
from vafa.measure.metrics.counted import open_counted
from vafa.measure.metrics.membership import Scope, get_movement
from vafa.measure.metrics.types import RuleEffect
from vafa.warehouse.queries import Snapshot, open_snapshot


def get_effect_of_rules(
    rules: Sequence[str], *, visible: BitMap | None = None, snapshot: Snapshot | None = None
) -> list[RuleEffect]:
    """Active customers at the end of data and the last complete month's retention, rule by rule."""
    copy, visible = open_counted(snapshot or open_snapshot(), visible)
    return [_build_effect(settle_rule(text, copy), visible, copy) for text in rules]


def _build_effect(settled: SettledRule, visible: BitMap | None, snapshot: Snapshot) -> RuleEffect:
    freshness = snapshot.freshness(settled.rule)
    if freshness.data_until is None:
        return RuleEffect(settled.told, None, None, None, None, None)
    active = snapshot.active(settled.rule, freshness.data_until)
    count = len(active if visible is None else active & visible)
    periods = settle_periods(None, None, "month", settle_cutting(None, None), freshness)
    known = decide_known(periods, freshness, settled.rule.settled_days)[0]
    if not known.completeness.known:
        return RuleEffect(settled.told, count, known.period, None, None, None)
    movement = get_movement(snapshot, Scope(settled.rule, None, visible), known.start, known.end)
    rate = build_crr(movement)
    if rate is None:
        return RuleEffect(settled.told, count, known.period, None, None, None)
    return RuleEffect(settled.told, count, known.period, rate.value, rate.low, rate.high)
