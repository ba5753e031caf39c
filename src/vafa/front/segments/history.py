"""How the number of members moved: a line, and the changes as rows."""

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from vafa.front.overview.charts import DIGITS
from vafa.front.overview.views import Page
from vafa.front.segments.shown import write_last_day
from vafa.kit.locale.formats import format_moment, format_number
from vafa.measure.segments.queries import list_changes, words

LEAST_POINTS = 3
MOST_POINTS = 120
SHOWN_CHANGES = 20
MOST_EXPORTED = 100_000
CHANGE_COLUMNS = ("at", "data_until", "cause", "entered", "left", "members", "by")


@dataclass(frozen=True)
class History:
    """The chart of the count, change by change, and its table."""

    data: dict[str, Any]
    label: str
    columns: list[dict[str, Any]]
    rows: list[list[str]]


@dataclass(frozen=True)
class ChangeLine:
    """One change as a row."""

    id: int
    when: str
    as_of: str
    cause: str
    entered: str
    left: str
    count: str
    entered_url: str
    left_url: str
    by: str
    may_undo: bool
    is_undone: bool


def build_history(slug: str, page: Page) -> History | None:
    """The count after each of the latest changes, by the day it is of; None while there are too few for a line."""
    by_day = {change.as_of: change for change in reversed(list_changes(slug, MOST_POINTS))}
    changes = [by_day[day] for day in sorted(by_day)]
    if len(changes) < LEAST_POINTS:
        return None
    style = page.style
    days = [write_last_day(change.as_of, page) for change in changes]
    texts = [format_number(change.count, style) for change in changes]
    title = _("Members")
    return History(
        data={
            "labels": days,
            "titles": days,
            "format": {"style": "number", "digits": DIGITS[style.digits], "decimals": 0, "fromZero": True},
            "series": [{"name": title, "values": [change.count for change in changes], "texts": texts}],
        },
        label=_("The number of members, day by day"),
        columns=[{"title": _("Data up to"), "number": False}, {"title": title, "number": True}],
        rows=[[day, text] for day, text in zip(days, texts, strict=True)],
    )


def list_change_lines(slug: str, page: Page) -> list[ChangeLine]:
    """The latest changes, the newest first."""
    style, zone = page.style, ZoneInfo(page.business.zone)
    return [
        ChangeLine(
            id=change.id,
            when=format_moment(change.at, zone, style, "short"),
            as_of=write_last_day(change.as_of, page),
            cause=_("First build")
            if change.is_first and change.cause == "build"
            else words.name_cause(change.cause),
            entered=format_number(change.entered, style),
            left=format_number(change.left, style),
            count=format_number(change.count, style),
            entered_url=reverse("segment_moved", args=[slug, change.id, "entered"]) if change.entered else "",
            left_url=reverse("segment_moved", args=[slug, change.id, "left"]) if change.left else "",
            by=change.by,
            may_undo=change.cause in ("hand", "import") and not change.is_undone,
            is_undone=change.is_undone,
        )
        for change in list_changes(slug, SHOWN_CHANGES)
    ]


def list_change_rows(slug: str, page: Page) -> list[list[Any]]:
    """All changes as rows of a file, the newest first, with moments of the business's zone."""
    zone = ZoneInfo(page.business.zone)
    return [
        [
            change.at.astimezone(zone).isoformat(timespec="seconds"), change.as_of, change.cause, change.entered,
            change.left, change.count, change.by or None,
        ]
        for change in list_changes(slug, MOST_EXPORTED)
    ]  # fmt: skip
