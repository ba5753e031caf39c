"""The demo's customers: who they are, where and when they first came, how long they stayed."""

from dataclasses import dataclass, replace
from datetime import date
from random import Random

from vafa.front.demo.calendar import Month, Story, write_iso
from vafa.front.demo.lifetimes import TrueSpell, draw_club_spells, draw_shop_spells
from vafa.front.demo.names import Name, draw_name
from vafa.front.demo.rates import (
    ARRIVAL_FACTORS,
    BRANCHES,
    MEMBER_SHARE,
    PLANS,
    STORY_MONTHS,
    TASTES,
    Branch,
    Plan,
    Taste,
)

CLUB_ONLY_SHARE = 0.05
SECOND_CARDS = 15
# Set aside for examples: mail to them reaches nobody.
DOMAINS = ("example.com", "example.net", "example.org")
# A number inside a city of Iran never begins with 0, the prefix of other cities: these can belong to nobody.
UNASSIGNED = "0"
# How much faster than the months before each month wins customers.
GROWTH_A_MONTH = 0.012


@dataclass(frozen=True)
class Person:
    """A customer. `shop_spells` are of purchases, `club_spells` of the subscription; either may be missing."""

    number: int
    name: Name
    branch: Branch
    taste: Taste
    email: str
    phone: str
    birthday: str
    days_between: float
    shop_spells: tuple[TrueSpell, ...]
    plan: Plan | None
    club_spells: tuple[TrueSpell, ...]
    second_card: bool = False

    @property
    def key(self) -> str:
        """The number by which the shop knows this customer."""
        return f"H{100_000 + self.number}"

    @property
    def joined(self) -> int:
        """The day of the first purchase or membership (ordinal)."""
        return min(spell.start for spell in (*self.shop_spells, *self.club_spells))


def draw_people(story: Story, count: int, seed: str) -> list[Person]:
    """So many customers, the same ones for the same seed and story."""
    arrivals = _list_arrivals(story)
    weights = [weight for _branch, _month, weight in arrivals]
    people = [_draw_person(story, number, f"{seed}:{number}", arrivals, weights) for number in range(count)]
    return _give_second_cards(people, Random(f"{seed}:cards"))  # noqa: S311 - a story, not a secret


def _list_arrivals(story: Story) -> list[tuple[Branch, Month, float]]:
    """Where and when somebody may first come, and how likely that is."""
    arrivals = []
    for branch in BRANCHES:
        for place, month in enumerate(story.months[: STORY_MONTHS + 1]):
            told_share = min(1.0, (story.data_until - month.start) / (month.end - month.start))
            if place < branch.opens or told_share <= 0:
                continue
            ramp = min(1.0, 0.4 + (place - branch.opens) * 0.12)
            growth = (1 + GROWTH_A_MONTH) ** place
            weight = branch.weight * ARRIVAL_FACTORS[month.number - 1] * ramp * growth * told_share
            arrivals.append((branch, month, weight))
    return arrivals


def _draw_person(
    story: Story, number: int, seed: str, arrivals: list[tuple[Branch, Month, float]], weights: list[float]
) -> Person:
    random = Random(seed)  # noqa: S311 - a story, not a secret
    branch, month, _weight = random.choices(arrivals, weights)[0]
    first_day = random.randrange(month.start, min(month.end, story.data_until))
    name = draw_name(random)
    taste = random.choices(TASTES, [taste.weight for taste in TASTES])[0]
    club_only = random.random() < CLUB_ONLY_SHARE
    spells = [] if club_only else draw_shop_spells(random, story, first_day, branch, taste)
    plan, club_spells = _draw_membership(random, story, first_day, spells)
    return Person(
        number=number,
        name=name,
        branch=branch,
        taste=taste,
        # The club knows its members by e-mail, not by the shop's numbers.
        email=_draw_email(random, name, number) if plan or random.random() < 0.55 else "",
        phone=_draw_phone(random, branch) if random.random() < 0.92 else "",
        birthday=_draw_birthday(random) if random.random() < 0.4 else "",
        days_between=max(7.0, min(50.0, random.lognormvariate(3.35, 0.45))),
        shop_spells=tuple(spells),
        plan=plan,
        club_spells=tuple(club_spells),
    )


def _draw_membership(
    random: Random, story: Story, first_day: int, shop_spells: list[TrueSpell]
) -> tuple[Plan | None, list[TrueSpell]]:
    if shop_spells and random.random() >= MEMBER_SHARE:
        return None, []
    plan = random.choices(PLANS, [plan.weight for plan in PLANS])[0]
    start = first_day + (random.randint(14, 240) if shop_spells else 0)
    if start >= story.data_until:
        return None, []  # never without shop spells: they begin before the end of data
    return plan, draw_club_spells(random, story, start, plan)


def _draw_email(random: Random, name: Name, number: int) -> str:
    return f"{name.latin}{number}@{random.choice(DOMAINS)}"


def _draw_phone(random: Random, branch: Branch) -> str:
    return f"{branch.city_code}{UNASSIGNED}{random.randrange(10_000_000):07d}"


def _draw_birthday(random: Random) -> str:
    return write_iso(random.randrange(date(1955, 1, 1).toordinal(), date(2005, 1, 1).toordinal()))


def _give_second_cards(people: list[Person], random: Random) -> list[Person]:
    """Let a few customers be somebody met before, who took a second card: the shop knows them twice."""
    among = [person for person in people if person.shop_spells and person.plan is None and person.phone]
    if len(among) < 4 * SECOND_CARDS:
        return people
    chosen = random.sample(among, 2 * SECOND_CARDS)
    firsts = {second.number: first for first, second in zip(chosen[::2], chosen[1::2], strict=True)}
    return [
        replace(
            person,
            name=first.name,
            phone=first.phone,
            email="",
            birthday=first.birthday,
            second_card=True,
        )
        if (first := firsts.get(person.number))
        else person
        for person in people
    ]
