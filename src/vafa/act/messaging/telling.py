"""The messages of one customer as a story: what was sent, and what became of it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from vafa.act.messaging.contents import TemplateContent
from vafa.act.messaging.models import Happened, Sending
from vafa.act.messaging.queue import HELD_OUT
from vafa.kit.keyset import Place, list_spellings

# More than this a person can't have been sent; it only keeps a broken ledger from filling the memory.
_MOST = 20_000


def list_sendings_after(
    ids: Sequence[int], after: Place | None, count: int, *, rank: int, zone: ZoneInfo, text: str = ""
) -> list[tuple[Place, Sending]]:
    """The messages of a person's ids after a place of the story, the newest first, with their places: each stands where
    it ended, or where it was written down while it waits. Those held out are left out, so that nobody treats them
    otherwise."""
    own = Sending.objects.filter(customer__in=list(ids)).exclude(why__in=HELD_OUT).order_by("-pk")
    places = {
        pk: _build_place(pk, ended or created, rank, zone)
        for pk, ended, created in own.values_list("pk", "ended_at", "created_at")[:_MOST]
    }
    wanted = [pk for pk, place in places.items() if after is None or place.order < after.order]
    wanted.sort(key=lambda pk: places[pk].order, reverse=True)
    if text:
        rows = own.filter(pk__in=wanted).select_related("message", "account")
        found = {row.pk: row for row in rows if _holds(row, text)}
        wanted = [pk for pk in wanted if pk in found][:count]
    else:
        wanted = wanted[:count]
        found = own.select_related("message", "account").in_bulk(wanted)
    return [(places[pk], found[pk]) for pk in wanted]


def _build_place(pk: int, at: datetime, rank: int, zone: ZoneInfo) -> Place:
    # Whole seconds, as an address writes them.
    return Place(at.astimezone(zone).date(), at.replace(microsecond=0), rank, pk)


def _holds(row: Sending, text: str) -> bool:
    told = TemplateContent.from_json(row.message.content)
    words = [row.answer, *(f"{one.subject} {one.body}" for _code, one in told.texts)]
    words += [block.text for _code, one in told.texts for block in one.blocks]
    inside = " ".join(words).casefold()
    return any(spelling.casefold() in inside for spelling in list_spellings(text))


def list_happened(sending_ids: Collection[int]) -> dict[int, list[Happened]]:
    """What became of each of these messages afterwards, in the order in which it happened."""
    found: dict[int, list[Happened]] = {pk: [] for pk in sending_ids}
    for one in Happened.objects.filter(sending__in=list(sending_ids)).order_by("at", "pk"):
        found[one.sending_id].append(one)
    return found
