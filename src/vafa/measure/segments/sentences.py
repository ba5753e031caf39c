"""A definition as people read it: one sentence, or line by line as a tree."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from vafa.kit.locale.dates import name_month
from vafa.kit.locale.formats import (
    Style,
    format_day,
    format_list_of,
    format_money,
    format_number,
    format_percent,
    isolate_auto,
)
from vafa.measure.segments.types import (
    MEASURES_IN_PERCENT,
    MEASURES_OF_MONEY,
    Condition,
    Definition,
    FactCondition,
    FieldCondition,
    Group,
    MeasureCondition,
    Node,
    Since,
    Span,
    StateCondition,
)
from vafa.measure.segments.words import (
    count_days,
    count_times,
    name_band,
    name_fact,
    name_field,
    name_filter,
    name_measure,
    name_mode,
    name_state,
)


@dataclass(frozen=True)
class Names:
    """What is called how: segments by their slugs, members of staff by their ids."""

    segments: Mapping[str, str] = field(default_factory=dict)
    staff: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Line:
    """One line of a definition: a condition, or a group's heading with its lines."""

    text: str
    lines: "tuple[Line, ...]" = ()


def describe_definition(definition: Definition, style: Style, names: Names) -> str:
    """The whole definition in one sentence."""
    return _describe_node(definition.root, style, names)


def list_lines(definition: Definition, style: Style, names: Names) -> Line:
    """The definition line by line."""
    return _build_line(definition.root, style, names)


def _build_line(node: Node, style: Style, names: Names) -> Line:
    if isinstance(node, Group):
        return Line(name_mode(node.mode), tuple(_build_line(part, style, names) for part in node.parts))
    return Line(describe_condition(node, style, names))


def _describe_node(node: Node, style: Style, names: Names) -> str:
    if not isinstance(node, Group):
        return describe_condition(node, style, names)
    parts = [_describe_node(part, style, names) for part in node.parts]
    if len(parts) == 1 and node.mode != "none":
        return parts[0]
    nested = [
        f"({text})" if isinstance(part, Group) and len(part.parts) > 1 else text
        for part, text in zip(node.parts, parts, strict=True)
    ]
    sentence = {
        "all": _("all of: %(parts)s"),
        "any": _("at least one of: %(parts)s"),
        "none": _("none of: %(parts)s"),
    }[node.mode]
    return sentence % {"parts": _("; ").join(nested)}


def describe_condition(condition: Condition, style: Style, names: Names) -> str:
    """One condition as a clause."""
    if isinstance(condition, FieldCondition):
        return _describe_field(condition, style, names)
    if isinstance(condition, StateCondition):
        return _describe_state(condition, style)
    if isinstance(condition, FactCondition):
        return _describe_fact(condition, style)
    if isinstance(condition, MeasureCondition):
        return _describe_measure(condition, style)
    name = isolate_auto(names.segments.get(condition.segment, condition.segment))
    if condition.member:
        return _("in the segment “%(name)s”") % {"name": name}
    return _("not in the segment “%(name)s”") % {"name": name}


def _describe_field(condition: FieldCondition, style: Style, names: Names) -> str:
    told = {
        "field": isolate_auto(name_field(condition.field)),
        "values": format_list_of(
            [_write_value(condition, value, style, names) for value in condition.values], style
        ),
        "span": describe_span(condition.span or Span(), style),
    }
    sentence = {
        "is": _("%(field)s: %(values)s"),
        "is_not": _("%(field)s: not %(values)s"),
        "contains": _("%(field)s: contains %(values)s"),
        "known": _("%(field)s: known"),
        "unknown": _("%(field)s: not known"),
        "within": _("%(field)s: %(span)s"),
        "not_within": _("%(field)s: not %(span)s"),
    }[condition.op]
    return sentence % told


def _write_value(condition: FieldCondition, value: str, style: Style, names: Names) -> str:
    if condition.field == "owner":
        return isolate_auto(names.staff.get(value, value))
    if condition.field == "risk_band":
        return name_band(value)
    if condition.field == "birthday_month":
        if value in ("this", "next"):
            return {"this": _("this month"), "next": _("next month")}[value]
        return name_month(int(value), style, style.calendar)
    return isolate_auto(value)


