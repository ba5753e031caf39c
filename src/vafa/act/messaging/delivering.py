"""Handing messages over: rows are claimed by one statement under a lease, pass the gate, are marked before the first
byte leaves, and are noted with the answer. What a dead worker had marked is unknown, and never sent again by itself."""

import hashlib
import logging
import secrets
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Min

from vafa.act.messaging.accounts import pause_account
from vafa.act.messaging.channels import build_adapter
from vafa.act.messaging.channels.smtp import write_date
from vafa.act.messaging.content import build_mail, build_sms
from vafa.act.messaging.gate import decide_many, lock_budget
from vafa.act.messaging.happenings import stop_address
from vafa.act.messaging.links import build_links, build_stop_headers
from vafa.act.messaging.models import Account, Message, Sending
from vafa.act.messaging.rules import Go, Verdict, Wait
from vafa.act.messaging.types import Delivered, Line, NotHandedOver, Outcome, Outgoing, TemplateContent
from vafa.act.messaging.values import CustomerValues, list_values
from vafa.data.consent.queries import find_points
from vafa.data.consent.types import POINT_KINDS, Channel, Purpose
from vafa.data.customers.queries import list_contact_points
from vafa.kit import clock
from vafa.kit.errors import VafaError
from vafa.kit.home import get_made_secret
from vafa.kit.public_address import find_links_address

logger = logging.getLogger(__name__)

AT_ONCE = 100
LEASE = timedelta(minutes=3)
RETRY_AFTER = timedelta(minutes=5)
MOST_ATTEMPTS = 5
MOST_FAILURES = 5
WITHOUT_ACCOUNT = timedelta(minutes=5)
# A round ends after so many messages, so that a stop of the worker is not waited for too long.
MOST_A_ROUND = 5_000


def deliver(now: datetime, *, tell_time: Callable[[], datetime] = clock.now) -> Delivered:
    """Hand over what is due of all running messages; safe with several workers, and to be cut off anywhere."""
    settle(now)
    counts: Counter[str] = Counter()
    for pk in list(_list_due(now)):
        while sum(counts.values()) < MOST_A_ROUND:
            message = Message.objects.filter(pk=pk, state="running").select_related("account").first()
            worker = secrets.token_hex(8)
            if message is None or not (claimed := _claim(message, worker, tell_time())):
                break
            counts += _deliver(message, worker, claimed, tell_time)
        _settle_next(pk)
    return Delivered(dict(counts))


def settle(now: datetime) -> int:
    """What a dead worker had claimed waits again where nothing of it had left, and is unknown where it may have; how
    many were settled."""
    dead = Sending.objects.filter(state="claimed", lease_until__lt=now)
    messages = list(dead.order_by().values_list("message_id", flat=True).distinct())
    if not messages:
        return 0
    lost = dead.exclude(handed_at=None).update(
        state="unknown", why="worker_died", worker="", lease_until=None, ended_at=now
    )
    back = dead.filter(handed_at=None).update(state="pending", worker="", lease_until=None, spent_at=None)
    for pk in messages:
        _settle_next(pk)
    return lost + back


def _list_due(now: datetime) -> list[int]:
    due = Message.objects.filter(state="running", next_at__lte=now)
    return list(due.order_by("next_at", "pk").values_list("pk", flat=True))


def _claim(message: Message, worker: str, now: datetime) -> list[Sending]:
    """Rows that are due, now ours: the statement that changes them asks again whether they are free."""
    due = Sending.objects.filter(message=message, state="pending", not_before__lte=now)
    ids = list(due.order_by("not_before", "pk").values_list("pk", flat=True)[:AT_ONCE])
    if not ids:
        return []
    Sending.objects.filter(pk__in=ids, state="pending").update(
        state="claimed", worker=worker, lease_until=now + LEASE, handed_at=None
    )
    return list(Sending.objects.filter(worker=worker, state="claimed", pk__in=ids).order_by("pk"))


@transaction.atomic
def _settle_next(pk: int) -> None:
    """Note when the next of a message's recipients is due. What another worker holds is looked at again when its lease
    ends. The message is locked, as by whoever adds recipients, so that none of them is overlooked."""
    Message.objects.select_for_update().filter(pk=pk).first()
    rows = Sending.objects.filter(message=pk)
    waits = rows.filter(state="pending").aggregate(at=Min("not_before"))["at"]
    held = rows.filter(state="claimed").aggregate(at=Min("lease_until"))["at"]
    found = min((at for at in (waits, held) if at is not None), default=None)
    Message.objects.filter(pk=pk).update(next_at=found)


