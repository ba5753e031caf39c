"""Mails with a link by which a password is set: an invitation, or for whoever forgot theirs."""

from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from vafa.data.business.queries import get_business
from vafa.kit.mail import build_html, send_staff_mail


def send_invitation(staff: Any, url: str, *, now: datetime) -> None:
    """Put the mail with an invitation into the outbox. Raises MailNotSetUp."""

    def write(name: str) -> tuple[str, list[str], str]:
        return (
            _("Your invitation to %(name)s") % {"name": name},
            [
                _("You have been invited to %(name)s. Choose a password on this page:") % {"name": name},
                _("The link is valid for seven days and for one use."),
            ],
            _("Accept the invitation"),
        )

    _send(staff, url, f"invitation:{staff.pk}:{staff.link_number}", write, now)


def send_reset(staff: Any, url: str, *, now: datetime) -> None:
    """Put the mail with a link for a new password into the outbox. Raises MailNotSetUp."""

    def write(name: str) -> tuple[str, list[str], str]:
        return (
            _("A new password for %(name)s") % {"name": name},
            [
                _("Somebody asked for a new password for %(name)s, with your address.") % {"name": name},
                _(
                    "If it was you, choose one on this page within an hour. If not, do nothing: all stays as it is."
                ),
            ],
            _("Choose a new password"),
        )

    _send(staff, url, f"reset:{staff.pk}:{now.timestamp():.6f}", write, now)


def _send(staff: Any, url: str, key: str, write: Any, now: datetime) -> None:
    business = get_business()
    language = staff.language or business.language
    with translation.override(language):
        subject, lines, button = write(business.name or "Vafa")
        html = render_to_string("front/link_mail.html", {"lines": lines, "url": url, "button": button})
        text = "\n\n".join([*lines, url])
        send_staff_mail(staff, subject, build_html(html, language, subject), text, language, key=key, now=now)
