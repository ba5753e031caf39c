"""The gate: what becomes of many recipients at once, with everything that it rests on asked once for all."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection

from vafa.act.messaging.choosing import list_liked
from vafa.act.messaging.exposures import list_arms
from vafa.act.messaging.folding import list_family
from vafa.act.messaging.models import Budget, Sending
from vafa.act.messaging.resting import Rest, find_rest
from vafa.act.messaging.rules import DAY, MONTH, Facts, Go, Limits, Never, Verdict, decide
from vafa.act.messaging.types import UNIVERSAL
from vafa.act.messaging.universal import list_kept_apart
from vafa.act.messaging.zones import list_zones
from vafa.data.business.queries import get_business
from vafa.data.consent.queries import find_points, judge
from vafa.data.consent.types import MAY, POINT_KINDS, Channel, Purpose
from vafa.data.interactions.queries import list_with_open_tickets
from vafa.data.orders.queries import list_with_returns
from vafa.kit.bulk import is_postgres, update_rows
from vafa.kit.fingerprints import build_fingerprint
from vafa.lab.trials import CONTROL

# So many names in a list of a statement at once.
AT_ONCE = 400
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
    """The verdict on each of these customers (ids of kept ones). Those who share an address or number take from its cap
    in the order in which they are told."""
    ids = list(customer_ids)
    family = list_family(ids)
    business, budget = get_business(), get_budget()
    zone = ZoneInfo(business.zone)
    limits = build_limits(budget)
    refusals = _list_refusals(ids, channel, purpose, now)
    arms = list_arms(trial, ids) if trial else {}
    held = {pk for pk, arm in arms.items() if arm == CONTROL}
    points = list_digests(ids, channel, purpose)
    if answers:
        owed = {pk: Facts(refusals.get(pk, ""), pk in held, False, not_after=not_after) for pk in ids}
        return {pk: decide(one, limits, zone, now, points.get(pk, "")) for pk, one in owed.items()}
    apart = {family[pk] for pk in list_kept_apart(family, purpose)}
    spent = list_spent(family, now)
    zones = list_zones(family, field=budget.zone_field, country=business.country, zone=business.zone)
    at_points = list_spent_at_points(points.values(), now)
    sells = festive or purpose == Purpose.MARKETING
    today = now.astimezone(zone).date()
    rest = find_rest(business.country, today) if sells else Rest()
    disputes = _list_disputes(family, budget, today) if sells else set()
    liked = list_liked(family) if budget.only_preferred and purpose != Purpose.SERVICE else {}
    found: dict[int, Verdict] = {}
    for pk in ids:
        if pk in apart:
            found[pk] = Never(UNIVERSAL)
            continue
        point = points.get(pk, "")
        facts = Facts(
            refusals.get(pk, ""),
            pk in held,
            True,
            spent.get(pk, ()),
            _begin(rest.solemn_until, zone) if budget.rests_on_solemn_days else None,
            not_after,
            in_dispute=pk in disputes,
            point_spent=at_points[point] if point else (),
            # A greeting for the holiday itself goes out on it.
            holiday_until=_begin(rest.holiday_until, zone)
            if budget.rests_on_holidays and not festive
            else None,
            likes_another=liked.get(pk, channel) != channel,
        )
        found[pk] = decide(facts, limits, zones.get(pk, zone), now, point)
        if point and isinstance(found[pk], Go):
            at_points[point].append(now)
    return found


def build_limits(budget: Budget) -> Limits:
    """What the settings of the contact budget limit."""
    return Limits(
        budget.per_day,
        budget.per_week,
        budget.per_month,
        budget.quiet_from,
        budget.quiet_until,
        budget.per_point_day,
    )


def _begin(day: date | None, zone: ZoneInfo) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), zone)


def list_digests(ids: Sequence[int], channel: str, purpose: str) -> dict[int, str]:
    """The keyed digest of the address or number by which each customer would be reached."""
    kind = POINT_KINDS[Channel(channel)]
    if kind is None:
        return {}
    points = find_points(Channel(channel), Purpose(purpose), ids)
    return {pk: build_fingerprint(kind, values[0]) for pk, values in points.items()}


def take_budget(rows: Sequence[Sending], verdicts: Mapping[int, Verdict], worker: str, now: datetime) -> None:
    """Let rows of a worker's that go count in the budget of their customers, and in that of their addresses."""
    going = {
        one.pk: verdict.reached
        for one in rows
        if isinstance(verdict := verdicts.get(one.customer_id or 0), Go)
    }
    update_rows(Sending._meta.db_table, ["reached"], [(digest, pk) for pk, digest in going.items() if digest])
    Sending.objects.filter(pk__in=list(going), worker=worker, state="claimed").update(spent_at=now)


def lock_budget() -> None:
    """Let one worker at a time judge and take budget, until the transaction ends. SQLite's transactions that write are
    alone anyway."""
    if is_postgres():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_BUDGET_LOCK])


def _list_disputes(family: Mapping[int, int], budget: Budget, today: date) -> set[int]:
    """Who has an open complaint, or sent something back not long ago: under any of their ids."""
    members = list(family)
    found = list_with_open_tickets(members, since=today - timedelta(days=budget.complaint_days))
    found |= list_with_returns(members, since=today - timedelta(days=budget.refund_days))
    return {family[pk] for pk in found}


def get_budget() -> Budget:
    """The contact budget and the quiet hours as they are set; the defaults where nothing was (not saved then)."""
    return Budget.objects.order_by("pk").first() or Budget(quiet_from=time(21), quiet_until=time(9))


def _list_refusals(ids: Sequence[int], channel: str, purpose: str, now: datetime) -> dict[int, str]:
    judged = judge(Channel(channel), Purpose(purpose), now, among=ids)
    return {
        int(pk): str(reason) for reason, found in judged.reasons.items() if reason not in MAY for pk in found
    }


def list_spent(family: Mapping[int, int], now: datetime) -> Mapping[int, list[datetime]]:
    """When messages that count in the budget went to each customer in the last month, by any of their ids (`family`:
    ids, each with that of the kept one)."""
    found: dict[int, list[datetime]] = defaultdict(list)
    members = list(family)
    for start in range(0, len(members), AT_ONCE):
        rows = Sending.objects.filter(
            customer__in=members[start : start + AT_ONCE], spent_at__gt=now - MONTH
        ).order_by()
        for customer, at in rows.values_list("customer_id", "spent_at"):
            if at is not None:
                found[family[customer]].append(at)
    return found


def list_spent_at_points(digests: Iterable[str], now: datetime) -> dict[str, list[datetime]]:
    """When messages that count in the budget went to each of these addresses or numbers in the last day, whoever they
    were for."""
    found: dict[str, list[datetime]] = {digest: [] for digest in digests}
    wanted = list(found)
    for start in range(0, len(wanted), AT_ONCE):
        rows = Sending.objects.filter(reached__in=wanted[start : start + AT_ONCE], spent_at__gt=now - DAY)
        for digest, at in rows.exclude(reached="").order_by().values_list("reached", "spent_at"):
            if at is not None:
                found[digest].append(at)
    return found
