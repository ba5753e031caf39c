"""What an import has seen, beside what it did: the lines of its summary."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from vafa.data.customers.types import Told


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
        # Of the prices of subscriptions, which recur: adding them up would mean nothing.
        self.price_currencies: set[str] = set()
        # Answers by kind of question, invitations that had none, and rows of either that belong to nobody.
        self.answers: Counter[str] = Counter()
        self.invitations = 0
        self.nobodies = 0

    def add_orders(self, columns: Sequence[Sequence[Any]], told: list[Told]) -> None:
        """Count a batch of order lines, given as columns (key, *ORDER_LINES.columns)."""
        customers, days, quantities, amounts, currencies, counts = (columns[n] for n in (2, 4, 8, 9, 10, 15))
        self.not_counted += counts.count(False)
        if days and (min(quantities) <= 0 or min(amounts) <= 0):
            self.not_positive += sum(q <= 0 or a <= 0 for q, a in zip(quantities, amounts, strict=True))
        if len(set(currencies)) == 1:
            self.amounts[currencies[0]] += sum(amounts)
        else:
            for currency, amount in zip(currencies, amounts, strict=True):
                self.amounts[currency] += amount
        if None in customers:
            nobodies = [person for person, known in zip(told, customers, strict=True) if known is None]
            self.anonymous += len(nobodies)
            self.name_only += sum(bool(person.name) for person in nobodies)
        self.add_facts(days)

    @property
    def currencies(self) -> list[str]:
        """The currencies of all money that went in."""
        return sorted({*self.amounts, *self.price_currencies})

    def add_prices(self, prices: Sequence[tuple[Any, str]]) -> None:
        """Note the currencies of prices; an unknown price has none."""
        self.price_currencies.update(currency for price, currency in prices if price is not None)

    def add_facts(self, days: Sequence[str]) -> None:
        """Count the days of a batch of facts."""
        if days:
            first, last = min(days), max(days)
            self.first_day = min(self.first_day or first, first)
            self.last_day = max(self.last_day, last)

    def add_answers(self, kinds: Sequence[str], *, invitations: int, nobodies: int) -> None:
        """Count a batch of answers by their kind of question."""
        self.answers.update(kinds)
        self.invitations += invitations
        self.nobodies += nobodies

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
            "answers": dict(self.answers),
            "invitations": self.invitations,
            "nobodies": self.nobodies,
        }
