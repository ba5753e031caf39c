"""Building segments: their members anew, in order of dependency, whenever the figures or the settings have moved.

A build is one row that says who entered and who left, written together with the new members: cut off anywhere, the old
members stand. Two workers never build the same segment at once (a lease), and what an overtaken one found is dropped.
"""

import hashlib
import logging
import secrets
import time
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import translation
from django.utils.translation import gettext as _
from pyroaring import BitMap

from vafa.data.business.queries import get_business
from vafa.data.intake.queries import has_brought_history
from vafa.data.log.queries import has_removals
from vafa.kit.errors import VafaError
from vafa.lab.sets import build_set
from vafa.measure.segments.coding import read_definition
from vafa.measure.segments.evaluating import find_members
from vafa.measure.segments.members import build_ids, list_ids, pack, read_member_ids
from vafa.measure.segments.models import Change, MemberSet, Segment
from vafa.measure.segments.predicted import get_versions
from vafa.measure.segments.resolving import (
    Resolver,
    build_settings_print,
    list_change_numbers,
    list_predicted,
    settle_as_of,
    tell_circle,
)
from vafa.measure.segments.rules import decide_live, find_circle, list_named_segments, order_by_dependency
from vafa.measure.segments.telling import build_moment, tell_change
from vafa.warehouse.queries import Snapshot, open_snapshot

if TYPE_CHECKING:
    from vafa.data.business.models import Business

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=3)
RETRY_AFTER = timedelta(minutes=2)


@dataclass(frozen=True)
class Built:
    """What a build did: who is in, entered and left, or what it failed with ("" if it didn't)."""

    slug: str
    count: int | None
    entered: int = 0
    left: int = 0
    error: str = ""
    seconds: float = 0.0


def list_in_order() -> list[Segment]:
    """The segments with conditions, each after those that it names."""
    segments = {
        segment.slug: segment for segment in Segment.objects.filter(archived_at=None).exclude(definition=None)
    }
    links = list_links()
    return [segments[slug] for slug in order_by_dependency(links) if slug in segments]


def list_links() -> dict[str, list[str]]:
    """Which segments each segment names; an unreadable definition names none."""
    links: dict[str, list[str]] = {}
    for slug, document in Segment.objects.values_list("slug", "definition"):
        try:
            links[slug] = list_named_segments(read_definition(document).root) if document else []
        except VafaError:
            links[slug] = []
    return links


def rebuild_due(now: datetime, *, snapshot: Snapshot | None = None) -> list[Built]:
    """Build whatever is not what the newest figures, settings and other segments make of it."""
    copy = snapshot or open_snapshot()
    return [
        built
        for segment in list_in_order()
        if (built := rebuild(segment, now=now, snapshot=copy)) is not None
    ]


def rebuild(segment: Segment, *, now: datetime, snapshot: Snapshot, force: bool = False) -> Built | None:
    """Build one segment if it is due (or `force`); None where there is nothing to do or another worker does it."""
    business = get_business()
    # Errors are kept as they are shown: in the language of the business.
    with translation.override(business.language):
        resolver = Resolver(snapshot, business)
        build = _Build(segment, resolver, now)
        if not (force or build.is_due()) or not _claim(segment, now):
            return None
        try:
            return build.run()
        except VafaError as error:
            return _fail(segment, str(error), now)
        except Exception:
            logger.exception("the segment %s could not be built", segment.slug)
            return _fail(segment, _("An error that is described in the log of the program."), now)


def _claim(segment: Segment, now: datetime) -> bool:
    """Make the segment ours for a while; whether it is."""
    claim = secrets.token_hex(16)
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    taken = Segment.objects.filter(free, pk=segment.pk).update(claim=claim, lease_until=now + LEASE)
    segment.claim = claim
    return bool(taken)


def _fail(segment: Segment, error: str, now: datetime) -> Built:
    """Note why a build failed; the members stay those of the last good one."""
    Segment.objects.filter(pk=segment.pk, claim=segment.claim).update(
        error=error[:1000], error_at=now, lease_until=None, claim=""
    )
    return Built(segment.slug, segment.count, error=error)