def _describe_state(condition: StateCondition, style: Style) -> str:
    state = name_state(condition.state)
    if condition.since is None:
        return state
    return _("%(state)s, %(since)s") % {"state": state, "since": describe_since(condition.since, style)}


def describe_since(since: Since, style: Style) -> str:
    """For how long a state holds, in words."""
    days = count_days(since.days, style)
    if since.op == "at_least":
        return _("for at least %(days)s") % {"days": days}
    return _("for at most %(days)s") % {"days": days}


def _describe_fact(condition: FactCondition, style: Style) -> str:
    told = [_describe_times(condition, style), describe_span(condition.span, style)]
    told += [
        _("%(field)s: %(values)s")
        % {
            "field": name_filter(one.field),
            "values": format_list_of([isolate_auto(value) for value in one.values], style),
        }
        for one in condition.filters
    ]
    if condition.amount is not None:
        money = format_money(condition.amount, style.currency, style)
        told.append(_("worth at least %(money)s") % {"money": money})
    return _("%(what)s: %(told)s") % {"what": name_fact(condition.fact), "told": _(", ").join(told)}


def _describe_times(condition: FactCondition, style: Style) -> str:
    if condition.times == 0 and condition.op != "at_least":
        return _("none")
    times = count_times(condition.times, style)
    return {
        "at_least": _("at least %(times)s"),
        "at_most": _("at most %(times)s"),
        "exactly": _("exactly %(times)s"),
    }[condition.op] % {"times": times}


def describe_span(span: Span, style: Style) -> str:
    """A span of days, in words."""
    if span.kind == "last_days":
        return _("in the last %(days)s") % {"days": count_days(span.days or 0, style)}
    if span.kind == "before_days":
        return _("longer ago than %(days)s") % {"days": count_days(span.days or 0, style)}
    if span.kind == "between":
        return _describe_dates(span.start, span.end, style)
    if span.kind in ("this", "previous"):
        return _describe_period(span, style)
    return _("at any time")


def _describe_dates(start: date | None, end: date | None, style: Style) -> str:
    told = {"start": format_day(start, style, "short"), "end": format_day(end, style, "short")}
    if start is None:
        return _("until %(end)s") % told
    if end is None:
        return _("since %(start)s") % told
    return _("from %(start)s to %(end)s") % told


def _describe_period(span: Span, style: Style) -> str:
    season = style.calendar == "jalali"
    names = {
        ("this", "week"): _("this week"),
        ("this", "month"): _("this month"),
        ("this", "quarter"): _("this season") if season else _("this quarter"),
        ("this", "half"): _("this half year"),
        ("this", "year"): _("this year"),
        ("previous", "week"): _("the whole previous week"),
        ("previous", "month"): _("the whole previous month"),
        ("previous", "quarter"): _("the whole previous season")
        if season
        else _("the whole previous quarter"),
        ("previous", "half"): _("the whole previous half year"),
        ("previous", "year"): _("the whole previous year"),
    }
    return names.get((span.kind, span.every or "month"), span.kind)


def _describe_measure(condition: MeasureCondition, style: Style) -> str:
    told = {
        "what": name_measure(condition.measure),
        "value": _write_number(condition, condition.value, style),
        "upper": _write_number(condition, condition.upper, style),
        "share": format_percent(float((condition.value or Decimal(0)) / 100), style),
    }
    sentence = {
        "at_least": _("%(what)s: at least %(value)s"),
        "at_most": _("%(what)s: at most %(value)s"),
        "more_than": _("%(what)s: more than %(value)s"),
        "less_than": _("%(what)s: less than %(value)s"),
        "between": _("%(what)s: from %(value)s to %(upper)s"),
        "top": _("%(what)s: among the highest %(share)s of customers"),
        "known": _("%(what)s: known"),
        "unknown": _("%(what)s: not known"),
    }[condition.op] % told
    if condition.span == Span():
        return sentence
    return _("%(condition)s, %(span)s") % {
        "condition": sentence,
        "span": describe_span(condition.span, style),
    }


def _write_number(condition: MeasureCondition, value: Decimal | None, style: Style) -> str:
    if condition.measure in MEASURES_OF_MONEY:
        return format_money(value, style.currency, style)
    if condition.measure in MEASURES_IN_PERCENT:
        return "" if value is None else format_percent(float(value / 100), style)
    return format_number(value, style)
