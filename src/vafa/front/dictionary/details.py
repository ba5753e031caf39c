"""What a single number can't tell: the counts behind it, its curve, its distribution, ready to print."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from vafa.front.overview.charts import DIGITS
from vafa.front.overview.texts import write_value
from vafa.kit.locale.formats import Style, format_money, format_number, format_percent
from vafa.measure.metrics.queries import list_rfm_groups
from vafa.measure.metrics.types import MetricEntry

Write = Callable[[Any, MetricEntry, Style], str]

_BINS = (7, 14, 21, 30, 45, 60, 90, 120, 180, 365)
"""Upper ends, in days, of the columns of a distribution of gaps."""


@dataclass(frozen=True)
class Fact:
    """One more number beside the value."""

    label: str
    text: str
    is_number: bool = True


@dataclass(frozen=True)
class Drawing:
    """A chart with its table."""

    title: str
    kind: str
    data: dict[str, Any]
    columns: list[dict[str, Any]]
    rows: list[list[str]]


@dataclass(frozen=True)
class Details:
    """All that is shown beside a value."""

    facts: list[Fact] = field(default_factory=list)
    drawings: list[Drawing] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing more to show."""
        return not self.facts and not self.drawings


def build_details(entry: MetricEntry, details: Mapping[str, Any], style: Style) -> Details:
    """The details of one row of a metric; what nobody would understand is left away."""
    facts = [
        Fact(label, write(details[name], entry, style))
        for name, (label, write) in _get_labels().items()
        if isinstance(details.get(name), int | float) and not isinstance(details[name], bool)
    ]
    facts += [
        Fact(_("Scale"), _describe_scale(scale, style), is_number=False)
        for scale in details.get("scales") or ()
    ]
    facts += [
        Fact(_("Asked in another way, not counted"), _describe_scale(scale, style), is_number=False)
        for scale in details.get("apart") or ()
    ]
    drawings = [
        drawing
        for build in (_draw_curve, _draw_gaps, _draw_groups, _draw_scales)
        if (drawing := build(details, style)) is not None
    ]
    return Details(facts, drawings)


def _describe_scale(scale: Mapping[str, Any], style: Style) -> str:
    """A scale with its direction, the method of the figure, and how many answers were given on it."""
    words = {
        "low": format_number(scale["low"], style),
        "high": format_number(scale["high"], style),
        "method": _name_method(str(scale["method"])),
        "answers": format_number(scale["n"], style),
    }
    if scale["direction"] == "low":
        return _("%(low)s to %(high)s, low is good; %(method)s; %(answers)s answers") % words
    return _("%(low)s to %(high)s, high is good; %(method)s; %(answers)s answers") % words


def _name_method(method: str) -> str:
    return {
        "nps": _("promoters less detractors"),
        "top2": _("share of the two best"),
        "top1": _("share of the best"),
        "easy": _("share above the middle"),
        "mean": _("mean"),
        "position": _("mean place from worst to best"),
    }.get(method, method)


def _count(value: Any, _entry: MetricEntry, style: Style) -> str:
    return format_number(value, style, 0)


def _money(value: Any, _entry: MetricEntry, style: Style) -> str:
    return format_money(value, style.currency, style)


def _same(value: Any, entry: MetricEntry, style: Style) -> str:
    """In the metric's own unit."""
    return write_value(value, entry.unit, style) or ""


def _get_labels() -> dict[str, tuple[str, Write]]:
    """The numbers that are shown, in this order."""
    return {
        "customers": (_("Customers looked at"), _count),
        "start_customers": (_("Customers with a subscription at the start"), _count),
        "end_customers": (_("Customers with a subscription at the end"), _count),
        "churned_customers": (_("Customers whose last subscription ended"), _count),
        "start_money": (_("MRR at the start"), _money),
        "new_money": (_("New MRR"), _money),
        "expansion_money": (_("Expansion MRR"), _money),
        "reactivated_money": (_("Reactivated MRR"), _money),
        "contraction_money": (_("Contraction MRR"), _money),
        "churned_money": (_("Churned MRR"), _money),
        "end_money": (_("MRR at the end"), _money),
        "start": (_("Active at the start"), _count),
        "new": (_("New"), _count),
        "reactivated": (_("Reactivated"), _count),
        "lost": (_("Lost"), _count),
        "with_reactivated": (_("Ceiling with those who come back"), _count),
        "acquired": (_("Customers won"), _count),
        "buyers": (_("Buyers"), _count),
        "newcomers": (_("Newcomers"), _count),
        "too_new": (_("Too new to be told"), _count),
        "left": (_("Of these, left early"), _count),
        "lapsed": (_("Had gone at the start"), _count),
        "won_back": (_("Of these, came back"), _count),
        "ended": (_("Of these, ended"), _count),
        "at_risk": (_("Still followed at that time"), _count),
        "running": (_("Subscriptions running at the start"), _count),
        "cancelled": (_("Of these, cancelled"), _count),
        "due": (_("Renewals due"), _count),
        "renewed": (_("Renewed"), _count),
        "grace_not_over": (_("Grace not over yet"), _count),
        "undecided": (_("Ended, grace not over yet"), _count),
        "due_money": (_("Money due"), _money),
        "renewed_money": (_("Money renewed"), _money),
        "spend": (_("Marketing spend"), _money),
        "invited": (_("Invited"), _count),
        "answered": (_("Answered"), _count),
        "promoters": (_("Promoters (9 and 10)"), _count),
        "passives": (_("Passives (7 and 8)"), _count),
        "detractors": (_("Detractors (0 to 6)"), _count),
        "good": (_("Good answers"), _count),
        "open": (_("Still open"), _count),
        "impossible": (_("Impossible times, not counted"), _count),
        "without_times": (_("Without times"), _count),
        "never": (_("Never contacted"), _count),
        "mean": (_("Mean"), _same),
        "p90": (_("Nine of ten are shorter than"), _same),
        "quarter": (_("A quarter are shorter than"), _same),
        "three_quarters": (_("Three quarters are shorter than"), _same),
        "unmatched": (_("Returns that name no order"), _count),
        "unpriced": (_("Without a price"), _count),
        "unpriced_subscriptions": (_("Subscriptions without a price"), _count),
    }


