"""The tables of drivers, in words: groups, single factors, and what customers said beside what was seen."""

from typing import Any

from django.utils.translation import gettext as _

from vafa.front.risk.feature_words import name_feature, name_said
from vafa.front.risk.reasons import name_group
from vafa.kit.locale.formats import Style, format_interval, format_number, format_percent, format_signed
from vafa.lab.rates import Rate
from vafa.predict.reasons.types import Agreement, Beside, Driver, Factor

Columns = list[dict[str, Any]]


def list_columns() -> Columns:
    """Of the table of groups."""
    return [
        {"title": _("What goes with it")},
        {"title": _("Weight"), "number": True},
        {"title": _("Weight before"), "number": True},
        {"title": _("Left, where it weighs most"), "number": True},
        {"title": _("Left, of all others"), "number": True},
    ]


def build_row(driver: Driver, style: Style) -> list[str]:
    """A group."""
    return [
        name_group(driver.group),
        format_number(driver.weight, style, 2),
        format_number(driver.weight_before, style, 2),
        _write_share(driver.strongest, style),
        _write_share(driver.rest, style),
    ]


def list_factor_columns() -> Columns:
    """Of the table of single factors."""
    return [
        {"title": _("Factor")},
        {"title": _("More of it goes with")},
        {"title": _("Weight"), "number": True},
        {"title": _("On average"), "number": True},
        {"title": _("On average before"), "number": True},
        {"title": _("Change"), "number": True},
        {"title": _("What this means")},
    ]


def build_factor_row(factor: Factor, horizon_days: int, style: Style) -> list[str]:
    """A factor: how it pushes, and whether towards leaving more than before."""
    change = None if factor.push_before is None else factor.push - factor.push_before
    return [
        name_feature(factor.name, horizon_days, style),
        _name_direction(factor.direction),
        format_number(factor.weight, style, 2),
        format_signed(factor.push, style, 2),
        format_signed(factor.push_before, style, 2),
        format_signed(change, style, 2),
        _describe_change(change),
    ]


def _name_direction(direction: int | None) -> str:
    if direction is None:
        return "—"
    return {1: _("Leaving"), -1: _("Staying"), 0: _("It depends")}[direction]


def _describe_change(change: float | None) -> str:
    """In words: a sign or a colour alone would be overlooked."""
    if change is None:
        return _("Not known before")
    if abs(change) < 0.005:
        return _("As before")
    return _("More towards leaving") if change > 0 else _("More towards staying")


def list_stated_columns() -> Columns:
    """Of the table of what customers said."""
    return [
        {"title": _("The reason they gave")},
        {"title": _("Customers"), "number": True},
        {"title": _("What weighed most before")},
        {"title": _("With so many of them"), "number": True},
        {"title": _("Do both tell the same?")},
    ]


def build_stated_row(beside: Beside, style: Style) -> list[str]:
    """A reason beside what was seen."""
    return [
        name_said(beside.reason),
        format_number(beside.customers, style),
        name_group(beside.most) if beside.most else _("Nothing sure"),
        format_number(beside.with_most, style),
        _name_agreement(beside.agreement),
    ]


def _name_agreement(agreement: Agreement) -> str:
    return {
        "agrees": _("Yes, they agree"),
        "differs": _("No, they differ: worth a look"),
        "unseen": _("Nothing that is recorded would show it"),
    }[agreement]


def _write_share(rate: Rate | None, style: Style) -> str:
    if rate is None:
        return "—"
    share = format_percent(rate.value, style, 0)
    if rate.low is None or rate.high is None:
        return share
    return f"{share} ({format_interval(rate.low, rate.high, style)})"
