"""Scheduled reports: setting them up, and the rows by which each goes out once."""

import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from vafa.data.business.queries import get_business
from vafa.kit.audit import record
from vafa.lab.calendars import CalendarName
from vafa.measure.reports.models import Dashboard, Recipient, Run, Schedule
from vafa.measure.reports.queries import get_cadence
from vafa.measure.reports.rules import build_moment, find_latest_due
from vafa.measure.reports.types import Cadence, NobodyToSendTo

LEASE = timedelta(minutes=15)
MOST_ATTEMPTS = 5
RETRY_AFTER = timedelta(minutes=5)
# The problem of a run that a newer one has overtaken; pages say it in words.
SUPERSEDED = "superseded"


@transaction.atomic
def create_schedule(
    dashboard: Dashboard, cadence: Cadence, recipients: Mapping[int, str], *, by: Any, now: datetime
) -> Schedule:
    """Send a dashboard from now on. `recipients` are ids of staff with their language. Raises NobodyToSendTo."""
    schedule = Schedule.objects.create(
        dashboard=dashboard, starts_at=now, created_by=by, created_at=now, **vars(cadence)
    )
    _set_recipients(schedule, recipients)
    record("report.scheduled", by=by, now=now, subject=_name(schedule))
    return schedule


@transaction.atomic
def change_schedule(
    schedule: Schedule, cadence: Cadence, recipients: Mapping[int, str], *, by: Any, now: datetime
) -> None:
    """Send at other times, or to others. What was due before now under the new times is not sent."""
    for field, value in vars(cadence).items():
        setattr(schedule, field, value)
    schedule.starts_at = now
    schedule.save()
    _set_recipients(schedule, recipients)
    record("report.changed", by=by, now=now, subject=_name(schedule))


@transaction.atomic
def pause_schedule(schedule: Schedule, *, by: Any, now: datetime) -> None:
    """Send nothing until it goes on."""
    Schedule.objects.filter(pk=schedule.pk).update(paused=True)
    record("report.paused", by=by, now=now, subject=_name(schedule))


@transaction.atomic
def resume_schedule(schedule: Schedule, *, by: Any, now: datetime) -> None:
    """Go on; what was due meanwhile is not made up for."""
    Schedule.objects.filter(pk=schedule.pk).update(paused=False, starts_at=now)
    record("report.resumed", by=by, now=now, subject=_name(schedule))


@transaction.atomic
def delete_schedule(schedule: Schedule, *, by: Any, now: datetime) -> None:
    """Stop sending, and forget the past runs."""
    record("report.unscheduled", by=by, now=now, subject=_name(schedule))
    schedule.delete()


@transaction.atomic
def send_report_now(schedule: Schedule, token: str, *, by: Any, now: datetime) -> Run:
    """Let a report go out at once. The same token (that of the form) lets it go once, however often it is sent."""
    today = now.astimezone(ZoneInfo(get_business().zone)).date()
    run, made = Run.objects.get_or_create(
        key=f"{schedule.pk}:hand:{token}"[:80],
        defaults={"schedule": schedule, "due_on": today, "by_hand": True, "not_before": now},
    )
    if made:
        record("report.sent_now", by=by, now=now, subject=_name(schedule))
    return run


def _set_recipients(schedule: Schedule, recipients: Mapping[int, str]) -> None:
    if not recipients:
        raise NobodyToSendTo(_("Choose at least one member of staff to send it to."))
    schedule.recipients.exclude(staff_id__in=recipients).delete()
    for staff_id, language in recipients.items():
        Recipient.objects.update_or_create(
            schedule=schedule, staff_id=staff_id, defaults={"language": language}
        )


def make_due_runs(now: datetime) -> int:
    """Make the rows of all reports that have come due; how many were made. Of several days that were missed only the
    latest is made up for."""
    business = get_business()
    zone, calendar = ZoneInfo(business.zone), cast("CalendarName", business.calendar)
    made = 0
    for schedule in Schedule.objects.filter(paused=False, dashboard__deleted_at=None):
        cadence = get_cadence(schedule)
        due = find_latest_due(cadence, calendar, zone, now)
        if due is None or build_moment(cadence, due, zone) < schedule.starts_at:
            continue
        _run, is_new = Run.objects.get_or_create(
            key=f"{schedule.pk}:{due.isoformat()}",
            defaults={"schedule": schedule, "due_on": due, "not_before": now},
        )
        if is_new:
            _give_up_older(schedule, due, now)
        made += is_new
    return made


def _give_up_older(schedule: Schedule, due: date, now: datetime) -> None:
    """What still waits of earlier days will not be sent: the newer report says more."""
    older = schedule.runs.filter(state="pending", by_hand=False, due_on__lt=due)
    older.update(state="failed", problem=SUPERSEDED, ended_at=now)


def recover_runs(now: datetime) -> None:
    """Take back the runs that a dead worker had claimed. Their mails have keys of their own, so those that are in the
    outbox already are not written again."""
    Run.objects.filter(state="claimed", lease_until__lt=now).update(
        state="pending", claim="", lease_until=None
    )


def claim_run(now: datetime) -> Run | None:
    """The oldest run that waits, now ours; None if there is none. One statement decides between two workers."""
    due = Run.objects.filter(state="pending", not_before__lte=now)
    while (key := due.order_by("id").values_list("pk", flat=True).first()) is not None:
        claim = secrets.token_hex(16)
        if due.filter(pk=key).update(
            state="claimed", claim=claim, lease_until=now + LEASE, attempts=F("attempts") + 1
        ):
            return Run.objects.select_related("schedule__dashboard").get(pk=key)
    return None


def end_run(run: Run, now: datetime, problem: str = "") -> None:
    """Note that a run's mails are in the outbox, or why they never will be."""
    Run.objects.filter(pk=run.pk, state="claimed", claim=run.claim).update(
        state="failed" if problem else "done", problem=problem, claim="", lease_until=None, ended_at=now
    )


def put_off_run(run: Run, now: datetime, problem: str, *, for_good: bool = True) -> None:
    """Try a run again later; after several tries it has failed, unless it is not its own fault (`for_good`)."""
    if for_good and run.attempts >= MOST_ATTEMPTS:
        end_run(run, now, problem)
        return
    Run.objects.filter(pk=run.pk, state="claimed", claim=run.claim).update(
        state="pending", problem=problem, claim="", lease_until=None, not_before=now + RETRY_AFTER
    )


def _name(schedule: Schedule) -> str:
    return f"report:{schedule.pk}"
