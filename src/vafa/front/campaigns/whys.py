"""States of the ledger and reasons of the gate in words."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from vafa.front.privacy.words import REASON_NAMES

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
    if why in REASON_NAMES:
        return str(REASON_NAMES[why])
    return {
        "": "",
        "holdout": _("In the control group"),
        "universal": _("In the universal control group, which gets no marketing at all"),
        "stopped": _("The campaign was stopped"),
        "expired": _("The time in which it may be sent is over"),
        "erased": _("The customer was erased"),
        "solemn_day": _("It waits until a solemn day is over"),
        "quiet_hours": _("It waits for the hours in which customers are written to"),
        "budget": _("The customer has had as many messages as the contact budget allows"),
        "point_cap": _(
            "Its address or number has had as many messages today as one may get, whoever shares it"
        ),
        "holiday": _("It waits until an official holiday is over"),
        "open_complaint": _("A complaint is open, or something was sent back not long ago"),
        "not_preferred": _("The customer would rather hear from you by another channel"),
        "double": _("The same person has it by another of their records"),
        "message_paused": _("Its campaign or automation is paused"),
        "message_open": _("Its campaign or automation has not started yet"),
        "no_account": _("No sending account is open for it"),
        "soft_bounced": _("Mail to this address came back for now; it is tried again later"),
        "account_paused": _("Its sending account is paused"),
        "account_hours": _("It waits for the hours in which its sending account sends"),
        "rate": _("It waits for its turn: the sending account sends only so many at a time"),
        "provider_asks": _("The provider asked to wait"),
        "busy": _("The server or provider takes no more for now"),
        "credentials": _("The provider does not accept the account's key or password"),
        "credit": _("There is no credit left with the provider"),
        "sender": _("The provider does not accept the sender"),
        "not_allowed": _("The provider does not allow this account to do that"),
        "pattern": _("The provider does not know the approved pattern"),
        "text_refused": _("The provider does not take this text"),
        "blocked": _("The customer has blocked the sender"),
        "hand": _("Somebody has paused it"),
        "unreachable": _("The mail server or provider can't be reached"),
        "later": _("The server asked to try again later"),
        "rejected": _("The server refused it"),
        "bad_address": _("The address is none"),
        "text_broken": _("Its text can't be filled in"),
        "no_answer": _("The answer never came"),
        "worker_died": _("The program was stopped in the middle"),
    }.get(why, why)