def _deliver(
    message: Message, worker: str, claimed: Sequence[Sending], tell_time: Callable[[], datetime]
) -> Counter[str]:
    now, counts = tell_time(), Counter[str]()
    channel = claimed[0].channel
    verdicts = _judge(message, worker, claimed, channel, now)
    going = []
    for one in claimed:
        verdict = verdicts.get(one.customer_id or 0)
        if isinstance(verdict, Go) and one.channel == channel:
            going.append(one)
        elif isinstance(verdict, Go):
            _put_back(one, worker, now, "")  # another channel's rows are another turn's
        elif isinstance(verdict, Wait):
            counts["waits"] += _put_back(one, worker, verdict.until, verdict.why)
        else:
            counts["suppressed"] += _end(one, worker, "suppressed", verdict.why if verdict else "erased", now)
    if going:
        counts += _hand_over_all(message, worker, going, channel, tell_time)
    return counts


@transaction.atomic
def _judge(
    message: Message, worker: str, claimed: Sequence[Sending], channel: str, now: datetime
) -> dict[int, Verdict]:
    """The verdict on each, with the budget taken for those who go: judged and taken by one worker at a time, so that
    two together never go beyond it."""
    lock_budget()
    verdicts = decide_many(
        [one.customer_id for one in claimed if one.customer_id],
        channel=channel, purpose=message.purpose, festive=message.festive, answers=message.answers,
        trial=message.trial, not_after=message.not_after, now=now,
    )  # fmt: skip
    if not message.answers:
        going = [
            one.pk
            for one in claimed
            if one.channel == channel and isinstance(verdicts.get(one.customer_id or 0), Go)
        ]
        Sending.objects.filter(pk__in=going, worker=worker, state="claimed").update(spent_at=now)
    return verdicts


def choose_account(message: Message, channel: str, now: datetime) -> Account | None:
    """The account by which a message goes: its own, else the first open one that carries its purpose."""
    found = Account.objects.filter(removed_at=None, paused_at=None, channel=channel)
    if message.account_id is not None:
        found = found.filter(pk=message.account_id)
    fit = (one for one in found if message.purpose in one.purposes)
    return next((one for one in fit if one.retry_at is None or one.retry_at <= now), None)


def _hand_over_all(
    message: Message, worker: str, going: Sequence[Sending], channel: str, tell_time: Callable[[], datetime]
) -> Counter[str]:
    now, counts = tell_time(), Counter[str]()
    account = choose_account(message, channel, now)
    if account is None:
        counts["waits"] += sum(_put_back(one, worker, now + WITHOUT_ACCOUNT, "no_account") for one in going)
        return counts
    maker = _Maker(message, going, channel, find_domain(account), now)
    broken = False
    try:
        with build_adapter(account).open() as line:
            for one in going:
                if broken:
                    counts["later"] += _put_back(one, worker, now + RETRY_AFTER, "unreachable")
                    continue
                outcome = _hand_over(maker, one, worker, account, line, tell_time)
                broken = outcome == "unreachable"
                counts[outcome] += 1
    except (NotHandedOver, LookupError) as problem:
        logger.warning("account %s can't be opened: %s", account.pk, problem)
        counts["later"] += sum(_put_back(one, worker, now + RETRY_AFTER, "unreachable") for one in going)
        broken = True
    _note_account(account, broken=broken, now=now)
    return counts


def _note_account(account: Account, *, broken: bool, now: datetime) -> None:
    """Count how often in a row nothing got through; after several times the account pauses, and says so."""
    if not broken:
        Account.objects.filter(pk=account.pk).exclude(failures=0).update(failures=0, retry_at=None)
        return
    Account.objects.filter(pk=account.pk).update(failures=F("failures") + 1, retry_at=now + RETRY_AFTER)
    if Account.objects.filter(pk=account.pk, failures__gte=MOST_FAILURES).exists():
        pause_account(account.pk, why="unreachable", by=None, now=now)


