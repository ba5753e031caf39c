"""How long text messages come out and what they cost, before any is sent: for the customers who would get them.

Up to `MOST_LOOKED` customers every text is made; of more those with the longest names, and others spread evenly over
all of them.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from vafa.act.messaging.channels.kavenegar_api import find_unfit_slots
from vafa.act.messaging.channels.sms_dress import build_dress
from vafa.act.messaging.content import build_sms
from vafa.act.messaging.contents import Rendered, TemplateContent
from vafa.act.messaging.links import build_links
from vafa.act.messaging.models import Account
from vafa.act.messaging.pricing import find_piece_cost, find_price
from vafa.act.messaging.sms_profiles import suggest_sms_profile
from vafa.act.messaging.sms_rules import Problem, SmsDress, check_text, dress_text, get_due_opt_out
from vafa.act.messaging.values import CustomerValues, list_values
from vafa.data.business.queries import get_business
from vafa.data.consent.types import Channel, Purpose
from vafa.data.customers.queries import list_longest_named
from vafa.kit.errors import VafaError
from vafa.kit.public_address import find_links_address
from vafa.lab.sms import SmsLength, SmsPrice, build_sms_outlook, measure_sms

MOST_LOOKED = 1_000
LONGEST_NAMED = 200
# A sending's number of as many digits as a busy ledger has: its links are as long as they will be.
_BUSY_ID = 10_000_000


@dataclass(frozen=True)
class SmsLooked:
    """A text message as one customer would get it. `cost` in the business's currency; None: nobody can tell."""

    text: str
    length: SmsLength
    cost: Decimal | None
    pattern: str = ""
    opt_out: str = ""
    problems: tuple[Problem, ...] = ()
    unfit_slots: tuple[str, ...] = ()


@dataclass(frozen=True)
class Estimate:
    """What a message comes to for so many customers (`total`), of whom so many were looked at.

    `longest` is the text that takes most; `most` what it would cost if all were like that, `usual` what it costs as a
    rule; both None where no price is known. `unfit` is for how many of those looked at a slot's value is refused,
    `broken` for how many no text comes out. Of what people do `longest` is None.
    """

    total: int
    looked: int
    longest: SmsLooked | None = None
    most: Decimal | None = None
    usual: Decimal | None = None
    currency: str = ""
    unfit: int = 0
    broken: int = 0


def find_sms_account(purpose: Purpose | str, account_id: int | None = None) -> Account | None:
    """The account by which text messages of a purpose go: the named one, else the first open one that carries it."""
    found = Account.objects.filter(removed_at=None, channel=str(Channel.SMS))
    if account_id is not None:
        return found.filter(pk=account_id).first()
    fit = [one for one in found if str(purpose) in one.purposes]
    return next((one for one in fit if one.paused_at is None), next(iter(fit), None))


def look_at_sms(short: Rendered, purpose: Purpose | str, language: str, account: Account | None) -> SmsLooked:
    """A text message as it would be sent by an account; by the country's usual rules where there is none yet."""
    dress = _find_dress(account)
    price = find_price(account) if account else None
    return _look(short, str(purpose), language, dress, price, _list_hosts(account), account)


def _find_dress(account: Account | None) -> SmsDress:
    if account is not None:
        return build_dress(account.settings, account.profile)
    return build_dress({}, suggest_sms_profile(get_business().country, "sms_http").key)


def _list_hosts(account: Account | None) -> tuple[str, ...]:
    """The hosts that the provider has approved."""
    told = str((account.settings if account else {}).get("link_hosts", ""))
    return tuple(one.strip().lower() for one in told.split(",") if one.strip())


def _look(
    short: Rendered,
    purpose: str,
    language: str,
    dress: SmsDress,
    price: SmsPrice | None,
    hosts: tuple[str, ...],
    account: Account | None,
) -> SmsLooked:
    dressed = short.text if short.pattern else dress_text(short.text, dress, purpose, language)
    length = measure_sms(dressed)
    slots = dict(short.slots)
    unfit = find_unfit_slots(slots) if short.pattern and account and account.kind == "kavenegar" else []
    return SmsLooked(
        dressed,
        length,
        price.of(length) if price and dressed else None,
        short.pattern,
        "" if short.pattern else get_due_opt_out(dress, purpose, language),
        tuple(check_text(dressed, dress, purpose, pattern=bool(short.pattern), link_hosts=hosts)),
        tuple(unfit),
    )


def estimate_sms(
    content: TemplateContent,
    customer_ids: Collection[int],
    *,
    purpose: Purpose | str,
    account: Account | None,
    now: datetime,
) -> Estimate:
    """What a text message comes to for these customers (a set, or list, of ids of kept ones)."""
    ids = choose_looked(customer_ids)
    offered = [code for code, text in content.texts if not text.is_empty]
    currency = get_business().currency
    if not offered or not ids:
        return Estimate(len(customer_ids), 0, currency=currency)
    dress, price = _find_dress(account), find_price(account) if account else None
    hosts, site = _list_hosts(account), find_links_address()
    looked: list[SmsLooked] = []
    for pk, told in list_values(ids, offered=offered, now=now).items():
        short = _render(content, pk, told, site, purpose)
        if short is not None:
            looked.append(_look(short, str(purpose), told.language, dress, price, hosts, account))
    outlook = build_sms_outlook([one.text for one in looked], price or SmsPrice(Decimal(0)))
    longest = next((one for one in looked if one.text == outlook.longest), None)
    found = Estimate(
        len(customer_ids), len(ids), longest, currency=currency, broken=len(ids) - len(looked),
        unfit=sum(bool(one.unfit_slots) for one in looked),
    )  # fmt: skip
    costs = [one.cost for one in looked if one.cost is not None]
    if longest is None or not costs:
        return found
    # The dearest need not be the longest: a part in Latin letters may cost more.
    return replace(
        found, most=max(costs) * found.total, usual=outlook.amount / outlook.messages * found.total
    )


def _render(
    content: TemplateContent, pk: int, told: CustomerValues, site: str, purpose: Purpose | str
) -> Rendered | None:
    links = build_links(
        site, sending_id=_BUSY_ID, customer_id=pk, channel=Channel.SMS, purpose=Purpose(purpose)
    )
    try:
        return build_sms(content, told.values, told.language, links if site else None)
    except (VafaError, LookupError):
        return None


def choose_looked(ids: Collection[int]) -> Sequence[int]:
    """All of these customers where they are few, else those with the longest names and others spread over all."""
    if len(ids) <= MOST_LOOKED:
        return list(ids)
    longest = list_longest_named(LONGEST_NAMED, among=set(ids))
    every = sorted(ids)
    others = every[:: max(1, len(every) // (MOST_LOOKED - LONGEST_NAMED))]
    return list(dict.fromkeys((*longest, *others)))


def estimate_pieces(count: int, account: Account | None) -> Estimate:
    """What so many messages cost that people deliver."""
    cost = find_piece_cost(account) if account else None
    total = None if cost is None else cost * count
    return Estimate(count, count, most=total, usual=total, currency=get_business().currency)
