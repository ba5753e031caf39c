"""DOOR: asking for campaigns: what they say, to whom they go, how they stand."""

from vafa.act.campaigns.audience import Audience, find_audience, find_dealable
from vafa.act.campaigns.checking import list_hindrances
from vafa.act.campaigns.content import get_content, get_written
from vafa.act.campaigns.editing import get_told
from vafa.act.campaigns.models import Campaign, Run
from vafa.act.campaigns.preparing import build_origin
from vafa.act.campaigns.reaching import Reach, rehearse_campaign
from vafa.act.campaigns.rules import can
from vafa.act.campaigns.standing import (
    find_campaign,
    find_run,
    get_stage,
    has_campaigns,
    list_campaigns,
    list_runs,
)
from vafa.act.campaigns.timetable import find_next_day, get_when

__all__ = [
    "Audience",
    "Campaign",
    "Reach",
    "Run",
    "build_origin",
    "can",
    "find_audience",
    "find_campaign",
    "find_dealable",
    "find_next_day",
    "find_run",
    "get_content",
    "get_stage",
    "get_told",
    "get_when",
    "get_written",
    "has_campaigns",
    "list_campaigns",
    "list_hindrances",
    "list_runs",
    "rehearse_campaign",
]
