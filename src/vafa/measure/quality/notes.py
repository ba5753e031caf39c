"""The notes beside findings, in words."""

from django.utils.translation import gettext as _


def explain_note(note: str) -> str:
    """A finding's note code in words; {factor} numbers are written plainly. Unknown codes stay as they are."""
    if note.startswith("factor:"):
        factor = float(note.removeprefix("factor:"))
        if factor > 1:
            return _("%(factor)s times the usual price") % {"factor": f"{factor:g}"}
        return _("The usual price divided by %(factor)s") % {"factor": f"{round(1 / factor):g}"}
    return {
        "likely": _("Likely one person"),
        "possible": _("Possibly one person"),
        "has_rate": _("Has a rate"),
        "has_no_rate": _("Has no rate, so it is in no total"),
        "order_missing": _("Names an order that is not in the data"),
        "order_unnamed": _("Names no order"),
        "answered_before_opened": _("Answered before it was opened"),
        "ended_before_opened": _("Solved or closed before it was opened"),
    }.get(note, note)
