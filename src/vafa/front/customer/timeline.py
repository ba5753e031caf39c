"""A customer's facts as one story, the newest first, page by page: filtered by kind, searched, and as fast at 50,000
events as at fifty.

Every table is a stream that gives its next rows after a place (see `kit.keyset`); the first of all of them make the
page. A room adds its own by one line in STREAMS.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from vafa.act.messaging.queries import list_sendings_after
from vafa.data.interactions.queries import (
    list_answers_after,
    list_interactions_after,
    list_tickets_after,
    list_written,
)
from vafa.data.interactions.types import KINDS
from vafa.data.log.types import BY_HAND
from vafa.data.orders.queries import list_lines_of_orders, list_orders_after, list_returns_after
from vafa.data.subscriptions.queries import list_subscriptions_after
from vafa.front.customer.event_writer import Writer
from vafa.front.customer.events import Event
from vafa.front.customer.kinds import KNOWN, MESSAGES, STORY_KINDS
from vafa.front.customer.sent_events import write_sent
from vafa.front.customer.voice_events import write_answer, write_ticket
from vafa.front.customer.written_events import add_written
from vafa.kit.keyset import Place
from vafa.kit.locale.digits import to_latin_digits
from vafa.kit.locale.formats import Style

EVENTS_A_PAGE = 30


@dataclass(frozen=True)
class Asked:
    """What of the story is asked for: of one kind ("" for all), holding a text, after a place (None: the newest)."""

    kind: str = ""
    text: str = ""
    after: Place | None = None


@dataclass(frozen=True)
class Reader:
    """Who reads whose story, and how it is written."""

    customer_id: int
    ids: Sequence[int]
    staff: Any
    zone: ZoneInfo
    today: date
    style: Style


@dataclass(frozen=True)
class Timeline:
    """A page of the story; `after` is the place to ask for the next one with, None at its end."""

    events: list[Event]
    after: Place | None


Found = tuple[Place, Any]
Fetch = Callable[[Reader, Asked, int, int], list[Found]]
Write = Callable[[Reader, list[Any]], list[Event]]


@dataclass(frozen=True)
class Stream:
    """One table's part in the story: the kinds it holds, its next rows (reader, asked, rank, count), and how they are
    written (as many events as rows, in their order)."""

    kinds: tuple[str, ...]
    fetch: Fetch
    write: Write


def get_timeline(reader: Reader, asked: Asked, size: int = EVENTS_A_PAGE) -> Timeline:
    """The next page of the story. One query a table, and one for what stands beside it, however long the story is."""
    found: list[tuple[Place, int, Any]] = []
    for rank, stream in enumerate(STREAMS, start=1):
        if not asked.kind or asked.kind in stream.kinds:
            found += [(place, rank, row) for place, row in stream.fetch(reader, asked, rank, size + 1)]
    found.sort(key=lambda one: one[0].order, reverse=True)
    shown = found[:size]
    written: dict[Place, Event] = {}
    for rank, stream in enumerate(STREAMS, start=1):
        own = [(place, row) for place, of, row in shown if of == rank]
        if own:
            events = stream.write(reader, [row for _place, row in own])
            written |= {place: event for (place, _row), event in zip(own, events, strict=True)}
    events = [written[place] for place, _rank, _row in shown]
    return Timeline(events, shown[-1][0] if len(found) > len(shown) else None)


def read_kind(text: str) -> str:
    """The kind that an address asks for, "" for all."""
    return text if text in KNOWN else ""


def list_kinds() -> list[tuple[str, str]]:
    """The kinds to choose from: code and name."""
    return [("", _("All")), *((kind.code, kind.get_plural()) for kind in STORY_KINDS)]


def _search(asked: Asked) -> str:
    return to_latin_digits(asked.text) if asked.text.isdecimal() else asked.text


def _fetch_orders(reader: Reader, asked: Asked, rank: int, count: int) -> list[Found]:
    heads = list_orders_after(reader.ids, asked.after, count, rank=rank, text=_search(asked))
    return [(head.place, head) for head in heads]


def _write_orders(reader: Reader, heads: list[Any]) -> list[Event]:
    lines: dict[tuple[int, str, date], list[Any]] = {}
    for line in list_lines_of_orders(reader.ids, heads):
        lines.setdefault((line.source_id, line.order_key, line.day), []).append(line)
    writer = Writer(reader.zone, reader.style)
    return [writer.write_order(lines[head.source_id, head.order_key, head.place.day]) for head in heads]


def _fetch_returns(reader: Reader, asked: Asked, rank: int, count: int) -> list[Found]:
    rows = list_returns_after(reader.ids, asked.after, count, rank=rank, text=_search(asked))
    return [(Place(row.day, row.at, rank, row.pk), row) for row in rows]


def _fetch_subscriptions(reader: Reader, asked: Asked, rank: int, count: int) -> list[Found]:
    rows = list_subscriptions_after(reader.ids, asked.after, count, rank=rank, text=_search(asked))
    return [(Place(row.started_on, None, rank, row.pk), row) for row in rows]


def _fetch_interactions(reader: Reader, asked: Asked, rank: int, count: int) -> list[Found]:
    kinds = {"": (), "message": MESSAGES, "other": ()}.get(asked.kind, (asked.kind,))
    rows = list_interactions_after(
        reader.ids,
        asked.after,
        count,
        rank=rank,
        text=_search(asked),
        kinds=kinds,
        but=(*KINDS, *MESSAGES) if asked.kind == "other" else (),
    )
    return [(Place(row.day, row.at, rank, row.pk), row) for row in rows]


def _write_interactions(reader: Reader, rows: list[Any]) -> list[Event]:
    writer = Writer(reader.zone, reader.style)
    keys = [row.key for row in rows if row.source.name == BY_HAND]
    written = list_written(keys) if keys else {}
    events = []
    for row in rows:
        event = writer.write_interaction(row)
        if row.source.name == BY_HAND and row.key in written:
            event = add_written(
                event, written[row.key], reader.staff, reader.today, reader.style, reader.customer_id
            )
        events.append(event)
    return events


def _fetch_answers(reader: Reader, asked: Asked, rank: int, count: int) -> list[Found]:
    rows = list_answers_after(reader.ids, asked.after, count, rank=rank, text=_search(asked))
    return [(Place(row.day, None, rank, row.pk), row) for row in rows]


def _fetch_tickets(reader: Reader, asked: Asked, rank: int, count: int) -> list[Found]:
    rows = list_tickets_after(reader.ids, asked.after, count, rank=rank, text=_search(asked))
    return [(Place(row.day, row.opened_at, rank, row.pk), row) for row in rows]


def _fetch_sent(reader: Reader, asked: Asked, rank: int, count: int) -> list[Found]:
    return list(
        list_sendings_after(reader.ids, asked.after, count, rank=rank, zone=reader.zone, text=_search(asked))
    )


STREAMS: list[Stream] = [
    Stream(("order",), _fetch_orders, _write_orders),
    Stream(
        ("return",),
        _fetch_returns,
        lambda reader, rows: [Writer(reader.zone, reader.style).write_return(row) for row in rows],
    ),
    Stream(
        ("subscription",),
        _fetch_subscriptions,
        lambda reader, rows: [Writer(reader.zone, reader.style).write_subscription(row) for row in rows],
    ),
    Stream((*KINDS, "other"), _fetch_interactions, _write_interactions),
    Stream(
        ("survey",),
        _fetch_answers,
        lambda reader, rows: [write_answer(row, reader.zone, reader.style) for row in rows],
    ),
    Stream(
        ("ticket",),
        _fetch_tickets,
        lambda reader, rows: [write_ticket(row, reader.zone, reader.style) for row in rows],
    ),
    # What we sent stands among all messages, and can be looked at alone.
    Stream(
        ("sent", "message"),
        _fetch_sent,
        lambda reader, rows: write_sent(reader.customer_id, rows, reader.zone, reader.style),
    ),
]
