"""Judging what is watched, and the mail that tells a member of staff of an alert in their language."""

from datetime import datetime
from functools import partial
from typing import Any

from django.utils import translation
from django.utils.html import format_html
from django.utils.translation import gettext as _

from vafa.data.business.queries import get_business, get_style
from vafa.front.watching.texts import write_alert
from vafa.kit.mail import MailNotSetUp, build_html, send_staff_mail
from vafa.measure.watching.actions import check_figures
from vafa.measure.watching.queries import Alert


def check(now: datetime) -> None:
    """Judge what is watched, and put the mails of new alerts into the outbox."""
    check_figures(now=now, tell=partial(tell, now=now))


def tell(alert: Alert, staff: Any, *, now: datetime) -> None:
    """One mail to one person. Where no mail is set up the alert stands on the overview alone, and the page of
    targets says so."""
    business = get_business()
    language = staff.language or business.language
    with translation.override(language):
        style = get_style(language, business)
        said = write_alert(alert, style)
        subject = _("Alert: %(title)s") % {"title": said.title}
        why = _("You get this because you watch this figure. Stop it on the page “Targets and alerts”.")
        body = format_html(
            '<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td style="padding:24px">'
            '<h1 style="font-size:18px;margin:0 0 12px">{}</h1><p style="margin:0 0 16px">{}</p>'
            '<p style="margin:0;color:#666666;font-size:13px">{}</p></td></tr></table>',
            said.title,
            said.text,
            why,
        )
        try:
            send_staff_mail(
                staff,
                subject,
                build_html(body, language, subject),
                f"{said.title}\n{said.text}\n\n{why}",
                language,
                key=f"alert:{alert.pk}:{staff.pk}",
                now=now,
            )
        except MailNotSetUp:
            return
