"""Taking people out of segments: of the lists chosen by hand too, which no build makes anew."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _
from pyroaring import BitMap

from vafa.kit.erasing import Collected, Erased, Holder
from vafa.measure.segments.members import pack, unpack
from vafa.measure.segments.models import MemberSet


def collect(customer_ids: Sequence[int]) -> Collected:
    """The segments that a person is in."""
    people = BitMap(customer_ids)
    sets = MemberSet.objects.select_related("segment").order_by("segment_id")
    return {"segments": [{"name": kept.segment.name} for kept in sets if unpack(kept.ids) & people]}


def erase(customer_ids: Sequence[int]) -> Erased:
    """Take people out of every segment."""
    people = BitMap(customer_ids)
    left = 0
    for kept in MemberSet.objects.all():
        members = unpack(kept.ids)
        if members & people:
            kept.ids = pack(members - people)
            kept.save(update_fields=["ids"])
            left += 1
    return Erased(removed={"segments": left})


HOLDER = Holder(
    room="segments",
    models=("segments.MemberSet",),
    names={"segments": _("Memberships in segments")},
    collect=collect,
    erase=erase,
)
