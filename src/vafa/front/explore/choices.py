"""The choices of the explorer: metric, view, second field, and what to compare with."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from vafa.front.explore.asked import SHOWS, VERSUS, Exploration
from vafa.front.overview.figures import Asker
from vafa.front.overview.pickers import Option, list_rule_names
from vafa.front.overview.texts import name_dimension, name_group, name_rule
from vafa.front.overview.viewer import list_seen_groups
from vafa.kit.locale.formats import Style, format_number
from vafa.measure.metrics.queries import can_be_real, list_entries_by_family, list_splits
from vafa.measure.segments.queries import SET_DIMENSIONS, list_set_groups
from vafa.warehouse.types import Group

GROUPS_LISTED = 200


@dataclass(frozen=True)
class View:
    """One way of looking, with its address."""

    title: str
    url: str
    active: bool
    icon: str


@dataclass(frozen=True)
class MetricGroup:
    """Metrics that belong together, as a list shows them."""

    title: str
    options: list[Option]


@dataclass(frozen=True)
class Choices:
    """Everything that the explorer's form needs besides the overview's pickers."""

    metrics: list[MetricGroup]
    views: list[View]
    across: list[Option]
    versus: list[Option]
    others: list[Option]
    groups: list[Option]
    kept: list[tuple[str, str]]
    offers_real: bool
    count: str | None
    """How many periods are shown, in the reader's digits; None where only one is."""
    earlier_query: str
    later_query: str


def build_choices(asker: Asker, asked: Exploration, style: Style) -> Choices:
    """The choices with what is chosen in them."""
    return Choices(
        metrics=[
            MetricGroup(
                title, [Option(entry.name, entry.title, entry.name == asked.entry.name) for entry in entries]
            )
            for title, entries in list_entries_by_family()
        ],
        views=[
            View(_name_view(show), f"?{asked.build_query(show=show)}", show == asked.show, _ICONS[show])
            for show in SHOWS
            if show in ("trend", "compare") or asked.question.by
        ],
        across=_list_across(asker, asked) if asked.show == "heat" else [],
        versus=_list_versus(asked) if asked.show == "compare" else [],
        others=_list_others(asker, asked, style) if asked.show == "compare" else [],
        groups=_list_groups(asker, asked, asked.question.group) if _compares_groups(asked) else [],
        kept=[("show", asked.show)],
        offers_real=can_be_real(asked.entry.name),
        count=format_number(asked.count, style)
        if asked.show == "trend" or (asked.show == "heat" and asked.across is None)
        else None,
        earlier_query=asked.build_query(period=asked.question.shift(-1)),
        later_query=asked.build_query(period=asked.question.shift(1)),
    )


_ICONS = {"trend": "chart-line", "groups": "table", "heat": "grid-3x3", "compare": "scale"}


def _name_view(show: str) -> str:
    return {
        "trend": _("Over time"),
        "groups": _("By group"),
        "heat": _("Heat map"),
        "compare": _("Compare"),
    }[show]


def _list_across(asker: Asker, asked: Exploration) -> list[Option]:
    fields = list_splits(asked.entry.name, rule=asked.question.rule, snapshot=asker.snapshot)
    names = [name for name in fields if name != asked.question.by]
    options = [Option(name, name_dimension(name), name == asked.across) for name in names]
    return [Option("", _("Periods"), asked.across is None), *options]


def _list_versus(asked: Exploration) -> list[Option]:
    names = {
        "before": _("The period before"),
        "year": _("The same period a year earlier"),
        "rule": _("Another rule of who counts as active"),
        "group": _("Another group"),
    }
    offered = [name for name in VERSUS if name != "group" or asked.question.by]
    return [Option(name, names[name], name == asked.versus) for name in offered]


def _compares_groups(asked: Exploration) -> bool:
    return asked.show == "compare" and asked.versus == "group" and asked.question.by is not None


def _list_others(asker: Asker, asked: Exploration, style: Style) -> list[Option]:
    if asked.versus == "rule":
        names = list_rule_names(asker.snapshot)
        return [Option("", "", not asked.other)] + [
            Option(name, name_rule(name, style), name == asked.other) for name in names
        ]
    if asked.versus == "group":
        return _list_groups(asker, asked, asked.other or None)
    return []


def _list_groups(asker: Asker, asked: Exploration, chosen: str | None) -> list[Option]:
    assert asked.question.by is not None or not chosen
    if asked.question.by is None:
        return []
    by = asked.question.by
    if by in SET_DIMENSIONS:
        groups = [Group(by, one.name) for one in list_set_groups(by, asker.snapshot, asked.question.rule)]
    else:
        groups = list_seen_groups(asker.snapshot, by, asker.visible)[:GROUPS_LISTED]
    options = [Option(group.value, name_group(group.value), group.value == chosen) for group in groups]
    return [Option("", "", chosen is None), *options]
