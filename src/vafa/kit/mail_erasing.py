"""Taking a person out of mail to staff: a mail that names them loses its content, and one that waits is not sent."""

from collections.abc import Mapping

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vafa.kit.erasing import Holder, Traits
from vafa.kit.models import StaffMail

# Stands in `answer` of a mail that was not sent because it named somebody who was erased; pages say it in words.
ERASED = "erased"
_LEAST_NAME = 4


def scrub(traits: Traits) -> Mapping[str, int]:
    """Empty the mails that hold an address, a number or a whole name of a person; how many."""
    said = Q()
    for word in (
        *traits.emails,
        *traits.phones,
        *(name for name in traits.names if len(name) >= _LEAST_NAME),
    ):
        for part in ("subject", "text", "html"):
            said |= Q(**{f"{part}__icontains": word})
    if not said:
        return {"mail": 0}
    mails = StaffMail.objects.filter(said)
    mails.filter(state="pending").update(state="failed", answer=ERASED)
    return {"mail": mails.update(subject="", text="", html="")}


HOLDER = Holder(
    room="mail",
    models=("kit.StaffMail",),
    names={"mail": _("Mails to staff that named the customer")},
    scrub=scrub,
)
