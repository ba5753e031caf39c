"""Random changes of the records, and all that a snapshot says of them."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise, product
from typing import Any

from pyroaring import BitMap

from vafa.data.customers.models import Customer
from vafa.data.interactions.models import Interaction, SurveyAnswer, Ticket
from vafa.data.orders.models import OrderLine, ReturnLine
from vafa.data.subscriptions.models import Subscription
from vafa.lab.rules import ActivityRule
from vafa.lab.spells import naive_is_active_by_purchases, naive_is_active_by_subscriptions
from vafa.warehouse.queries import Query, Snapshot
from vafa.warehouse.tests.world import (
    World,
    build_day,
    find_naive_roots,
    list_naive_purchases,
)
from vafa.warehouse.types import Group

DAYS = 20
BOUNDARIES = [build_day(number) for number in range(-1, DAYS + 8, 3)]
PURCHASE, SUBSCRIPTION = ActivityRule("purchase", 4), ActivityRule("subscription", 2)
# A window long enough to be kept, and to be put together from blocks of days.
WIDE = ActivityRule("purchase", 45)

QUERIES = {
    "facts": """
        SELECT f.row_id, c.id, f.day_no, f.quantity, f.amount, f.counts, f.cancelled, f.is_purchase, l.name, m.code,
            count(*) OVER (PARTITION BY f.order_no)
        FROM facts f LEFT JOIN customers c ON c.ix = f.customer_ix LEFT JOIN locations l ON l.id = f.location
        LEFT JOIN currencies m ON m.id = f.currency ORDER BY 1
    """,
    "returns": "SELECT row_id, c.id, day_no FROM returns r LEFT JOIN customers c ON c.ix = r.customer_ix ORDER BY 1",
    "subscriptions": """
        SELECT row_id, c.id, started_no, ended_no, plan, amount, priced, term_no, frozen_no, thawed_no
        FROM subscriptions s
        JOIN customers c ON c.ix = s.customer_ix ORDER BY 1
    """,
    "interactions": """
        SELECT row_id, c.id, day_no, kind FROM interactions i JOIN customers c ON c.ix = i.customer_ix ORDER BY 1
    """,
    "answers": """
        SELECT row_id, c.id, question, survey, score, scale_low, scale_high, direction, method, invited_no, answered_no
        FROM answers a LEFT JOIN customers c ON c.ix = a.customer_ix ORDER BY 1
    """,
    "tickets": """
        SELECT row_id, c.id, t.day_no, category, agent, opened_s, responded_no, responded_s, solved_no, solved_s,
            closed_no, closed_s, reopened
        FROM tickets t LEFT JOIN customers c ON c.ix = t.customer_ix ORDER BY 1
    """,
    "customers": "SELECT id, location, joined_no FROM customers ORDER BY 1",
}


def tell(snapshot: Snapshot) -> dict[str, Any]:
    """All that a snapshot knows, in customers' ids."""

    def ids(members: BitMap) -> list[int]:
        return sorted(snapshot.ids(members).tolist())

    told: dict[str, Any] = {name: snapshot.run(Query(sql)) for name, sql in QUERIES.items()}
    told["everyone"] = ids(snapshot.everyone())
    told["window"] = snapshot.learned_window()
    told["feeds"] = snapshot.freshness()
    told["service feeds"] = snapshot.freshness(kinds=("interactions", "answers", "tickets"))
    groups = [None, *snapshot.list_groups("location"), *snapshot.list_groups("product")]
    fields = ("location", "product", "customer_location", "company", "custom:tier", "custom:a/b")
    told["groups"] = [snapshot.list_groups(name) for name in fields]
    told["members"] = [
        [ids(snapshot.group_members(group)) for group in snapshot.list_groups(name)] for name in fields[2:]
    ]
    told["dimensions"] = snapshot.list_dimensions()
    for rule in (PURCHASE, WIDE, SUBSCRIPTION):
        for group in groups if rule is not SUBSCRIPTION else [None, *snapshot.list_groups("plan")]:
            told[f"active {rule} {group}"] = [ids(snapshot.active(rule, day, group)) for day in BOUNDARIES]
            starts = snapshot.first_start_days(rule, group)
            told[f"starts {rule} {group}"] = sorted(
                (int(snapshot.list_ids([ix])[0]), int(starts[ix])) for ix in snapshot.everyone()
            )
            told[f"came {rule} {group}"] = [
                [
                    ids(find(rule, *span, group))
                    for find in (snapshot.newcomers, snapshot.passing_newcomers, snapshot.active_between)
                ]
                for span in pairwise(BOUNDARIES)
            ]
            spells = snapshot.spells(rule, group)
            customers = snapshot.list_ids(spells.customer_ix).tolist()
            told[f"spells {rule} {group}"] = sorted(
                zip(customers, spells.start.tolist(), spells.end.tolist(), strict=True)
            )
    for day in range(DAYS):
        for days in (1, 8):
            span = build_day(day), build_day(day + days)
            told[f"{days} days from {day}"] = [
                ids(find(*span, group)) for find in (snapshot.buyers, snapshot.with_rows) for group in groups
            ]
    return told