def _draw_curve(details: Mapping[str, Any], style: Style) -> Drawing | None:
    """The share month by month since a customer began."""
    points = details.get("curve")
    if not points:
        return None
    months = [format_number(point["month"], style) for point in points]
    shares = [_find_share(point) for point in points]
    texts = [format_percent(share, style) for share in shares]
    series = {
        "name": _("Share"),
        "values": shares,
        "texts": texts,
        "low": [point.get("low") for point in points],
        "high": [point.get("high") for point in points],
    }
    data = {
        "labels": months,
        "format": {"style": "percent", "digits": DIGITS[style.digits], "decimals": 0, "min": 0, "max": 1},
        "series": [series],
    }
    return Drawing(
        title=_("Month by month since a customer began"),
        kind="trend",
        data=data,
        columns=[{"title": _("Months"), "number": True}, {"title": _("Share"), "number": True}],
        rows=[[month, text] for month, text in zip(months, texts, strict=True)],
    )


def _find_share(point: Mapping[str, Any]) -> float | None:
    if "share" in point:
        return None if point["share"] is None else float(point["share"])
    return point["active"] / point["customers"] if point.get("customers") else None


def _draw_gaps(details: Mapping[str, Any], style: Style) -> Drawing | None:
    """How many gaps are how long."""
    gaps = details.get("gaps")
    if not isinstance(gaps, Mapping) or not gaps:
        return None
    ends = [*_BINS, None]
    counts = [0] * len(ends)
    for days, count in gaps.items():
        place = next((at for at, end in enumerate(_BINS) if int(days) <= end), len(_BINS))
        counts[place] += int(count)
    labels = [_name_bin(place, style) for place in range(len(ends))]
    return _draw_bars(_("How long the gaps are, in days"), _("Days"), _("Gaps"), labels, counts, style)


def _name_bin(place: int, style: Style) -> str:
    if place == len(_BINS):
        return _("over %(days)s") % {"days": format_number(_BINS[-1], style)}
    first = _BINS[place - 1] + 1 if place else 1
    ends = {"low": format_number(first, style), "high": format_number(_BINS[place], style)}
    return _("%(low)s to %(high)s") % ends


def _draw_groups(details: Mapping[str, Any], style: Style) -> Drawing | None:
    """How many customers are in each named group."""
    groups = details.get("groups")
    if not isinstance(groups, Mapping) or not groups:
        return None
    titles: dict[str, str] = {entry.key: entry.title for entry in list_rfm_groups()}
    labels = [titles.get(str(name), str(name)) for name in groups]
    return _draw_bars(
        _("Customers by group"), _("Group"), _("Customers"), labels, list(groups.values()), style
    )


def _draw_scales(details: Mapping[str, Any], style: Style) -> Drawing | None:
    """How often each answer was given, where all were asked on one scale."""
    scales = details.get("scales")
    if not scales or len(scales) != 1 or not isinstance(scales[0].get("scores"), Mapping):
        return None
    scores = {float(score): int(count) for score, count in scales[0]["scores"].items()}
    labels = [format_number(score, style) for score in sorted(scores)]
    counts = [scores[score] for score in sorted(scores)]
    return _draw_bars(_("Answers by score"), _("Score"), _("Answers"), labels, counts, style)


def _draw_bars(
    title: str, name: str, counted: str, labels: list[str], counts: list[int], style: Style
) -> Drawing:
    texts = [format_number(count, style) for count in counts]
    data = {
        "labels": labels,
        "timeRtl": style.is_rtl,
        "format": {"style": "number", "digits": DIGITS[style.digits], "decimals": 0},
        "series": [{"name": counted, "values": counts, "texts": texts}],
    }
    return Drawing(
        title=title,
        kind="bars",
        data=data,
        columns=[{"title": name}, {"title": counted, "number": True}],
        rows=[[label, text] for label, text in zip(labels, texts, strict=True)],
    )
