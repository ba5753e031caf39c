"""How far the data goes, as every page says it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from vafa.front.navigation import find_url
from vafa.kit import clock
from vafa.kit.locale.formats import format_day
from vafa.kit.locale.style import Style
from vafa.warehouse.queries import open_snapshot

if TYPE_CHECKING:
    from vafa.data.business.models import Business

# From here on the figures are old enough to say so in colour.
STALE_DAYS = 7
OLD_DAYS = 30


@dataclass(frozen=True)
class FreshnessLine:
    """The line: its text, its tone ("", "warning", "error") and where the sources are listed."""

    text: str
    tone: str
    url: str | None


def describe_freshness(business: "Business", style: Style, *, may_set: bool) -> FreshnessLine | None:
    """The last day that the figures cover; None while there is no data."""
    data_until = open_snapshot().freshness().data_until
    if data_until is None:
        return None
    age = (clock.today(business.zone) - data_until).days
    tone = "error" if age > OLD_DAYS else "warning" if age > STALE_DAYS else ""
    last_day = format_day(data_until - timedelta(days=1), style)
    return FreshnessLine(
        _("Data up to %(day)s") % {"day": last_day}, tone, find_url("settings_sources") if may_set else None
    )
