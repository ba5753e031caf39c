"""What this room holds of a person, and forgetting it: nothing but ids in audiences that are being frozen. Who got what
is the ledger's to tell."""

from collections.abc import Sequence

from django.db import transaction
from pyroaring import BitMap

from vafa.act.campaigns.models import Run
from vafa.kit.erasing import Collected, Erased, Holder


def collect(_customer_ids: Sequence[int]) -> Collected:
    """Nothing: an id alone says nothing of a person."""
    return {}


@transaction.atomic
def erase(customer_ids: Sequence[int]) -> Erased:
    """Take a person out of the audiences that are being frozen."""
    gone = BitMap(customer_ids)
    for run in Run.objects.select_for_update().exclude(ids=b""):
        kept = BitMap.deserialize(bytes(run.ids)) - gone
        Run.objects.filter(pk=run.pk).exclude(ids=b"").update(ids=kept.serialize())
    return Erased()


HOLDER = Holder(room="campaigns", models=("campaigns.Run",), names={}, collect=collect, erase=erase)