def check_against_rows(snapshot: Snapshot) -> None:
    """Every set as the definition tells it from the rows, customer by customer."""
    purchases = list_naive_purchases()
    roots = find_naive_roots()
    periods: dict[int, list[tuple[int, int | None]]] = {}
    for row in Subscription.objects.all():
        if row.customer_id in roots:
            ended = row.until.toordinal() if row.until else None
            periods.setdefault(roots[row.customer_id], []).append((row.started_on.toordinal(), ended))
    assert set(snapshot.ids(snapshot.everyone()).tolist()) == set(roots.values())
    kept = [customer for customer in Customer.objects.all() if roots.get(customer.pk) == customer.pk]
    for name, field in (("customer_location", "location"), ("company", "company")):
        sizes = Counter(getattr(customer, field) for customer in kept)
        assert {group.value for group in snapshot.list_groups(name)} == set(sizes)
    tiers = Counter(str(customer.custom.get("tier") or "") for customer in kept)
    listed = [group.value for group in snapshot.list_groups("custom:tier")]
    assert listed == sorted(tiers, key=lambda value: (-tiers[value], value))
    for group in (None, Group("location", "Tehran"), Group("location", ""), Group("product", "P1")):
        days: dict[int, list[int]] = {}
        for customer, day, line in purchases:
            if group is None or group.value == find_value(line, group.dimension):
                days.setdefault(customer, []).append(day.toordinal())
        for boundary, rule in product(BOUNDARIES, (PURCHASE, WIDE)):
            found = set(snapshot.ids(snapshot.active(rule, boundary, group)).tolist())
            number, window = boundary.toordinal(), rule.settled_days
            assert found == {
                c for c, own in days.items() if naive_is_active_by_purchases(own, window, number)
            }
        check_newcomers(snapshot, group, days)
    for boundary in BOUNDARIES:
        found = set(snapshot.ids(snapshot.active(SUBSCRIPTION, boundary)).tolist())
        number = boundary.toordinal()
        assert found == {c for c, own in periods.items() if naive_is_active_by_subscriptions(own, 2, number)}
    rows = [
        (roots[line.customer_id], line.day) for line in OrderLine.objects.all() if line.customer_id in roots
    ]
    assert set(snapshot.ids(snapshot.with_rows(build_day(3), build_day(9))).tolist()) == {
        customer for customer, day in rows if build_day(3) <= day < build_day(9)
    }
    check_voice_against_rows(snapshot)


def check_voice_against_rows(snapshot: Snapshot) -> None:
    """Every answer and ticket that counts, with whose it is and its moments, as the rows tell them."""
    roots = find_naive_roots()

    def list_owned(model: Any) -> list[tuple[int | None, Any]]:
        rows = model.objects.order_by("pk")
        return [
            (roots.get(row.customer_id), row)
            for row in rows
            if row.customer_id is None or row.customer_id in roots
        ]

    answers = snapshot.run(Query(QUERIES["answers"]))
    assert [(row[0], row[1], row[4], row[10]) for row in answers] == [
        (row.pk, root, None if row.score is None else int(row.score * 10_000), _number(row.answered_on))
        for root, row in list_owned(SurveyAnswer)
    ]
    tickets = snapshot.run(Query(QUERIES["tickets"]))
    assert [(row[0], row[1], row[5], row[7], row[8]) for row in tickets] == [
        (row.pk, root, _second(row.opened_at), _second(row.first_response_at), _number(row.solved_on))
        for root, row in list_owned(Ticket)
    ]


def _number(day: Any) -> int | None:
    return None if day is None else day.toordinal()


def _second(moment: Any) -> int:
    return -1 if moment is None else int(moment.timestamp())


