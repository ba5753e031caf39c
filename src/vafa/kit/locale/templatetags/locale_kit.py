"""`{% load locale_kit %}`: numbers, dates and money in the style that the page's context holds as `style`."""

from datetime import date, datetime, tzinfo

from django import template
from django.template import Context
from django.utils import timezone, translation

from vafa.kit.locale import formats
from vafa.kit.locale.formats import Number, Style

register = template.Library()


def get_style(context: Context) -> Style:
    """The page's style; that of the active language on pages made before any setting is known."""
    style = context.get("style")
    return style if isinstance(style, Style) else formats.build_default_style(translation.get_language())


@register.simple_tag(takes_context=True)
def number(context: Context, value: Number | None, decimals: int | None = None) -> str:
    """`{% number value %}`, `{% number value decimals=2 %}`."""
    return formats.format_number(value, get_style(context), decimals)


@register.simple_tag(takes_context=True)
def signed(context: Context, value: Number | None, decimals: int | None = None) -> str:
    """`{% signed value %}`: with its sign."""
    return formats.format_signed(value, get_style(context), decimals)


@register.simple_tag(takes_context=True)
def compact(context: Context, value: Number | None) -> str:
    """`{% compact value %}`: in millions, 万 and the like."""
    return formats.format_compact(value, get_style(context))


@register.simple_tag(takes_context=True)
def percent(context: Context, fraction: Number | None, decimals: int = 1) -> str:
    """`{% percent fraction %}`."""
    return formats.format_percent(fraction, get_style(context), decimals)


@register.simple_tag(takes_context=True)
def points(context: Context, fraction: Number | None, decimals: int = 1) -> str:
    """`{% points difference %}`: a difference of two fractions in percentage points."""
    return formats.format_percent_points(fraction, get_style(context), decimals)


@register.simple_tag(takes_context=True)
def interval(context: Context, low: Number | None, high: Number | None, decimals: int = 1) -> str:
    """`{% interval low high %}`: two fractions as percentages."""
    return formats.format_interval(low, high, get_style(context), decimals)


@register.simple_tag(takes_context=True)
def money(
    context: Context, amount: Number | None, currency: str | None = None, *, compact: bool = False
) -> str:
    """`{% money amount %}` in the style's currency, `{% money amount currency compact=True %}` in another."""
    style = get_style(context)
    code = style.currency if currency is None else currency
    return formats.format_money(amount, code, style, compact=compact)


@register.simple_tag(takes_context=True)
def day(context: Context, value: date | None, form: formats.DayForm = "long") -> str:
    """`{% day date %}`, `{% day date "numeric" %}`."""
    return formats.format_day(value, get_style(context), form)


@register.simple_tag(takes_context=True)
def moment(context: Context, value: datetime | None, form: formats.DayForm = "long") -> str:
    """`{% moment datetime %}` in the context's `zone` (a tzinfo), else in the active time zone."""
    zone = context.get("zone")
    where = zone if isinstance(zone, tzinfo) else timezone.get_current_timezone()
    return formats.format_moment(value, where, get_style(context), form)


@register.simple_tag(takes_context=True)
def ago(context: Context, days: int | None) -> str:
    """`{% ago days %}`: how many days ago."""
    return formats.format_ago_days(days, get_style(context))


@register.simple_tag(takes_context=True)
def days(context: Context, count: int | None) -> str:
    """`{% days count %}`: a length in days."""
    return formats.format_days(count, get_style(context))


@register.simple_tag(takes_context=True)
def period(context: Context, start: date, end: date | None, every: str) -> str:
    """`{% period start end "month" %}`: a half-open period by its name."""
    return formats.format_period(start, end, every, get_style(context))


@register.filter
def isolate(text: object) -> str:
    """`{{ code|isolate }}`: a left-to-right run; a dash for None."""
    return formats.UNKNOWN if text is None else formats.isolate(str(text))


@register.filter
def isolate_auto(text: object) -> str:
    """`{{ name|isolate_auto }}`: a run that keeps the direction of what people typed."""
    return formats.UNKNOWN if text is None else formats.isolate_auto(str(text))
