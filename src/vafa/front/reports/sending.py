"""Scheduled reports on their way: what has come due is written, for each recipient as they may see it."""

import logging
from datetime import datetime

from vafa.data.business.queries import get_business
from vafa.front.reports.mails import choose_language, write_letter
from vafa.kit.mail import MailNotSetUp, get_mail_server, send_staff_mail
from vafa.kit.permissions import Permission, may
from vafa.kit.site import find_site_address
from vafa.measure.reports.actions import claim_run, end_run, make_due_runs, put_off_run, recover_runs
from vafa.measure.reports.queries import Run

logger = logging.getLogger(__name__)

# What stands as a run's problem where it is none of the machine's; pages say it in words.
NOT_SET_UP, PAUSED, DELETED, NOBODY = "mail_not_set_up", "paused", "deleted", "nobody"


def send_due_reports(now: datetime) -> None:
    """Write the mails of every report that has come due into the outbox. Safe to be run twice at once, and to be cut
    off anywhere: a run is claimed, and each mail has a key of its own."""
    make_due_runs(now)
    recover_runs(now)
    while (run := claim_run(now)) is not None:
        try:
            problem = _send(run, now)
        except MailNotSetUp:
            put_off_run(run, now, NOT_SET_UP, for_good=False)
        except Exception as error:
            logger.exception("report %s could not be written", run.pk)
            put_off_run(run, now, str(error) or type(error).__name__)
        else:
            end_run(run, now, problem)


def _send(run: Run, now: datetime) -> str:
    """Write a run's mails; why there were none, if there were none."""
    schedule = run.schedule
    if schedule.dashboard.deleted_at is not None:
        return DELETED
    if schedule.paused and not run.by_hand:
        return PAUSED
    get_mail_server()
    business, sent = get_business(), 0
    for recipient in schedule.recipients.select_related("staff"):
        staff = recipient.staff
        if not may(staff, Permission.SEE_FIGURES):
            continue
        language = choose_language(staff, recipient.language, business)
        letter = write_letter(schedule.dashboard, staff, language, now=now, address=find_site_address())
        key = f"report:{run.pk}:{staff.pk}"
        send_staff_mail(staff, letter.subject, letter.html, letter.text, language, key=key, now=now)
        sent += 1
    return "" if sent else NOBODY
