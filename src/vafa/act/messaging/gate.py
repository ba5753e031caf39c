"""The gate: what becomes of many recipients at once, with everything that it rests on asked once for all."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection

from vafa.act.messaging.exposures import list_held_out
from vafa.act.messaging.models import Budget, Sending
from vafa.act.messaging.rules import MONTH, Facts, Limits, Never, Verdict, decide
from vafa.act.messaging.types import UNIVERSAL
from vafa.act.messaging.universal import list_kept_apart
from vafa.data.business.queries import get_business
from vafa.data.consent.queries import judge
from vafa.data.consent.types import MAY, Channel, Purpose
from vafa.data.customers.queries import list_merged_ids
from vafa.data.interactions.queries import list_with_open_tickets
from vafa.data.orders.queries import list_with_returns
from vafa.kit.bulk import is_postgres
from vafa.kit.locale.occasions import load_occasions

_BUDGET_LOCK = 0x5641_4641_0001


def decide_many(
    customer_ids: Collection[int],
    *,
    channel: str,
    purpose: str,
    festive: bool,
    answers: bool,
    trial: str,
    not_after: datetime | None,
    now: datetime,
) -> dict[int, Verdict]:
    """The verdict on each of these customers (ids of kept ones)."""
    ids = list(customer_ids)
    business = get_business()
    budget, zone = get_budget(), ZoneInfo(business.zone)
    limits = Limits(budget.per_day, budget.per_week, budget.per_month, budget.quiet_from, budget.quiet_until)
    refusals = _list_refusals(ids, channel, purpose, now)
    held = {customer for _key, customer in list_held_out([trial] if trial else [], ids)}
    in_budget = not answers
    apart = list_kept_apart(ids, purpose) if in_budget else set()
    spent = list_spent(ids, now) if in_budget else {}
    solemn = (
        find_solemn_end(zone, now)
        if budget.rests_on_solemn_days and in_budget and (festive or purpose == Purpose.MARKETING)
        else None
    )
    sells = in_budget and (festive or purpose == Purpose.MARKETING)
    disputes = _list_disputes(ids, budget, now.astimezone(zone).date()) if sells else set()
    return {
        pk: Never(UNIVERSAL)
        if pk in apart
        else decide(
            Facts(
                refusals.get(pk, ""), pk in held, in_budget, spent.get(pk, ()), solemn, not_after,
                in_dispute=pk in disputes,
            ),
            limits, zone, now,
        )
        for pk in ids
    }  # fmt: skip


def lock_budget() -> None:
    """Let one worker at a time judge and take budget, until the transaction ends. SQLite's transactions that write are
    alone anyway."""
    if is_postgres():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_BUDGET_LOCK])


def _list_disputes(ids: Sequence[int], budget: Budget, today: date) -> set[int]:
    """Who has an open complaint, or sent something back not long ago: under any of their ids."""
    folded = {pk: pk for pk in ids} | list_merged_ids(ids)
    members = list(folded)
    found = list_with_open_tickets(members, since=today - timedelta(days=budget.complaint_days))
    found |= list_with_returns(members, since=today - timedelta(days=budget.refund_days))
    return {folded[pk] for pk in found}


def get_budget() -> Budget:
    """The contact budget and the quiet hours as they are set; the defaults where nothing was (not saved then)."""
    return Budget.objects.order_by("pk").first() or Budget(quiet_from=time(21), quiet_until=time(9))


def _list_refusals(ids: Sequence[int], channel: str, purpose: str, now: datetime) -> dict[int, str]:
    judged = judge(Channel(channel), Purpose(purpose), now, among=ids)
    return {
        int(pk): str(reason) for reason, found in judged.reasons.items() if reason not in MAY for pk in found
    }


def list_spent(ids: Sequence[int], now: datetime) -> Mapping[int, list[datetime]]:
    """When messages that count in the budget went to each of these in the last month."""
    found: dict[int, list[datetime]] = defaultdict(list)
    for start in range(0, len(ids), 400):
        rows = Sending.objects.filter(
            customer__in=ids[start : start + 400], spent_at__gt=now - MONTH
        ).order_by()
        for customer, at in rows.values_list("customer_id", "spent_at"):
            if at is not None:
                found[customer].append(at)
    return found


def find_solemn_end(zone: ZoneInfo, now: datetime) -> datetime | None:
    """When the solemn days end that hold now in the business's country; None where today is none."""
    business = get_business()
    today = now.astimezone(zone).date()
    if not business.country:
        return None
    days = load_occasions(business.country).list_between(today, today + timedelta(days=1))
    ends = [one.occasion.end for one in days if one.occasion.solemn]
    return datetime.combine(max(ends), datetime.min.time(), zone) if ends else None
