"""A snapshot that holds only the facts of one group of an order's, a subscription's, an answer's or a ticket's field.

So a table of two fields crossed needs no code of its own: the one field narrows the snapshot, the other groups it.
A group of a customer's field needs none of this: its members are a set like any other.
"""

from collections.abc import Iterable
from datetime import date
from functools import cached_property

import duckdb
from pyroaring import BitMap

from vafa.lab.rules import ActivityRule, LearnedWindow
from vafa.lab.spells import Ints, build_first_starts
from vafa.warehouse import groups as grouping
from vafa.warehouse.people import People
from vafa.warehouse.published import Floats
from vafa.warehouse.purchases import Purchases
from vafa.warehouse.snapshot import Snapshot
from vafa.warehouse.types import SUBSCRIPTION_DIMENSIONS, Group

# A return that doesn't say of which product counts where its order does.
_SENT_BACK = (
    "order_no IN (SELECT order_no FROM facts)"
    " AND (product = 0 OR (order_no, product) IN (SELECT (order_no, product) FROM facts))"
)


class NarrowedSnapshot(Snapshot):
    """The facts of one group. Customers, their numbers and the end of data are those of the whole."""

    def __init__(self, whole: Snapshot, group: Group) -> None:
        super().__init__(whole._folder, whole._manifest)
        self._whole = whole
        self._group = group

    def learned_window(self) -> LearnedWindow:
        """The whole's: who counts as active doesn't change with what is looked at."""
        return self._whole.learned_window()

    def with_rows(self, start: date, end: date, group: Group | None = None) -> BitMap:
        """Customers with any order row of the group on a day of [start, end)."""
        if group is None or grouping.is_of_customer(group):
            return self._narrow(self._whole.with_rows(start, end, self._group), group)
        return super().with_rows(start, end, group)

    def list_dimensions(self) -> tuple[str, ...]:
        """The whole's: a field with one value left in this group is still a field to split by."""
        return self._whole.list_dimensions()

    def list_voice_dimensions(self) -> tuple[str, ...]:
        """The whole's likewise."""
        return self._whole.list_voice_dimensions()

    def has_day_sets(self, dimension: str) -> bool:
        """None are kept of a group within a group."""
        return False

    def published(self, name: str) -> Floats | None:
        """The whole's: a score is of a customer, not of a group's facts."""
        return self._whole.published(name)

    @cached_property
    def _people(self) -> People:
        return self._whole._people

    @cached_property
    def _root(self) -> duckdb.DuckDBPyConnection:
        connection = super()._root
        for statement in self._build_views():
            connection.execute(statement).fetchall()
        return connection

    def _build_views(self) -> list[str]:
        if self._group.dimension in SUBSCRIPTION_DIMENSIONS:
            wanted = f"plan = {_quote(self._group.value)}"
            return [
                "ALTER VIEW subscriptions RENAME TO all_plans",
                f"CREATE VIEW subscriptions AS FROM all_plans WHERE {wanted}",
            ]
        if self._group.dimension in grouping.VOICE_COLUMNS:
            view, column = grouping.VOICE_COLUMNS[self._group.dimension]
            return [
                f"ALTER VIEW {view} RENAME TO all_told_{view}",
                f"CREATE VIEW {view} AS FROM all_told_{view} WHERE {column} = {_quote(self._group.value)}",
            ]
        condition, value = grouping.build_line_condition(self._group)
        return [
            "ALTER VIEW facts RENAME TO all_facts",
            f"CREATE VIEW facts AS FROM all_facts WHERE {condition.replace('?', _quote(value))}",
            "ALTER VIEW returns RENAME TO all_sent_back",
            f"CREATE VIEW returns AS FROM all_sent_back WHERE {_SENT_BACK}",
        ]

    def _purchases(self, group: Group | None) -> Purchases:
        if group is None or grouping.is_of_customer(group):
            return self._whole._purchases(self._group)
        return super()._purchases(group)

    def _build_first_starts(self, rule: ActivityRule, group: Group | None) -> Ints:
        if rule.kind == "purchase":
            return super()._build_first_starts(rule, group)
        return build_first_starts(self._build_spells(rule, group), self.numbers)

    def _list_joined(self) -> Iterable[tuple[int, BitMap]]:
        """Within a group a customer is new who first came in it: the day of joining is no purchase of it."""
        return ()


def _quote(text: str) -> str:
    """A text as SQL writes it: views take no parameters."""
    return "'" + text.replace("'", "''") + "'"
