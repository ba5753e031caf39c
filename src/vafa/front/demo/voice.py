"""What the demo's customers say and ask: a survey each month, tickets, and a question or two after each ticket.

Who is about to leave is less content beforehand, and asks for help more often: so dissatisfied customers leave more
often than content ones, as they do in life.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from vafa.front.demo.calendar import Story
from vafa.front.demo.contacts import STAFF
from vafa.front.demo.people import Person

INVITED_SHARE, ANSWER_SHARE = 0.1, 0.35
DAYS_BETWEEN_TICKETS = 420
TICKET_BEFORE_LEAVING_SHARE = 0.35
AFTER_TICKET_SHARE = 0.4
# For so many days before they stop coming, leavers are in a worse mood.
MOOD_DAYS = 75
MOOD_DROP = 3.2
OPEN_SHARE = 0.004
IMPOSSIBLE_EVERY = 311
MINUTES_A_DAY = 24 * 60

NPS_SURVEY, TICKET_SURVEY = "نظرسنجی ماهانه", "پس از پشتیبانی"
CATEGORIES = ("تأخیر در ارسال", "کیفیت قهوه", "پرسش از سفارش", "مرجوعی", "اشتراک")
CHANNELS = ("تلفن", "واتساب", "ایمیل")
PRIORITIES = ("کم", "معمولی", "زیاد")
SUBJECTS = {
    "تأخیر در ارسال": "سفارشم نرسیده است",
    "کیفیت قهوه": "قهوه تازه نبود",
    "پرسش از سفارش": "وضعیت سفارش چیست؟",
    "مرجوعی": "می‌خواهم کالا را پس بدهم",
    "اشتراک": "تغییر نشانی اشتراک",
}
PRAISE = ("عالی بود، ممنون", "قهوهٔ همیشه تازه", "برخورد خوب کارکنان", "ارسال سریع")
BLAME = ("گران شده است", "دیر رسید", "کسی جواب نداد", "طعم قبلی را ندارد")
# How long each member of staff takes, against the usual.
PACE = dict(zip(STAFF, (0.8, 1.5, 1.0), strict=True))


@dataclass(frozen=True)
class Ticket:
    """A ticket; moments are minutes since the first day of the calendar, None where they have not come."""

    person: Person
    opened: int
    category: str
    channel: str
    priority: str
    agent: str
    answered: int | None
    solved: int | None
    reopened: int


@dataclass(frozen=True)
class Answer:
    """A question put to a customer on a day, and the answer: `score` is None where there was none."""

    person: Person
    survey: str
    question: str
    invited: int
    answered: int | None
    score: int | None
    comment: str = ""


def draw_tickets(story: Story, people: list[Person], seed: str) -> list[Ticket]:
    """All tickets before the end of data, in order of time."""
    told = [
        ticket for person in people if person.shop_spells for ticket in _draw_tickets_of(person, story, seed)
    ]
    told.sort(key=lambda ticket: (ticket.opened, ticket.person.number))
    return [
        _make_impossible(ticket) if number % IMPOSSIBLE_EVERY == 0 else ticket
        for number, ticket in enumerate(told, 1)
    ]


def _draw_tickets_of(person: Person, story: Story, seed: str) -> Iterator[Ticket]:
    random = Random(f"{seed}:tickets:{person.number}")  # noqa: S311 - a story, not a secret
    for spell in person.shop_spells:
        last = min(spell.last_purchase, story.data_until - 1)
        days = []
        if spell.last_purchase < story.data_until and random.random() < TICKET_BEFORE_LEAVING_SHARE:
            days.append(max(spell.start, last - random.randint(0, 30)))
        day = spell.start + round(random.expovariate(1 / DAYS_BETWEEN_TICKETS))
        while day <= last:
            days.append(day)
            day += 1 + round(random.expovariate(1 / DAYS_BETWEEN_TICKETS))
        for opened_on in sorted(days):
            if story.start <= opened_on < story.data_until:
                yield _draw_ticket(random, story, person, opened_on)


def _draw_ticket(random: Random, story: Story, person: Person, day: int) -> Ticket:
    opened = day * MINUTES_A_DAY + random.randrange(8 * 60, 22 * 60)
    agent, end = random.choice(STAFF), story.data_until * MINUTES_A_DAY
    answered = opened + round(PACE[agent] * random.lognormvariate(4.9, 1.0))
    solved = answered + round(PACE[agent] * random.lognormvariate(6.6, 1.1))
    is_open = random.random() < OPEN_SHARE
    return Ticket(
        person=person,
        opened=opened,
        category=random.choice(CATEGORIES),
        channel=random.choices(CHANNELS, (5, 4, 1))[0],
        priority=random.choices(PRIORITIES, (3, 5, 2))[0],
        agent=agent,
        answered=answered if answered < end else None,
        solved=solved if solved < end and not is_open else None,
        reopened=int(random.random() < 0.06),
    )


def _make_impossible(ticket: Ticket) -> Ticket:
    """The clock of one till is wrong now and then: an answer before the question."""
    if ticket.answered is None:
        return ticket
    return Ticket(**{**vars(ticket), "answered": ticket.opened - 90})


def draw_answers(story: Story, people: list[Person], tickets: list[Ticket], seed: str) -> list[Answer]:
    """All questions put to customers before the end of data, in order of time."""
    days = [day for month in story.months if (day := month.start + 9) < story.data_until]
    told = [answer for person in people for answer in _draw_monthly(person, story, days, seed)]
    random = Random(f"{seed}:after tickets")  # noqa: S311 - a story, not a secret
    for ticket in tickets:
        if ticket.solved is not None:
            told += _draw_after(random, story, ticket)
    return sorted(told, key=lambda answer: (answer.invited, answer.person.number, answer.question))


def _draw_monthly(person: Person, story: Story, days: list[int], seed: str) -> Iterator[Answer]:
    random = Random(f"{seed}:nps:{person.number}")  # noqa: S311 - a story, not a secret
    for day in days:
        for spell in person.shop_spells:
            if spell.start < day <= spell.last_purchase + 20 and random.random() < INVITED_SHARE:
                score = _clamp(_draw_mood(random, person, day) + random.gauss(0, 1.2), 0, 10)
                yield _draw_answer(random, story, person, NPS_SURVEY, "NPS", day, score, (6, 9))


def _draw_after(random: Random, story: Story, ticket: Ticket) -> Iterator[Answer]:
    if random.random() >= AFTER_TICKET_SHARE * 2:
        return
    day = (ticket.solved or 0) // MINUTES_A_DAY
    hours = ((ticket.solved or 0) - ticket.opened) / 60
    mood = _draw_mood(random, ticket.person, day) - min(3.0, hours / 40)
    csat = _clamp(mood / 2 + random.gauss(0.4, 0.6), 1, 5)
    yield _draw_answer(random, story, ticket.person, TICKET_SURVEY, "CSAT", day, csat, (2, 5))
    if random.random() < 0.5:
        ces = _clamp(mood * 0.7 + random.gauss(0.3, 0.8), 1, 7)
        yield _draw_answer(random, story, ticket.person, TICKET_SURVEY, "CES", day, ces, (0, 8))


def _draw_answer(
    random: Random,
    story: Story,
    person: Person,
    survey: str,
    question: str,
    day: int,
    score: int,
    remarked: tuple[int, int],
) -> Answer:
    """The answer comes some days later, or never. Scores up to the first, and from the second of `remarked` on, may
    come with a comment."""
    answered = day + random.randint(0, 6)
    if random.random() >= ANSWER_SHARE + 0.1 * (question != "NPS") or answered >= story.data_until:
        return Answer(person, survey, question, day, None, None)
    words = BLAME if score <= remarked[0] else PRAISE if score >= remarked[1] else ()
    comment = random.choice(words) if words and random.random() < 0.3 else ""
    return Answer(person, survey, question, day, answered, score, comment)


def _draw_mood(random: Random, person: Person, day: int) -> float:
    """How content a customer is on a day, on a scale of 0 to 10: less so before leaving, and where many leave."""
    mood = random.gauss(9.3 - 14 * person.branch.leave_rate, 1.1)
    leaving = any(spell.last_purchase - MOOD_DAYS <= day <= spell.end for spell in person.shop_spells)
    return mood - MOOD_DROP if leaving else mood


def _clamp(value: float, low: int, high: int) -> int:
    return max(low, min(high, round(value)))
