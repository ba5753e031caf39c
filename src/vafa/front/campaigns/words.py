"""Campaigns in words: how they stand, when they go out, why one can't start."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from vafa.act.campaigns.queries import find_next_day, get_when
from vafa.act.campaigns.types import Hindrance, Stage
from vafa.data.business.queries import get_business
from vafa.front.reports.schedule_forms import describe_cadence
from vafa.kit.locale.formats import Style, format_day, format_moment

STAGES: tuple[Stage, ...] = (
    "draft",
    "scheduled",
    "preparing",
    "sending",
    "paused",
    "sent",
    "stopped",
    "held",
)

_TONES: dict[str, str] = {
    "scheduled": "info",
    "preparing": "info",
    "sending": "primary",
    "sent": "success",
    "paused": "warning",
    "held": "error",
}


def name_stage(stage: str) -> str:
    """How a campaign stands."""
    return {
        "draft": pgettext("campaign", "Draft"),
        "scheduled": pgettext("campaign", "Scheduled"),
        "preparing": pgettext("campaign", "Being prepared"),
        "sending": pgettext("campaign", "Being sent"),
        "sent": pgettext("campaign", "Sent"),
        "paused": pgettext("campaign", "Paused"),
        "stopped": pgettext("campaign", "Stopped"),
        "held": pgettext("campaign", "Could not start"),
    }[stage]


def get_tone(stage: str) -> str:
    """The tone of a stage's badge."""
    return _TONES.get(stage, "")


def describe_stage(stage: str) -> str:
    """What a stage means for whoever looks at it."""
    return {
        "draft": _("Nothing is sent until you start it."),
        "scheduled": _("It waits for its time. Until then you can make a draft of it again."),
        "preparing": _("Whom it goes to is being frozen. Nothing is sent before all of it is settled."),
        "sending": _("Messages are going out, each at the time that is right for its customer."),
        "sent": _("All that was to be sent has been sent, or held back for good."),
        "paused": _("Nothing is sent until it goes on."),
        "stopped": _("It was stopped. What had not been sent stays unsent."),
        "held": _("It could not start. Mend what is named below, and start it again."),
    }[stage]


def describe_when(campaign: object, style: Style, now: datetime) -> str:
    """When a campaign goes out, in a sentence."""
    when, zone = get_when(campaign), ZoneInfo(get_business().zone)  # type: ignore[arg-type]
    if when.cadence is None:
        return format_moment(when.at, zone, style) if when.at else _("As soon as it is started")
    told = describe_cadence(when.cadence, style)
    next_on = find_next_day(campaign, now)  # type: ignore[arg-type]
    if next_on is None:
        return _("%(cadence)s; its last day has passed") % {"cadence": told}
    return _("%(cadence)s; next on %(day)s") % {"cadence": told, "day": format_day(next_on, style)}


def describe_hindrance(hindrance: Hindrance) -> str:
    """Why a campaign can't start, and what to do about it."""
    return {
        "no_name": _("It has no name."),
        "no_audience": _("Choose the segment or list that it goes to."),
        "audience_archived": _("Its segment is archived. Choose another, or bring it back."),
        "audience_not_built": _("Its segment has never been built. Wait until it is."),
        "audience_empty": _("There is nobody in its segment."),
        "nothing_new": _("Everybody in its segment has had this message before."),
        "audience_grown": _(
            "Many more are in its segment by now than when it was started. Look at who gets it, and start it again; "
            "one that goes out again and again, pause it and let it go on."
        ),
        "no_text": _("Write its text, or choose a template."),
        "text_broken": _("Its text has mistakes, so that it can't be filled in."),
        "no_account": _("No sending account carries messages of this channel and purpose."),
        "account_paused": _("Its sending account is paused."),
        "account_unfit": _("The chosen sending account does not carry messages of this channel and purpose."),
        "address_unknown": _(
            "It has links, such as the one to unsubscribe, and the public address is not known. Enter it in the "
            "settings."
        ),
        "address_silent": _(
            "It has links, such as the one to unsubscribe, and the public address does not answer, so that nobody "
            "could open them."
        ),
        "starter_gone": _("Whoever started it may not send messages any more."),
        "missed": _("Its time passed more than a day ago without it being able to begin."),
        "time_past": _("The time at which it should start has passed. Choose another."),
        "text_forbidden": _(
            "The text is not allowed by the rules of its line, country or provider; its preview says why."
        ),
    }[hindrance]
