"""When a campaign goes out, as it is kept."""

from datetime import date, datetime
from typing import cast
from zoneinfo import ZoneInfo

from vafa.act.campaigns.models import Campaign
from vafa.act.campaigns.rules import find_next
from vafa.act.campaigns.types import When
from vafa.data.business.queries import get_business
from vafa.lab.cadences import Cadence
from vafa.lab.calendars import CalendarName


def get_when(campaign: Campaign) -> When:
    """When a campaign goes out."""
    cadence = None
    if campaign.every:
        cadence = Cadence(campaign.every, campaign.weekday, campaign.month_day, campaign.hour)  # type: ignore[arg-type]
    return When(campaign.starts_at, cadence, campaign.from_on, campaign.until_on)


def find_next_day(campaign: Campaign, now: datetime) -> date | None:
    """The next day of a recurring campaign, in the zone of the business; None where there is none."""
    business = get_business()
    calendar = cast("CalendarName", business.calendar)
    return find_next(get_when(campaign), calendar, ZoneInfo(business.zone), now)
