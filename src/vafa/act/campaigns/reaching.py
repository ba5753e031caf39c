"""Who would get a campaign if it went out now, and who would not, and why."""

from dataclasses import dataclass
from datetime import datetime

from vafa.act.campaigns.audience import Audience, find_audience
from vafa.act.campaigns.models import Campaign
from vafa.act.messaging.types import Held, Rehearsal
from vafa.data.consent.queries import judge
from vafa.data.consent.types import MAY, Channel, Purpose
from vafa.warehouse.queries import Snapshot


@dataclass(frozen=True)
class Reach:
    """A rehearsal: the audience as it is now, and what would become of it, before anybody is held out."""

    audience: Audience
    rehearsal: Rehearsal


def rehearse_campaign(campaign: Campaign, snapshot: Snapshot, now: datetime) -> Reach:
    """What would happen if it started now. Raises SegmentNotBuilt."""
    audience = find_audience(campaign, snapshot)
    judged = judge(Channel(campaign.channel), Purpose(campaign.purpose), now, among=list(audience.ids))
    held = tuple(
        Held(int(pk), "never", str(reason))
        for reason, ids in judged.reasons.items()
        if reason not in MAY
        for pk in ids
    )
    return Reach(audience, Rehearsal({campaign.channel: len(judged.allowed)}, held))
