"""The slow twin of evaluation: plain rows, customer by customer and condition by condition, as the types say it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import floor

from vafa.kit.fields import SCALE
from vafa.kit.locale.letters import fold
from vafa.lab.calendars import split_date
from vafa.lab.mrr import MRR_UNIT
from vafa.lab.revenue import NaiveSubscription, naive_mrr_on_day
from vafa.lab.rfm import naive_score
from vafa.lab.rhythm import naive_lateness, naive_rhythm
from vafa.lab.rules import ActivityRule
from vafa.lab.spells import OPEN_END, Spell, build_purchase_spells, build_subscription_spells
from vafa.measure.segments.naive_known import BOUGHT_MEASURES, naive_bought, naive_known_text
from vafa.measure.segments.rules import resolve_span
from vafa.measure.segments.types import (
    FACT_FIELDS,
    RFM_MEASURES,
    Condition,
    Cutting,
    FactCondition,
    FieldCondition,
    Group,
    Measure,
    MeasureCondition,
    Node,
    SegmentCondition,
    Since,
    Span,
    StateCondition,
)


@dataclass(frozen=True)
class PlainLine:
    """An order line of a customer. `worth` is its revenue in the business's currency, None without a rate; `exact` is
    the same before it is rounded; `full` and `off` are its price and its discount. `number` rises with every row,
    `line_number` with every product line."""

    order: str
    day: int
    quantity: Decimal
    worth: Decimal | None
    counts: bool
    is_purchase: bool
    cancelled: bool
    names: Mapping[str, str]
    exact: Decimal | None = None
    number: int = 0
    line_number: int = 0
    full: Decimal | None = None
    off: Decimal | None = None


@dataclass(frozen=True)
class PlainReturn:
    """A returned line; `worth` is what was given back, never negative."""

    day: int
    worth: Decimal | None
    names: Mapping[str, str]
    exact: Decimal | None = None


@dataclass(frozen=True)
class PlainAnswer:
    """An answer to a survey; `number` rises with every row, `score` is None where there are only words."""

    number: int
    day: int
    question: str
    score: Decimal | None
    survey: str


@dataclass(frozen=True)
class PlainCustomer:
    """A customer with all facts of everyone merged into it. Subscriptions are (started, ended, plan, worth); `terms`
    are the same with what they bring a month. `contacts` are the days of all contacts, by whichever way. `told` are
    texts of contacts and tickets: the field, the day, the number of the row, the text."""

    texts: Mapping[str, str]
    tags: tuple[str, ...] = ()
    owner: int | None = None
    born: date | None = None
    joined: int | None = None
    lines: list[PlainLine] = field(default_factory=list)
    returns: list[PlainReturn] = field(default_factory=list)
    subscriptions: list[tuple[int, int | None, str, Decimal | None]] = field(default_factory=list)
    terms: list[NaiveSubscription] = field(default_factory=list)
    interactions: list[tuple[int, str]] = field(default_factory=list)
    tickets: list[tuple[int, str]] = field(default_factory=list)
    answers: list[PlainAnswer] = field(default_factory=list)
    contacts: list[int] = field(default_factory=list)
    told: list[tuple[str, int, int, str]] = field(default_factory=list)


@dataclass(frozen=True)
class PlainAsked:
    """The boundary, the rule and the calendar, who is in the other segments, the rates of the currencies that terms
    name by number, and the margins by the day from which each holds."""

    as_of: date
    rule: ActivityRule
    cutting: Cutting
    is_in: Callable[[str, int], bool] = lambda _slug, _customer: False
    shop: Mapping[int, PlainCustomer] = field(default_factory=dict)
    rates: Mapping[int, Fraction] = field(default_factory=dict)
    margins: Mapping[int, Decimal] = field(default_factory=dict)

    @property
    def boundary(self) -> int:
        """The boundary as an ordinal."""
        return self.as_of.toordinal()

    def holds(self, span: Span, day: int) -> bool:
        """Whether a day is in the span."""
        first, end = resolve_span(span, self.as_of, self.cutting)
        return first <= day < end


def naive_find_members(node: Node, shop: Mapping[int, PlainCustomer], asked: PlainAsked) -> set[int]:
    """The ids of the customers who meet a tree."""
    whole = replace(asked, shop=shop)
    return {pk for pk, customer in shop.items() if naive_meets(node, pk, customer, whole)}


def naive_meets(node: Node, pk: int, customer: PlainCustomer, asked: PlainAsked) -> bool:
    """Whether one customer meets a part of a definition."""
    if isinstance(node, Group):
        met = [naive_meets(part, pk, customer, asked) for part in node.parts]
        return {"all": all(met), "any": any(met), "none": not any(met)}[node.mode]
    return _meets_condition(node, pk, customer, asked)


def _meets_condition(condition: Condition, pk: int, customer: PlainCustomer, asked: PlainAsked) -> bool:
    if isinstance(condition, FieldCondition):
        return _meets_field(condition, customer, asked)
    if isinstance(condition, StateCondition):
        return _meets_state(condition, customer, asked)
    if isinstance(condition, FactCondition):
        times = _count_fact(condition, customer, asked)
        return {
            "at_least": times >= condition.times,
            "at_most": times <= condition.times,
            "exactly": times == condition.times,
        }[condition.op]
    if isinstance(condition, MeasureCondition):
        number = _measure(condition, customer, asked)
        return _is_top(condition, number, asked) if condition.op == "top" else _compare(condition, number)
    assert isinstance(condition, SegmentCondition)
    return asked.is_in(condition.segment, pk) == condition.member


def _meets_field(condition: FieldCondition, customer: PlainCustomer, asked: PlainAsked) -> bool:
    name, op = condition.field, condition.op
    if name == "joined_on":
        if op in ("known", "unknown"):
            return (customer.joined is not None) == (op == "known")
        inside = customer.joined is not None and asked.holds(condition.span or Span(), customer.joined)
        return inside == (op == "within")
    if name == "birthday_month":
        has, matches = customer.born is not None, _is_born_in(condition.values, customer, asked)
    elif name == "owner":
        has, matches = customer.owner is not None, str(customer.owner) in condition.values
    elif name in FACT_FIELDS:
        text = naive_known_text(name, customer, asked.boundary)
        has, matches = bool(text), bool(text) and _is_like(text, condition)
    else:
        texts = customer.tags if name == "tag" else (customer.texts.get(name, ""),)
        has, matches = any(texts), any(_is_like(text, condition) for text in texts if text)
    if op in ("known", "unknown"):
        return has == (op == "known")
    return matches != (op == "is_not")


def _is_like(text: str, condition: FieldCondition) -> bool:
    wanted = [key for value in condition.values if (key := fold(value))]
    if condition.op == "contains":
        return any(part in fold(text) for part in wanted)
    return fold(text) in wanted


def _is_born_in(values: tuple[str, ...], customer: PlainCustomer, asked: PlainAsked) -> bool:
    if customer.born is None:
        return False
    here = split_date(asked.as_of, asked.cutting.calendar).month
    months = {"this": here, "next": here % 12 + 1}
    born = split_date(customer.born, asked.cutting.calendar).month
    return born in {months.get(value) or int(value) for value in values}


def _list_purchase_days(customer: PlainCustomer) -> list[int]:
    return sorted({line.day for line in customer.lines if line.is_purchase})


def _list_spells(customer: PlainCustomer, rule: ActivityRule) -> list[Spell]:
    if rule.kind == "purchase":
        return build_purchase_spells(_list_purchase_days(customer), rule.settled_days)
    pairs = [(started, ended) for started, ended, _plan, _worth in customer.subscriptions]
    return build_subscription_spells(pairs, rule.settled_days)


def _meets_state(condition: StateCondition, customer: PlainCustomer, asked: PlainAsked) -> bool:
    boundary = asked.boundary
    begun = [spell for spell in _list_spells(customer, asked.rule) if spell.start < boundary]
    is_active = bool(begun) and begun[-1].covers(boundary)
    if condition.state == "never":
        return not begun
    if condition.state == "lost":
        return bool(begun) and not is_active and _is_since(condition.since, begun[-1].end, boundary)
    if not is_active:
        return False
    if condition.state == "won_back":
        return len(begun) > 1 and _is_since(condition.since, begun[-1].start, boundary)
    if condition.state == "new":
        first = min(begun[0].start, OPEN_END if customer.joined is None else customer.joined)
        return _is_since(condition.since, first, boundary)
    return _is_since(condition.since, begun[-1].start, boundary)


def _is_since(since: Since | None, day: int, boundary: int) -> bool:
    if since is None:
        return True
    return boundary - day >= since.days if since.op == "at_least" else boundary - day <= since.days


def _count_fact(condition: FactCondition, customer: PlainCustomer, asked: PlainAsked) -> int:
    fact, span = condition.fact, condition.span
    if fact in ("subscription_start", "subscription_end"):
        kept = [
            (started, ended)
            for started, ended, plan, worth in customer.subscriptions
            if _fits(condition, {"plan": plan}) and _is_worth(condition, worth)
        ]
        spells = build_subscription_spells(kept)
        days = [spell.start if fact == "subscription_start" else spell.end for spell in spells]
        return sum(asked.holds(span, day) for day in days)
    if fact == "interaction":
        return sum(
            asked.holds(span, day) and _fits(condition, {"kind": kind}) for day, kind in customer.interactions
        )
    if fact == "ticket":
        return sum(
            asked.holds(span, day) and _fits(condition, {"category": category})
            for day, category in customer.tickets
        )
    if fact == "answer":
        return sum(
            asked.holds(span, one.day) and _fits(condition, {"survey": one.survey})
            for one in customer.answers
        )
    if fact == "return":
        days = [row.day for row in customer.returns if _fits(condition, row.names)]
        days += [
            line.day
            for line in customer.lines
            if line.quantity < 0 and line.counts and _fits(condition, line.names)
        ]
        return len({day for day in days if asked.holds(span, day)})
    worths: dict[object, Decimal | None] = {}
    for line in customer.lines:
        is_meant = (line.cancelled or not line.counts) if fact == "cancelled_order" else line.is_purchase
        if is_meant and asked.holds(span, line.day) and _fits(condition, line.names):
            unit = line.day if fact == "purchase" else line.order
            worths[unit] = _add(worths.get(unit), line.worth)
    return sum(_is_worth(condition, worth) for worth in worths.values())


def _add(total: Decimal | None, worth: Decimal | None) -> Decimal | None:
    return total if worth is None else (total or Decimal(0)) + worth


def _fits(condition: FactCondition, names: Mapping[str, str]) -> bool:
    return all(
        bool(names.get(one.field)) and fold(names[one.field]) in {fold(value) for value in one.values}
        for one in condition.filters
    )


def _is_worth(condition: FactCondition, worth: Decimal | None) -> bool:
    return condition.amount is None or (worth is not None and worth >= condition.amount)


def _measure(condition: MeasureCondition, customer: PlainCustomer, asked: PlainAsked) -> Decimal | None:
    """The customer's number, None where there is none."""
    days = [day for day in _list_purchase_days(customer) if day < asked.boundary]
    if condition.measure == "days_since_last_purchase":
        return Decimal(asked.boundary - max(days)) if days else None
    if condition.measure == "own_rhythm":
        rhythm = naive_rhythm(days)
        return None if rhythm is None else Decimal(rhythm)
    if condition.measure == "lateness":
        lateness = naive_lateness(days, asked.boundary)
        return None if lateness is None else _divide_exactly(days, asked.boundary)
    if condition.measure in RFM_MEASURES:
        return _score(condition.measure, customer, asked)
    if condition.measure == "mrr":
        return _measure_mrr(customer, asked)
    if condition.measure == "last_nps":
        return _find_last_nps(customer, asked)
    if condition.measure == "clv":
        return _measure_clv(customer, asked)
    if condition.measure == "days_since_last_contact":
        met = [day for day in customer.contacts if day < asked.boundary]
        return Decimal(asked.boundary - max(met)) if met else None
    if condition.measure in BOUGHT_MEASURES:
        return naive_bought(condition.measure, customer, asked.boundary)
    inside = [line for line in customer.lines if asked.holds(condition.span, line.day)]
    bought = {line.order for line in inside if line.is_purchase}
    if condition.measure == "orders":
        return Decimal(len(bought))
    if condition.measure == "revenue":
        back = [row.worth for row in customer.returns if asked.holds(condition.span, row.day)]
        return sum((line.worth or Decimal(0) for line in inside if line.counts), Decimal(0)) - sum(
            (worth or Decimal(0) for worth in back), Decimal(0)
        )
    return _average(inside, bought)


