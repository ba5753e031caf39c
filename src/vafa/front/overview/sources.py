"""How far each source goes, and how long ago that was."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from vafa.front.overview.texts import name_group
from vafa.kit.locale.formats import Style, format_ago_days, format_day
from vafa.warehouse.types import FeedState, Freshness


@dataclass(frozen=True)
class SourceLine:
    """One kind of fact of one source, ready to print."""

    source: str
    kind: str
    until: str
    age: str
    note: str


def list_source_lines(freshness: Freshness, today: date, style: Style) -> list[SourceLine]:
    """The sources behind a figure, the one that is furthest behind first."""
    feeds = sorted(freshness.feeds, key=lambda feed: (feed.complete_until or date.min, feed.source))
    return [_build_line(feed, today, style) for feed in feeds]


def _build_line(feed: FeedState, today: date, style: Style) -> SourceLine:
    last = None if feed.complete_until is None else feed.complete_until - timedelta(days=1)
    return SourceLine(
        source=name_group(feed.source),
        kind=name_kind(feed.kind),
        until=format_day(last, style),
        age=format_ago_days(None if last is None else (today - last).days, style),
        note=_write_note(feed),
    )


def _write_note(feed: FeedState) -> str:
    if feed.closed:
        return _("Closed: nothing more will come, and it holds nothing up.")
    return _("As stated by hand.") if feed.is_set else _("The day of its last fact.")


def name_kind(kind: str) -> str:
    """A kind of facts in words."""
    names = {
        "orders": _("Orders"),
        "returns": _("Returns"),
        "subscriptions": _("Subscriptions"),
        "interactions": _("Interactions"),
        "answers": _("Survey answers"),
        "tickets": _("Tickets"),
        "customers": _("Customers"),
    }
    return names.get(kind, kind)
