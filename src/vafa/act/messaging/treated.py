"""Whom campaigns and automations with a control group have treated, for those who learn from what became of them."""

from zoneinfo import ZoneInfo

import numpy as np

from vafa.act.messaging.models import Exposure
from vafa.act.messaging.types import UNIVERSAL
from vafa.data.business.queries import get_business
from vafa.data.customers.queries import list_kept_ids
from vafa.lab.trials import CONTROL
from vafa.predict.models.actions import Treatments


def list_treatments() -> Treatments:
    """Everybody who was dealt into a treated arm beside a control group, with the day. The universal control group is
    beside everybody at all times, and treats nobody on a day of its own."""
    keys = Exposure.objects.filter(arm=CONTROL).exclude(trial_key__startswith=f"{UNIVERSAL}:")
    dealt = Exposure.objects.filter(
        trial_key__in=list(keys.order_by().values_list("trial_key", flat=True).distinct())
    )
    zone = ZoneInfo(get_business().zone)
    rows = list(dealt.exclude(arm=CONTROL).order_by().values_list("customer_id", "at"))
    kept = list_kept_ids({customer for customer, _at in rows})
    return Treatments(
        np.fromiter((kept.get(customer, customer) for customer, _at in rows), np.int64, len(rows)),
        np.array([at.astimezone(zone).date() for _customer, at in rows], dtype="datetime64[D]"),
    )
