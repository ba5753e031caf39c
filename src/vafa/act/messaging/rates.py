"""How fast and at which hours a sending account sends: pure decisions.

A bucket holds what may still go in a span that began when it was last full; when the span is over, it is full again. So
while many wait, no span of that length ever sees more than the rate. Kept in the database, it holds for all workers and
over every restart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from vafa.act.messaging.rules import Limits, find_quiet_end

SPANS: Mapping[str, timedelta] = {
    "second": timedelta(seconds=1),
    "minute": timedelta(minutes=1),
    "day": timedelta(days=1),
}
Window = tuple[time, time]


@dataclass(frozen=True)
class Filling:
    """What a bucket holds, since when."""

    tokens: int
    at: datetime


def fill(known: Filling | None, rate: int, span: timedelta, now: datetime) -> Filling:
    """A bucket as it is now: full where its span is over, or where there was none."""
    if known is None or now >= known.at + span or now < known.at:
        return Filling(rate, now)
    return Filling(min(known.tokens, rate), known.at)


def find_rate_wait(fillings: Mapping[str, Filling]) -> datetime | None:
    """When the buckets have something again of which one is empty; None where none is."""
    return max((one.at + SPANS[span] for span, one in fillings.items() if one.tokens <= 0), default=None)


def find_hours_wait(windows: Sequence[Window], zone: ZoneInfo, now: datetime) -> datetime | None:
    """When all windows of hours are open again; None where they are open now. Two that never meet are asked again in a
    day."""
    moment = now
    for _turn in range(2 * len(windows) + 1):
        ends = [
            find_quiet_end(Limits(quiet_from=until, quiet_until=start), zone, moment)
            for start, until in windows
        ]
        shut = [end for end in ends if end is not None]
        if not shut:
            return None if moment == now else moment
        moment = max(shut)
    return now + timedelta(days=1)
