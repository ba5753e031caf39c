"""What consent's room holds of a person. Words, stops and numbers go with the customer."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from vafa.data.consent.models import ConsentEntry, Stop
from vafa.kit.erasing import Collected, Erased, Holder, collect_rows


def collect(customer_ids: Sequence[int]) -> Collected:
    """What a person permitted and refused, and what was stopped."""
    return {
        "consent": collect_rows(ConsentEntry, customer_ids, leave_out=("import_id", "by_id")),
        "stops": collect_rows(Stop, customer_ids, leave_out=("by_id", "ended_by_id")),
    }


def erase(customer_ids: Sequence[int]) -> Erased:
    """Take a person's words and stops away."""
    ids = list(customer_ids)
    words, _each = ConsentEntry.objects.filter(customer__in=ids).delete()
    stops, _each = Stop.objects.filter(customer__in=ids).delete()
    return Erased(removed={"consent": words, "stops": stops})


HOLDER = Holder(
    room="consent",
    # The do-not-send list stays: without the key its digests say nothing, and nobody asked to be written to again.
    # The receipt of an erasure stays too: the id in it is nobody's any more.
    models=("consent.ConsentEntry", "consent.Stop", "consent.Erasure"),
    names={"consent": _("Permissions and refusals"), "stops": _("Reasons not to contact")},
    collect=collect,
    erase=erase,
)
