"""Channels, purposes and reasons in words."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from vafa.data.consent.types import Channel, Purpose, Reason, StopKind, Way

CHANNEL_NAMES: dict[str, Any] = {
    Channel.EMAIL: _("E-mail"),
    Channel.SMS: _("SMS"),
    Channel.PHONE: _("Phone call"),
    Channel.MESSENGER: _("Messenger"),
    Channel.POST: _("Letter"),
}

PURPOSE_NAMES: dict[str, Any] = {
    Purpose.SERVICE: _("Service messages"),
    Purpose.MARKETING: _("Marketing"),
    Purpose.SURVEY: _("Surveys"),
}

WAY_NAMES: dict[str, Any] = {
    Way.HAND: _("Entered by staff"),
    Way.IMPORT: _("From a file"),
    Way.PAGE: _("By the customer, on their own page"),
    Way.ONE_CLICK: _("By the customer, in the mail program"),
    Way.REPLY: _("By the customer, in an answer to a message"),
    Way.API: _("By the API"),
}

STOP_NAMES: dict[str, Any] = {
    StopKind.DECEASED: _("Deceased"),
    StopKind.NOT_ME: _("Not this customer's"),
    StopKind.CHANGED_HANDS: _("Changed hands"),
}

REASON_NAMES: dict[str, Any] = {
    Reason.UNKNOWN: _("There is no such customer."),
    Reason.DECEASED: _("The customer has died."),
    Reason.NOT_REACHABLE: _("No address or number is known."),
    Reason.NOT_THEIRS: _("The known addresses or numbers are not the customer's."),
    Reason.SUPPRESSED: _("All addresses or numbers are on the do-not-send list."),
    Reason.REFUSED: _("The customer refused."),
    Reason.NO_PERMISSION: _("No permission is known."),
    Reason.NO_SOURCE: _("There is a yes, but nobody told where it came from."),
    Reason.SERVICE: _("Service messages need no permission."),
    Reason.PERMITTED: _("The customer permitted it."),
}
