"""Messages by the name of what they belong to, and paused accounts with what to do, in words."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from vafa.act.automations.queries import find_automation
from vafa.act.campaigns.queries import find_campaign
from vafa.act.messaging.queries import Message, Sending
from vafa.act.messaging.types import TemplateContent
from vafa.kit.ids import read_id


def name_messages(messages: Iterable[Message], *, links: bool) -> dict[int, tuple[str, str]]:
    """(name, address or "") of each message: of its campaign or automation, else its subject."""
    return {one.pk: _name(one, links=links) for one in messages}


def _name(message: Message, *, links: bool) -> tuple[str, str]:
    kind, _colon, rest = message.origin.partition(":")
    number = read_id(rest.split(":")[0])
    if kind == "campaign" and number is not None and (campaign := find_campaign(number)):
        name = _("Campaign: %(name)s") % {"name": campaign.name}
        return name, reverse("campaign", args=[number]) if links else ""
    if kind == "automation" and number is not None and (automation := find_automation(number)):
        name = _("Automation: %(name)s") % {"name": automation.name}
        return name, reverse("automation", args=[number]) if links else ""
    return get_subject(message) or _("Message"), ""


def get_subject(message: Message) -> str:
    """The first subject that a message has, as it was written; "" where its texts have none."""
    texts = TemplateContent.from_json(message.content).texts
    return next((text.subject for _code, text in texts if text.subject), "")


def explain_pause(why: str) -> tuple[str, str]:
    """Why an account is paused, and what to do about it."""
    return {
        "hand": (_("Somebody paused it."), _("Let it go on when messages shall go out again.")),
        "unreachable": (
            _("Nothing got through several times in a row."),
            _(
                "See whether the server's name, port and encryption are right and whether it runs, then let it go on."
            ),
        ),
        "credentials": (
            _("The provider refused the user name, password or key."),
            _("Enter them anew in the account's settings, then let it go on."),
        ),
        "credit": (_("The provider says that its credit is used up."), _("Pay it in, then let it go on.")),
    }.get(
        why,
        (
            _("The provider refused to take messages."),
            _("Read its answer, mend what it names, then let the account go on."),
        ),
    )


def find_why(one: Sending) -> str:
    """Why a row waits: for what all of its message wait, else for what it waits itself."""
    if one.state != "pending":
        return one.why
    if one.message.state in ("paused", "open"):
        return "message_paused" if one.message.state == "paused" else "message_open"
    return one.why or one.message.why
