"""Whom a campaign goes to: the members of its segment, as sets of ids."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from pyroaring import BitMap

from vafa.act.campaigns.models import Campaign
from vafa.act.messaging.queries import list_kept_apart, list_recipients
from vafa.data.consent.queries import judge
from vafa.data.consent.types import Channel, Purpose
from vafa.lab.sets import build_set
from vafa.measure.segments.queries import find_saved, get_segment_members
from vafa.warehouse.queries import Snapshot, open_snapshot

# Above so many it is cheaper to judge everybody.
MANY = 20_000


@dataclass(frozen=True)
class Audience:
    """Who is to get a campaign's next message (ids of kept customers), as of which boundary the segment was built, and
    how many more are in it who have had an earlier one and are left out therefore."""

    ids: BitMap
    as_of: date | None = None
    had_before: int = 0


def find_audience(campaign: Campaign, snapshot: Snapshot | None = None) -> Audience:
    """Who would get it now. Raises SegmentNotBuilt; nobody where no segment is chosen."""
    if campaign.segment is None:
        return Audience(BitMap())
    copy = snapshot or open_snapshot()
    slug = campaign.segment.slug
    saved = find_saved(slug)
    ids = build_set(copy.ids(get_segment_members(slug, copy)))
    before = find_had_before(campaign) if campaign.once_each and campaign.every else BitMap()
    return Audience(ids - before, saved.as_of if saved else None, len(ids & before))


def find_had_before(campaign: Campaign) -> BitMap:
    """Who was in an earlier run's audience, also in its control group: both sides are left out alike."""
    messages = campaign.runs.exclude(message=None).values_list("message_id", flat=True)
    return BitMap(pk for message in messages for pk in list_recipients(message))


def find_dealable(campaign: Campaign, ids: Iterable[int], now: datetime) -> BitMap:
    """Who of these takes part in the trial: whoever may be reached at all, by what lasts (consent, a contact point, the
    do-not-send list, the universal holdout). The others would get nothing in either arm, and only blur the difference.
    """
    people = BitMap(ids)
    among = list(people) if len(people) <= MANY else None
    allowed = judge(Channel(campaign.channel), Purpose(campaign.purpose), now, among).allowed & people
    return allowed - BitMap(list_kept_apart(list(allowed), campaign.purpose))
