"""Who would get a campaign if it went out now, and who would not, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from vafa.act.campaigns.audience import Audience, find_audience
from vafa.act.campaigns.content import get_content
from vafa.act.campaigns.models import Campaign
from vafa.act.messaging.queries import (
    Estimate,
    estimate_pieces,
    estimate_sms,
    find_sms_account,
    list_open_accounts,
    rehearse,
)
from vafa.act.messaging.types import Rehearsal
from vafa.data.consent.types import Channel
from vafa.warehouse.queries import Snapshot


@dataclass(frozen=True)
class Reach:
    """A rehearsal: the audience as it is now, and what would become of it, before anybody is held out."""

    audience: Audience
    rehearsal: Rehearsal
    estimate: Estimate | None = None
    """What it comes to, also for those who wait; None of channels that cost nothing."""


def rehearse_campaign(campaign: Campaign, snapshot: Snapshot, now: datetime) -> Reach:
    """What would happen if it started now. Raises SegmentNotBuilt."""
    audience = find_audience(campaign, snapshot)
    found = rehearse(
        list(audience.ids), channel=campaign.channel, purpose=campaign.purpose, festive=campaign.festive,
        account_id=campaign.account_id, now=now,
    )  # fmt: skip
    never = {one.customer_id for one in found.held if one.kind == "never"}
    gets = [pk for pk in audience.ids if pk not in never]
    estimate = estimate_campaign(campaign, gets, now)
    rehearsal = Rehearsal(
        found.goes,
        found.held,
        estimate.longest.length.parts if estimate and estimate.longest else None,
        estimate.most if estimate else None,
        estimate.currency if estimate else "",
    )
    return Reach(audience, rehearsal, estimate)


def estimate_campaign(campaign: Campaign, customer_ids: Sequence[int], now: datetime) -> Estimate | None:
    """What a campaign comes to if these customers get it; None of channels that cost nothing."""
    if campaign.channel == Channel.SMS:
        account = find_sms_account(campaign.purpose, campaign.account_id)
        return estimate_sms(
            get_content(campaign), customer_ids, purpose=campaign.purpose, account=account, now=now
        )
    if campaign.channel in (Channel.PHONE, Channel.POST):
        account = campaign.account or next(iter(list_open_accounts(campaign.channel, campaign.purpose)), None)
        return estimate_pieces(len(customer_ids), account)
    return None
