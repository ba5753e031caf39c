"""Mail to staff: the door. Whoever wants to tell a member of staff something by mail calls `send_staff_mail`.

    html = build_html(body, language, subject)
    send_staff_mail(staff, subject, html, text, language, key="alert:7:2026-01-15", now=now)

It only writes a row, in the caller's transaction; the worker hands it over within seconds (see `mail_outbox`).
"""

from datetime import datetime
from typing import Any

from vafa.kit.mail_message import build_html, build_message
from vafa.kit.mail_outbox import (
    count_mails,
    count_old_contents,
    deliver,
    forget_contents,
    forget_old_contents,
    list_troubled_mails,
    send_again,
)
from vafa.kit.mail_sending import Connection, MailNotHandedOver
from vafa.kit.mail_server import (
    MailNotSetUp,
    MailServer,
    find_mail_server,
    forget_mail_server,
    get_mail_server,
    is_mail_set_up,
    set_mail_server,
)
from vafa.kit.models import StaffMail

__all__ = [
    "MailNotHandedOver",
    "MailNotSetUp",
    "MailServer",
    "StaffMail",
    "build_html",
    "count_mails",
    "count_old_contents",
    "deliver",
    "find_mail_server",
    "forget_contents",
    "forget_mail_server",
    "forget_old_contents",
    "get_mail_server",
    "is_mail_set_up",
    "list_troubled_mails",
    "send_again",
    "send_now",
    "send_staff_mail",
    "set_mail_server",
]


def send_staff_mail(
    to: Any, subject: str, html: str, text: str, language: str, *, key: str, now: datetime
) -> StaffMail:
    """Put a mail to a member of staff into the outbox; the same key never makes a second one.

    `html` is a whole document, as `build_html` makes it; `text` says the same plainly. Gives the row, whose `state`
    later tells what became of it. Raises MailNotSetUp where no mail can go out at all.
    """
    get_mail_server()
    mail, _made = StaffMail.objects.get_or_create(
        key=key,
        defaults={
            "staff": to,
            "address": to.email,
            "subject": subject,
            "html": html,
            "text": text,
            "language": language,
            "created_at": now,
            "not_before": now,
        },
    )
    return mail


def send_now(to: Any, subject: str, html: str, text: str, language: str, *, key: str, now: datetime) -> str:
    """Hand a mail over at once, past the outbox, and give the server's answer word for word; for trying the server
    out. Raises MailNotSetUp and MailNotHandedOver."""
    server = get_mail_server()
    message = build_message(
        server, key=key, address=to.email, subject=subject, text=text, html=html, language=language, now=now
    )
    with Connection(server) as connection:
        return connection.hand_over(to.email, message)
