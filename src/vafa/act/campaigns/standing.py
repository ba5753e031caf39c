"""How campaigns stand, and lists of them."""

from collections.abc import Iterable
from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

from vafa.act.campaigns.models import Campaign, Run
from vafa.act.campaigns.rules import decide_stage, find_next
from vafa.act.campaigns.timetable import get_when
from vafa.act.campaigns.types import Asked, RunState, Stage, State
from vafa.act.messaging.queries import list_unfinished
from vafa.data.business.queries import get_business
from vafa.lab.calendars import CalendarName

_RELATED = ("segment", "template", "account", "made_by", "started_by")


def get_stage(campaign: Campaign, now: datetime) -> Stage:
    """How a campaign stands."""
    return list_stages([campaign], now)[campaign.pk]


def list_stages(campaigns: Iterable[Campaign], now: datetime) -> dict[int, Stage]:
    """How each of these campaigns stands, by its id; a few queries however many they are."""
    listed = list(campaigns)
    runs: dict[int, list[Run]] = {campaign.pk: [] for campaign in listed}
    found = Run.objects.filter(campaign__in=[one.pk for one in listed if one.state == "on"])
    for run in found.only("campaign", "number", "state", "message"):
        runs[run.campaign_id].append(run)
    handed = [
        run.message_id for many in runs.values() for run in many if run.message_id and run.state == "handed"
    ]
    unfinished = list_unfinished(handed)
    business = get_business()
    zone, calendar = ZoneInfo(business.zone), cast("CalendarName", business.calendar)
    stages = {}
    for campaign in listed:
        own = sorted(runs[campaign.pk], key=lambda run: -run.number)
        ended = bool(campaign.every) and find_next(get_when(campaign), calendar, zone, now) is None
        stages[campaign.pk] = decide_stage(
            cast("State", campaign.state),
            cast("RunState", own[0].state) if own else None,
            recurs=bool(campaign.every),
            ended=ended,
            unsent=any(run.message_id in unfinished for run in own),
        )
    return stages


def find_campaign(campaign_id: int) -> Campaign | None:
    """One campaign, also an archived one; or None."""
    return Campaign.objects.filter(pk=campaign_id).select_related(*_RELATED).first()


def list_campaigns(asked: Asked, now: datetime, limit: int = 500) -> list[tuple[Campaign, Stage]]:
    """The campaigns that are asked for with how each stands, the newest first."""
    found = Campaign.objects.filter(archived_at__isnull=not asked.archived).select_related(*_RELATED)
    if asked.channel is not None:
        found = found.filter(channel=str(asked.channel))
    if asked.find.strip():
        found = found.filter(name__icontains=asked.find.strip())
    listed = list(found[:limit])
    stages = list_stages(listed, now)
    return [
        (campaign, stages[campaign.pk])
        for campaign in listed
        if asked.stage is None or stages[campaign.pk] == asked.stage
    ]


def list_runs(campaign: Campaign, limit: int = 60) -> list[Run]:
    """The runs of a campaign, the newest first."""
    return list(campaign.runs.defer("ids")[:limit])


def find_run(campaign: Campaign, number: int) -> Run | None:
    """One run of a campaign, or None."""
    return campaign.runs.defer("ids").filter(number=number).first()


def has_campaigns(*, archived: bool = False) -> bool:
    """Whether there is any."""
    return Campaign.objects.filter(archived_at__isnull=not archived).exists()
