"""Finding the customer that a row of a file speaks of, and adding those who are new.

A row with an id of its source is matched by that id alone; other ids are never guessed to be the same person. A row
without an id is matched by e-mail, then by phone with an agreeing or missing name, then by name and birthday
together. Never by name alone: such a row stays anonymous.
"""

from collections.abc import Iterable
from datetime import datetime

from vafa.data.customers.types import Told
from vafa.data.log.actions import take_numbers
from vafa.kit.bulk import insert_rows, select_where_in, take_ids
from vafa.kit.locale.collation import sort_key
from vafa.kit.locale.letters import fold_name, strip_titles

MOST_REMEMBERED = 400_000

CUSTOMER_COLUMNS = (
    "id", "name", "title", "name_folded", "sort_key", "company", "birthday", "location", "joined_on", "tags",
    "custom", "owner_id", "kept_id", "excluded", "import_id", "seq",
)  # fmt: skip


class CustomerFinder:
    """Finds and adds customers for the rows of one source, remembering whom it has met.

    Every call of `find` must be inside a transaction; call `forget` when that transaction was rolled back.
    """

    def __init__(self, source_id: int, import_id: int | None, *, language: str) -> None:
        self.source_id, self.import_id, self.language = source_id, import_id, language
        self.by_key: dict[str, int] = {}
        self.by_traits: dict[tuple[str, str, str, str], int] = {}
        self.added = 0

    def forget(self) -> None:
        """Drop everything remembered."""
        self.by_key.clear()
        self.by_traits.clear()

    def find(self, rows: Iterable[Told]) -> dict[Told, int | None]:
        """The customer of each distinct row, added where new; None for the anonymous."""
        distinct = set(rows)
        if len(self.by_key) + len(self.by_traits) + len(distinct) > MOST_REMEMBERED:
            self.forget()
        found: dict[Told, int | None] = {row: None for row in distinct if row.is_anonymous}
        self._find_by_key([row for row in distinct if row.key], found)
        self._find_by_traits([row for row in distinct if not row.key and not row.is_anonymous], found)
        return found

    def _find_by_key(self, rows: list[Told], found: dict[Told, int | None]) -> None:
        missing = {row.key for row in rows if row.key not in self.by_key}
        if missing:
            select = "SELECT key, customer_id FROM customers_customerkey"
            rows_found = select_where_in(select, "key", missing, "source_id = %s", [self.source_id])
            self.by_key |= {key: int(customer) for key, customer in rows_found}
            best: dict[str, Told] = {}
            for row in sorted(rows):  # the fullest telling of a new customer wins, the same one every time
                if row.key not in self.by_key and sum(map(bool, row)) >= sum(
                    map(bool, best.get(row.key, ()))
                ):
                    best[row.key] = row
            self._add(list(best.values()))
        for row in rows:
            found[row] = self.by_key[row.key]

    def _find_by_traits(self, rows: list[Told], found: dict[Told, int | None]) -> None:
        unknown = [row for row in rows if row[1:] not in self.by_traits]
        if unknown:
            people = _Acquaintances(unknown)
            new: list[Told] = []
            for row in sorted(unknown, key=lambda row: tuple(-len(part) for part in row)):
                if (customer := people.find(row)) is not None:
                    self.by_traits[row[1:]] = customer
                else:
                    people.add(row, -len(new) - 1)
                    self.by_traits[row[1:]] = -len(new) - 1
                    new.append(row)
            ids = self._add(new)
            for row in unknown:
                if (place := self.by_traits[row[1:]]) < 0:
                    self.by_traits[row[1:]] = ids[-place - 1]
        for row in rows:
            found[row] = self.by_traits[row[1:]]

    def _add(self, rows: list[Told]) -> list[int]:
        """Add new customers; returns their ids in the same order."""
        if not rows:
            return []
        ids = list(take_ids("customers_customer", len(rows)))
        first = take_numbers(len(rows))
        insert_rows(
            "customers_customer",
            CUSTOMER_COLUMNS,
            [self._build_row(row, ids[n], first + n) for n, row in enumerate(rows)],
        )
        keys = [
            (self.source_id, row.key, customer) for row, customer in zip(rows, ids, strict=True) if row.key
        ]
        insert_rows("customers_customerkey", ("source_id", "key", "customer_id"), keys)
        points = [
            (kind, value, "", customer)
            for row, customer in zip(rows, ids, strict=True)
            for kind, value in (("email", row.email), ("phone", row.phone))
            if value
        ]
        insert_rows("customers_contactpoint", ("kind", "value", "typed", "customer_id"), points)
        self.by_key |= {row.key: customer for row, customer in zip(rows, ids, strict=True) if row.key}
        self.added += len(rows)
        return ids

    def _build_row(self, row: Told, customer: int, seq: int) -> tuple[object, ...]:
        title, name = strip_titles(row.name)
        return (
            customer, name[:300], title[:60], fold_name(name)[:300], sort_key(name, self.language)[:300], "",
            row.birthday or None, "", None, "[]", "{}", None, None, False, self.import_id, seq,
        )  # fmt: skip


class _Acquaintances:
    """Who has which e-mail, phone, or name and birthday, among those that some rows could mean."""

    def __init__(self, rows: list[Told]) -> None:
        self.names: dict[int, str] = {}
        self.by_point: dict[tuple[str, str], list[int]] = {}
        self.by_birth: dict[tuple[str, str], list[int]] = {}
        points = {row.email for row in rows if row.email} | {row.phone for row in rows if row.phone}
        select = (
            "SELECT p.kind, p.value, c.id, c.name_folded FROM customers_contactpoint p"
            " JOIN customers_customer c ON c.id = p.customer_id"
        )
        for kind, value, customer, name in sorted(
            select_where_in(select, "p.value", points, "p.detached = ''"), key=lambda r: r[2]
        ):
            self.by_point.setdefault((kind, value), []).append(customer)
            self.names[customer] = name
        born = {fold_name(row.name) for row in rows if row.name and row.birthday}
        select = "SELECT name_folded, birthday, id FROM customers_customer"
        for name, birthday, customer in sorted(
            select_where_in(select, "name_folded", born, "birthday IS NOT NULL"), key=lambda r: r[2]
        ):
            self.by_birth.setdefault((name, _iso(birthday)), []).append(customer)

    def find(self, row: Told) -> int | None:
        """The customer that a row without an id means, or None."""
        if row.email and (some := self.by_point.get(("email", row.email))):
            return some[0]
        name = fold_name(row.name)
        if row.phone:
            for customer in self.by_point.get(("phone", row.phone), ()):
                known = self.names.get(customer, "")
                if not name or not known or name == known:
                    return customer
        if name and row.birthday and (some := self.by_birth.get((name, row.birthday))):
            return some[0]
        return None

    def add(self, row: Told, customer: int) -> None:
        """Remember somebody who is about to be added."""
        name = fold_name(row.name)
        self.names[customer] = name
        for kind, value in (("email", row.email), ("phone", row.phone)):
            if value:
                self.by_point.setdefault((kind, value), []).append(customer)
        if name and row.birthday:
            self.by_birth.setdefault((name, row.birthday), []).append(customer)


def _iso(day: object) -> str:
    return day.strftime("%Y-%m-%d") if isinstance(day, datetime) else str(day)
