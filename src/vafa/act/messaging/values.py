"""What a message may say of a customer: the variables of its texts, and their values for many customers at once.

Numbers, days and names are written as the language of the message writes them. A number stays one, so that a text may
ask whether it is above 30.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vafa.act.messaging.bot_links import build_bot_link, build_bot_token
from vafa.act.messaging.models import Account
from vafa.data.business.queries import get_business, get_style
from vafa.data.customers.queries import Addressee, list_addressees, list_own_ids
from vafa.data.orders.queries import Bought, list_bought
from vafa.data.subscriptions.queries import Renewal, list_renewals
from vafa.kit.locale.dates import format_day, format_days
from vafa.kit.locale.letters import fold, strip_titles
from vafa.kit.locale.names import build_salutation, find_gender, get_first_given_name
from vafa.kit.locale.numbers import format_number
from vafa.kit.locale.pinyin import is_han, split_family_name
from vafa.kit.locale.style import Language, Style, find_language

if TYPE_CHECKING:
    from vafa.data.business.models import Business

# Name, what it is in words for those who write texts, and whether some customers have none.
VARIABLES: dict[str, tuple[Any, bool]] = {
    "salutation": (_("How the customer is addressed (Ms Rezaei, 王女士, Dear customer)"), False),
    "given_name": (_("Given name"), True),
    "family_name": (_("Family name"), True),
    "name": (_("Full name"), True),
    "company": (pgettext_lazy("of a customer", "Company"), True),
    "since_last_order": (_("How long ago the last order was, in words (45 days)"), True),
    "days_since_last_order": (_("Days since the last order, as a number"), True),
    "last_order_on": (_("Day of the last order"), True),
    "last_product": (_("Product that was bought last"), True),
    "usual_gap": (_("Usual time between two orders, in words (30 days)"), True),
    "usual_gap_days": (_("Usual days between two orders, as a number"), True),
    "next_renewal_on": (_("Day of the next renewal"), True),
    "to_renewal": (_("Time until the next renewal, in words (5 days)"), True),
    "days_to_renewal": (_("Days until the next renewal, as a number"), True),
    "plan": (_("Plan that is renewed next"), True),
    "customer_since": (_("Day on which the customer joined"), True),
    "code": (_("A code of the customer's own, where the campaign or automation gives one"), True),
    "bot_link": (_("Link by which the customer begins to talk to the bot"), True),
    "business_name": (_("Name of the business"), False),
    "business_address": (_("Address of the business"), True),
}
KNOWN = frozenset(VARIABLES)
MAY_LACK = frozenset(name for name, (_words, lacks) in VARIABLES.items() if lacks)
# Longer ago is no rhythm any more: only the last so many days of purchase are looked at.
_MOST_DAYS = 50


@dataclass(frozen=True)
class CustomerValues:
    """The language in which a customer is written to, and the values of all variables in it (None: unknown)."""

    language: str
    values: dict[str, Any]


class Shown(int):
    """A whole number that is written in the reader's digits."""

    text: str

    def __new__(cls, number: int, text: str) -> "Shown":
        made = super().__new__(cls, number)
        made.text = text
        return made

    def __str__(self) -> str:
        return self.text


def list_values(
    customer_ids: Collection[int],
    *,
    offered: Sequence[str] = (),
    now: datetime,
    known_until: date | None = None,
) -> dict[int, CustomerValues]:
    """The values of these customers (ids of kept ones; unknown ids are left out). `offered` are the languages that the
    message is written in: each is written to in their own, else in the business's, else in the first. Days since an
    order are counted to today, but not beyond `known_until`, after which no source has told anything."""
    business = get_business()
    today = now.astimezone(ZoneInfo(business.zone)).date()
    own_ids = list_own_ids(customer_ids)
    people = list_addressees(customer_ids)
    bought, renewals = list_bought(own_ids), list_renewals(own_ids, today)
    until = today if known_until is None else min(today, known_until)
    bot = _find_bot()
    styles: dict[str, Style] = {}
    found: dict[int, CustomerValues] = {}
    for pk, person in people.items():
        language = choose_language(person.language, business.language, offered)
        style = styles.setdefault(language, get_style(language, business))
        values = _build_values(
            person, bought.get(pk), renewals.get(pk), business, style, today=today, until=until
        )
        values["bot_link"] = None if bot is None else bot(pk)
        found[pk] = CustomerValues(language, values)
    return found


