"""DOOR: asking for targets, alerts and marks."""

from datetime import date
from typing import Any

from vafa.data.business.queries import get_business
from vafa.kit.home import get_home
from vafa.kit.locale.occasions import load_occasions
from vafa.measure.watching.figures import MOST_BACK, get_standing
from vafa.measure.watching.models import Alert, Mark, Target, Watch
from vafa.measure.watching.types import Figure, Marked

__all__ = [
    "MOST_BACK",
    "Alert",
    "Mark",
    "find_target",
    "get_figures_of",
    "get_marks_state",
    "get_standing",
    "is_watched_by",
    "list_alerts",
    "list_figures",
    "list_marks",
    "list_open_alerts",
    "list_own_marks",
]

# What moves a whole month; of shorter periods every occasion is told.
MAJOR_OCCASIONS = frozenset(
    (
        "nowruz", "nowruz_shopping", "yalda", "ramadan", "black_friday", "spring_festival", "national_day", "sale_618",
        "sale_double_11", "eid_al_fitr", "eid_al_adha", "christmas", "school_opening",
    )
)  # fmt: skip


def find_target(figure: Figure) -> float | None:
    """What a figure should be, in its unit; None where nobody said."""
    return Target.objects.filter(**vars(figure)).values_list("value", flat=True).first()


def list_figures() -> list[Figure]:
    """Every figure that has a target or is watched."""
    names = ("metric", "segment", "every")
    found = {*Target.objects.values_list(*names), *Watch.objects.values_list(*names)}
    return sorted(Figure(*key) for key in found)


def get_figures_of(staff: Any) -> dict[Figure, bool]:
    """The figures that somebody watches, and whether by mail."""
    return {
        Figure(watch.metric, watch.segment, watch.every): watch.by_mail
        for watch in Watch.objects.filter(staff=staff)
    }


def is_watched_by(figure: Figure, staff: Any) -> bool:
    """Whether somebody watches a figure."""
    return Watch.objects.filter(**vars(figure), staff=staff).exists()


def list_open_alerts() -> list[Alert]:
    """The alerts that nobody has seen to, the newest first."""
    return list(Alert.objects.filter(settled_at=None).order_by("-raised_at", "metric"))


def list_alerts(most: int | None = 100) -> list[Alert]:
    """The newest alerts, settled ones among them; all of them where `most` is None."""
    return list(Alert.objects.select_related("settled_by").order_by("-raised_at", "metric")[:most])


def list_own_marks() -> list[Mark]:
    """What the business itself marked, the newest first."""
    return list(Mark.objects.order_by("-start_on", "title"))


def get_marks_state() -> tuple[int, ...]:
    """What changes whenever the business's own marks do, for what is kept of charts."""
    return tuple(Mark.objects.order_by("pk").values_list("pk", flat=True))


def list_marks(start: date, end: date, every: str, language: str) -> list[Marked]:
    """What charts of [start, end) should show: the business's own marks, and the occasions of its country."""
    own = [
        Marked(mark.title, mark.start_on, mark.end_on, mark.pk)
        for mark in Mark.objects.filter(start_on__lt=end, end_on__gt=start).order_by("start_on", "title")
    ]
    calendar = load_occasions(get_business().country, get_home() / "occasions")
    occasions = [
        Marked(dated.get_name(language), dated.occasion.start, dated.occasion.end, None)
        for dated in calendar.list_between(start, end)
        if every in ("day", "week") or dated.occasion.key in MAJOR_OCCASIONS
    ]
    return sorted([*own, *occasions], key=lambda mark: (mark.start, mark.title))