def _measure_clv(customer: PlainCustomer, asked: PlainAsked) -> Decimal | None:
    """Day by day what was brought, less what went back, at the margin that held; each margin's sum is rounded down."""
    by_share: dict[Decimal | None, Decimal] = {}
    came = [(line.day, line.worth or Decimal(0)) for line in customer.lines if line.counts]
    went = [(row.day, -(row.worth or Decimal(0))) for row in customer.returns]
    for day, worth in [*came, *went]:
        if day < asked.boundary:
            held = [one for one in sorted(asked.margins) if one <= day]
            share = Decimal(1) if not asked.margins else asked.margins[held[-1]] if held else None
            by_share[share] = by_share.get(share, Decimal(0)) + worth
    if by_share.pop(None, Decimal(0)):
        return None
    return sum((_floor(worth * share) for share, worth in by_share.items() if share is not None), Decimal(0))


def _score(measure: Measure, customer: PlainCustomer, asked: PlainAsked) -> Decimal | None:
    """The fifth among all who have bought; None for who hasn't."""
    everybody = [_value_for_rfm(measure, other, asked) for other in asked.shop.values()]
    own = _value_for_rfm(measure, customer, asked)
    return None if own is None else Decimal(naive_score(own, [one for one in everybody if one is not None]))


def _value_for_rfm(measure: Measure, customer: PlainCustomer, asked: PlainAsked) -> int | None:
    days = [day for day in _list_purchase_days(customer) if day < asked.boundary]
    if not days:
        return None
    if measure == "rfm_recency":
        return max(days)
    if measure == "rfm_frequency":
        return len(days)
    came = [line.exact for line in customer.lines if line.counts and line.day < asked.boundary]
    went = [row.exact for row in customer.returns if row.day < asked.boundary]
    known = [one for one in came if one is not None], [one for one in went if one is not None]
    money: int = floor((sum(known[0], Decimal(0)) - sum(known[1], Decimal(0))) * SCALE)
    return money


