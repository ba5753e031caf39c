"""The whole timetable: everything that happens by itself, and how often.

Each entry may run on several machines at once and may be cut off anywhere: it must be safe to repeat.
Other work waits in rows (tasks, imports) and is not here.
"""

import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

logger = logging.getLogger(__name__)

KEEP_FAILED_SIGN_INS = timedelta(days=30)
SEARCH_SECONDS = 20
KEEP_TASK_RESULTS = timedelta(days=14)


@dataclass(frozen=True)
class Entry:
    """Something to be done again and again. `do` is told the time. What may take long, or waits for other machines,
    is done `apart`: in a thread of its own, one at a time, so that it holds nothing else up."""

    name: str
    every: timedelta
    do: Callable[[datetime], object]
    apart: bool = False


def follow_warehouse(now: datetime) -> None:
    """Let the warehouse follow the records; costs one query when nothing has changed."""
    from vafa.warehouse.tasks import follow

    follow(now)


def go_on_with_imports(now: datetime) -> None:
    """Put imports that a dead worker has left in the middle back into the queue."""
    from vafa.front.intake.tasks import go_on_with_stalled

    go_on_with_stalled(now)


def go_on_with_bulk_changes(now: datetime) -> None:
    """Put changes of many customers that a dead worker has left in the middle back into the queue."""
    from vafa.front.customers.tasks import go_on_with_stalled

    go_on_with_stalled(now)


def follow_search(_now: datetime) -> None:
    """Bring new and changed customers into the index of the search box, a few seconds long; no import is held up."""
    from vafa.data.customers.actions import follow_customers
    from vafa.data.intake.queries import is_import_at_work

    if not is_import_at_work():
        follow_customers(seconds=SEARCH_SECONDS)


def look_for_doubles(now: datetime) -> None:
    """Look for customers who may be one person, where some have changed or somebody asked; no import is held up."""
    from vafa.data.customers.actions import renew_doubles
    from vafa.data.intake.queries import is_import_at_work

    if not is_import_at_work():
        renew_doubles(now)


def forget_search_words(_now: datetime) -> None:
    """Remove the words that no customer's name holds any more."""
    from vafa.data.customers.actions import forget_words

    forget_words()


def go_on_with_erasures(now: datetime) -> None:
    """Go on erasing whoever is to be erased; one query when nobody is."""
    from vafa.front.privacy.tasks import go_on_with_all

    go_on_with_all(now)


def rebuild_segments(now: datetime) -> None:
    """Build the segments whose figures, settings or other segments have moved; a few queries when none have."""
    from vafa.measure.segments.tasks import rebuild

    rebuild(now)


def send_mail_to_staff(now: datetime) -> None:
    """Hand the mails that wait in the outbox to the mail server; costs one query when there are none."""
    from vafa.kit.mail import deliver

    deliver(now)


def send_scheduled_reports(now: datetime) -> None:
    """Write the mails of reports that have come due; costs a query or two when there are none."""
    from vafa.front.reports.sending import send_due_reports

    send_due_reports(now)


def remove_deleted_dashboards(now: datetime) -> None:
    """Remove dashboards for good that were deleted a month ago."""
    from vafa.measure.reports.actions import remove_deleted

    remove_deleted(now)


def forget_what_was_taken_away(now: datetime) -> None:
    """Forget notes that were taken away a month ago, and contents of files that an interrupted request left behind."""
    from vafa.data.interactions.actions import forget_removed, sweep

    forget_removed(now)
    sweep(now)


def forget_rates(now: datetime) -> None:
    """Forget how often somebody asked, a day after."""
    from vafa.kit.rate_limit import forget_old

    forget_old(now)


def ask_public_address(now: datetime) -> None:
    """See whether our pages answer where links in messages lead."""
    from vafa.kit.public_address import look_at_public_address

    look_at_public_address(now)


def forget_answers(now: datetime) -> None:
    """Forget the answers of the API that were kept for requests sent again."""
    from vafa.api.repeats import forget_old

    forget_old(now)


def ask_shops(now: datetime) -> None:
    """Go on with the history of connected shops, and ask the loaded ones what has changed."""
    from vafa.data.shops.actions import pull, work_off_messages

    work_off_messages(now)
    pull(now)


def look_for_files(_now: datetime) -> None:
    """Bring in the files that are new in folders and at addresses; one query when none is due."""
    from vafa.data.timed.actions import look_at_all
    from vafa.kit import clock

    look_at_all(clock.now)


def forget_shop_messages(now: datetime) -> None:
    """Forget the webhooks of shops that came a month ago."""
    from vafa.data.shops.actions import forget_old_messages

    forget_old_messages(now)


def deliver_webhooks(now: datetime) -> None:
    """Tell other programs what has happened; a query or two where nothing has."""
    from vafa.act.webhooks.actions import deliver

    deliver(now)


