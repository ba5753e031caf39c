"""Taking a shop's items: each change once, and an older telling never over a newer one."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from vafa.data.catalogue.actions import describe_products, open_product_lines, open_products
from vafa.data.catalogue.queries import list_lines_of_products
from vafa.data.intake.actions import take_things
from vafa.data.intake.types import Arrival, Kind, Outcome, Thing
from vafa.data.log.actions import get_or_add_source
from vafa.data.log.recording import remove_facts
from vafa.data.orders.actions import ORDER_LINES
from vafa.data.orders.queries import list_line_keys
from vafa.data.shops.models import Seen, Shop
from vafa.data.shops.providers import get_provider
from vafa.data.shops.types import Item, Product, Taken

# What shops let people type as they like; an order does not stay out for it.
LENIENT = frozenset({"email", "phone"})


def take_items(shop: Shop, items: Sequence[Item], *, live: bool, by: Any, now: datetime) -> Taken:
    """Take items of a shop. Call it in a transaction."""
    fresh = [item for item in _list_newest(shop, items) if not item.gone]
    taken = Taken()
    _describe([product for item in fresh for product in item.products])
    kinds: tuple[tuple[Kind, list[Thing]], ...] = (
        ("customers", [thing for item in fresh for thing in item.customers]),
        ("orders", _name_lines([thing for item in fresh for thing in item.orders])),
        ("returns", [thing for item in fresh for thing in item.returns]),
    )
    for kind, things in kinds:
        outcomes = _take(shop, kind, things, live=live, by=by, now=now)
        for thing, outcome in zip(things, outcomes, strict=True):
            if outcome.state == "rejected":
                told = [_tell(kind, thing, problem) for problem in outcome.problems]
                # Each line of an order says the same of what the order lacks.
                taken.problems += [one for place, one in enumerate(told) if one not in told[:place]]
        taken.counts |= Counter(f"{kind}.{outcome.state}" for outcome in outcomes)
    _remove(shop, [item.number for item in items if item.gone and item.kind == "orders"])
    _note_seen(shop, fresh)
    return taken


def _list_newest(shop: Shop, items: Iterable[Item]) -> list[Item]:
    """The items whose change is not older than the newest that was taken; of two of one number the newer."""
    best: dict[tuple[str, str], Item] = {}
    for item in items:
        place = (item.kind, item.number)
        other = best.get(place)
        if other is None or _is_not_older(item.changed_at, other.changed_at):
            best[place] = item
    seen = {
        (one.kind, one.number): one.changed_at
        for one in Seen.objects.filter(shop=shop, number__in={number for _kind, number in best})
    }
    return [item for place, item in best.items() if _is_not_older(item.changed_at, seen.get(place))]


def _is_not_older(changed: datetime | None, known: datetime | None) -> bool:
    return changed is None or known is None or changed >= known


def _note_seen(shop: Shop, items: Iterable[Item]) -> None:
    Seen.objects.bulk_create(
        [
            Seen(shop=shop, kind=item.kind, number=item.number, changed_at=item.changed_at)
            for item in items
            if item.changed_at is not None
        ],
        update_conflicts=True,
        unique_fields=["shop", "kind", "number"],
        update_fields=["changed_at"],
        batch_size=500,
    )


def _take(
    shop: Shop, kind: Kind, things: list[Thing], *, live: bool, by: Any, now: datetime
) -> list[Outcome]:
    """Bring things in; what is refused for a phone or address alone is brought without it."""
    if not things:
        return []
    statuses = get_provider(shop.provider).STATUSES

    def bring(some: list[Thing]) -> list[Outcome]:
        return take_things(Arrival(kind, shop.source_name, some, live, statuses), by=by, now=now)

    outcomes = bring(things)
    again = [
        place
        for place, outcome in enumerate(outcomes)
        if outcome.problems and all(problem.field in LENIENT for problem in outcome.problems)
    ]
    if again:
        bare = [_leave_out(things[place], {one.field for one in outcomes[place].problems}) for place in again]
        for place, outcome in zip(again, bring(bare), strict=True):
            outcomes[place] = outcome
    return outcomes


def _leave_out(thing: Thing, names: set[str]) -> Thing:
    rows = tuple({name: value for name, value in row.items() if name not in names} for row in thing.rows)
    return replace(thing, rows=rows)


def _name_lines(orders: list[Thing]) -> list[Thing]:
    """The orders, each line with the product line that its product has in the shop."""
    codes = {row["product"] for thing in orders for row in thing.rows if row.get("product")}
    lines = list_lines_of_products(codes)
    return [
        replace(
            thing,
            rows=tuple(
                row | {"product_line": lines[row["product"]]} if row.get("product") in lines else row
                for row in thing.rows
            ),
        )
        for thing in orders
    ]


def _describe(products: list[Product]) -> None:
    """Tell the catalogue what the shop's products are called and where they belong."""
    told = {product.code[:300]: product for product in products if product.code}
    if not told:
        return
    ids = open_products().ids(set(told))
    lines = open_product_lines().ids({one.line[:200] for one in told.values() if one.line})
    describe_products(
        {ids[code]: one.name for code, one in told.items() if one.name},
        {ids[code]: lines[one.line[:200]] for code, one in told.items() if one.line},
    )


def _remove(shop: Shop, orders: list[str]) -> None:
    """Take away the orders that the shop has deleted."""
    if orders:
        source = get_or_add_source(shop.source_name).pk
        remove_facts(ORDER_LINES, [line.row for line in list_line_keys(source, orders)])


def _tell(kind: str, thing: Thing, problem: Any) -> dict[str, str]:
    """Why something stayed out: which, the field, the code. No value, which could be anybody's."""
    row = thing.rows[0]
    number = row.get("return") or row.get("order") or row.get("customer") or ""
    return {"kind": kind, "number": number, "field": problem.field, "code": problem.code}
