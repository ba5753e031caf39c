"""Random shops written as the rooms of data write them, the same as plain rows, and random definitions."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from vafa.data.customers.models import Customer
from vafa.data.interactions.models import Interaction, SurveyAnswer, Ticket
from vafa.data.log.actions import take_numbers
from vafa.data.orders.models import OrderLine, ReturnLine
from vafa.data.subscriptions.models import Subscription
from vafa.lab.mrr import MRR_UNIT, naive_mrr
from vafa.lab.revenue import NaiveSubscription
from vafa.lab.rules import ActivityRule
from vafa.measure.segments.naive import PlainAnswer, PlainCustomer, PlainLine, PlainReturn, convert
from vafa.measure.segments.types import (
    COUNTS,
    FACTS_WITH_AMOUNT,
    FILTERS_OF,
    MEASURES,
    MEASURES_WITH_SPAN,
    PREDICTED_MEASURES,
    Definition,
    FactCondition,
    FactFilter,
    FieldCondition,
    Group,
    MeasureCondition,
    SegmentCondition,
    Since,
    Span,
    StateCondition,
)
from vafa.warehouse.tests.world import World, build_day, find_naive_cancelled, find_naive_roots

DAYS = 60
DOLLAR = Decimal("3.3333333333")
"""What one unit of the foreign currency is worth; another one has no rate."""

LOCATIONS, PLANS, KINDS = ("Tehran", "Shiraz", "Yazd"), ("basic", "Gold"), ("call", "visit")
CATEGORIES, SURVEYS = ("delay", "Bill"), ("spring", "exit")
CHANNELS = ("phone", "E-mail", "")
CURRENCIES = ("", "USD", "EUR")
RATES = {0: Fraction(1), 1: Fraction(DOLLAR)}
"""Of the currencies by their place."""
FIELD_VALUES = {
    "customer_location": ("قم", "قُم", "Qom", "Rasht"),
    "company": ("Acme", "acme", "Foo & Co"),
    "tag": ("vip", "VIP", "کارکنان"),
    "custom:size": ("L", "XL"),
}
FACT_VALUES = {
    "plan": ("basic", "gold", "gone"),
    "main_line": ("Bread", "cake"),
    "first_line": ("bread", "Cake"),
    "first_product": ("P1", "p2", "P3"),
    "first_location": LOCATIONS,
    "contact_kind": (*KINDS, "leaving"),
    "ticket_category": CATEGORIES,
    "ticket_channel": CHANNELS[:2],
}


def fill(world: World, chance: Any) -> None:
    """A shop with a few customers and all kinds of facts. `chance` is a random.Random."""
    customers = [_add_customer(world, chance) for _ in range(chance.randint(1, 7))]
    for customer in customers:
        for _ in range(chance.choice((0, 1, 2, 5))):
            _add_line(world, customer, chance)
        for _ in range(chance.choice((0, 0, 1))):
            world.returned(
                customer,
                build_day(chance.randrange(DAYS)),
                "",
                quantity=1,
                amount=chance.choice((None, Decimal("2.5"))),
                currency=chance.choice(("", "USD", "EUR")),
                product=chance.choice([*world.products, None]),
            )
        for _ in range(chance.choice((0, 0, 1, 3))):
            start = chance.randrange(DAYS)
            end = start + chance.randrange(30)
            world.subscription(
                customer,
                build_day(start),
                None if chance.random() < 0.3 else build_day(end),
                plan=chance.choice(PLANS),
                amount=None if chance.random() < 0.1 else Decimal(chance.randrange(40)),
                interval=chance.choice(("", "1 month", "2 week", "1 year")),
                frozen_from=build_day(start + 3) if (is_frozen := chance.random() < 0.2) else None,
                frozen_until=build_day(start + 9) if is_frozen and chance.random() < 0.7 else None,
                currency=chance.choice(("", "USD", "EUR")),
            )
        for _ in range(chance.choice((0, 1, 2))):
            _add_interaction(world, customer, chance)
        _add_words(world, customer, chance)
    if len(customers) > 2 and chance.random() < 0.5:
        world.correct(customers[0], kept=customers[1])
    if chance.random() < 0.3:
        world.correct(customers[-1], excluded=True)


def _add_customer(world: World, chance: Any) -> Customer:
    return world.customer(
        location=chance.choice((*FIELD_VALUES["customer_location"], "", "")),
        company=chance.choice((*FIELD_VALUES["company"], "")),
        tags=chance.sample(FIELD_VALUES["tag"], chance.randint(0, 2)),
        custom=chance.choice(({}, {"size": "L"}, {"size": "xl"}, {"other": "L"})),
        birthday=chance.choice((None, date(1990, 3, 25), date(2001, 4, 2), date(1984, 12, 31))),
        joined_on=build_day(chance.randrange(DAYS)) if chance.random() < 0.5 else None,
    )


def _add_line(world: World, customer: Customer, chance: Any) -> None:
    world.order(
        customer,
        build_day(chance.randrange(DAYS)),
        f"shared {chance.randrange(4)} {customer.pk}" if chance.random() < 0.5 else "",
        quantity=chance.choice((1, 1, 2, -1)),
        amount=chance.choice((10, Decimal("7.25"), Decimal("0.0001"), -10, 0)),
        discount=chance.choice((None, None, Decimal("1.5"))),
        tax=chance.choice((None, Decimal(1))),
        counts=chance.random() < 0.85,
        currency=chance.choice(("", "", "USD", "EUR")),
        location=chance.choice([*world.locations, None]),
        product_line=chance.choice([*world.lines, None]),
        product=chance.choice([*world.products, None]),
    )


def _add_interaction(world: World, customer: Customer, chance: Any) -> None:
    number = take_numbers(1)
    Interaction.objects.create(
        source=world.source,
        key=f"interaction {number}",
        customer=customer,
        kind=chance.choice((*KINDS, "Leaving")),
        day=build_day(chance.randrange(DAYS)),
        seq=number,
    )


def _add_words(world: World, customer: Customer, chance: Any) -> None:
    """Tickets, answers and invitations of a customer, and some of nobody who is known."""
    for _ in range(chance.choice((0, 0, 1, 3))):
        asking = customer if chance.random() < 0.9 else None
        world.ticket(
            asking,
            build_day(chance.randrange(DAYS)),
            category=chance.choice((*CATEGORIES, "")),
            channel=chance.choice(CHANNELS),
        )
    for _ in range(chance.choice((0, 1, 4))):
        answering = customer if chance.random() < 0.9 else None
        world.answer(
            answering,
            build_day(chance.choice((5, 20, chance.randrange(DAYS)))),
            chance.choice((None, 0, 1, 2, 7, 10, Decimal("8.5"))),
            question=chance.choice(("nps", "nps", "csat")),
            survey=chance.choice((*SURVEYS, "")),
        )
    if chance.random() < 0.3:
        day = build_day(chance.randrange(DAYS))
        world.answer(customer, day, None, answered_on=day, survey=SURVEYS[0])


def read_plain() -> dict[int, PlainCustomer]:
    """The shop as plain rows: each customer that counts, with the facts of everyone merged into it."""
    roots, cancelled = find_naive_roots(), find_naive_cancelled()
    shop: dict[int, PlainCustomer] = {}
    for customer in Customer.objects.filter(pk__in=set(roots.values())):
        merged = Customer.objects.filter(pk__in=[pk for pk, root in roots.items() if root == customer.pk])
        joined = [row.joined_on.toordinal() for row in merged if row.joined_on]
        shop[customer.pk] = PlainCustomer(
            texts={
                "customer_location": customer.location,
                "company": customer.company,
                **{f"custom:{name}": value for name, value in customer.custom.items()},
            },
            tags=tuple(customer.tags),
            owner=customer.owner_id,
            born=customer.birthday,
            joined=min(joined, default=None),
        )
    for line in OrderLine.objects.select_related("product", "product_line", "location"):
        if line.customer_id in roots:
            shop[roots[line.customer_id]].lines.append(_read_line(line, cancelled))
    for row in ReturnLine.objects.select_related("product"):
        if row.customer_id in roots:
            worth = _value(abs(row.amount or Decimal(0)), row.currency)
            exact = _value_exactly(abs(row.amount or Decimal(0)), row.currency)
            names = {"product": row.product.code if row.product else ""}
            shop[roots[row.customer_id]].returns.append(PlainReturn(row.day.toordinal(), worth, names, exact))
    for sub in Subscription.objects.all():
        if sub.customer_id in roots:
            ended = sub.ended_on.toordinal() if sub.ended_on else None
            worth = _value(sub.amount or Decimal(0), sub.currency)
            told = (sub.started_on.toordinal(), ended, sub.plan, worth)
            shop[roots[sub.customer_id]].subscriptions.append(told)
            shop[roots[sub.customer_id]].terms.append(_read_term(sub))
    _read_words(shop, roots)
    return shop


def _read_words(shop: dict[int, PlainCustomer], roots: dict[int, int]) -> None:
    """Contacts, tickets and answers."""
    for contact in Interaction.objects.all():
        if contact.customer_id in roots:
            told_contact = (contact.day.toordinal(), contact.kind)
            shop[roots[contact.customer_id]].interactions.append(told_contact)
            shop[roots[contact.customer_id]].told.append(
                ("contact_kind", contact.day.toordinal(), contact.pk, contact.kind)
            )
            shop[roots[contact.customer_id]].contacts.append(contact.day.toordinal())
    for ticket in Ticket.objects.all():
        if ticket.customer_id in roots:
            shop[roots[ticket.customer_id]].tickets.append((ticket.day.toordinal(), ticket.category))
            shop[roots[ticket.customer_id]].told.extend(
                (name, ticket.day.toordinal(), ticket.pk, text)
                for name, text in (("ticket_category", ticket.category), ("ticket_channel", ticket.channel))
            )
            days = (ticket.day, ticket.first_response_on, ticket.solved_on)
            shop[roots[ticket.customer_id]].contacts.extend(day.toordinal() for day in days if day)
    for answer in SurveyAnswer.objects.exclude(answered_on=None):
        if answer.customer_id in roots:
            on = answer.answered_on.toordinal()
            told_answer = PlainAnswer(answer.pk, on, answer.question, answer.score, answer.survey)
            shop[roots[answer.customer_id]].answers.append(told_answer)
            shop[roots[answer.customer_id]].contacts.append(on)


def _read_term(sub: Subscription) -> NaiveSubscription:
    started, ended = sub.started_on.toordinal(), sub.ended_on.toordinal() if sub.ended_on else None
    amount = None if sub.amount is None else int(sub.amount * 10_000)
    mrr = naive_mrr(amount, sub.interval, started, ended)
    return NaiveSubscription(
        started,
        ended,
        None if mrr is None else int(mrr / MRR_UNIT),
        CURRENCIES.index(sub.currency),
        sub.frozen_from.toordinal() if sub.frozen_from else None,
        sub.frozen_until.toordinal() if sub.frozen_until else None,
    )


def _read_line(line: OrderLine, cancelled: set[tuple[int, str]]) -> PlainLine:
    is_cancelled = (line.source_id, line.order_key) in cancelled
    return PlainLine(
        order=line.order_key,
        day=line.day.toordinal(),
        quantity=line.quantity,
        worth=_value(line.amount - (line.discount or Decimal(0)), line.currency),
        counts=line.counts,
        is_purchase=line.quantity > 0 and line.amount > 0 and line.counts and not is_cancelled,
        cancelled=is_cancelled,
        names={
            "location": line.location.name if line.location else "",
            "product_line": line.product_line.name if line.product_line else "",
            "product": line.product.code if line.product else "",
        },
        exact=_value_exactly(line.amount - (line.discount or Decimal(0)), line.currency),
        number=line.pk,
        line_number=line.product_line_id or 0,
        full=_value(line.amount, line.currency),
        off=_value(line.discount or Decimal(0), line.currency),
    )


def _value(amount: Decimal, currency: str) -> Decimal | None:
    if currency in ("", "TRY"):
        return amount
    return convert(amount, DOLLAR) if currency == "USD" else None


def _value_exactly(amount: Decimal, currency: str) -> Decimal | None:
    if currency in ("", "TRY"):
        return amount
    return amount * DOLLAR if currency == "USD" else None


# Definitions

_DAYS = st.integers(1, 40)
SPANS = st.one_of(
    st.just(Span()),
    st.builds(lambda days: Span("last_days", days=days), _DAYS),
    st.builds(lambda days: Span("before_days", days=days), _DAYS),
    st.builds(
        lambda start, length: Span("between", start=build_day(start), end=build_day(start + length)),
        st.integers(0, DAYS),
        st.integers(0, 30),
    ),
    st.builds(lambda start: Span("between", start=build_day(start)), st.integers(0, DAYS)),
    st.builds(
        lambda kind, every: Span(kind, every=every),
        st.sampled_from(("this", "previous")),
        st.sampled_from(("week", "month", "quarter", "half", "year")),
    ),
)
_SINCE = st.none() | st.builds(Since, st.sampled_from(("at_least", "at_most")), _DAYS)
_NAMES: Mapping[str, tuple[str, ...]] = {
    "location": LOCATIONS,
    "product_line": ("Bread", "Cake"),
    "product": ("P1", "p2", "P3"),
    "plan": ("basic", "gold"),
    "kind": KINDS,
    "category": CATEGORIES,
    "survey": SURVEYS,
}


def _some(values: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=2).map(tuple)


@st.composite
def _draw_field(draw: Any) -> FieldCondition:
    name = draw(st.sampled_from((*FIELD_VALUES, *FACT_VALUES, "birthday_month", "joined_on")))
    if name == "joined_on":
        op = draw(st.sampled_from(("known", "unknown", "within", "not_within")))
        return FieldCondition(name, op, span=draw(SPANS) if "within" in op else None)
    ops = ("is", "is_not", "known", "unknown") if name == "birthday_month" else (
        "is", "is_not", "contains", "known", "unknown",
    )  # fmt: skip
    op = draw(st.sampled_from(ops))
    values = (FIELD_VALUES | FACT_VALUES).get(name, ("1", "3", "this", "next", "12"))
    return FieldCondition(name, op, () if op in ("known", "unknown") else draw(_some(values)))


@st.composite
def _draw_fact(draw: Any) -> FactCondition:
    fact = draw(st.sampled_from(tuple(FILTERS_OF)))
    filters = tuple(
        FactFilter(name, draw(_some(_NAMES[name])))
        for name in FILTERS_OF[fact]
        if draw(st.integers(0, 3)) == 0
    )
    amount = None
    if fact in FACTS_WITH_AMOUNT and draw(st.booleans()):
        amount = draw(st.sampled_from((Decimal(0), Decimal("7.25"), Decimal(10), Decimal("33.3333"))))
    return FactCondition(
        fact, draw(st.sampled_from(COUNTS)), draw(st.integers(0, 3)), draw(SPANS), filters, amount
    )


@st.composite
def _draw_measure(draw: Any) -> MeasureCondition:
    measure = draw(st.sampled_from([name for name in MEASURES if name not in PREDICTED_MEASURES]))
    op = draw(
        st.sampled_from(
            ("at_least", "at_most", "more_than", "less_than", "between", "top", "known", "unknown")
        )
    )
    numbers = st.sampled_from(
        [Decimal(text) for text in ("0", "1", "1.5", "2", "7.25", "8.5", "10", "20", "0.3333")]
    )
    value, upper = draw(numbers), draw(numbers)
    span = draw(SPANS) if measure in MEASURES_WITH_SPAN else Span()
    if op in ("known", "unknown"):
        return MeasureCondition(measure, op, span=span)
    if op == "top":
        return MeasureCondition(
            measure, op, draw(st.sampled_from((Decimal(1), Decimal("33.3"), Decimal(100)))), span=span
        )
    return MeasureCondition(measure, op, value, max(value, upper) if op == "between" else None, span)


CONDITIONS = st.one_of(
    _draw_field(),
    st.builds(StateCondition, st.sampled_from(("active", "lost", "new", "won_back")), _SINCE),
    st.just(StateCondition("never")),
    _draw_fact(),
    _draw_measure(),
    st.builds(SegmentCondition, st.sampled_from(("odd", "nobody")), st.booleans()),
)
_MODES = st.sampled_from(("all", "any", "none"))
TREES = st.recursive(
    st.builds(Group, _MODES, st.lists(CONDITIONS, min_size=1, max_size=3).map(tuple)),
    lambda inner: st.builds(Group, _MODES, st.lists(CONDITIONS | inner, min_size=1, max_size=3).map(tuple)),
    max_leaves=6,
)
DEFINITIONS = st.builds(Definition, TREES)
RULES = st.one_of(
    st.builds(lambda days: ActivityRule("purchase", days), st.integers(1, 15)),
    st.builds(lambda days: ActivityRule("subscription", days), st.integers(0, 5)),
)
BOUNDARIES = st.integers(-2, DAYS + 20).map(build_day)