def forget_deliveries(now: datetime) -> None:
    """Forget what was delivered to other programs a month ago."""
    from vafa.act.webhooks.actions import forget_old

    forget_old(now)


def remove_kept_long_enough(now: datetime) -> None:
    """Remove uploads, rejects, contents of mails and more that have been kept for as long as the settings say."""
    from vafa.front.privacy.retention import apply

    apply(now)


def look_at_quality(now: datetime) -> None:
    """Look for what is wrong in the data, where they have changed since the last look."""
    from vafa.measure.quality.tasks import renew

    renew(now)


def note_figures(now: datetime) -> None:
    """Note what the figures are after everything that happened, so that a change can be explained."""
    from vafa.measure.history.tasks import note_figures as note

    note(now)


def check_watched_figures(now: datetime) -> None:
    """Judge the periods that have become complete of the figures that somebody watches."""
    from vafa.front.watching.tasks import check

    check(now)


def make_tasks_by_rule(now: datetime) -> None:
    """Make the day's tasks of customers whom nobody was in touch with for long; a query or two when they are made."""
    from vafa.act.followups.tasks import make_due

    make_due(now)


def look_at_trials(now: datetime) -> None:
    """Note where running trials stand when the data have moved on, and write down the results that are due."""
    from vafa.prove.outcomes.tasks import look

    look(now)


def close_settled_cases(now: datetime) -> None:
    """Close the cases of customers at risk who have ordered again or are lost; one query when none is open."""
    from vafa.act.saving.tasks import close

    close(now)


def work_automations(now: datetime) -> None:
    """Let customers into automations, and do the steps that are due; one query where none is switched on."""
    from vafa.act.automations.tasks import work

    work(now)


def call_from_automations(now: datetime) -> None:
    """Tell other programs what automations are to tell them; one query where nothing is."""
    from vafa.act.automations.tasks import call_due

    call_due(now)


def predict_who_leaves(now: datetime) -> None:
    """Train, score and judge where the data have moved on and have been still for some minutes (more may be coming, and
    somebody is looking around meanwhile); a few queries when they haven't."""
    from vafa.predict.scores.tasks import has_calmed, look

    if has_calmed(now):
        look(now)


def hear_from_providers(now: datetime) -> None:
    """Ask providers of messages what became of them and what was answered; a query or two where there is none."""
    from vafa.act.messaging.actions import hear

    hear(now)


def forget_what_came_in(now: datetime) -> None:
    """Forget reports and answers that came more than a year ago."""
    from vafa.act.messaging.actions import forget_what_came

    forget_what_came(now)


def send_digests_of_tasks(now: datetime) -> None:
    """Write the mails of the day that are due; a query or two when there are none."""
    from vafa.front.followups.tasks import send

    send(now)


def deliver_messages(now: datetime) -> None:
    """Hand over the messages to customers that are due, and settle what a dead worker had claimed; a query or two
    where there are none."""
    from vafa.act.messaging.tasks import deliver

    deliver(now)


def keep_universal_holdout(now: datetime) -> None:
    """Deal, end and renew the universal holdout; a few queries where nothing is to be done."""
    from vafa.act.messaging.tasks import keep_holdout

    keep_holdout(now)


def go_on_with_campaigns(now: datetime) -> None:
    """Make the runs of campaigns that have come due, and freeze whom they go to; a few queries where none have."""
    from vafa.act.campaigns.tasks import go_on

    go_on(now)


def forget_runs_of_rules(now: datetime) -> None:
    """Forget on which days rules have made their tasks, half a year after."""
    from vafa.act.followups.tasks import forget

    forget(now)


def remove_old_sessions(now: datetime) -> None:
    """Remove the sessions of those who have been signed out by time."""
    from django.core.management import call_command

    from vafa.data.staff.actions import forget_ended

    call_command("clearsessions")
    forget_ended(now)


def remove_old_attempts(now: datetime) -> None:
    """Forget failed sign-ins, which hold addresses, after a month."""
    from axes.models import AccessAttempt, AccessFailureLog, AccessLog

    before = now - KEEP_FAILED_SIGN_INS
    for model in (AccessAttempt, AccessFailureLog, AccessLog):
        model.objects.filter(attempt_time__lt=before).delete()


def remove_old_results(now: datetime) -> None:
    """Forget what became of tasks that ended two weeks ago."""
    from django_tasks_db.models import DBTaskResult

    DBTaskResult.objects.finished().filter(finished_at__lt=now - KEEP_TASK_RESULTS).delete()


