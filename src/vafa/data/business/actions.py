"""Changing who we are."""

from datetime import datetime
from typing import Any

from django.db import transaction

from vafa.data.business.models import Business
from vafa.kit.audit import record


@transaction.atomic
def change_business(*, by: Any, now: datetime, **changes: Any) -> Business:
    """Set fields of the business (names as in `models.Business`); returns it as it now is."""
    business, _made = Business.objects.get_or_create(pk=1)
    changed = {name: value for name, value in changes.items() if getattr(business, name) != value}
    for name, value in changed.items():
        setattr(business, name, value)
    business.save()
    if changed:
        record("business.changed", by=by, now=now, fields=sorted(changed))
    return business
