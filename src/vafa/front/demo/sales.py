"""Laying purchases into the spells of the shops' customers, and filling the baskets.

A spell of purchases is told by its first and last purchase and by nothing in between being further apart than the
activity rule's window: so the measured spell is the drawn one, to the day.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from vafa.front.demo.calendar import Seasons, Story
from vafa.front.demo.goods import (
    BEANS,
    CAPSULES,
    DRINKS,
    GEAR,
    GIFTS,
    GROUND,
    Product,
    get_price,
    list_products,
)
from vafa.front.demo.people import Person
from vafa.front.demo.rates import BRANCHES, Branch

# Below the window of the activity rule, so that nobody who stays is taken for lost.
LONGEST_GAP_DAYS = 80
OTHER_BRANCH_SHARE = 0.08
FAILED_SHARE = 0.015
CANCELLED_SHARE = 0.004
ANONYMOUS_SHARE = 0.05
PART_RETURNED_SHARE = 0.02
PAID, FAILED, ONLINE_PAID = "پرداخت شده", "ناموفق", "ارسال شده"
RETURN_REASONS = ("بسته‌بندی آسیب‌دیده", "سفارش اشتباه", "طعم دلخواه نبود", "تأخیر در ارسال")
_BY_LINE = {line: list_products(line) for line in (BEANS, GROUND, CAPSULES, DRINKS, GEAR, GIFTS)}
_WEIGHTS = {line: [product.weight for product in products] for line, products in _BY_LINE.items()}
_ONLINE = next(branch for branch in BRANCHES if branch.online)


@dataclass(frozen=True)
class Line:
    """One line of an order; amounts in toman, of the whole line."""

    product: Product
    quantity: int
    amount: int
    discount: int


@dataclass(frozen=True)
class Order:
    """An order of a day; `person` is None for a sale without a customer. `returned` are the lines that came back."""

    day: int
    minute: int
    person: Person | None
    branch: Branch
    lines: tuple[Line, ...]
    status: str
    returned: tuple[Line, ...] = ()
    returned_day: int = 0
    reason: str = ""


def draw_orders(story: Story, people: list[Person], seed: str) -> list[Order]:
    """All orders before the end of data, in order of time."""
    seasons = Seasons(story)
    orders = [order for person in people for order in _draw_orders_of(story, seasons, person, seed)]
    anonymous = Random(f"{seed}:anonymous")  # noqa: S311 - a story, not a secret
    orders += [
        _draw_order(anonymous, story, order.day, None, order.branch)
        for order in orders
        if not order.branch.online and anonymous.random() < ANONYMOUS_SHARE
    ]
    return sorted(
        orders, key=lambda order: (order.day, order.minute, order.person.number if order.person else -1)
    )


def _draw_orders_of(story: Story, seasons: Seasons, person: Person, seed: str) -> Iterator[Order]:
    random = Random(f"{seed}:orders:{person.number}")  # noqa: S311 - a story, not a secret
    for spell in person.shop_spells:
        for day in list_purchase_days(random, seasons, person, spell.start, spell.last_purchase):
            if day >= story.data_until:
                return
            order = _draw_order(random, story, day, person, _choose_branch(random, story, person, day))
            yield _return_some(random, story, order)
            if random.random() < FAILED_SHARE:
                yield _draw_order(random, story, day, person, person.branch, status=FAILED)
            if random.random() < CANCELLED_SHARE:
                yield _cancel(_draw_order(random, story, day, person, person.branch), story)


def list_purchase_days(random: Random, seasons: Seasons, person: Person, first: int, last: int) -> list[int]:
    """The days on which a customer buys: the first, the last, and between them at their own rhythm, never further
    apart than LONGEST_GAP_DAYS. Deterministic only together with all draws before it."""
    chinese = person.name.culture == "zh"
    days = [first]
    while True:
        gap = random.gammavariate(2.2, person.days_between / 2.2) / seasons.get(days[-1], chinese=chinese)
        day = days[-1] + max(1, min(LONGEST_GAP_DAYS, round(gap)))
        if day >= last:
            break
        days.append(day)
    return days if last == first else [*days, last]


def _choose_branch(random: Random, story: Story, person: Person, day: int) -> Branch:
    """Mostly the own branch; now and then another one that is open by then."""
    if random.random() >= OTHER_BRANCH_SHARE:
        return person.branch
    open_by_then = [branch for branch in BRANCHES if story.months[branch.opens].start <= day]
    return random.choice(open_by_then)


def _draw_order(
    random: Random, story: Story, day: int, person: Person | None, branch: Branch, status: str = ""
) -> Order:
    months = story.find_month(day)
    discounted = story.months[months].number in (9, 12) and random.random() < 0.3
    lines = _list_basket(random, person, months, discounted=discounted, online=branch.online)
    minute = (
        random.randrange(24 * 60) if branch.online else 8 * 60 + int(random.triangular(0, 15 * 60, 10 * 60))
    )
    return Order(day, minute, person, branch, lines, status or (ONLINE_PAID if branch.online else PAID))


def _list_basket(
    random: Random, person: Person | None, months: int, *, discounted: bool, online: bool
) -> tuple[Line, ...]:
    own = person.taste.line if person else DRINKS
    wanted = [own if random.random() < 0.75 else random.choice((BEANS, GROUND, CAPSULES, DRINKS))]
    if random.random() < 0.40:
        wanted.append(DRINKS)
    if random.random() < 0.14:
        wanted.append(GEAR)
    if random.random() < 0.08:
        wanted.append(GIFTS)
    if online and wanted != [DRINKS]:
        # Nobody has a latte sent home.
        wanted = [line for line in wanted if line != DRINKS] or [BEANS]
    return tuple(_draw_line(random, line, months, discounted) for line in wanted)


def _draw_line(random: Random, line: str, months: int, discounted: bool) -> Line:
    product = random.choices(_BY_LINE[line], _WEIGHTS[line])[0]
    quantity = random.choices((1, 2, 3, 4), (70, 20, 7, 3))[0]
    price = get_price(product.base_price, months)
    return Line(product, quantity, price * quantity, price * quantity // 10 if discounted else 0)


def _return_some(random: Random, story: Story, order: Order) -> Order:
    """Let one line of a larger order come back: money changes, the customer has bought all the same."""
    if len(order.lines) < 2 or random.random() >= PART_RETURNED_SHARE:
        return order
    return _give_back(order, order.lines[-1:], story, random.choice(RETURN_REASONS))


def _cancel(order: Order, story: Story) -> Order:
    """Take an order back whole: as if it had never been a purchase."""
    return _give_back(order, order.lines, story, "لغو سفارش")


def _give_back(order: Order, lines: tuple[Line, ...], story: Story, reason: str) -> Order:
    back = min(order.day + 2, story.data_until - 1)
    return Order(
        order.day, order.minute, order.person, order.branch, order.lines, order.status, lines, back, reason
    )
