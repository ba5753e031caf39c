"""Some customers of a shop who may be written to, on a list, at any hour of the day that a test may run in.

python -m tests.journeys.addressed
"""

import os
from datetime import timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vafa.config.settings")

LIST, COUNT = "readers", 12


def build_number(customer: int) -> str:
    """The mobile number of a customer."""
    return f"+98912{customer:07d}"


def main() -> None:
    import django

    django.setup()
    from vafa.act.messaging.models import Budget
    from vafa.data.business.models import Business
    from vafa.data.consent.models import ConsentEntry
    from vafa.data.customers.models import ContactPoint, Customer
    from vafa.kit import clock
    from vafa.measure.segments.actions import add_members, create_segment
    from vafa.warehouse.actions import refresh
    from vafa.warehouse.queries import open_snapshot

    now = clock.now()
    # Lines of text messages have hours of their own: the shop moves to where it is noon.
    hours = 12 - now.hour
    Business.objects.update(zone=f"Etc/GMT{-hours:+d}")
    refresh(now=now)
    anytime = {
        "quiet_from": None,
        "quiet_until": None,
        "rests_on_solemn_days": False,
        "rests_on_holidays": False,
    }
    Budget.objects.create(**anytime, per_day=None, per_week=None, per_month=None, per_point_day=None)
    ids = list(Customer.objects.filter(kept=None).order_by("pk").values_list("pk", flat=True)[:COUNT])
    ContactPoint.objects.filter(customer__in=ids, kind="phone").delete()
    for pk in ids:
        ContactPoint.objects.create(customer_id=pk, kind="email", value=f"reader{pk}@example.org")
        ContactPoint.objects.create(customer_id=pk, kind="phone", value=build_number(pk))
    at = now - timedelta(days=9)
    told = {
        "purpose": "marketing",
        "source": "a form",
        "way": "import",
        "at": at,
        "recorded_at": at,
    }
    for pk in ids:
        # The last one said no.
        for channel in ("email", "sms"):
            ConsentEntry.objects.create(customer_id=pk, channel=channel, allowed=pk != ids[-1], **told)
    slug = create_segment(LIST, None, by=None, now=now).slug
    add_members(slug, ids, snapshot=open_snapshot(), by=None, now=now)


if __name__ == "__main__":
    main()
