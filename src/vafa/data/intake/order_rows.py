"""Rows of an orders file -> order lines, and rows of a returns file -> return lines."""

from collections.abc import Callable
from typing import Any

from vafa.data.catalogue.actions import (
    Names,
    describe_products,
    open_locations,
    open_product_lines,
    open_products,
)
from vafa.data.customers.actions import CustomerFinder
from vafa.data.intake.occurrences import Occurrences
from vafa.data.intake.parsing import CellProblem
from vafa.data.intake.reading.status import guess_status
from vafa.data.intake.tally import Tally
from vafa.data.intake.typed_rows import TypedBatch
from vafa.data.log.recording import FactRow
from vafa.data.orders.actions import SEPARATOR
from vafa.kit.fields import SCALE


class OrderRows:
    """Turns batches of an orders file into rows for `orders.actions.record_order_lines`."""

    def __init__(self, finder: CustomerFinder, tally: Tally) -> None:
        self.finder, self.tally = finder, tally
        self.occurrences = Occurrences()
        self.products, self.lines, self.locations = open_products(), open_product_lines(), open_locations()
        self.described: dict[int, tuple[str, int | None]] = {}

    def build(self, batch: TypedBatch) -> list[FactRow]:
        """The good rows of a batch. Adds customers and catalogue names as needed: call it in a transaction."""
        moments, amounts, quantities = batch.column("at"), _amounts(batch), batch.column("quantity")
        blame_missing(batch, "at", moments)
        blame_missing(batch, "amount" if "amount" in batch.values else "price", amounts)
        orders, keys = build_keys(batch, self.occurrences, self.tally)
        told = batch.told()
        good = [place for place in range(len(batch.lines)) if place not in batch.bad]
        customers = self.finder.find({told[place] for place in good})
        products = batch.texts_of("product")
        product_names = batch.texts_of("product_name")
        if "product" not in batch.values:
            products = [name[:300] for name in product_names]
        product_lines, locations = batch.texts_of("product_line"), batch.texts_of("location")
        product_of = _ids(self.products, products, good)
        line_of = _ids(self.lines, product_lines, good)
        location_of = _ids(self.locations, locations, good)
        self._describe(products, product_names, product_lines, product_of, line_of)
        unit = batch.plan.unit
        statuses = batch.texts_of("status")
        counts = {status: self._counts(batch, status) for status in set(statuses)}
        pick = _build_picker(good, len(batch.lines))
        days, ats = _split_pairs(pick(moments))
        columns = (
            pick(keys),
            pick(orders),
            list(map(customers.__getitem__, pick(told))),
            ats,
            days,
            list(map(product_of.get, pick(products))),
            list(map(line_of.get, pick(product_lines))),
            list(map(location_of.get, pick(locations))),
            [SCALE if quantity is None else quantity for quantity in pick(quantities)],
            pick(amounts),
            [currency or unit for currency in pick(batch.column("currency"))],
            pick(batch.column("discount")),
            pick(batch.column("tax")),
            pick(batch.column("shipping")),
            pick(statuses),
            list(map(counts.__getitem__, pick(statuses))),
            pick(batch.custom()),
        )
        self.tally.add_orders(columns, pick(told))
        return list(zip(*columns, strict=True))

    def _counts(self, batch: TypedBatch, status: str) -> bool:
        known = batch.plan.statuses.get(status)
        return guess_status(status) != "not" if known is None and status else known is not False

    def _describe(
        self,
        products: list[str],
        names: list[str],
        product_lines: list[str],
        product_of: dict[str, int],
        line_of: dict[str, int],
    ) -> None:
        """Tell the catalogue what products are called and where they belong, once for each."""
        if not any(names) and not any(product_lines):
            return
        new: dict[int, tuple[str, int | None]] = {}
        for product, name, line in dict.fromkeys(zip(products, names, product_lines, strict=True)):
            if product and (product_id := product_of.get(product, 0)):
                known = self.described.get(product_id, ("", None))
                # The first that the file tells, wherever it is cut into batches.
                best = (known[0] or name, known[1] or line_of.get(line))
                if best != known:
                    self.described[product_id] = new[product_id] = best
        if new:
            describe_products(
                {product: name for product, (name, _line) in new.items() if name},
                {product: line for product, (_name, line) in new.items() if line is not None},
            )


