"""Calls, visits, notes and complaints of the demo's customers. Those who leave complain more often before."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from vafa.front.demo.calendar import Story
from vafa.front.demo.people import Person

COMPLAINT_SHARE = 0.25
DAYS_BETWEEN_CONTACTS = 260
STAFF = ("نگار شاکری", "پویا رستگار", "سارا کیانی")
COMPLAINTS = ("تأخیر در ارسال", "قهوه مانده بود", "برخورد نامناسب", "قیمت زیاد شده است", "کارت اعتبار نداشت")
CALLS = ("پیگیری رضایت", "معرفی قهوهٔ تازه", "یادآوری تمدید اشتراک", "پرسش دربارهٔ آسیاب", "تبریک تولد")
NOTES = (
    "اسپرسوی تیره دوست دارد",
    "برای دفتر خرید می‌کند",
    "حساس به کافئین",
    "هدیه برای خانواده",
    "آسیاب دستی دارد",
)
OUTCOMES = ("پاسخ داد", "پاسخ نداد", "قول پیگیری", "حل شد")


@dataclass(frozen=True)
class Contact:
    """One contact with a customer."""

    day: int
    minute: int
    person: Person
    kind: str
    subject: str
    staff: str
    outcome: str
    minutes: int | None


def draw_contacts(story: Story, people: list[Person], seed: str) -> list[Contact]:
    """All contacts before the end of data, in order of time."""
    known_to_the_shop = (person for person in people if person.shop_spells)
    contacts = [contact for person in known_to_the_shop for contact in _draw_contacts_of(person, story, seed)]
    told = [contact for contact in contacts if story.start <= contact.day < story.data_until]
    return sorted(told, key=lambda contact: (contact.day, contact.minute, contact.person.number))


def _draw_contacts_of(person: Person, story: Story, seed: str) -> Iterator[Contact]:
    random = Random(f"{seed}:contacts:{person.number}")  # noqa: S311 - a story, not a secret
    for spell in person.shop_spells:
        last = spell.last_purchase
        if last < story.data_until and random.random() < COMPLAINT_SHARE:
            yield _draw(random, max(spell.start, last - random.randint(0, 30)), person, "complaint")
        day = spell.start + round(random.expovariate(1 / DAYS_BETWEEN_CONTACTS))
        while day <= last:
            yield _draw(random, day, person, random.choices(("call", "note", "visit"), (5, 3, 2))[0])
            day += 1 + round(random.expovariate(1 / DAYS_BETWEEN_CONTACTS))


def _draw(random: Random, day: int, person: Person, kind: str) -> Contact:
    subject = random.choice({"complaint": COMPLAINTS, "note": NOTES}.get(kind, CALLS))
    outcome = "" if kind == "note" else random.choice(OUTCOMES)
    minutes = random.randint(1, 14) if kind == "call" else None
    return Contact(
        day, random.randrange(9 * 60, 20 * 60), person, kind, subject, random.choice(STAFF), outcome, minutes
    )