def _measure_mrr(customer: PlainCustomer, asked: PlainAsked) -> Decimal | None:
    """The smaller of what is paid a month on the day before the boundary and on the day that it begins."""
    terms = _add_grace(customer, asked.rule.settled_days if asked.rule.kind == "subscription" else 0)
    days = (asked.boundary - 1, asked.boundary)
    lacks_price = all(any(one.covers(day) and one.mrr is None for one in terms) for day in days)
    foreign = {one.currency for one in terms} - asked.rates.keys()
    if lacks_price or any(
        min(naive_mrr_on_day(terms, day, {currency: Fraction(1)}) for day in days) for currency in foreign
    ):
        return None
    least = min(naive_mrr_on_day(terms, day, asked.rates) for day in days) * MRR_UNIT
    return Decimal(least.numerator) / Decimal(least.denominator)


def _add_grace(customer: PlainCustomer, grace: int) -> list[NaiveSubscription]:
    """The terms, of which those that end a spell last until the next one begins, for at most so many days longer."""
    spells = build_subscription_spells([(one.start, one.end) for one in customer.terms])
    found = []
    for one in customer.terms:
        end = one.end
        if end is not None and end > one.start and any(spell.end == end for spell in spells):
            following = [spell.start for spell in spells if spell.start > end]
            end = min([end + grace, *following])
        found.append(replace(one, end=end))
    return found