class ReturnRows:
    """Turns batches of a returns file into rows for `orders.actions.record_return_lines`."""

    def __init__(self, finder: CustomerFinder, tally: Tally) -> None:
        self.finder, self.tally = finder, tally
        self.occurrences = Occurrences()
        self.products = open_products()

    def build(self, batch: TypedBatch) -> list[FactRow]:
        """The good rows of a batch; quantities and amounts are given back as positive numbers."""
        moments, orders = batch.column("at"), batch.texts_of("order")
        blame_missing(batch, "at", moments)
        products, returns = batch.texts_of("product"), batch.texts_of("return")
        told = batch.told()
        heads = [
            number or f"{order}@{person.key or person.email or person.phone}@{moment and moment[0]}"
            for number, order, person, moment in zip(returns, orders, told, moments, strict=True)
        ]
        keys = _number(batch, heads, products, self.occurrences, self.tally)
        good = [place for place in range(len(batch.lines)) if place not in batch.bad]
        customers = self.finder.find(told[place] for place in good)
        product_of = _ids(self.products, products, good)
        quantities, amounts, currencies = (
            batch.column("quantity"),
            batch.column("amount"),
            batch.column("currency"),
        )
        reasons, custom = batch.texts_of("reason"), batch.custom()
        rows = [
            (
                keys[n], orders[n], customers[told[n]], moments[n][1], moments[n][0], product_of.get(products[n]),
                _positive(quantities[n]), _positive(amounts[n]), currencies[n] or batch.plan.unit,
                reasons[n][:300], custom[n],
            )
            for n in good
        ]  # fmt: skip
        self.tally.add_facts([row[4] for row in rows])
        return rows


def build_keys(batch: TypedBatch, occurrences: Occurrences, tally: Tally) -> tuple[list[str], list[str]]:
    """The order and the key of each row. Without an order number each row is an order of its own: its customer, its
    moment, and which such row it is."""
    orders, products = batch.texts_of("order"), batch.texts_of("product")
    if "product" not in batch.values:
        products = batch.texts_of("product_name")
    if "order" in batch.values:
        for place, order in enumerate(orders) if "" in orders else ():
            if not order:
                batch.blame(place, "order", CellProblem("missing_value", field=batch.plan.mapping["order"]))
        return orders, _number(batch, orders, products, occurrences, tally)
    people = [person.key or person.email or person.phone for person in batch.told()]
    moments = [moment and (moment[1] or moment[0]) for moment in batch.column("at")]
    heads = [f"{person}@{moment}" for person, moment in zip(people, moments, strict=True)]
    keys = _number(batch, heads, products, occurrences, tally)
    return [key.replace(SEPARATOR, "#")[:200] for key in keys], keys


def _number(
    batch: TypedBatch, heads: list[str], products: list[str], occurrences: Occurrences, tally: Tally
) -> list[str]:
    """The key of each row: head, product, and which repetition of the two it is. Bad rows are counted as well, so
    that a mended file numbers its rows alike; a row of a mended file of rejects brings its number with it."""
    stems = [f"{head}{SEPARATOR}{product}" for head, product in zip(heads, products, strict=True)]
    brought = batch.brought_occurrences()
    if brought is None:
        batch.occurrences = occurrences.number(stems)
    else:
        pairs = zip(stems, brought, strict=True)
        batch.occurrences = [occurrences.note(stem, n) if n else occurrences.next(stem) for stem, n in pairs]
    tally.repeats += sum(map((1).__lt__, batch.occurrences))
    return [f"{stem}{SEPARATOR}{count}" for stem, count in zip(stems, batch.occurrences, strict=True)]


def _amounts(batch: TypedBatch) -> list[Any]:
    """The money of each row: as told, else quantity (one, where none is told) times price."""
    amounts = batch.column("amount")
    if "price" not in batch.values:
        return amounts
    prices = batch.column("price")
    times = _Times()
    products = list(map(times.__getitem__, zip(batch.column("quantity"), prices, strict=True)))
    if "amount" not in batch.values:
        return products
    return [product if amount is None else amount for amount, product in zip(amounts, products, strict=True)]


class _Times(dict[tuple[int | None, int | None], int | None]):
    """Quantity (one, where none is told) times price, both in ten-thousandths, halves to even; worked out once for
    each pair. Unknown where the price is."""

    def __missing__(self, pair: tuple[int | None, int | None]) -> int | None:
        quantity, price = pair
        found = price
        if quantity is not None and price is not None:
            whole, rest = divmod(quantity * price, SCALE)
            found = whole + (rest * 2 > SCALE or (rest * 2 == SCALE and whole % 2 == 1))
        self[pair] = found
        return found


def blame_missing(batch: TypedBatch, name: str, column: list[Any]) -> None:
    if None not in column:
        return
    for place, value in enumerate(column):
        if value is None:
            batch.blame(place, name, CellProblem("missing_value", field=batch.plan.mapping.get(name, name)))


def _build_picker(good: list[int], rows: int) -> Callable[[list[Any]], list[Any]]:
    """What keeps the good rows' places of a column; the column itself where all are good."""
    if len(good) == rows:
        return lambda column: column
    return lambda column: [column[place] for place in good]


def _split_pairs(pairs: list[tuple[Any, Any]]) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    first, second = zip(*pairs, strict=True) if pairs else ((), ())
    return first, second


def _ids(names: Names, texts: list[str], good: list[int]) -> dict[str, int]:
    wanted = {texts[place] for place in good}
    wanted.discard("")
    return names.ids(wanted)


def _positive(value: int | None) -> int | None:
    return None if value is None else abs(value)
