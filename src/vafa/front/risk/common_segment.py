"""A group of those who left as a segment: of active customers who meet the same conditions now, where a segment can say
them."""

from collections.abc import Sequence
from decimal import ROUND_CEILING, Decimal

from vafa.front.risk.reasons import FIELD_PREFIX, RECENT_DAYS, VISIT_DAYS
from vafa.lab.subgroups import Condition
from vafa.measure.segments.types import (
    FACT_FIELDS,
    KINDS_AT_THE_END,
    MEASURES_IN_PERCENT,
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
    Since,
    Span,
    State,
    StateCondition,
)
from vafa.predict.models.queries import COMPLAINTS, VISITS
from vafa.predict.models.types import Question

# Feature -> the fact that it counts, and over how many days: None all before, 0 the horizon.
_FACTS: dict[str, tuple[Fact, int | None]] = {
    "orders": ("purchase", None),
    "orders_recent": ("purchase", 0),
    "tickets_recent": ("ticket", RECENT_DAYS),
    "complaints_recent": ("interaction", RECENT_DAYS),
    "visits_recent": ("interaction", VISIT_DAYS),
    "contacts_recent": ("interaction", RECENT_DAYS),
}
_KINDS = {"complaints_recent": COMPLAINTS, "visits_recent": VISITS}
_MEASURES: dict[str, Measure] = {
    "recency_days": "days_since_last_purchase",
    "lateness": "lateness",
    "rhythm_days": "own_rhythm",
    "spend_mean": "purchase_day_value",
    "discount_share": "discount_share",
    "return_share": "return_share",
    "lines": "product_lines",
}


# Of contracts: since when the customer is one, and has been one without a break.
_STATES: dict[str, State] = {"tenure_days": "new", "spell_days": "active"}


def build_definition(
    conditions: Sequence[Condition], question: Question, kinds: Sequence[str] = ()
) -> Definition | None:
    """Active customers who meet them all; None where a segment can't say one of them. `kinds` are those of interactions
    that there are."""
    parts = [build_part(condition, question, kinds) for condition in conditions]
    told = [part for part in parts if part is not None]
    if len(told) < len(parts):
        return None
    return Definition(Group("all", (StateCondition("active"), *told)))


def build_part(condition: Condition, question: Question, kinds: Sequence[str] = ()) -> Node | None:
    """The same as a condition of segments; None where there is none that says it."""
    name = condition.feature
    if name in _MEASURES:
        return _build_measure(_MEASURES[name], condition)
    if name == "visit_days":
        return _build_since(condition, VISITS)
    if name == "contact_days":
        return _build_since(condition, talks) if (talks := list_talks(kinds)) else None
    if name == "has_returned":
        back = StateCondition("won_back", Since("at_least", 1))
        return back if condition.test == "yes" else Group("none", (back,))
    if name.startswith(FIELD_PREFIX) or name in FACT_FIELDS:
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
    if name in _STATES and question.kind == "contracts" and value >= 1:
        return StateCondition(
            _STATES[name], Since("at_least", value + 1) if more else Since("at_most", value)
        )
    if name not in _FACTS or (name == "contacts_recent" and not list_talks(kinds)):
        return None
    fact, days = _FACTS[name]
    span = Span() if days is None else Span("last_days", days=days or question.horizon_days)
    told = list_talks(kinds) if name == "contacts_recent" else _KINDS.get(name, ())
    filters = (FactFilter("kind", told),) if told else ()
    if more:
        return FactCondition(fact, "at_least", value + 1, span, filters)
    return FactCondition(fact, "at_most", value, span, filters)


def _build_measure(measure: Measure, condition: Condition) -> Node:
    if condition.test == "unknown":
        return MeasureCondition(measure, "unknown")
    op: MeasureOp = "more_than" if condition.test == "more_than" else "at_most"
    factor = 100 if measure in MEASURES_IN_PERCENT else 1
    # A bound is what somebody has: rounded down to four places it would leave out whoever has it.
    bound = Decimal(repr(round(float(condition.value or 0) * factor, 9))).quantize(
        Decimal("0.0001"), ROUND_CEILING
    )
    return MeasureCondition(measure, op, bound)


def list_talks(kinds: Sequence[str]) -> tuple[str, ...]:
    """Of these kinds of interactions those that are told of as contacts: no visits, complaints, words at the end."""
    others = (*VISITS, *COMPLAINTS, *KINDS_AT_THE_END)
    return tuple(kind for kind in kinds if kind.lower() not in others)


def _build_since(condition: Condition, kinds: tuple[str, ...]) -> Node:
    """Since when there was none of a kind: none within so many days, of whom there is one at all."""
    filters = (FactFilter("kind", kinds),)
    ever = FactCondition("interaction", "at_least", 1, Span(), filters)
    if condition.test == "unknown":
        return Group("none", (ever,))
    span = Span("last_days", days=max(1, int(condition.value or 0)))
    lately = FactCondition("interaction", "at_least", 1, span, filters)
    return Group("all", (ever, Group("none", (lately,)))) if condition.test == "more_than" else lately
