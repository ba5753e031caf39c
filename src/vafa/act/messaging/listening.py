"""Asking providers what came in, for those who don't tell it by themselves: states, answers, words to bots, credit."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from vafa.act.messaging.accounts import read_secrets
from vafa.act.messaging.bouncing import hear_mailbox
from vafa.act.messaging.channel_models import Listening
from vafa.act.messaging.channels import build_adapter
from vafa.act.messaging.channels.bot import BotLine
from vafa.act.messaging.channels.bot_api import BotGarbled, BotRefused
from vafa.act.messaging.channels.kavenegar import KavenegarLine, build_local_id
from vafa.act.messaging.channels.kavenegar_api import (
    MOST_STATES,
    KavenegarGarbled,
    KavenegarRefused,
)
from vafa.act.messaging.channels.mailbox import MailboxClosed
from vafa.act.messaging.contents import TemplateContent
from vafa.act.messaging.hooks import read_kavenegar_state
from vafa.act.messaging.incoming import AnswerText, BotWord, Report, Told, take_told
from vafa.act.messaging.models import Account, Sending
from vafa.act.messaging.sms_profiles import get_sms_profile
from vafa.act.messaging.types import NotHandedOver
from vafa.kit.outbound import NotSent

# The provider tells states of two days.
STATES_FOR = timedelta(days=2)
EVERY = timedelta(minutes=1)
_NOT_TAKEN = 100
_FAULTS = (NotHandedOver, NotSent, KavenegarRefused, KavenegarGarbled, BotRefused, BotGarbled, MailboxClosed)


def listen(now: datetime) -> int:
    """Ask every account that has to be asked; how much news came. One that fails does not keep the others waiting."""
    news = 0
    for account in Account.objects.filter(removed_at=None, kind__in=("kavenegar", "bot", "smtp")):
        if account.kind == "smtp" and not account.settings.get("bounce_host"):
            continue
        if _is_due(account, now):
            news += listen_to(account, now)
    return news


def _is_due(account: Account, now: datetime) -> bool:
    Listening.objects.get_or_create(account=account)
    waiting = Listening.objects.filter(account=account)
    free = waiting.filter(asked_at=None) | waiting.filter(asked_at__lte=now - EVERY)
    return bool(free.update(asked_at=now))


def listen_to(account: Account, now: datetime) -> int:
    """Ask one account now; how much news came."""
    if not read_secrets(account):
        return 0
    problem, news = "", 0
    try:
        hear = {"kavenegar": _hear_kavenegar, "bot": _hear_bot, "smtp": hear_mailbox}[account.kind]
        news = hear(account, now)
    except _FAULTS as fault:
        problem = str(fault)[:300]
    Listening.objects.update_or_create(account=account, defaults={"problem": problem, "asked_at": now})
    return news


@contextmanager
def _open(account: Account) -> Iterator[KavenegarLine | BotLine]:
    with build_adapter(account).open() as line:
        assert isinstance(line, KavenegarLine | BotLine)
        yield line


def _hear_kavenegar(account: Account, now: datetime) -> int:
    open_ones = Sending.objects.filter(account=account, ended_at__gte=now - STATES_FOR)
    sent = open_ones.filter(state="accepted", delivery_state="").exclude(provider_id="")
    ids = list(sent.order_by("ended_at").values_list("provider_id", flat=True)[:MOST_STATES])
    # Approved patterns are sent without a number of ours, so nothing can be asked about them.
    lost = open_ones.filter(state="unknown").exclude(mail_id="").select_related("message")
    unsure = [
        one for one in lost[:MOST_STATES] if not TemplateContent.from_json(one.message.content).has_pattern
    ]
    line_number = str(account.settings.get("sender", ""))
    hears = get_sms_profile(account.profile).get_line(str(account.settings.get("line", ""))).replies
    if not ids and not unsure and not (hears and line_number):
        return 0
    with _open(account) as line:
        assert isinstance(line, KavenegarLine)
        told: list[Told] = []
        for number, status in line.api.get_states(ids).items() if ids else ():
            if (state := read_kavenegar_state(str(status))) is not None:
                told.append(Report(number, state, str(status)))
        news = take_told(account, told, now=now)
        if unsure:
            news += _settle_unknown(line, unsure)
        if hears and line_number:
            # What is fetched is read there: it is kept before anything else is asked.
            heard = line.api.receive(line_number)
            news += take_told(
                account, [AnswerText(one.message_id, one.sender, one.text) for one in heard], now=now
            )
    return news


def _settle_unknown(line: KavenegarLine, unsure: list[Sending]) -> int:
    """Find out of messages whose answer was lost whether the provider took them; those that it never saw have failed,
    and are not sent again by themselves."""
    ours = {build_local_id(one.mail_id): one for one in unsure}
    settled = 0
    for local, (number, status) in line.api.get_states_of_ours(list(ours)).items():
        if (one := ours.get(local)) is None:
            continue
        change = (
            {"state": "failed", "why": "never_arrived"}
            if status == _NOT_TAKEN
            else {"state": "accepted", "why": ""}
        )
        kept = "" if status == _NOT_TAKEN else number
        settled += Sending.objects.filter(pk=one.pk, state="unknown").update(**change, provider_id=kept)
    return settled


def _hear_bot(account: Account, now: datetime) -> int:
    row, _made = Listening.objects.get_or_create(account=account)
    with _open(account) as line:
        assert isinstance(line, BotLine)
        found = line.api.list_updates(row.cursor + 1 if row.cursor else 0)
    news = take_told(account, [BotWord(one.number, one.chat_id, one.text) for one in found], now=now)
    if found:
        Listening.objects.filter(account=account).update(cursor=max(one.number for one in found))
    return news