def check_newcomers(snapshot: Snapshot, group: Group | None, days: dict[int, list[int]]) -> None:
    """Who came for the first time in each period, and who of them was active inside of it."""
    firsts = {customer: min(own) for customer, own in days.items()}
    if group is None:
        roots = find_naive_roots()
        for customer in Customer.objects.exclude(joined_on=None):
            root = roots.get(customer.pk)
            if root is not None:
                joined = customer.joined_on.toordinal()
                firsts[root] = min(joined, firsts.get(root, joined))
    for start, end in pairwise(BOUNDARIES):
        first, last = start.toordinal(), end.toordinal()
        came = {customer for customer, day in firsts.items() if first <= day < last}
        assert set(snapshot.ids(snapshot.newcomers(PURCHASE, start, end, group)).tolist()) == came
        passing = {
            customer
            for customer in came
            if any(
                naive_is_active_by_purchases(days.get(customer, []), 4, boundary)
                for boundary in range(first + 1, last)
            )
        }
        found = set(snapshot.ids(snapshot.passing_newcomers(PURCHASE, start, end, group)).tolist())
        assert found == passing


def find_value(line: OrderLine, dimension: str) -> str:
    if dimension == "product":
        return line.product.code if line.product else ""
    return line.location.name if line.location else ""


def pick(rows: Any, number: int) -> Any:
    """The number-th row, or None where there are none."""
    count = rows.count()
    return rows.order_by("pk")[number % count] if count else None


def take_step(world: World, step: tuple[str, int, int, int]) -> None:
    """Change the records: the name of a step, and three numbers that choose the row and the values."""
    name, number, day, other = step
    if name in _ON_CUSTOMERS:
        customer = pick(Customer.objects.all(), number)
        _ON_CUSTOMERS[name](world, customer, day, number, other)
        return
    row = pick(_TABLES[name.partition("_")[2]].objects.all(), other)
    if row is None:
        return
    if name.startswith("remove"):
        world.remove(row)
    else:
        world.correct(row, **_CORRECTIONS[name](world, day, number, other))


def build_shape(world: World, number: int, other: int) -> dict[str, Any]:
    """Values of an order line, of every sort."""
    return {
        "quantity": (1, 1, 2, -1, -2, 0)[other % 6],
        "amount": (10, 20, -10, 0, 10)[other % 5],
        "counts": other % 7 != 0,
        "location": [*world.locations, None][other % 4],
        "product": [*world.products, None][number % 4],
        "currency": ("", "EUR", "IRR")[other % 11 % 3],
    }


def add_customer(world: World, _customer: Any, day: int, _number: int, other: int) -> None:
    world.customer(joined_on=build_day(day) if other % 2 else None, **build_fields(other))


def build_fields(other: int) -> dict[str, Any]:
    """Values of a customer's own fields."""
    return {
        "location": ("Qom", "")[other % 2],
        "company": ("Acme", "", "Zed")[other % 3],
        "custom": ({}, {"tier": "gold"}, {"tier": "", "a/b": 1}, {"tier": None})[other % 4],
    }


def relabel(world: World, customer: Any, day: int, number: int, other: int) -> None:
    if customer:
        joined = build_day(day) if number % 2 else None
        world.correct(customer, joined_on=joined, **build_fields(other))


def add_order(world: World, customer: Any, day: int, number: int, other: int) -> None:
    owner = None if number % 9 == 0 else customer
    world.order(owner, build_day(day), f"shared {other % 8}", **build_shape(world, number, other))


def add_return(world: World, customer: Any, day: int, number: int, other: int) -> None:
    order = "" if number % 4 == 0 else f"shared {other % 8}"
    quantity, amount = (1, 2, None)[number % 3], (None, 10, 30)[other % 3]
    world.returned(customer, build_day(day), order, quantity=quantity, amount=amount)


def add_subscription(world: World, customer: Any, day: int, number: int, other: int) -> None:
    if customer:
        ended = build_day(day + other % 9) if other % 4 else None
        shape = build_membership(day, number, other)
        world.subscription(customer, build_day(day), ended, plan="ab"[number % 2], **shape)


def build_membership(day: int, number: int, other: int) -> dict[str, Any]:
    """Price, freeze and sessions of a subscription, of every sort."""
    is_pack, is_frozen = number % 3 == 0, other % 3 == 0
    return {
        "amount": (None, 0, 90)[number % 3],
        "interval": ("", "1 month")[other % 2],
        "frozen_from": build_day(day + 2) if is_frozen else None,
        "frozen_until": build_day(day + 2 + number % 4) if is_frozen and number % 4 else None,
        "sessions": 3 if is_pack else None,
        "sessions_used": (2, 3, None)[other % 3] if is_pack else None,
        "last_visit_on": build_day(day + number % 5) if is_pack and other % 4 else None,
    }


