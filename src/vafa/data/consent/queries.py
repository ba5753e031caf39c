"""Asking about consent: who may be contacted, what was said and by whom, and what is stopped."""

from collections.abc import Collection, Iterable
from datetime import datetime

from vafa.data.consent.barring import Barred
from vafa.data.consent.erasures import list_unfinished, rehearse
from vafa.data.consent.judging import Judgement, find_points, is_allowed, judge
from vafa.data.consent.links import build_preference_token, read_preference_token
from vafa.data.consent.models import ConsentEntry, Erasure, Keeping, Stop, Suppression
from vafa.data.consent.suppressing import find_listed, read_point
from vafa.data.consent.types import Channel, Decision, Purpose, State, StopKind, Way
from vafa.data.customers.queries import list_ids_of
from vafa.kit.bulk import select_where_in
from vafa.kit.fingerprints import build_fingerprint

__all__ = [
    "Barred",
    "ConsentEntry",
    "Erasure",
    "Judgement",
    "Stop",
    "Suppression",
    "build_preference_token",
    "count_suppressed",
    "find_erasure",
    "find_listed",
    "find_points",
    "find_stop",
    "find_suppression",
    "judge",
    "list_customers_since",
    "list_deceased",
    "list_erasures",
    "list_history",
    "list_keepings",
    "list_spoken_of",
    "list_states",
    "list_stops",
    "list_suppressed",
    "list_unfinished",
    "may_contact",
    "read_preference_token",
    "rehearse",
]


def may_contact(
    customer_ids: Collection[int], channel: Channel, purpose: Purpose, on: datetime
) -> dict[int, Decision]:
    """Whether each of these customers (ids of kept ones) may be contacted at the moment `on`, why, and by which address
    or number. For sets of all customers ask `judge`."""
    judgement = judge(channel, purpose, on, among=customer_ids)
    points = find_points(channel, purpose, list(judgement.allowed))
    found: dict[int, Decision] = {}
    for customer_id in customer_ids:
        reason = judgement.find_reason(customer_id)
        found[customer_id] = Decision(customer_id, is_allowed(reason), reason, points.get(customer_id, ()))
    return found


def list_states(customer_id: int) -> list[State]:
    """What holds for a customer (the kept one) on every channel for every purpose."""
    newest: dict[tuple[str, str], ConsentEntry] = {}
    for entry in list_history([customer_id]):
        newest.setdefault((entry.channel, entry.purpose), entry)
    return [
        _build_state(channel, purpose, newest.get((channel, purpose)))
        for channel in Channel
        for purpose in Purpose
    ]


def _build_state(channel: Channel, purpose: Purpose, entry: ConsentEntry | None) -> State:
    if entry is None:
        return State(channel, purpose, None)
    return State(
        channel,
        purpose,
        entry.allowed,
        source=entry.source,
        wording=entry.wording,
        evidence=entry.evidence,
        way=entry.way,
        at=entry.at,
        by_name=str(entry.by) if entry.by else "",
    )


def list_history(customer_ids: Iterable[int]) -> list[ConsentEntry]:
    """Every word on these customers and those merged into them, the one that holds first."""
    ids = [one for customer_id in customer_ids for one in list_ids_of(customer_id)]
    return list(ConsentEntry.objects.filter(customer__in=ids).select_related("by").order_by("-at", "-pk"))


def list_stops(customer_id: int) -> list[Stop]:
    """The stops that hold for a customer and those merged into it, the newest first."""
    stops = Stop.objects.filter(customer__in=list_ids_of(customer_id), ended_at=None)
    return list(stops.select_related("by").order_by("-pk"))


def list_spoken_of(customer_ids: Collection[int]) -> set[int]:
    """Those of these customers of whom something was said that no file told: a stop, or a word by hand or their own."""
    stopped = select_where_in(f"SELECT customer_id FROM {Stop._meta.db_table}", "customer_id", customer_ids)
    words = f"SELECT customer_id FROM {ConsentEntry._meta.db_table}"
    said = select_where_in(words, "customer_id", customer_ids, "way <> %s", [str(Way.IMPORT)])
    return {int(row[0]) for row in (*stopped, *said)}


def list_deceased() -> set[int]:
    """The ids of all customers who are known to have died, as the kept ones after merges."""
    stops = Stop.objects.filter(kind=StopKind.DECEASED, ended_at=None)
    return {kept or own for own, kept in stops.values_list("customer_id", "customer__kept_id")}


def find_stop(stop_id: int) -> Stop | None:
    """One stop, or None."""
    return Stop.objects.filter(pk=stop_id).first()


def list_erasures(limit: int = 100) -> list[Erasure]:
    """Who is being erased, or was: the newest first."""
    return list(Erasure.objects.select_related("by")[:limit])


def list_keepings() -> dict[str, int]:
    """For how many days each kind of data is kept, where somebody has set it."""
    return dict(Keeping.objects.values_list("kind", "days"))


def find_erasure(code: str) -> Erasure | None:
    """One erasure by its code, or None."""
    return Erasure.objects.select_related("by").filter(code=code).first()


def list_suppressed(
    *, find: str = "", region: str = "", start: int = 0, limit: int = 100
) -> list[Suppression]:
    """What is on the do-not-send list, the newest first; `find` is a whole address or number. Raises `NotAPoint`."""
    listed = Suppression.objects.filter(removed_at=None).select_related("by")
    if find.strip():
        kind, value = read_point(find, region)
        listed = listed.filter(kind=kind, digest=build_fingerprint(kind, value))
    return list(listed[start : start + limit])


def count_suppressed() -> int:
    """How many addresses and numbers are on the do-not-send list."""
    return Suppression.objects.filter(removed_at=None).count()


def find_suppression(suppression_id: int) -> Suppression | None:
    """One row of the do-not-send list, or None."""
    return Suppression.objects.filter(pk=suppression_id, removed_at=None).first()


def list_customers_since(moment: datetime) -> set[int]:
    """The ids under which customers said by themselves since a moment whether they may be contacted."""
    said = ConsentEntry.objects.filter(at__gte=moment).exclude(way=Way.IMPORT).order_by()
    return set(said.values_list("customer_id", flat=True).distinct())
