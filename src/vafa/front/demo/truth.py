"""What is true of the demo: who was there when each month began, who left in it, and how many were to be expected.

A measured rate differs from the expected one by chance, since people left by the throw of a die; the true number of
leavers it must meet exactly.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from vafa.front.demo.calendar import Month, Story
from vafa.front.demo.lifetimes import TrueSpell
from vafa.front.demo.people import Person
from vafa.front.demo.rates import CLUB_RULE, SHOP_RULE


@dataclass(frozen=True)
class TrueRate:
    """Customers at the start of months, added up; how many of them left in their month, and how many were to be
    expected to by the rates that the demo is drawn from."""

    start: int
    lost: int
    expected: float

    @property
    def lost_share(self) -> float:
        """The churn rate that the pages must show (0..1)."""
        return self.lost / self.start

    @property
    def expected_share(self) -> float:
        """The churn rate behind it (0..1)."""
        return self.expected / self.start


@dataclass(frozen=True)
class DemoTruth:
    """The truth of one demo business. Rules are the activity rules under which it holds."""

    story: Story
    people: tuple[Person, ...]
    shop_rule: str = SHOP_RULE
    club_rule: str = CLUB_RULE

    @property
    def data_until(self) -> date:
        """The first day that is not told of."""
        return date.fromordinal(self.story.data_until)

    def get_last_months(self, count: int) -> tuple[Month, ...]:
        """The last whole months."""
        return self.story.whole_months[-count:]

    def count_shop(
        self, months: Iterable[Month], location: str | None = None, taste: str | None = None
    ) -> TrueRate:
        """The churn of the shops' customers, of all or of a location or taste, added up over months."""
        spells = [
            spell
            for person in self.people
            if location in (None, person.branch.name) and taste in (None, person.taste.name)
            for spell in person.shop_spells
        ]
        return self._count(spells, months)

    def count_club(self, months: Iterable[Month], plan: str | None = None) -> TrueRate:
        """The churn of the club's members, of all or of a plan, added up over months."""
        spells = [
            spell
            for person in self.people
            if person.plan is not None and plan in (None, person.plan.name)
            for spell in person.club_spells
        ]
        return self._count(spells, months)

    def list_shop_leavers(self, month: Month) -> set[str]:
        """The shop's numbers of the customers who left in a month."""
        return {
            person.key
            for person in self.people
            for spell in person.shop_spells
            if spell.start < month.start < spell.end <= month.end
        }

    def _count(self, spells: list[TrueSpell], months: Iterable[Month]) -> TrueRate:
        start = lost = 0
        expected = 0.0
        places = {month.start: place for place, month in enumerate(self.story.months)}
        for month in months:
            there = [spell for spell in spells if spell.start < month.start < spell.end]
            start += len(there)
            lost += sum(spell.end <= month.end for spell in there)
            expected += sum(spell.risks.get(places[month.start], 0.0) for spell in there)
        return TrueRate(start, lost, expected)
