"""What stands in the queue over all messages: what waits and why, what failed, was held back, or is unknown."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Max, Q, QuerySet

from vafa.act.messaging.models import Message, Sending
from vafa.act.messaging.types import WAITING

# What the page offers; who got their message stands in the customer's file and on the campaign's page.
QUEUE_STATES = ("pending", "claimed", "unknown", "failed", "suppressed")
# Who is held out is treated like everybody else, so that those who look after them aren't told.
HELD_OUT = ("holdout", "universal")
# Of a ledger of millions only the newest rows are looked through for what failed or was held back; what waits or is
# unknown is always found.
LOOKED_AT = 200_000
_CHUNK = 1_000


@dataclass(frozen=True)
class QueueAsked:
    """What is asked for: a state, a reason, a channel ("" for any), a message; of one member of staff's customers."""

    state: str = "pending"
    why: str = ""
    channel: str = ""
    message_id: int | None = None
    owner_id: int | None = None


def list_queue(
    asked: QueueAsked, *, before: int | None = None, after: int | None = None, limit: int = 50
) -> list[Sending]:
    """Rows that were written before one, or after one, of the ledger; the newest first."""
    found = _filter(asked).select_related("message", "account", "customer")
    if after is not None:
        return list(found.filter(pk__gt=after).order_by("pk")[:limit])[::-1]
    return list((found if before is None else found.filter(pk__lt=before)).order_by("-pk")[:limit])


def iterate_queue(asked: QueueAsked) -> Iterator[Sending]:
    """All rows that fit, the newest first; read in pieces, so that their number costs no memory."""
    before = None
    while piece := list_queue(asked, before=before, limit=_CHUNK):
        yield from piece
        before = piece[-1].pk


def count_queue(asked: QueueAsked) -> dict[str, int]:
    """How many rows fit, by reason; `asked.why` is not looked at, so that each of the others can be chosen."""
    rows = _filter(QueueAsked(asked.state, "", asked.channel, asked.message_id, asked.owner_id)).order_by()
    return dict(rows.values_list("why").annotate(Count("pk")))


def count_queue_states(owner_id: int | None) -> dict[str, int]:
    """How many rows stand in each state of the queue."""
    return {state: _filter(QueueAsked(state, owner_id=owner_id)).count() for state in QUEUE_STATES}


def is_queue_cut() -> bool:
    """Whether the ledger is longer than what is looked through for what failed or was held back."""
    return _find_first() > 0


def list_unknown_messages(owner_id: int | None) -> list[tuple[Message, int]]:
    """Messages of which nobody knows whether some of them arrived, and how many, the newest first."""
    rows = _own(Sending.objects.filter(state="unknown"), owner_id).order_by()
    counts = dict(rows.values_list("message_id").annotate(Count("pk")))
    return [(one, counts[one.pk]) for one in Message.objects.filter(pk__in=list(counts)).order_by("-pk")]


def _filter(asked: QueueAsked) -> QuerySet[Sending]:
    found = Sending.objects.filter(state=asked.state)
    if asked.message_id is not None:
        found = found.filter(message=asked.message_id)
    elif asked.state in WAITING:
        # By the index of messages that somebody waits for.
        found = found.filter(message__in=Message.objects.exclude(next_at=None).order_by().values("pk"))
    elif asked.state != "unknown" and (first := _find_first()):
        found = found.filter(pk__gt=first)
    if asked.state == "suppressed":
        found = found.exclude(why__in=HELD_OUT)
    found = found.filter(why=asked.why) if asked.why else found
    found = found.filter(channel=asked.channel) if asked.channel else found
    return _own(found, asked.owner_id)


def _find_first() -> int:
    return max(0, (Sending.objects.aggregate(last=Max("pk"))["last"] or 0) - LOOKED_AT)


def _own(found: QuerySet[Sending], owner_id: int | None) -> QuerySet[Sending]:
    if owner_id is None:
        return found
    return found.filter(Q(customer__owner=owner_id, customer__kept=None) | Q(customer__kept__owner=owner_id))
