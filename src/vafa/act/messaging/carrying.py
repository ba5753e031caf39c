"""Which sending account carries a message now, and how many: by its purposes, its pauses, its hours and its rates."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from vafa.act.messaging.models import Account, Bucket, Message, Sending
from vafa.act.messaging.rates import SPANS, Filling, Window, fill, find_hours_wait, find_rate_wait
from vafa.act.messaging.sms_profiles import get_sms_profile
from vafa.data.business.queries import get_business
from vafa.data.consent.types import Channel

WITHOUT_ACCOUNT = timedelta(minutes=5)
# Of shorter waits the message alone tells; rows that wait longer say so themselves, so many of them.
SHORT = timedelta(minutes=1)
MOST_TOLD = 500


@dataclass(frozen=True)
class Way:
    """By which account a message goes now, and how many at most (None: as many as wait)."""

    account: Account
    most: int | None


@dataclass(frozen=True)
class Shut:
    """Until when nothing goes, and why."""

    until: datetime
    why: str


def find_way(message: Message, channel: str, now: datetime) -> Way | Shut:
    """The account by which a message goes: its own, else the first that carries its purpose and may send now. Inside a
    transaction: the account stays locked, so that two workers never take the same tokens."""
    return _choose(_list_fit(channel, message.account_id).select_for_update(), message.purpose, now)


def look_for_way(channel: str, purpose: str, account_id: int | None, now: datetime) -> Way | Shut:
    """The same for a message that is not there yet: nothing is locked, and nothing taken."""
    return _choose(_list_fit(channel, account_id), purpose, now)


def _list_fit(channel: str, account_id: int | None) -> QuerySet[Account]:
    found = Account.objects.filter(removed_at=None, channel=channel)
    return found if account_id is None else found.filter(pk=account_id)


def _choose(accounts: Iterable[Account], purpose: str, now: datetime) -> Way | Shut:
    shuts = []
    for account in accounts:
        if purpose in account.purposes:
            way = _ask(account, now)
            if isinstance(way, Way):
                return way
            shuts.append(way)
    return min(shuts, key=lambda one: one.until, default=Shut(now + WITHOUT_ACCOUNT, "no_account"))


def _ask(account: Account, now: datetime) -> Way | Shut:
    if account.paused_at is not None:
        return Shut(now + WITHOUT_ACCOUNT, "account_paused")
    if account.retry_at is not None and account.retry_at > now:
        return Shut(account.retry_at, "unreachable" if account.failures else "provider_asks")
    zone = ZoneInfo(get_business().zone)
    if (opens := find_hours_wait(list_windows(account), zone, now)) is not None:
        return Shut(opens, "account_hours")
    fillings = _read_buckets(account, now)
    if (filled := find_rate_wait(fillings)) is not None:
        return Shut(filled, "rate")
    return Way(account, min((one.tokens for one in fillings.values()), default=None))


def list_windows(account: Account) -> list[Window]:
    """The hours in which an account sends: its own, and those of its line by the rules of the provider."""
    found: list[Window] = []
    if account.window_from is not None and account.window_until is not None:
        found.append((account.window_from, account.window_until))
    if account.channel == Channel.SMS and account.profile:
        line = get_sms_profile(account.profile).get_line(str(account.settings.get("line", "")))
        if line.window is not None:
            found.append(line.window)
    return found


def list_rates(account: Account) -> dict[str, int]:
    """How many an account sends at most, by span ("second", "minute", "day"); without those that have no limit."""
    told = (account.rate_second, account.rate_minute, account.rate_day)
    return {span: rate for span, rate in zip(SPANS, told, strict=True) if rate is not None}


def _read_buckets(account: Account, now: datetime) -> dict[str, Filling]:
    rates = list_rates(account)
    if not rates:
        return {}
    known = {one.span: Filling(int(one.tokens), one.at) for one in Bucket.objects.filter(account=account)}
    return {span: fill(known.get(span), rate, SPANS[span], now) for span, rate in rates.items()}


def take_tokens(account: Account, count: int, now: datetime) -> None:
    """Take so many out of an account's buckets; inside the transaction that found the way."""
    for span, one in _read_buckets(account, now).items():
        told = {"tokens": one.tokens - count, "at": one.at}
        Bucket.objects.update_or_create(account=account, span=span, defaults=told)


def give_back_tokens(account: Account, count: int, now: datetime) -> None:
    """Put back what was taken for messages that were not handed over."""
    if not list_rates(account) or count <= 0:
        return
    for one in Bucket.objects.select_for_update().filter(account=account):
        if now < one.at + SPANS[one.span]:
            one.tokens += count
            one.save(update_fields=["tokens"])


def tell_waiting(message: Message, channel: str, shut: Shut, now: datetime) -> int:
    """Write on the next rows of a message until when they wait, and why; how many rows."""
    if shut.until - now < SHORT:
        return 0
    due = Sending.objects.filter(message=message, channel=channel, state="pending", not_before__lte=now)
    ids: Iterable[int] = list(due.order_by("not_before", "pk").values_list("pk", flat=True)[:MOST_TOLD])
    waiting = Sending.objects.filter(pk__in=ids, state="pending")
    return waiting.update(not_before=shut.until, why=shut.why)