class _Build:
    """One build of one segment against one state of the data."""

    def __init__(self, segment: Segment, resolver: Resolver, now: datetime) -> None:
        self.segment = segment
        self.resolver = resolver
        self.snapshot = resolver.snapshot
        self.business: Business = resolver.business
        self.now = now
        self.built_for = build_settings_print(segment, resolver.rule, resolver.business, self.snapshot)

    @property
    def built_on(self) -> str:
        """The newest changes of the segments that this one names, and the newest predictions that it follows from."""
        columns = list_predicted(self.segment)
        told = get_versions(self.snapshot, columns) if columns else ()
        predicted = hashlib.sha256(repr(told).encode()).hexdigest()[:20] if told else ""
        return f"{predicted}{self._list_named()}"[:64]

    def _list_named(self) -> str:
        try:
            names = list_named_segments(read_definition(self.segment.definition or {}).root)
        except VafaError:
            return ""
        return ",".join(str(newest) for _slug, newest in list_change_numbers(names))[:64] if names else ""

    def is_due(self) -> bool:
        """Whether anything has moved that the members follow from; after a failure, whether it is time to try again."""
        known = self.segment
        if known.error_at is not None:
            return self.now - known.error_at >= RETRY_AFTER
        if known.built_at is None or known.built_for != self.built_for or known.built_on != self.built_on:
            return True
        return known.built_seq != self.snapshot.seq

    def run(self) -> Built:
        """Evaluate, and write what changed."""
        begun = time.monotonic()
        segment = self.segment
        definition = read_definition(segment.definition or {})
        circle = find_circle(segment.slug, list_named_segments(definition.root), list_links())
        if circle is not None:
            raise tell_circle(circle)
        as_of = settle_as_of(definition, self.snapshot, self.resolver.rule, self.now)
        built_on = self.built_on
        members = self._evaluate(as_of)
        return self._write(members, as_of, built_on, begun)

    def _evaluate(self, as_of: date) -> BitMap:
        definition = read_definition(self.segment.definition or {})
        found = self.resolver.find_current
        rule, rates = self.resolver.rule, self.resolver.rates
        return find_members(definition, self.snapshot, self.business, as_of, rule, found, rates)

    def _write(self, members: BitMap, as_of: date, built_on: str, begun: float) -> Built:
        segment, snapshot = self.segment, self.snapshot
        before = read_member_ids(segment)
        entered, left = compare(before, members, snapshot)
        is_first = before is None
        live = decide_live(
            is_first=is_first,
            is_redefined=segment.built_for != self.built_for,
            brought_history=self._has_brought_history(),
            at=build_moment(as_of),
            now=self.now,
        )
        seconds = round(time.monotonic() - begun, 3)
        with transaction.atomic():
            is_ours = Segment.objects.filter(
                pk=segment.pk, claim=segment.claim, number=segment.number, archived_at=None
            ).update(
                built_at=self.now,
                built_as_of=as_of,
                built_seq=snapshot.seq,
                built_for=self.built_for,
                built_on=built_on,
                build_seconds=seconds,
                previous_count=F("count"),
                count=len(members),
                error="",
                error_at=None,
                lease_until=None,
                claim="",
            )
            if not is_ours:  # changed or taken over meanwhile: what was found is of yesterday
                return Built(segment.slug, segment.count)
            change = None
            if is_first or entered or left:
                change = write_change(
                    segment, members, snapshot, entered, left, as_of=as_of, now=self.now, cause="build",
                    is_first=is_first, live=live,
                )  # fmt: skip
        if change is not None:
            tell_change(change, now=self.now)
        return Built(segment.slug, len(members), len(entered), len(left), seconds=seconds)

    def _has_brought_history(self) -> bool:
        """Whether files came in, or facts were taken away, since the last build: then it catches up with history."""
        after = self.segment.built_seq or 0
        return has_brought_history(after) or has_removals(after, self.snapshot.seq)


def compare(before: BitMap | None, members: BitMap, snapshot: Snapshot) -> tuple[BitMap, BitMap]:
    """The ids of who entered and who left. A customer merged into a member stays as that member; who is gone or
    left out of the figures has left."""
    ids = list_ids(before or BitMap())
    numbers = snapshot.list_numbers(ids)
    known = build_set(numbers[numbers >= 0])
    gone = build_set(ids[numbers < 0])
    return build_ids(members - known, snapshot), build_ids(known - members, snapshot) | gone


def write_change(
    segment: Segment,
    members: BitMap,
    snapshot: Snapshot,
    entered: BitMap,
    left: BitMap,
    *,
    as_of: date,
    now: datetime,
    cause: str,
    is_first: bool = False,
    live: bool = False,
    by: Any = None,
    undo_of: Change | None = None,
) -> Change:
    """Make these the members, and note who entered and left by it. Call it in a transaction."""
    MemberSet.objects.update_or_create(segment=segment, defaults={"ids": pack(build_ids(members, snapshot))})
    return Change.objects.create(
        segment=segment,
        at=now,
        as_of=as_of,
        cause=cause,
        is_first=is_first,
        live=live,
        entered=pack(entered),
        left=pack(left),
        entered_count=len(entered),
        left_count=len(left),
        count=len(members),
        by=by if getattr(by, "pk", None) else None,
        undo_of=undo_of,
    )
