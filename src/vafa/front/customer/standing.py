"""How a customer stands: active or not, since when, how regularly, and how late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from statistics import median

from django.urls import reverse
from django.utils.translation import gettext as _

from vafa.data.orders.queries import list_order_days
from vafa.front.overview.figures import Asker
from vafa.kit.locale.formats import (
    Style,
    format_ago_days,
    format_day,
    format_days,
    format_money,
    format_number,
)
from vafa.measure.metrics.types import Explanation
from vafa.measure.segments.queries import list_segments_of

_MOST_DAYS = 10_000


@dataclass(frozen=True)
class Standing:
    """The state at the end of data, in words. `tone` colours the badge: "success", "warning" or ""."""

    badge: str
    tone: str
    because: str
    since: str | None
    as_of: str
    last_purchase: str | None
    rhythm: str | None
    lateness: str | None
    is_late: bool


@dataclass(frozen=True)
class Worth:
    """What the customer has bought, ready to print."""

    orders: str
    revenue: str
    average: str | None
    first: str | None


@dataclass(frozen=True)
class InSegment:
    """A segment that the customer is in."""

    name: str
    url: str


def list_in_segments(customer_id: int) -> list[InSegment]:
    """The segments that a customer (the kept one) is in since their last good builds."""
    return [InSegment(one.name, reverse("segment", args=[one.slug])) for one in list_segments_of(customer_id)]


def list_purchase_days(asker: Asker, customers: Sequence[int], number: int) -> list[int]:
    """The days (ordinals) on which a customer, those merged into it included, bought as the figures count it.

    The records know the few days that come into question, the sets of buyers which of them hold a purchase: much
    less work than looking for one customer among all facts.
    """
    days = sorted(list_order_days(customers, date.max, _MOST_DAYS))
    return [day.toordinal() for day in days if number in asker.snapshot.buyers(day, day + timedelta(days=1))]


def build_standing(explained: Explanation, days: list[int], style: Style) -> Standing:
    """The standing from the explanation of the end of data and the days of purchase."""
    until = explained.data_until
    last = days[-1] if days else None
    gap = _find_rhythm(days)
    late = _count_late_days(last, gap, until)
    return Standing(
        badge=_name_state(explained.active),
        tone={True: "success", False: "warning", None: ""}[explained.active],
        because=explained.because,
        since=_describe_since(explained, style),
        as_of=format_day(until - timedelta(days=1), style) if until else "",
        last_purchase=_describe_last(last, until, style),
        rhythm=None if gap is None else _describe_rhythm(gap, len(days), style),
        lateness=_describe_lateness(late, style),
        is_late=late is not None and late > 0,
    )


def _name_state(active: bool | None) -> str:
    if active is None:
        return _("State not known")
    return _("Active") if active else _("Not active")


def _find_rhythm(days: list[int]) -> float | None:
    """The median number of days between purchases; two gaps make the first rhythm worth the name."""
    gaps = [later - earlier for earlier, later in pairwise(days)]
    return float(median(gaps)) if len(gaps) > 1 else None


def _count_late_days(last: int | None, gap: float | None, until: date | None) -> int | None:
    """Days since the next purchase was due, by the last known day; negative while it is not due."""
    if last is None or gap is None or until is None:
        return None
    return until.toordinal() - 1 - last - round(gap)


def _describe_since(explained: Explanation, style: Style) -> str | None:
    if explained.active and explained.spell_start:
        return _("Active since %(day)s") % {"day": format_day(explained.spell_start, style)}
    if explained.active is False and explained.spell_end and explained.spell_end <= explained.on:
        return _("Not active since %(day)s") % {"day": format_day(explained.spell_end, style)}
    return None


def _describe_last(last: int | None, until: date | None, style: Style) -> str | None:
    if last is None:
        return None
    day = date.fromordinal(last)
    if until is None:
        return format_day(day, style)
    # Told from the last known day, not from today: days that no source has told of make nobody late.
    ago = format_ago_days((until - timedelta(days=1) - day).days, style)
    return _("%(day)s (%(ago)s, seen from the last known day)") % {"day": format_day(day, style), "ago": ago}


def _describe_rhythm(gap: float, count: int, style: Style) -> str:
    return _("Every %(gap)s days (the median between %(count)s purchase days)") % {
        "gap": format_number(gap, style),
        "count": format_number(count, style),
    }


def _describe_lateness(late: int | None, style: Style) -> str | None:
    if late is None:
        return None
    if late > 0:
        return _("%(days)s past the usual gap") % {"days": format_days(late, style)}
    return _("Not late: the usual gap is not over")


def build_worth(orders: int, revenue: float | None, first: date | None, style: Style) -> Worth:
    """Orders and revenue in words."""
    average = revenue / orders if revenue is not None and orders else None
    return Worth(
        orders=format_number(orders, style),
        revenue=format_money(revenue, style.currency, style),
        average=None if average is None else format_money(average, style.currency, style),
        first=None if first is None else format_day(first, style),
    )
