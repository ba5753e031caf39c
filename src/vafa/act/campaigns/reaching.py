"""Who would get a campaign if it went out now, and who would not, and why."""

from dataclasses import dataclass
from datetime import datetime

from vafa.act.campaigns.audience import Audience, find_audience
from vafa.act.campaigns.models import Campaign
from vafa.act.messaging.queries import decide_many
from vafa.act.messaging.types import Go, Held, Rehearsal, Wait
from vafa.warehouse.queries import Snapshot


@dataclass(frozen=True)
class Reach:
    """A rehearsal: the audience as it is now, and what would become of it, before anybody is held out."""

    audience: Audience
    rehearsal: Rehearsal


def rehearse_campaign(campaign: Campaign, snapshot: Snapshot, now: datetime) -> Reach:
    """What would happen if it started now. Raises SegmentNotBuilt."""
    audience = find_audience(campaign, snapshot)
    verdicts = decide_many(
        list(audience.ids), channel=campaign.channel, purpose=campaign.purpose, festive=campaign.festive,
        answers=False, trial="", not_after=None, now=now,
    )  # fmt: skip
    held = tuple(
        Held(pk, "waits", verdict.why, verdict.until)
        if isinstance(verdict, Wait)
        else Held(pk, "never", verdict.why)
        for pk, verdict in verdicts.items()
        if not isinstance(verdict, Go)
    )
    return Reach(audience, Rehearsal({campaign.channel: len(verdicts) - len(held)}, held))
