"""What crosses the warehouse's doors: frozen values only."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal, get_args

from pyroaring import BitMap

Entity = Literal["customer", "company"]
"""What a figure counts as one."""

ENTITIES: tuple[Entity, ...] = get_args(Entity)

ORDER_DIMENSIONS = ("location", "product_line", "product")
"""Fields of an order line. Groups overlap: a customer may buy in several, and figures never add up."""

SUBSCRIPTION_DIMENSIONS = ("plan",)
"""Fields of a subscription. Groups overlap like those of an order."""

ANSWER_DIMENSIONS = ("survey", "answer_channel")
TICKET_DIMENSIONS = ("ticket_category", "ticket_agent", "ticket_priority", "ticket_channel")
"""Fields of an answer and of a ticket. Each of these is in one group; customers may be in several."""

CUSTOMER_DIMENSIONS = ("customer_location", "company")
"""Fields of a customer, beside the business's own: `custom:<field>`. Groups add up to the whole."""

CUSTOM_PREFIX = "custom:"


@dataclass(frozen=True, order=True)
class Group:
    """One value of a dimension, such as Group("location", "Tehran"); the value "" is "not known"."""

    dimension: str
    value: str


@dataclass(frozen=True)
class Query:
    """A question for `Snapshot.run`: SQL over the warehouse's views, with `?` for the parameters.

    `members` is a set of customers, of any size, that the SQL may look at as the table `members (ix)`; an empty
    set is a table without rows, and with None there is no such table.
    """

    sql: str
    params: tuple[Any, ...] = ()
    members: BitMap | None = None


@dataclass(frozen=True)
class FeedState:
    """How far one kind of fact of one source reaches.

    `complete_until` is exclusive: the day after the last fact, or after the day that somebody set
    (`is_set`). Days are None where the feed has told of nothing.
    """

    source: str
    kind: str
    first_on: date | None
    complete_until: date | None
    closed: bool
    is_set: bool
    last_received_at: datetime | None


@dataclass(frozen=True)
class Freshness:
    """Between which days a figure may be told: [first_on, data_until), and the feeds behind it."""

    data_until: date | None
    first_on: date | None
    feeds: tuple[FeedState, ...]


@dataclass(frozen=True)
class RefreshResult:
    """What a refresh did: the sequence it reached, order lines and customers now held, rows changed."""

    seq: int
    orders: int
    customers: int
    changed: int
    rebuilt: bool
    seconds: float


@dataclass(frozen=True)
class State:
    """Which published state a snapshot shows: it can travel to another process of this host, which opens the same.

    `only` are the customers to whom a view of companies is limited.
    """

    folder: Path
    document: dict[str, Any] | None
    entity: Entity = "customer"
    only: BitMap | None = None
