"""The runs of recurring campaigns, made as their days come, in the calendar and the zone of the business."""

from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from vafa.act.campaigns.models import Campaign
from vafa.act.campaigns.rules import decide_due
from vafa.act.campaigns.starting import add_run
from vafa.act.campaigns.timetable import get_when
from vafa.data.business.queries import get_business
from vafa.lab.cadences import build_moment
from vafa.lab.calendars import CalendarName


def make_due_runs(now: datetime) -> int:
    """Make the run of each recurring campaign whose day has come; how many were made. One a day, whoever else tries."""
    business = get_business()
    zone, calendar = ZoneInfo(business.zone), cast("CalendarName", business.calendar)
    made = 0
    recurring = Campaign.objects.filter(state="on", archived_at=None).exclude(every="")
    for campaign in recurring:
        when = get_when(campaign)
        day = decide_due(when, calendar, zone, campaign.counts_from or now, now)
        if day is None or when.cadence is None or campaign.runs.filter(due_on=day).exists():
            continue
        made += _make(campaign.pk, day, build_moment(when.cadence, day, zone))
    return made


def _make(campaign_id: int, day: object, moment: datetime) -> bool:
    try:
        with transaction.atomic():
            campaign = Campaign.objects.select_for_update().get(pk=campaign_id)
            if campaign.state != "on":
                return False
            add_run(campaign, moment, due_on=day)
    except IntegrityError:  # another worker has made it
        return False
    return True
