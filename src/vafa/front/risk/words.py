"""Cases, bands and chances in words."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from vafa.act.saving.types import Noted
from vafa.kit.locale.formats import Style, format_day, format_percent

HIGH, RAISED, LOW = 2, 1, 0
BANDS = (HIGH, RAISED, LOW)


def name_stage(stage: str) -> str:
    """A column of the board."""
    return {
        "at_risk": pgettext("stage", "At risk"),
        "plan_made": pgettext("stage", "Plan made"),
        "being_saved": pgettext("stage", "Being saved"),
        "saved": pgettext("stage", "Saved"),
        "lost": pgettext("stage", "Lost"),
    }[stage]


def name_band(band: int | None) -> str:
    """How high the risk is, in one word; "" where it isn't known."""
    return {
        HIGH: pgettext("risk", "High"),
        RAISED: pgettext("risk", "Raised"),
        LOW: pgettext("risk", "Low"),
    }.get(-1 if band is None else band, "")


def get_band_tone(band: int | None) -> str:
    """The colour of a band's badge."""
    return {HIGH: "error", RAISED: "warning"}.get(-1 if band is None else band, "")


def describe_risk(chance: float | None, band: int | None, style: Style, *, in_percent: bool) -> str:
    """The risk as short as a badge: the chance where the record allows to tell it, else the band alone."""
    if in_percent and chance is not None:
        return _("Risk %(chance)s") % {"chance": format_percent(chance, style, 0)}
    return _("Risk: %(band)s") % {"band": name_band(band)} if name_band(band) else ""


def describe_why(why: str, day: date | None, style: Style) -> str:
    """Why a case is closed; "" while it is open."""
    texts = {
        "hand": _("closed by hand on %(day)s"),
        "ordered": _("ordered again on %(day)s"),
        "renewed": _("renewed on %(day)s"),
        "stayed": _("still with us on %(day)s"),
        "left": _("not active since %(day)s"),
    }
    return texts[why] % {"day": format_day(day, style)} if why in texts and day is not None else ""


def describe_move(why: str) -> str:
    """How a case came into a stage."""
    return {
        "opened": _("Taken on"),
        "hand": _("Moved by hand"),
        "ordered": _("Ordered again"),
        "renewed": _("Renewed"),
        "stayed": _("Stayed until the end of the horizon"),
        "left": _("Not active any more"),
    }.get(why, "")


def describe_hint(noted: Noted | None, style: Style) -> str:
    """What the facts hint at of an open case."""
    if noted is None:
        return ""
    texts = {
        "ordered_before": _("Came on %(day)s, before the case was opened. Is it saved?"),
        "ordered_late": _("Came on %(day)s, after the horizon. Is it saved?"),
        "left_before": _("Was not active any more since %(day)s when the case was opened."),
    }
    return texts[noted.hint] % {"day": format_day(noted.on, style)}