TIMETABLE: tuple[Entry, ...] = (
    Entry("warehouse.follow", timedelta(seconds=10), follow_warehouse),
    Entry("search.follow", timedelta(seconds=10), follow_search, apart=True),
    Entry("doubles.look", timedelta(seconds=30), look_for_doubles, apart=True),
    Entry("search.forget", timedelta(days=1), forget_search_words, apart=True),
    Entry("imports.go_on", timedelta(seconds=30), go_on_with_imports),
    Entry("bulk_changes.go_on", timedelta(seconds=30), go_on_with_bulk_changes),
    Entry("erasures.go_on", timedelta(seconds=15), go_on_with_erasures, apart=True),
    Entry("reports.send", timedelta(seconds=20), send_scheduled_reports, apart=True),
    Entry("reports.remove", timedelta(days=1), remove_deleted_dashboards),
    Entry("rates.forget", timedelta(hours=6), forget_rates),
    Entry("shops.ask", timedelta(seconds=5), ask_shops, apart=True),
    Entry("files.look", timedelta(seconds=30), look_for_files, apart=True),
    Entry("shops.forget", timedelta(days=1), forget_shop_messages),
    Entry("webhooks.deliver", timedelta(seconds=5), deliver_webhooks, apart=True),
    Entry("webhooks.forget", timedelta(days=1), forget_deliveries),
    Entry("public_address.ask", timedelta(minutes=20), ask_public_address, apart=True),
    Entry("api.forget", timedelta(hours=1), forget_answers),
    Entry("segments.rebuild", timedelta(seconds=20), rebuild_segments, apart=True),
    Entry("mail.send", timedelta(seconds=10), send_mail_to_staff, apart=True),
    Entry("figures.judge", timedelta(minutes=5), check_watched_figures, apart=True),
    Entry("retention.apply", timedelta(days=1), remove_kept_long_enough, apart=True),
    Entry("history.note", timedelta(seconds=30), note_figures, apart=True),
    Entry("quality.look", timedelta(minutes=10), look_at_quality, apart=True),
    Entry("tasks.by_rule", timedelta(minutes=10), make_tasks_by_rule, apart=True),
    Entry("predictions.look", timedelta(minutes=5), predict_who_leaves, apart=True),
    Entry("trials.look", timedelta(minutes=10), look_at_trials, apart=True),
    Entry("automations.work", timedelta(seconds=5), work_automations, apart=True),
    Entry("automations.call", timedelta(seconds=5), call_from_automations, apart=True),
    Entry("cases.close", timedelta(minutes=2), close_settled_cases, apart=True),
    Entry("tasks.digest", timedelta(minutes=1), send_digests_of_tasks, apart=True),
    Entry("messages.deliver", timedelta(seconds=3), deliver_messages, apart=True),
    Entry("messages.holdout", timedelta(seconds=30), keep_universal_holdout, apart=True),
    Entry("campaigns.go_on", timedelta(seconds=10), go_on_with_campaigns, apart=True),
    Entry("messages.hear", timedelta(seconds=20), hear_from_providers, apart=True),
    Entry("messages.forget_incoming", timedelta(days=1), forget_what_came_in),
    Entry("rules.forget", timedelta(days=1), forget_runs_of_rules),
    Entry("written.forget", timedelta(days=1), forget_what_was_taken_away),
    Entry("sessions.clear", timedelta(days=1), remove_old_sessions),
    Entry("sign_ins.forget", timedelta(days=1), remove_old_attempts),
    Entry("tasks.forget", timedelta(days=1), remove_old_results),
)


def list_due(entries: Iterable[Entry], done_at: dict[str, datetime], now: datetime) -> list[Entry]:
    """The entries whose time has come; one that was never done here is due."""
    return [
        entry for entry in entries if entry.name not in done_at or now - done_at[entry.name] >= entry.every
    ]


def do_due(entries: Iterable[Entry], done_at: dict[str, datetime], now: datetime) -> None:
    """Do what is due and note it in `done_at`. One entry's failure is logged and holds up no other."""
    for entry in list_due(entries, done_at, now):
        if not entry.apart:
            done_at[entry.name] = now
            _do(entry, now)
        elif entry not in list_running():
            done_at[entry.name] = now
            _Apart(entry, now).start()


def list_running() -> list[Entry]:
    """The entries that are being done apart at this moment."""
    return [thread.entry for thread in threading.enumerate() if isinstance(thread, _Apart)]


def wait_for_running(patience_seconds: float) -> bool:
    """Wait for what is being done apart; whether all of it has ended."""
    for thread in threading.enumerate():
        if isinstance(thread, _Apart):
            thread.join(patience_seconds)
    return not list_running()


def _do(entry: Entry, now: datetime) -> None:
    try:
        entry.do(now)
    except Exception:
        logger.exception("%s failed; it will be tried again in %s", entry.name, entry.every)


class _Apart(threading.Thread):
    """One entry, done in a thread of its own."""

    def __init__(self, entry: Entry, now: datetime) -> None:
        super().__init__(name=entry.name, daemon=True)
        self.entry = entry
        self._now = now

    def run(self) -> None:
        """Do it, and leave no database connection behind."""
        from django.db import connections

        try:
            _do(self.entry, self._now)
        finally:
            connections.close_all()
