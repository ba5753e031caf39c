"""Which editor a channel has."""

from vafa.data.consent.types import Channel
from vafa.front.messages.editors.kinds import Editor
from vafa.front.messages.editors.mail import MailEditor
from vafa.front.messages.editors.plain import PlainEditor
from vafa.front.messages.editors.sms import SmsEditor

_EDITORS: dict[str, Editor] = {
    Channel.EMAIL: MailEditor(),
    Channel.SMS: SmsEditor(),
    Channel.MESSENGER: PlainEditor(),
}


def get_editor(channel: str) -> Editor:
    """The editor of a channel."""
    return _EDITORS.get(channel) or _EDITORS[Channel.MESSENGER]
