"""A dashboard as a mail: tables and coloured cells that every mail program shows, and the same in plain text."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from vafa.data.business.queries import Business, get_style
from vafa.front.reports.asking import build_asker
from vafa.front.reports.page import list_shown
from vafa.front.reports.shown import Bar, Shown
from vafa.kit.locale.formats import format_moment, isolate_auto
from vafa.kit.mail import build_html
from vafa.measure.reports.queries import Dashboard

BARS_SHOWN = 15
# The same colours as the pages' light theme; mail programs know no style sheet.
COLOURS = {"full": "#0f6b63", "open": "#86bdb4", "below": "#cf6a5c", "rest": "#eef1f0"}


@dataclass(frozen=True)
class Letter:
    """A report to one reader, ready to be sent."""

    subject: str
    html: str
    text: str
    language: str


def choose_language(staff: Any, chosen: str, business: Business) -> str:
    """The language of somebody's report: as chosen for it, else their own, else the business's."""
    return chosen or staff.language or business.language


def write_letter(
    dashboard: Dashboard, staff: Any, language: str, *, now: datetime, address: str | None
) -> Letter:
    """The report as this member of staff may see it, in their language. `address` is where the pages are."""
    with translation.override(language):
        asker = build_asker(staff)
        style = get_style(language, asker.business)
        items = list_shown(asker, dashboard, style)
        made = format_moment(now, ZoneInfo(asker.business.zone), style)
        context = {
            "name": dashboard.name,
            "business": asker.business.name,
            "items": [{"shown": shown, "bars": list_bars(shown)} for shown in items],
            "made": made,
            "is_limited": asker.owner_id is not None,
            "url": f"{address}/reports/{dashboard.pk}/" if address else None,
            "start": "right" if style.is_rtl else "left",
            "end": "left" if style.is_rtl else "right",
            "direction": "rtl" if style.is_rtl else "ltr",
        }
        subject = f"{asker.business.name}: {dashboard.name}" if asker.business.name else dashboard.name
        body = render_to_string("reports/mail.html", context)
        return Letter(subject, build_html(body, language, subject), _write_text(context), language)


def list_bars(shown: Shown) -> list[dict[str, Any]]:
    """The rows of bars of an item, the newest periods or the largest groups of many; none for a lone number."""
    if shown.kind == "number":
        return []
    is_split = bool(shown.raw) and shown.raw[0][2] is not None
    bars = shown.bars[:BARS_SHOWN] if is_split else shown.bars[-BARS_SHOWN:]
    return [_describe_bar(bar) for bar in bars]


def _describe_bar(bar: Bar) -> dict[str, Any]:
    """A bar as widths of two cells in hundredths; a value above nothing is always seen."""
    share = bar.share or 0.0
    width = max(round(share * 100), 1 if share > 0 else 0)
    colour = COLOURS["below"] if bar.below else COLOURS["full"] if bar.complete else COLOURS["open"]
    return {
        "name": bar.name,
        "text": bar.text,
        "width": width,
        "rest": 100 - width,
        "colour": colour,
        "note": "" if bar.complete else _("Not complete"),
    }


def _write_text(context: dict[str, Any]) -> str:
    """The same in plain text."""
    lines = [context["name"], context["business"], context["made"]]
    if context["is_limited"]:
        lines.append(_("These figures are of your own customers only."))
    for item in context["items"]:
        lines += ["", *_write_item(item["shown"], item["bars"])]
    if context["url"]:
        lines += ["", _("Open the dashboard:"), context["url"]]
    return "\n".join(line for line in lines if line is not None)


def _write_item(shown: Shown, bars: list[dict[str, Any]]) -> list[str]:
    lines = [isolate_auto(shown.title), *shown.about]
    if shown.problem:
        return [*lines, shown.problem]
    if shown.value:
        lines.append(f"{shown.value} ({shown.period})")
    if shown.change:
        lines.append(shown.change.text)
    lines += [line for line in (shown.interval, shown.note) if line]
    lines += [f"- {isolate_auto(bar['name'])}: {bar['text']}" for bar in bars]
    return lines + shown.foot
