"""A process of its own, that is killed in the middle of freezing an audience, and one that goes on:
python -m vafa.act.campaigns.tests.driver die|finish"""

import json
import os
import signal
import sys
from datetime import timedelta
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vafa.config.settings")

CUSTOMERS, PIECE, DIES_AT = 90, 20, 3


def main(mode: str) -> None:
    import django

    django.setup()
    import vafa.act.campaigns.checking as checking
    import vafa.act.campaigns.preparing as preparing

    preparing.PIECE = PIECE
    checking.__dict__["require_public_address"] = lambda _now: "https://vafa.example.com"
    {"die": die, "finish": finish}[mode]()


def die() -> None:
    """Start a campaign and freeze its audience; killed by the system inside the transaction of a piece."""
    from django.core.management import call_command

    from vafa.act.campaigns import preparing
    from vafa.act.campaigns.actions import create_campaign, start_campaign
    from vafa.act.campaigns.models import Run
    from vafa.act.campaigns.tests.conftest import CONTENT, NOW
    from vafa.act.campaigns.types import Told
    from vafa.act.messaging.tests.world import add_customers, add_smtp
    from vafa.data.business.actions import change_business
    from vafa.data.consent.models import ConsentEntry
    from vafa.data.staff.models import Staff
    from vafa.kit.permissions import Role
    from vafa.measure.segments.actions import add_members, create_segment
    from vafa.warehouse.queries import open_snapshot
    from vafa.warehouse.tasks import follow

    call_command("migrate", verbosity=0)
    change_business(by=None, now=NOW, name="Shop", zone="Asia/Tehran", language="en", is_set_up=True)
    owner = Staff.objects.create_user("o@example.com", None, name="o", role=Role.OWNER, created_at=NOW)
    people = add_customers(CUSTOMERS)
    ConsentEntry.objects.update(at=NOW - timedelta(days=30))
    add_smtp()
    follow(NOW)
    slug = create_segment("All", None, by=None, now=NOW).slug
    add_members(slug, people, snapshot=open_snapshot(), by=None, now=NOW)
    told = Told(name="Spring", segment=slug, content=CONTENT.to_json(), holdout=0.5)
    start_campaign(create_campaign(told, by=owner, now=NOW).pk, by=owner, now=NOW)
    real, calls = preparing.__dict__["add_recipients"], 0

    def kill(*args: Any, **more: Any) -> Any:
        nonlocal calls
        calls += 1
        done = real(*args, **more)
        if calls == DIES_AT:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    preparing.__dict__["add_recipients"] = kill
    preparing.prepare_run(Run.objects.get().pk, clock=lambda: NOW)


def finish() -> None:
    """Go on once the lease has ended; how many rows there were before and are now, by state, and how many customers."""
    from vafa.act.campaigns.models import Run
    from vafa.act.campaigns.preparing import LEASE, prepare_run
    from vafa.act.campaigns.tests.conftest import NOW
    from vafa.act.messaging.models import Exposure, Message, Sending

    before = (Sending.objects.count(), Exposure.objects.count(), Message.objects.get().state)
    early = prepare_run(Run.objects.get().pk, clock=lambda: NOW)
    later = NOW + LEASE + timedelta(seconds=1)
    state = prepare_run(Run.objects.get().pk, clock=lambda: later)
    run = Run.objects.get()
    rows = Sending.objects.all()
    print(
        json.dumps(
            {
                "before": before,
                "early": early,
                "state": state,
                "message": Message.objects.get().state,
                "rows": rows.count(),
                "customers": rows.values("customer").distinct().count(),
                "held": rows.filter(why="holdout").count(),
                "dealt": Exposure.objects.values("customer").distinct().count(),
                "controls": Exposure.objects.filter(arm="control").count(),
                "run": [run.done, run.total, run.controls],
            }
        )
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