def _find_bot() -> Callable[[int], str] | None:
    """What makes a customer's link to the first open bot; None where there is none that has said its name."""
    bots = Account.objects.filter(kind="bot", removed_at=None, paused_at=None)
    bot = next((one for one in bots if one.settings.get("username")), None)
    if bot is None:
        return None
    url, name, number = str(bot.settings.get("url", "")), str(bot.settings["username"]), bot.pk
    return lambda customer: build_bot_link(url, name, build_bot_token(customer, number))


def choose_language(own: str, business: str, offered: Sequence[str]) -> Language:
    """The language in which somebody is written to."""
    for told in (own, business):
        language = find_language(told)
        if language is not None and (not offered or language in offered):
            return language
    return (find_language(offered[0]) if offered else None) or "en"


def build_made_up_values(language: str, now: datetime) -> CustomerValues:
    """Values of a customer who does not exist, to see a text before there are any."""
    business = get_business()
    style = get_style(language, business)
    today = now.astimezone(ZoneInfo(business.zone)).date()
    names = {
        "fa": "خانم مریم رضایی",
        "ar": "الأستاذة ليلى حداد",
        "zh-hans": "王芳女士",
        "en": "Ms Mary Miller",
    }
    title, name = strip_titles(names.get(language, names["en"]))
    person = Addressee(0, name, title, "", language, None, today.replace(year=today.year - 1, day=1))
    days = tuple(date.fromordinal(today.toordinal() - back) for back in (105, 75, 45))
    renewal = Renewal(date.fromordinal(today.toordinal() + 5), "A")
    values = _build_values(person, Bought(days, "A"), renewal, business, style, today=today, until=today)
    values["bot_link"] = build_bot_link("", "bot", build_bot_token(0, 0))
    return CustomerValues(language, values)


def _build_values(
    person: Addressee,
    bought: Bought | None,
    renewal: Renewal | None,
    business: "Business",
    style: Style,
    *,
    today: date,
    until: date,
) -> dict[str, Any]:
    given, family = split_name(person)
    last = bought.days[-1] if bought else None
    since = None if last is None else max(0, (until - last).days)
    gap = _find_gap(bought)
    ahead = None if renewal is None else (renewal.on - today).days
    return {
        "salutation": build_address(person, style.language),
        "given_name": given or None,
        "family_name": family or None,
        "name": person.name or None,
        "company": person.company or None,
        "since_last_order": None if since is None else format_days(since, style),
        "days_since_last_order": _show(since, style),
        "last_order_on": None if last is None else format_day(last, style),
        "last_product": (bought.last_product or None) if bought else None,
        "usual_gap": None if gap is None else format_days(gap, style),
        "usual_gap_days": _show(gap, style),
        "next_renewal_on": None if renewal is None else format_day(renewal.on, style),
        "to_renewal": None if ahead is None else format_days(ahead, style),
        "days_to_renewal": _show(ahead, style),
        "plan": (renewal.plan or None) if renewal else None,
        "customer_since": None if person.joined_on is None else format_day(person.joined_on, style),
        "business_name": business.name,
        "business_address": business.address or None,
    }


def split_name(person: Addressee) -> tuple[str, str]:
    """Given and family name of a person; two times "" where the name is a company's, or there is none."""
    title, name = strip_titles(person.name)
    if not name or (person.company and fold(name) == fold(person.company)):
        return "", ""
    if is_han(name[0]):
        family, given = split_family_name(name)
        return given, family
    given = get_first_given_name(name)
    rest = name[len(given) :].strip() if name.startswith(given) else " ".join(name.split()[1:])
    if not rest and (person.title or title):
        return "", name  # خانم محمدی
    return given, rest


def build_address(person: Addressee, language: Language) -> str:
    """How a message in a language addresses a person. A title in another script is given in the language's own word
    where it tells the sex, and else left out."""
    given, family = split_name(person)
    title = person.title or strip_titles(person.name)[0]
    gender = find_gender(title) if title else None
    plain = gender is not None and len(title.split()) == 1
    foreign = bool(title) and title.isascii() != (language == "en")
    return build_salutation(
        language, given, family, gender, "" if (plain and language != "en") or foreign else title
    )


def _find_gap(bought: Bought | None) -> int | None:
    days = [day.toordinal() for day in bought.days[-_MOST_DAYS:]] if bought else []
    gaps = [later - earlier for earlier, later in pairwise(days)]
    return round(median(gaps)) if gaps else None


def _show(number: int | None, style: Style) -> Shown | None:
    return None if number is None else Shown(number, format_number(number, style))


def get_variables() -> dict[str, str]:
    """The variables that a text may hold, with what each is, in the page's language."""
    return {name: str(words) for name, (words, _lacks) in VARIABLES.items()}
