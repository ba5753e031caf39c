"""What an import has seen, beside what it did: the lines of its summary."""

from collections import Counter
from typing import Any

from vafa.data.customers.types import Told
from vafa.data.log.recording import FactRow


class Tally:
    """Counts over the rows that went in."""

    def __init__(self) -> None:
        # Rows of an order and product that an earlier row names too; whole rows alike are counted elsewhere.
        self.repeats = 0
        self.anonymous = 0
        self.name_only = 0
        self.not_counted = 0
        self.not_positive = 0
        self.first_day = ""
        self.last_day = ""
        self.amounts: Counter[str] = Counter()

    def add_orders(self, rows: list[FactRow], told: list[Told], good: list[int]) -> None:
        """Count a batch of order lines (key, *ORDER_LINES.columns)."""
        for row in rows:
            if not row[15]:
                self.not_counted += 1
            if row[8] <= 0 or row[9] <= 0:
                self.not_positive += 1
            self.amounts[row[10]] += row[9]
        if any(row[2] is None for row in rows):
            for row, place in zip(rows, good, strict=True):
                if row[2] is None:
                    self.anonymous += 1
                    self.name_only += bool(told[place].name)
        self.add_facts([row[4] for row in rows])

    def add_facts(self, days: list[str]) -> None:
        """Count the days of a batch of facts."""
        if days:
            self.first_day = min([self.first_day or days[0], *days])
            self.last_day = max([self.last_day, *days])

    def to_json(self) -> dict[str, Any]:
        """As plain values; amounts are in currency units."""
        return {
            "repeated_keys": self.repeats,
            "anonymous": self.anonymous,
            "name_only": self.name_only,
            "not_counted": self.not_counted,
            "not_positive": self.not_positive,
            "first_day": self.first_day,
            "last_day": self.last_day,
            "amounts": {unit: amount / 10_000 for unit, amount in self.amounts.items()},
        }
