"""A group of those who left as a segment: of active customers who meet the same conditions now, where a segment can say
them."""

from collections.abc import Sequence
from decimal import Decimal

from vafa.front.risk.reasons import FIELD_PREFIX, RECENT_DAYS
from vafa.lab.subgroups import Condition
from vafa.measure.segments.types import (
    Definition,
    Fact,
    FactCondition,
    FactFilter,
    FieldCondition,
    Group,
    Measure,
    MeasureCondition,
    MeasureOp,
    Node,
    Span,
    StateCondition,
)
from vafa.predict.models.queries import COMPLAINTS
from vafa.predict.models.types import Question

# Feature -> the fact that it counts, and over how many days: None all before, 0 the horizon.
_FACTS: dict[str, tuple[Fact, int | None]] = {
    "orders": ("purchase", None),
    "orders_recent": ("purchase", 0),
    "tickets_recent": ("ticket", RECENT_DAYS),
    "complaints_recent": ("interaction", RECENT_DAYS),
}
_MEASURES: dict[str, Measure] = {
    "recency_days": "days_since_last_purchase",
    "lateness": "lateness",
    "rhythm_days": "own_rhythm",
    "contact_days": "days_since_last_contact",
}


def build_definition(conditions: Sequence[Condition], question: Question) -> Definition | None:
    """Active customers who meet them all; None where a segment can't say one of them."""
    parts = [build_part(condition, question) for condition in conditions]
    told = [part for part in parts if part is not None]
    if len(told) < len(parts):
        return None
    return Definition(Group("all", (StateCondition("active"), *told)))


def build_part(condition: Condition, question: Question) -> Node | None:
    """The same as a condition of segments; None where there is none that says it."""
    name = condition.feature
    if name in _MEASURES:
        return _build_measure(_MEASURES[name], condition)
    if name.startswith(FIELD_PREFIX):
        field = name.removeprefix(FIELD_PREFIX)
        if condition.test == "unknown":
            return FieldCondition(field, "unknown")
        return FieldCondition(field, "is", (str(condition.value),))
    if condition.test not in ("at_most", "more_than") or condition.value is None:
        return None
    more, value = condition.test == "more_than", int(condition.value)
    if name == "tenure_days" and question.kind == "orders" and value >= 1:
        # Whose first purchase is more than so many days ago has bought before them.
        bought = FactCondition("purchase", "at_least", 1, Span("before_days", days=value))
        return bought if more else Group("none", (bought,))
    if name not in _FACTS:
        return None
    fact, days = _FACTS[name]
    span = Span() if days is None else Span("last_days", days=days or question.horizon_days)
    filters = (FactFilter("kind", COMPLAINTS),) if name == "complaints_recent" else ()
    if more:
        return FactCondition(fact, "at_least", value + 1, span, filters)
    return FactCondition(fact, "at_most", value, span, filters)


def _build_measure(measure: Measure, condition: Condition) -> Node:
    if condition.test == "unknown":
        return MeasureCondition(measure, "unknown")
    op: MeasureOp = "more_than" if condition.test == "more_than" else "at_most"
    return MeasureCondition(measure, op, Decimal(str(round(float(condition.value or 0), 4))))
