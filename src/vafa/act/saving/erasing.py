"""What this room holds of a person, and forgetting it."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from vafa.act.saving.models import Case
from vafa.kit.erasing import Collected, Erased, Holder, collect_rows

_TOLD = ("stage", "value", "chance", "horizon_days", "why", "made_at", "closed_on")


def collect(customer_ids: Sequence[int]) -> Collected:
    """The cases of a person."""
    return {"cases": collect_rows(Case, customer_ids, only=_TOLD)}


def erase(customer_ids: Sequence[int]) -> Erased:
    """Take the cases of a person away, with how they moved."""
    ids = list(Case.objects.filter(customer_id__in=list(customer_ids)).values_list("pk", flat=True))
    Case.objects.filter(pk__in=ids).delete()
    return Erased(removed={"cases": len(ids)})


HOLDER = Holder(
    room="saving",
    models=("saving.Case", "saving.Move"),
    names={"cases": _("Cases of customers at risk")},
    collect=collect,
    erase=erase,
)
