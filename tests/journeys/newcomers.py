"""Customers of a shop who have not ordered yet and may be written to at any hour; and a token to bring their orders.

    python -m tests.journeys.newcomers

Says the token. Their keys in the source `api` are `<language>-<number>`.
"""

import os
from datetime import timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vafa.config.settings")

NEWCOMERS = 8


def main() -> None:
    import django

    django.setup()
    from tests.journeys.words import LANGUAGES
    from vafa.act.messaging.models import Budget
    from vafa.data.consent.models import ConsentEntry
    from vafa.data.customers.models import ContactPoint, Customer, CustomerKey
    from vafa.data.log.actions import get_or_add_source, take_numbers
    from vafa.data.staff.actions import make_token
    from vafa.data.staff.models import Staff
    from vafa.kit import clock
    from vafa.kit.scopes import Scope

    now = clock.now()
    at = now - timedelta(days=9)
    Budget.objects.create(quiet_from=None, quiet_until=None, rests_on_solemn_days=False, per_day=None)
    source = get_or_add_source("api")
    told = {"channel": "email", "purpose": "marketing", "source": "a form", "way": "import"}
    for language in LANGUAGES:
        for n in range(NEWCOMERS):
            one = Customer.objects.create(name=f"Newcomer {language} {n}", seq=take_numbers(1))
            CustomerKey.objects.create(source_id=source.pk, key=f"{language}-{n}", customer=one)
            ContactPoint.objects.create(customer=one, kind="email", value=f"reader{one.pk}@example.org")
            ConsentEntry.objects.create(customer=one, allowed=True, at=at, recorded_at=at, **told)
    owner = Staff.objects.get()
    print(make_token(owner, "shop", [Scope.WRITE_ORDERS], days=None, now=now)[1])


if __name__ == "__main__":
    main()
