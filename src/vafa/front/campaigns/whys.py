"""States of the ledger and reasons of the gate in words."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

_TONES = {
    "accepted": "success", "failed": "error", "unknown": "warning", "pending": "info", "claimed": "info",
}  # fmt: skip


def name_state(state: str) -> str:
    """How a recipient's message stands."""
    return {
        "pending": _("Waiting"),
        "claimed": _("Being sent"),
        "accepted": pgettext("message", "Sent"),
        "failed": _("Failed"),
        "suppressed": _("Held back"),
        "unknown": _("Unknown"),
    }.get(state, state)


def get_state_tone(state: str) -> str:
    """The tone of a state's badge."""
    return _TONES.get(state, "")


def describe_why(why: str, _state: str = "") -> str:
    """Why a message waits, or was held back."""
    return {"holdout": _("In the control group")}.get(why, why)