def add_interaction(world: World, customer: Any, day: int, _number: int, _other: int) -> None:
    if customer:
        world.interaction(customer, build_day(day))


def build_ticket(day: int, number: int, other: int) -> dict[str, Any]:
    """Moments of a ticket, of every sort: known to the day or the second, not yet come, and impossible ones."""
    opened = datetime(2024, 2, 20, 21, 30, 15, tzinfo=UTC) + timedelta(days=day)
    answered = opened + timedelta(hours=number % 90 - 4)
    solved = opened + timedelta(days=other % 9)
    return {
        "category": ("", "parcel", "bill")[number % 3],
        "agent_name": ("Sara", "")[other % 2],
        "opened_at": opened if number % 4 else None,
        "first_response_at": answered if other % 3 else None,
        "first_response_on": answered.date() if other % 5 else None,
        "solved_at": solved if number % 5 else None,
        "solved_on": solved.date() if number % 2 else None,
        "reopened": (None, 0, 2)[other % 3],
    }


def add_answer(world: World, customer: Any, day: int, number: int, other: int) -> None:
    owner = None if number % 6 == 0 else customer
    world.answer(owner, build_day(day), (None, 0, 9, 4)[other % 4], survey=("", "spring")[number % 2])


def add_ticket(world: World, customer: Any, day: int, number: int, other: int) -> None:
    world.ticket(None if number % 6 == 0 else customer, build_day(day), **build_ticket(day, number, other))


def exclude(world: World, customer: Any, _day: int, _number: int, _other: int) -> None:
    if customer:
        world.correct(customer, excluded=not customer.excluded)


def merge(world: World, customer: Any, _day: int, _number: int, other: int) -> None:
    into = pick(Customer.objects.all(), other)
    if customer and not leads_to(into, customer):
        world.correct(customer, kept=into)


def unmerge(world: World, _customer: Any, _day: int, number: int, _other: int) -> None:
    merged = pick(Customer.objects.exclude(kept=None), number)
    if merged:
        world.correct(merged, kept=None)


def erase(world: World, customer: Any, _day: int, _number: int, _other: int) -> None:
    if customer:
        world.erase(customer)


def leads_to(customer: Customer, target: Customer) -> bool:
    """Whether the merges of a customer end with, or pass, another."""
    while customer.pk != target.pk:
        if customer.kept is None:
            return False
        customer = customer.kept
    return True


_ON_CUSTOMERS = {
    "customer": add_customer,
    "relabel": relabel,
    "order": add_order,
    "return": add_return,
    "subscription": add_subscription,
    "interaction": add_interaction,
    "answer": add_answer,
    "ticket": add_ticket,
    "exclude": exclude,
    "merge": merge,
    "unmerge": unmerge,
    "erase": erase,
}
_TABLES: dict[str, Any] = {
    "line": OrderLine,
    "order": OrderLine,
    "return": ReturnLine,
    "subscription": Subscription,
    "interaction": Interaction,
    "answer": SurveyAnswer,
    "ticket": Ticket,
}
_CORRECTIONS = {
    "correct_line": lambda world, day, number, other: {
        "day": build_day(day),
        **build_shape(world, number, other),
    },
    "move_line": lambda _world, _day, number, _other: {
        "order_key": f"shared {number % 8}",
        "customer": pick(Customer.objects.all(), number),
    },
    "correct_return": lambda _world, _day, number, _other: {
        "order_key": f"shared {number % 8}",
        "quantity": 2,
    },
    "correct_subscription": lambda _world, day, number, other: {
        "started_on": build_day(day),
        "ended_on": build_day(day + number % 9),
        **build_membership(day, number, other),
    },
    "correct_answer": lambda _world, day, number, other: {
        "customer": pick(Customer.objects.all(), number),
        "score": (None, 0, 7)[other % 3],
        "answered_on": build_day(day) if other % 3 else None,
        "day": build_day(day),
    },
    "correct_ticket": lambda _world, day, number, other: {
        "customer": pick(Customer.objects.all(), number),
        **build_ticket(day, number, other),
    },
}
# Orders and merges more often than the rest.
STEPS = [
    *_ON_CUSTOMERS,
    *_CORRECTIONS,
    *("order", "order", "merge", "correct_line"),
    *("remove_line", "remove_return", "remove_subscription"),
    *("remove_interaction", "remove_answer", "remove_ticket"),
]
