"""What can stand in a customer's story, in words and with its icon."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from vafa.data.interactions.types import KINDS


@dataclass(frozen=True)
class StoryKind:
    """One kind: its code, its name, the name of several of it, and one of the sprite's icons."""

    code: str
    get_name: Callable[[], str]
    get_plural: Callable[[], str]
    icon: str


STORY_KINDS: tuple[StoryKind, ...] = (
    StoryKind("order", lambda: _("Order"), lambda: _("Orders"), "shopping-bag"),
    StoryKind("return", lambda: _("Return"), lambda: _("Returns"), "rotate-ccw"),
    StoryKind("subscription", lambda: _("Subscription"), lambda: _("Subscriptions"), "repeat"),
    StoryKind("call", lambda: _("Call"), lambda: _("Calls"), "phone"),
    StoryKind("meeting", lambda: _("Meeting"), lambda: _("Meetings"), "users"),
    StoryKind("visit", lambda: _("Visit"), lambda: _("Visits"), "map-pin"),
    StoryKind("message", lambda: _("Message"), lambda: _("Messages"), "message-circle"),
    StoryKind("sent", lambda: _("Message from us"), lambda: _("Messages from us"), "send"),
    StoryKind("note", lambda: pgettext("written down", "Note"), lambda: _("Notes"), "pencil"),
    StoryKind("promise", lambda: _("Promise"), lambda: _("Promises"), "flag"),
    StoryKind("feedback", lambda: _("Feedback"), lambda: _("Feedback"), "message-square"),
    StoryKind("leaving", lambda: _("Reason for leaving"), lambda: _("Reasons for leaving"), "log-out"),
    StoryKind("survey", lambda: _("Survey answer"), lambda: _("Survey answers"), "star"),
    StoryKind("ticket", lambda: _("Ticket"), lambda: _("Tickets"), "life-buoy"),
    StoryKind("other", lambda: _("Other contact"), lambda: _("Other contacts"), "message-square"),
)
KNOWN = {kind.code: kind for kind in STORY_KINDS}
WRITABLE = tuple(KNOWN[code] for code in KINDS)
# How sources call messages; a kind that is none of these and not written by hand is another contact.
MESSAGES = ("message", "email", "e-mail", "sms", "chat", "whatsapp", "telegram", "mail")


def find_kind(told: str) -> StoryKind:
    """The kind of an interaction, from what its source calls it."""
    code = told.strip().lower()
    if code in MESSAGES:
        return KNOWN["message"]
    return KNOWN[code] if code in KINDS else KNOWN["other"]