def _find_last_nps(customer: PlainCustomer, asked: PlainAsked) -> Decimal | None:
    scores = [
        (one.day, one.number, one.score)
        for one in customer.answers
        if one.question == "nps" and one.score is not None and one.day < asked.boundary
    ]
    return max(scores)[2] if scores else None


def _is_top(condition: MeasureCondition, number: Decimal | None, asked: PlainAsked) -> bool:
    numbers = [_floor(_measure(condition, other, asked)) for other in asked.shop.values()]
    ranked = [other for other in numbers if other > 0]
    mine = _floor(number)
    larger = sum(other > mine for other in ranked)
    return mine > 0 and larger < (condition.value or Decimal(0)) * len(ranked) / 100


def _floor(number: Decimal | None) -> Decimal:
    """The number to four places; 0 where there is none."""
    return Decimal(0) if number is None else number.quantize(Decimal("0.0001"), ROUND_FLOOR)


def _divide_exactly(days: list[int], boundary: int) -> Decimal:
    """The lateness with more places than any comparison has."""
    rhythm = naive_rhythm(days)
    assert rhythm is not None
    return Decimal(boundary - max(days)) / Decimal(rhythm)


def _average(lines: list[PlainLine], bought: set[str]) -> Decimal | None:
    totals: dict[str, Decimal] = {}
    for line in lines:
        if line.counts and line.order in bought and line.worth is not None:
            totals[line.order] = totals.get(line.order, Decimal(0)) + line.worth
    return sum(totals.values(), Decimal(0)) / len(totals) if totals else None


def _compare(condition: MeasureCondition, number: Decimal | None) -> bool:
    if condition.op in ("known", "unknown"):
        return (number is not None) == (condition.op == "known")
    if number is None or condition.value is None:
        return False
    value = condition.value
    return {
        "at_least": number >= value,
        "at_most": number <= value,
        "more_than": number > value,
        "less_than": number < value,
        "between": condition.upper is not None and value <= number <= condition.upper,
    }[condition.op]


def convert(amount: Decimal, rate: Decimal) -> Decimal:
    """An amount at a rate, rounded to ten-thousandths (halves away from zero), as sums take it."""
    return (amount * rate).quantize(Decimal("0.0001"), ROUND_HALF_UP)
