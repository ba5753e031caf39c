"""Values of metrics as ready texts: by their unit, with their interval and their change."""

from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _

from vafa.kit.locale.digits import rewrite_digits
from vafa.kit.locale.formats import (
    Style,
    format_days,
    format_interval,
    format_money,
    format_number,
    format_percent,
    format_percent_points,
    format_signed,
    isolate,
)
from vafa.lab.rules import parse_rule
from vafa.measure.metrics.types import MetricEntry, MetricRow, Unit

# The least difference that is not written as zero.
_LEAST_SHOWN: dict[Unit, float] = {
    "share": 0.0005,
    "nps": 0.0005,
    "days": 0.05,
    "hours": 0.05,
    "months": 0.05,
    "money": 0.005,
    "ratio": 0.005,
    "orders": 0.005,
    "score": 0.005,
    "customers": 0.5,
}
Turn = Literal["up", "down", "same"]


@dataclass(frozen=True)
class Change:
    """How a value moved since the period before: arrow, words, and whether that is good (None: neither)."""

    direction: Turn
    text: str
    good: bool | None


def write_value(value: float | None, unit: Unit, style: Style) -> str | None:
    """A value in its unit; None where it is unknown."""
    if value is None:
        return None
    if unit == "share":
        return format_percent(value, style)
    if unit == "days":
        return _("%(days)s days") % {"days": format_number(value, style, 1)}
    if unit == "money":
        return format_money(value, style.currency, style)
    if unit == "hours":
        return _("%(hours)s hours") % {"hours": format_number(value, style, 1)}
    if unit == "months":
        return _("%(months)s months") % {"months": format_number(value, style, 1)}
    if unit == "nps":
        return format_signed(round(value * 100, 1), style)
    if unit in ("ratio", "orders", "score"):
        return format_number(value, style, 2)
    return format_number(round(value), style)


def write_interval(row: MetricRow | None, style: Style, unit: Unit = "share") -> str | None:
    """The 95% interval of a value in words; None where there is none."""
    ends = "" if row is None else write_ends(row, unit, style)
    return write_sentence(_("95%% interval: %(interval)s") % {"interval": ends}, style) if ends else None


def write_ends(row: MetricRow, unit: Unit, style: Style) -> str:
    """The ends of a value's 95% interval; empty where there is none."""
    if row.low is None:
        return ""
    if row.high is None:
        return _("at least %(low)s") % {"low": write_value(row.low, unit, style)}
    if unit == "share":
        return format_interval(row.low, row.high, style)
    ends = {"low": write_value(row.low, unit, style), "high": write_value(row.high, unit, style)}
    return _("%(low)s to %(high)s") % ends


def write_change(entry: MetricEntry, now: float | None, before: float | None, style: Style) -> Change | None:
    """How a value moved since the period before; None where one of them is unknown."""
    if now is None or before is None:
        return None
    unit = entry.unit
    words = {"before": write_value(before, unit, style) or ""}
    difference = now - before
    shown = _write_difference(abs(difference), unit, style)
    if _is_nothing(difference, unit):
        return Change("same", _("As in the period before (%(before)s)") % words, None)
    good = None if entry.good == "none" else (difference > 0) == (entry.good == "up")
    words["difference"] = shown
    if difference > 0:
        return Change("up", _("%(difference)s more than the period before (%(before)s)") % words, good)
    return Change("down", _("%(difference)s less than the period before (%(before)s)") % words, good)


def _is_nothing(difference: float, unit: Unit) -> bool:
    """Whether a difference would be written as zero."""
    return abs(difference) < _LEAST_SHOWN[unit]


def _write_difference(size: float, unit: Unit, style: Style) -> str:
    # The word says the direction; a plus sign beside it would say it twice.
    if unit == "share":
        return format_percent_points(size, style).replace("+", "")
    if unit == "nps":
        return format_number(size * 100, style, 1)
    return write_value(size, unit, style) or ""


def name_rule(text: str, style: Style) -> str:
    """An activity rule in a few words."""
    rule = parse_rule(text)
    if rule.kind == "subscription":
        if rule.days:
            return _("Subscription, with %(days)s of grace") % {"days": format_days(rule.days, style)}
        return _("Running subscription")
    if rule.days is None:
        return _("Bought recently, by a window learned from the data")
    return _("Bought in the last %(days)s") % {"days": format_days(rule.days, style)}


def name_every(every: str, calendar: str) -> str:
    """A length of periods as one chooses it."""
    names = {
        "day": _("Day"),
        "week": _("Week"),
        "month": _("Month"),
        "quarter": _("Season") if calendar == "jalali" else _("Quarter"),
        "half": _("Half year"),
        "year": _("Year"),
        "own": _("Own dates"),
    }
    return names[every]


def name_dimension(dimension: str) -> str:
    """A field to split by, in words; the business's own fields by their own name."""
    names = {
        "location": _("Location of the order"),
        "product_line": _("Product line"),
        "product": _("Product"),
        "plan": _("Plan"),
        "customer_location": _("Location of the customer"),
        "company": _("Company"),
        "segment": _("Segment"),
        "owner": _("Who looks after the customer"),
        "tag": _("Tag"),
        "birthday_month": _("Month of the birthday"),
        "survey": _("Survey"),
        "answer_channel": _("Channel of the survey"),
        "ticket_category": _("Category of the ticket"),
        "ticket_agent": _("Agent of the ticket"),
        "ticket_priority": _("Priority of the ticket"),
        "ticket_channel": _("Channel of the ticket"),
    }
    return names.get(dimension, dimension.removeprefix("custom:"))


def write_sentence(text: str, style: Style) -> str:
    """A sentence of the metrics with its numbers in the page's digits."""
    return rewrite_digits(text, style.digits)


def name_group(value: str) -> str:
    """A group's value; the empty one is what no source told."""
    return value or _("Not known")


def write_formula(text: str) -> str:
    """A formula that keeps its left-to-right order inside any sentence."""
    return isolate(text)


def count_observations(row: MetricRow) -> int | None:
    """How many customers, orders or answers stand behind a value, as a number for a file; None where untold."""
    return row.n if row.n is not None else row.counts.start if row.counts is not None else None
