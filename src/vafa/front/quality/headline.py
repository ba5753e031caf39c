"""How many things in the data are worth a look, in one sentence."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vafa.kit.locale.formats import Style, format_number
from vafa.kit.permissions import Permission, may
from vafa.measure.quality.queries import find_summary


def write_headline(worth: int, style: Style) -> str:
    """How many things are worth a look."""
    if not worth:
        return _("Nothing in the data looks wrong.")
    return ngettext(
        "%(count)s thing in the data is worth a look.",
        "%(count)s things in the data are worth a look.",
        worth,
    ) % {"count": format_number(worth, style)}


def find_headline(staff: Any, style: Style) -> str | None:
    """What the newest look found, for whoever can mend it; None where there is nothing to mend."""
    if not may(staff, Permission.IMPORT):
        return None
    summary = find_summary()
    return write_headline(summary.warnings, style) if summary and summary.warnings else None