class _Maker:
    """Makes the outgoing messages of one piece: values and addresses are asked for once."""

    def __init__(
        self, message: Message, going: Sequence[Sending], channel: str, domain: str, now: datetime
    ) -> None:
        self.message, self.channel, self.domain, self.now = message, channel, domain, now
        self.content = TemplateContent.from_json(message.content)
        ids = [one.customer_id for one in going if one.customer_id]
        offered = [code for code, text in self.content.texts if not text.is_empty]
        self.values: dict[int, CustomerValues] = list_values(ids, offered=offered, now=now)
        self.points = find_points(Channel(channel), Purpose(message.purpose), ids)
        self.point_ids = {point.value: point.pk for point in list_contact_points(ids)}
        self.site = find_links_address()

    def make(self, sending: Sending) -> Outgoing | None:
        """The message for one customer; None where there is no address any more. Raises VafaError for a text that can't
        be filled in."""
        customer = sending.customer_id or 0
        addresses, known = self.points.get(customer), self.values.get(customer)
        if POINT_KINDS[Channel(self.channel)] is None:
            addresses = ("",)  # who delivers it by hand knows, or asks, where to
        if not addresses or known is None:
            return None
        links = build_links(
            self.site,
            sending_id=sending.pk,
            customer_id=customer,
            channel=self.channel,
            purpose=self.message.purpose,
        )
        values = known.values | sending.values
        mail_id = build_mail_id(self.message.origin, customer, self.channel, self.domain)
        if self.channel != Channel.EMAIL:
            short = build_sms(self.content, values, known.language, links)
            return Outgoing(
                sending.pk, addresses[0], text=short.text, message_id=mail_id, pattern=short.pattern,
                slots=dict(short.slots), language=known.language, purpose=self.message.purpose,
            )  # fmt: skip
        mail = build_mail(self.content, values, known.language, links)
        headers = {"Date": write_date(self.now), "Auto-Submitted": "auto-generated"}
        if links.stop:
            headers |= build_stop_headers(links.stop)
        return Outgoing(
            sending.pk, addresses[0], mail.subject, mail.html, mail.text, headers, mail_id,
            language=known.language, purpose=self.message.purpose,
        )  # fmt: skip


def find_domain(account: Account) -> str:
    """The domain in whose name an account sends; spam filters look askance at a Message-ID of another."""
    return str(account.settings.get("sender_address", "")).rpartition("@")[2] or "vafa.invalid"


def build_mail_id(origin: str, customer_id: int, channel: str, domain: str) -> str:
    """The Message-ID of one customer's message: the same however often it is made, and nobody can guess it."""
    key = get_made_secret("accounts.key").encode()
    told = hashlib.blake2b(f"{origin}:{customer_id}:{channel}".encode(), digest_size=20, key=key[:64])
    return f"<{told.hexdigest()}@{domain}>"


def _hand_over(
    maker: _Maker, one: Sending, worker: str, account: Account, line: Line, tell_time: Callable[[], datetime]
) -> str:
    try:
        outgoing = maker.make(one)
    except (VafaError, LookupError) as problem:
        _end(one, worker, "failed", "text_broken", tell_time(), answer=str(problem)[:500])
        return "failed"
    if outgoing is None:
        _end(one, worker, "suppressed", "not_reachable", tell_time())
        return "suppressed"
    now = tell_time()
    # Marked before the first byte leaves; who has lost the lease, or whose message was paused, hands nothing over.
    ours = Sending.objects.filter(pk=one.pk, worker=worker, state="claimed", message__state="running")
    if not ours.update(
        handed_at=now,
        lease_until=now + LEASE,
        attempts=F("attempts") + 1,
        account=account,
        point=maker.point_ids.get(outgoing.to),
        mail_id=outgoing.message_id,
    ):
        _put_back(one, worker, now, "")
        return "later"
    try:
        handed = line.hand_over(outgoing)
    except NotHandedOver as problem:
        if problem.code == "bad_address":
            stop_address(outgoing.to, now=tell_time())
        return _note_refusal(one, worker, problem, tell_time())
    _end(
        one, worker, "accepted", "", tell_time(), provider_id=handed.provider_id[:120], answer=handed.answer[:500],
        parts=handed.parts, cost=handed.cost,
    )  # fmt: skip
    return "accepted"


def _note_refusal(one: Sending, worker: str, problem: NotHandedOver, now: datetime) -> str:
    answer, why = problem.answer[:500], (problem.code or str(problem.outcome))[:20]
    if problem.outcome is Outcome.UNKNOWN:
        _end(one, worker, "unknown", "no_answer", now, answer=answer)
        return "unknown"
    if problem.outcome is Outcome.REFUSED or one.attempts + 1 >= MOST_ATTEMPTS:
        _end(one, worker, "failed", why, now, answer=answer)
        return "failed"
    wait = RETRY_AFTER * (one.attempts + 1)
    _put_back(one, worker, now + wait, why, answer=answer)
    return "unreachable" if problem.outcome is Outcome.UNREACHABLE else "later"


def _put_back(one: Sending, worker: str, until: datetime, why: str, **more: Any) -> int:
    ours = Sending.objects.filter(pk=one.pk, worker=worker, state="claimed")
    return ours.update(
        state="pending",
        worker="",
        lease_until=None,
        handed_at=None,
        spent_at=None,
        not_before=until,
        why=why,
        **more,
    )


@transaction.atomic
def _end(one: Sending, worker: str, state: str, why: str, now: datetime, **more: Any) -> int:
    ours = Sending.objects.filter(pk=one.pk, worker=worker, state="claimed")
    if state not in ("accepted", "unknown"):
        more["spent_at"] = None  # what never reached anybody takes nothing of the budget
    return ours.update(state=state, why=why, worker="", lease_until=None, ended_at=now, **more)
