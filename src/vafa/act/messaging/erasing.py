"""What this room holds of a person, and forgetting it."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from vafa.act.messaging.models import Exposure, Happened, Incoming, Sending
from vafa.kit.erasing import Collected, Erased, Holder, Traits, collect_rows

_TOLD = ("channel", "state", "why", "values", "created_at", "ended_at", "delivery_state", "delivered_at")


def collect(customer_ids: Sequence[int]) -> Collected:
    """The messages of a person, what became of them, and the trials that they are part of."""
    sendings = Sending.objects.filter(customer__in=list(customer_ids)).values_list("pk", flat=True)
    return {
        "messages": collect_rows(Sending, customer_ids, only=_TOLD),
        "message_reports": collect_rows(
            Happened, list(sendings), by="sending_id", only=("kind", "detail", "at")
        ),
        "answers": collect_rows(
            Incoming, customer_ids, only=("kind", "meaning", "number", "text", "received_at")
        ),
        "trials": collect_rows(Exposure, customer_ids, only=("trial_key", "arm", "at", "score", "value")),
    }


def erase(customer_ids: Sequence[int]) -> Erased:
    """That a message went out stays, without whom it went to and what it said of them; what has not gone never goes."""
    own = Sending.objects.filter(customer__in=list(customer_ids))
    ids = list(own.values_list("pk", flat=True))
    Happened.objects.filter(sending__in=ids).update(detail="")
    rows = Sending.objects.filter(pk__in=ids)
    rows.filter(state__in=("pending", "claimed"), handed_at=None).update(state="suppressed", why="erased")
    rows.update(customer=None, values={}, point=None, reached="", mail_id="", provider_id="", answer="")
    removed, _each = Exposure.objects.filter(customer__in=list(customer_ids)).delete()
    return Erased(removed={"trials": removed}, kept={"messages": len(ids)})


def scrub(traits: Traits) -> Mapping[str, int]:
    """Take a person's number out of what came in while nobody knew whose it was."""
    mine = Incoming.objects.filter(number__in=list(traits.phones))
    return {"answers": mine.update(number="", text="")}


HOLDER = Holder(
    room="messaging",
    models=(
        "messaging.Sending",
        "messaging.Happened",
        "messaging.Exposure",
        "messaging.Incoming",
        "messaging.StaffTask",
    ),
    names={
        "messages": _("Messages"),
        "message_reports": _("What became of messages"),
        "answers": _("Answers"),
        "trials": _("Trials"),
    },
    collect=collect,
    erase=erase,
    scrub=scrub,
)
