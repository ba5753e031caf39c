"""Who may be contacted, for all customers at once: as sets of ids, one for each reason."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from pyroaring import BitMap

from vafa.data.consent.models import ConsentEntry, Stop, Suppression
from vafa.data.consent.rules import decide_permission
from vafa.data.consent.types import MAY, POINT_KINDS, Channel, Purpose, Reason, StopKind
from vafa.kit.bulk import select_where_in
from vafa.kit.fingerprints import build_fingerprint

_TABLE = ConsentEntry._meta.db_table
_WORDS = f"SELECT customer_id, allowed, source <> '', at, id FROM {_TABLE}"
_NEWEST = f"""
    SELECT kept, allowed, told FROM (
        SELECT coalesce(c.kept_id, c.id) AS kept, e.allowed, e.source <> '' AS told, row_number() OVER (
            PARTITION BY coalesce(c.kept_id, c.id) ORDER BY e.at DESC, e.id DESC
        ) AS place
        FROM {_TABLE} e JOIN customers_customer c ON c.id = e.customer_id
        WHERE e.channel = %s AND e.purpose = %s AND e.at <= %s
    ) newest WHERE place = 1
"""


@dataclass(frozen=True)
class Judgement:
    """Customers (ids of the kept ones) by the reason why they may or may not be contacted; each stands in one set."""

    reasons: dict[Reason, BitMap]

    @property
    def allowed(self) -> BitMap:
        """Those who may be."""
        return self.reasons[Reason.SERVICE] | self.reasons[Reason.PERMITTED]

    def find_reason(self, customer_id: int) -> Reason:
        """Why, of one customer."""
        return next((reason for reason, ids in self.reasons.items() if customer_id in ids), Reason.UNKNOWN)


def judge(
    channel: Channel, purpose: Purpose, on: datetime, among: Collection[int] | None = None
) -> Judgement:
    """Judge everybody, or only `among` (ids of kept customers), by what was known to hold at the moment `on`.

    Stops and the do-not-send list hold as they are now, whatever `on` is: nobody may be reached past them.
    """
    people = _People(among)
    left = BitMap(people.everyone)
    reasons = {reason: BitMap() for reason in Reason}

    def settle(reason: Reason, ids: BitMap) -> None:
        nonlocal left
        reasons[reason] |= ids & left
        left -= ids

    dead = Stop.objects.filter(kind=StopKind.DECEASED, ended_at=None).values_list("customer_id", flat=True)
    settle(Reason.DECEASED, people.fold(dead))
    if (kind := POINT_KINDS[channel]) is not None:
        points = Points(people, kind, purpose)
        settle(Reason.NOT_REACHABLE, left - points.any)
        settle(Reason.NOT_THEIRS, left - points.own)
        settle(Reason.SUPPRESSED, left - points.usable)
    yes, no, unproven = BitMap(), BitMap(), BitMap()
    for kept, allowed, told in people.list_newest(channel, purpose, on):
        (no if not allowed else yes if told else unproven).add(kept)
    settle(Reason.REFUSED, no)
    for ids, allowed, told in ((yes, True, True), (unproven, True, False), (BitMap(left), None, False)):
        settle(decide_permission(purpose, allowed, told), ids)
    return Judgement(reasons)


class _People:
    """Everybody, or some, with those merged into them."""

    def __init__(self, among: Collection[int] | None) -> None:
        self.among = None if among is None else {int(pk) for pk in among}
        select = "SELECT id, kept_id FROM customers_customer"
        if self.among is None:
            rows = _fetch(select)
        else:
            rows = [
                *select_where_in(select, "id", self.among, "kept_id IS NULL"),
                *select_where_in(select, "kept_id", self.among),
            ]
        self.merged = {int(pk): int(kept) for pk, kept in rows if kept is not None}
        self.everyone = BitMap([int(pk) for pk, kept in rows if kept is None])
        self.members = None if self.among is None else [*self.everyone, *self.merged]

    def fold(self, ids: Iterable[int]) -> BitMap:
        """These customers, each as the kept one."""
        found = BitMap(ids)
        away = found & BitMap(self.merged)
        return (found - away) | BitMap([self.merged[pk] for pk in away])

    def get_kept(self, customer_id: int) -> int:
        return self.merged.get(customer_id, customer_id)

    def list_newest(self, channel: Channel, purpose: Purpose, on: datetime) -> list[tuple[Any, ...]]:
        """(kept id, allowed, whether a source was told) of the newest word of each."""
        params = [str(channel), str(purpose), connection.ops.adapt_datetimefield_value(on)]
        if self.members is None:
            return _fetch(_NEWEST, params)
        where = "channel = %s AND purpose = %s AND at <= %s"
        rows = select_where_in(_WORDS, "customer_id", self.members, where, params)
        newest = {self.get_kept(int(row[0])): row for row in sorted(rows, key=lambda row: (row[3], row[4]))}
        return [(kept, row[1], row[2]) for kept, row in newest.items()]


class Points:
    """Who has a point of a kind at all, one that is theirs, and one to which something may be sent."""

    def __init__(self, people: _People, kind: str, purpose: Purpose) -> None:
        select = "SELECT customer_id, value, detached, preferred, id FROM customers_contactpoint"
        if people.members is None:
            rows = _fetch(f"{select} WHERE kind = %s", [kind])
        else:
            rows = select_where_in(select, "customer_id", people.members, "kind = %s", [kind])
        # The one they like best first, else the oldest: it is the same one whoever asks.
        self.rows = [
            (people.get_kept(int(row[0])), str(row[1]), bool(row[2]))
            for row in sorted(rows, key=lambda row: (not row[3], row[4]))
        ]
        self.any = BitMap([kept for kept, _value, _detached in self.rows])
        # Known of one of the merged, it is known of the person.
        away = {(kept, value) for kept, value, detached in self.rows if detached}
        own = [(kept, value) for kept, value, _detached in self.rows if (kept, value) not in away]
        self.own = BitMap([kept for kept, _value in own])
        stopped = _list_suppressed(kind, purpose)
        self.free = [
            (kept, value)
            for kept, value in own
            if not stopped or build_fingerprint(kind, value) not in stopped
        ]
        self.usable = BitMap([kept for kept, _value in self.free])


def find_points(channel: Channel, purpose: Purpose, among: Collection[int]) -> dict[int, tuple[str, ...]]:
    """The addresses or numbers that may be used for each of these customers, first the one that they like best."""
    kind = POINT_KINDS[channel]
    if kind is None:
        return {}
    found: dict[int, dict[str, None]] = {}
    for kept, value in Points(_People(among), kind, purpose).free:
        found.setdefault(kept, {})[value] = None
    return {kept: tuple(values) for kept, values in found.items()}


def is_allowed(reason: Reason) -> bool:
    """Whether a reason lets somebody be contacted."""
    return reason in MAY


def _list_suppressed(kind: str, purpose: Purpose) -> set[str]:
    listed = Suppression.objects.filter(kind=kind, removed_at=None)
    if purpose is Purpose.SERVICE:
        listed = listed.filter(everything=True)
    return set(listed.values_list("digest", flat=True))


def _fetch(statement: str, params: Iterable[Any] = ()) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(params))
        return list(cursor.fetchall())
