"""What was written down by hand about a person, and forgetting it. The interactions themselves are facts, which the
intake's holder takes away; these rows go with the customer, and the contents of files here."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from vafa.data.interactions.attachments import remove_contents
from vafa.data.interactions.models import Attachment, Written, WrittenChange
from vafa.kit.erasing import Collected, Erased, Holder, collect_rows


def collect(customer_ids: Sequence[int]) -> Collected:
    """What was written, what it was before changes, and the names of its files."""
    return {
        "written": collect_rows(Written, customer_ids),
        "written_changes": collect_rows(WrittenChange, customer_ids, by="written__customer"),
        "attachments": collect_rows(
            Attachment, customer_ids, by="written__customer", only=("name", "size", "added_at")
        ),
    }


def erase(customer_ids: Sequence[int]) -> Erased:
    """Take it all away, the contents of the files with it."""
    written = Written.objects.filter(customer__in=list(customer_ids))
    places = list(Attachment.objects.filter(written__in=written).values_list("place", flat=True))
    remove_contents(places)
    count = written.count()
    written.delete()
    return Erased(removed={"written": count, "attachments": len(places)})


HOLDER = Holder(
    room="interactions",
    models=(
        "interactions.Written", "interactions.WrittenChange", "interactions.Mention", "interactions.Attachment",
    ),
    names={
        "written": _("Written down by hand"),
        "written_changes": _("Changes of what was written"),
        "attachments": _("Files beside notes"),
    },
    collect=collect,
    erase=erase,
)  # fmt: skip
