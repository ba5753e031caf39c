"""A month later: all who got a campaign's message have bought since, none of its control group has.

python -m tests.journeys.outcome CAMPAIGN
"""

import os
import sys
from datetime import timedelta
from zoneinfo import ZoneInfo

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vafa.config.settings")

DAYS = 31


def main(campaign: str) -> None:
    import django

    django.setup()
    from vafa.act.messaging.models import Exposure, Trial
    from vafa.data.business.queries import get_business
    from vafa.data.log.actions import close_feed, mark_received
    from vafa.data.log.models import Feed
    from vafa.kit import clock
    from vafa.measure.metrics.tests.ledger import Ledger
    from vafa.prove.outcomes.tasks import look
    from vafa.warehouse.actions import refresh

    now, key = clock.now(), f"campaign:{campaign}:1"
    # Each trial has a month of its own, so that what one planted is no outcome of another.
    began = now - timedelta(days=DAYS * Trial.objects.count())
    Trial.objects.filter(key=key).update(declared_at=began)
    dealt = Exposure.objects.filter(trial_key=key)
    dealt.update(at=began)
    for feed in Feed.objects.filter(closed=False):
        close_feed(feed, by=None, now=now)
    ledger = Ledger()
    ledger._orders = int(campaign) * 1_000
    day = began.astimezone(ZoneInfo(get_business().zone)).date()
    for customer in dealt.filter(arm="treated").values_list("customer_id", flat=True):
        ledger.add_order(customer, day + timedelta(days=5), 90)
    mark_received(ledger.source, "orders", now=now, complete_through=now.date() - timedelta(days=1))
    Feed.objects.filter(source=ledger.source).update(closed=False)
    refresh(now=now)
    print(look(now))


if __name__ == "__main__":
    main(*sys.argv[1:])
