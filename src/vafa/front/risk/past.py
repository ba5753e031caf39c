"""How the risk of one customer went: a small line, and the same in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from vafa.front.risk.outlook import Outlook
from vafa.front.risk.words import name_band
from vafa.kit.locale.formats import Style, format_day, format_percent
from vafa.predict.scores.queries import find_last_move, list_history
from vafa.predict.scores.types import Point

WIDTH, HEIGHT, EDGE = 160, 36, 3
_MOST = 60


@dataclass(frozen=True)
class Past:
    """The line's points for an SVG of `WIDTH` x `HEIGHT`, where it ends, the line in words, and each point as words of
    its day and its risk, the newest first; `before` is the day of the last but one."""

    points: str
    end_x: str
    end_y: str
    text: str
    rows: list[tuple[str, str]]
    moved: str
    before: date


def build_past(ids: Sequence[int], outlook: Outlook, style: Style) -> Past | None:
    """The history of the risk by the present horizon, of at most the last 60 issues; None where there is no past yet.
    `ids` are the kept customer's and those of all merged into it."""
    told = [point for point in list_history(ids) if point.question.horizon_days == outlook.horizon_days]
    known = [point for point in told if point.active and point.band is not None][-_MOST:]
    if len(known) < 2 or not outlook.is_known:
        return None
    in_percent = outlook.in_percent and all(point.chance is not None for point in known)
    heights = [_get_height(point, in_percent=in_percent) for point in known]
    places = draw_line([point.as_of for point in known], heights)
    rows = [(format_day(one.as_of, style), _write(one, style, in_percent=in_percent)) for one in known]
    moved = find_last_move(ids)
    return Past(
        points=" ".join(f"{x},{y}" for x, y in places),
        end_x=str(places[-1][0]),
        end_y=str(places[-1][1]),
        text=_("From %(first)s on %(first_day)s to %(last)s on %(last_day)s")
        % {"first": rows[0][1], "first_day": rows[0][0], "last": rows[-1][1], "last_day": rows[-1][0]},
        rows=rows[::-1],
        moved=_describe_move(moved.before, moved.after, moved.as_of, style) if moved else "",
        before=known[-2].as_of,
    )


def draw_line(days: Sequence[date], heights: Sequence[float]) -> list[tuple[float, float]]:
    """The places of a line's points: days from the start to the end of the width, heights of 0..1 from below."""
    first, span = days[0].toordinal(), max((days[-1] - days[0]).days, 1)
    wide, high = WIDTH - 2 * EDGE, HEIGHT - 2 * EDGE
    return [
        (round(EDGE + wide * (day.toordinal() - first) / span, 1), round(EDGE + high * (1 - height), 1))
        for day, height in zip(days, heights, strict=True)
    ]


def _get_height(point: Point, *, in_percent: bool) -> float:
    if in_percent and point.chance is not None:
        return point.chance
    return (point.band or 0) / 2


def _write(point: Point, style: Style, *, in_percent: bool) -> str:
    if in_percent and point.chance is not None:
        return format_percent(point.chance, style, 0)
    return name_band(point.band)


def _describe_move(before: int, after: int, day: date, style: Style) -> str:
    told = {"before": name_band(before), "after": name_band(after), "day": format_day(day, style)}
    if after > before:
        return _("The risk rose from “%(before)s” to “%(after)s” on %(day)s.") % told
    return _("The risk fell from “%(before)s” to “%(after)s” on %(day)s.") % told
