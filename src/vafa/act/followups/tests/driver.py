"""A process of its own, for two workers at once: python -m vafa.act.followups.tests.driver fill|race|check"""

import json
import os
import sys
from datetime import UTC, datetime, time, timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vafa.config.settings")

NOW = datetime(2026, 3, 15, 9, 30, tzinfo=UTC)
CUSTOMERS = 120
DAYS = 3


def main(mode: str) -> None:
    import django

    django.setup()
    {"fill": fill, "race": race, "check": check}[mode]()


def fill() -> None:
    """Customers who were last in touch long ago, a rule that makes 40 tasks a day, and somebody who wants a digest."""
    from django.core.management import call_command

    from vafa.act.followups.actions import create_task, save_reminding, save_rule, switch_rule
    from vafa.act.followups.types import RuleTold, TaskTold
    from vafa.data.staff.models import Staff
    from vafa.measure.metrics.tests.ledger import Ledger
    from vafa.measure.segments.actions import add_members, create_segment
    from vafa.warehouse.queries import open_snapshot

    call_command("migrate", verbosity=0)
    ledger = Ledger()
    staff = Staff.objects.create_user("owner@example.com", None, role="owner", created_at=NOW)
    people = [ledger.add_customer(f"c{n}", name=f"c{n}") for n in range(CUSTOMERS)]
    for customer in people:
        ledger.add_contact(customer, (NOW - timedelta(days=90)).date())
    ledger.publish(NOW.date(), "interactions")
    segment = create_segment("All", None, by=staff, now=NOW)
    add_members(segment.slug, people, snapshot=open_snapshot(), by=staff, now=NOW)
    told = RuleTold("all", segment.slug, 30, "Call", most_a_day=40, catches_up=True)
    switch_rule(save_rule(told, by=staff, now=NOW).pk, on=True, by=staff, now=NOW)
    create_task(TaskTold("Due", NOW.date(), assignee_id=staff.pk), by=staff, now=NOW)
    save_reminding(staff, start_page="", digest_at=time(0), now=NOW - timedelta(days=2))


def race() -> None:
    """What a worker does on three days, as often as it can while the other one does it too."""
    from django.db import OperationalError

    from vafa.act.followups.tasks import make_due
    from vafa.front.followups.tasks import send

    sys.stdout.write("begun\n")
    sys.stdout.flush()
    sys.stdin.readline()
    for day in range(DAYS):
        for _again in range(3):
            for do in (make_due, send):
                try:
                    do(NOW + timedelta(days=day))
                except OperationalError:  # the other one writes; the timetable comes back too
                    continue


def check() -> None:
    """How many tasks, days of the rule, digests and mails there are."""
    from vafa.act.followups.models import DigestSent, RuleRun, Task
    from vafa.kit.models import StaffMail

    runs = dict(RuleRun.objects.values_list("on", "made"))
    counts = [
        Task.objects.filter(rule__isnull=False).count(),
        len(set(Task.objects.filter(rule__isnull=False).values_list("customer_id", flat=True))),
        sorted(runs.values()),
        DigestSent.objects.filter(was_empty=False).count(),
        StaffMail.objects.count(),
    ]
    sys.stdout.write(json.dumps(counts))


if __name__ == "__main__":
    main(sys.argv[1])
