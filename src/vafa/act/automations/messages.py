"""What the messages of automations say: their own text, a saved template, or a ready text by its code."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from vafa.act.automations.ready_texts import ReadyText, build_content, list_codes
from vafa.act.automations.types import Node
from vafa.act.messaging.queries import Template
from vafa.act.messaging.types import TemplateContent
from vafa.kit.errors import VafaError

_NAMES: Mapping[str, Callable[[], str]] = {
    "first_order_thanks": lambda: _("Thank-you after the first order"),
    "how_to": lambda: _("How-to after a purchase"),
    "birthday": lambda: _("Birthday greeting"),
    "season": lambda: _("Greeting for a festive day"),
    "late": lambda: _("We have been thinking of you"),
    "rescue_price": lambda: _("An offer"),
    "rescue_quality": lambda: _("An apology, and that it is put right"),
    "rescue_competition": lambda: _("What only we have"),
    "rescue_other": lambda: _("How are we doing?"),
    "win_back": lambda: _("We would be glad to see you again"),
    "win_back_again": lambda: _("A reason to come back"),
    "renewal": lambda: _("The subscription ends in two weeks"),
    "renewal_last": lambda: _("The subscription ends in a few days"),
    "payment_failed": lambda: _("The payment did not go through"),
    "surprise": lambda: _("A gift is on its way"),
    "vip_early": lambda: _("You see it first"),
}


class TextMissing(VafaError):
    """A message has nothing to say."""

    code = "message_without_text"


def list_texts() -> list[ReadyText]:
    """All that a message step can say: the business's own templates, then the ready texts, by channel."""
    own = Template.objects.filter(archived_at=None).order_by("name")
    found = [ReadyText(f"template:{one.pk}", one.channel, one.name) for one in own]
    for code in list_codes():
        found += [
            ReadyText(f"text:{code}", channel, _NAMES[code]()) for channel in ("email", "sms", "messenger")
        ]
    return found


def find_content(node: Node) -> TemplateContent | int:
    """The content of a message step, or the id of its saved template. Raises TextMissing where there is none."""
    told = node.told
    if template := told.get("template"):
        return int(str(template))
    found = build_content(str(told.get("text", "")), get_channel(told))
    if found is None:
        raise TextMissing(_("The message has no text."))
    return found


def get_channel(told: Mapping[str, Any]) -> str:
    """The channel by which a message step sends."""
    return str(next(iter(told.get("channels", ())), "email"))


def find_content_problem(told: Mapping[str, Any]) -> str:
    """Why a message step has nothing to say; "" where it has."""
    if template := told.get("template"):
        known = Template.objects.filter(
            pk=int(str(template)), archived_at=None, channel=get_channel(told)
        ).exists()
    else:
        known = build_content(str(told.get("text", "")), get_channel(told)) is not None
    return "" if known else "message_without_text"
