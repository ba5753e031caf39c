"""Values that cross the intake's doors."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Literal

Kind = Literal[
    "customers", "orders", "returns", "subscriptions", "interactions", "surveys", "tickets", "spend", "prices"
]
KINDS: tuple[Kind, ...] = (
    "customers", "orders", "returns", "subscriptions", "interactions", "surveys", "tickets", "spend", "prices",
)  # fmt: skip

_PERSON = ("name", "given_name", "family_name", "email", "phone", "birthday")
FIELDS: dict[Kind, tuple[str, ...]] = {
    "customers": (
        "customer", "name", "given_name", "family_name", "title", "email", "phone", "birthday", "location",
        "joined_at", "company", "tags", "consent_email", "consent_sms",
    ),
    "orders": (
        "order", "customer", "at", "product", "product_name", "product_line", "location", "quantity", "price",
        "amount", "currency", "discount", "tax", "shipping", "status", *_PERSON,
    ),
    "returns": (
        "return", "order", "customer", "at", "product", "quantity", "amount", "currency", "reason", *_PERSON,
    ),
    "subscriptions": (
        "subscription", "customer", "plan", "amount", "currency", "interval", "started_at", "ended_at",
        "cancel_reason", "frozen_from", "frozen_until", "sessions", "sessions_used", "sessions_left", "last_visit",
        *_PERSON,
    ),
    "interactions": (
        "interaction", "customer", "kind", "at", "subject", "text", "staff", "outcome", "duration", *_PERSON,
    ),
    "surveys": (
        "answer", "customer", "survey", "question", "score", "scale", "channel", "comment", "invited_at",
        "answered_at", *_PERSON,
    ),
    "tickets": (
        "ticket", "customer", "subject", "category", "channel", "priority", "status", "agent", "opened_at",
        "first_response_at", "first_response_after", "solved_at", "solved_after", "closed_at", "reopened",
        "satisfaction", *_PERSON,
    ),
    "spend": ("spend_id", "month", "year", "started_at", "ended_at", "at", "amount", "currency", "channel", "location"),
    "prices": ("month", "year", "index"),
}  # fmt: skip

# What a row must tell; where several fields stand together, one of them is enough.
REQUIRED: dict[Kind, tuple[tuple[str, ...], ...]] = {
    "customers": (("customer", "name", "given_name", "family_name", "email", "phone"),),
    "orders": (("at",), ("amount", "price")),
    "returns": (("at",),),
    "subscriptions": (("started_at",), ("customer", "email", "phone")),
    "interactions": (("at",), ("customer", "email", "phone")),
    "surveys": (("answered_at", "invited_at"), ("score",)),
    "tickets": (("opened_at",),),
    "spend": (("month", "started_at", "at"), ("amount",)),
    "prices": (("month",), ("index",)),
}

# Dates that may carry a time, which is kept.
MOMENT_FIELDS = frozenset(
    {"at", "invited_at", "answered_at", "opened_at", "first_response_at", "solved_at", "closed_at"}
)
DATE_FIELDS = MOMENT_FIELDS | {
    "started_at",
    "ended_at",
    "joined_at",
    "birthday",
    "frozen_from",
    "frozen_until",
    "last_visit",
}
# The answer that a price is for the whole term, whatever its column's name says.
WHOLE_TERM = "term"
COUNT_FIELDS = frozenset({"sessions", "sessions_used", "sessions_left"})
# Lengths of time after the opening of a ticket.
SPAN_FIELDS = frozenset({"first_response_after", "solved_after"})
MONEY_FIELDS = frozenset({"price", "amount", "discount", "tax", "shipping"})

# What is consent only where a person says so; a header name is no such saying.
CONSENT_FIELDS = frozenset({"consent_email", "consent_sms"})

# The states in which an import has brought something that can be taken back.
UNDOABLE = ("done", "failed", "undoing", "running")

# Columns of a file of rejects, which come back with it when it has been mended.
REJECT_COLUMNS = ("vafa_line", "vafa_field", "vafa_value", "vafa_reason", "vafa_remedy", "vafa_occurrence")


_LISTS = ("kept_columns", "permission_channels", "permission_purposes")


@dataclass(frozen=True)
class ImportOptions:
    """What the person said about a file. None: decide from the file, and refuse what can't be decided."""

    kind: Kind
    source: str = "main"
    mapping: dict[str, str] | None = None
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    dates: str | None = None
    unit: str | None = None
    interval: str | None = None
    last_day_included: bool = False
    complete_through: date | None = None
    keep_other: bool = False
    kept_columns: tuple[str, ...] = ()
    statuses: dict[str, bool] = field(default_factory=dict)
    # Of answers to surveys: nps csat ces other; "1-5"; high low; top2 top1 easy mean.
    question: str | None = None
    scale: str | None = None
    direction: str | None = None
    method: str | None = None
    # Of a file of customers: where permission came from, in which words, when; the channels and purposes for which all
    # in it have given it.
    permission_source: str = ""
    permission_wording: str = ""
    permission_on: date | None = None
    permission_channels: tuple[str, ...] = ()
    permission_purposes: tuple[str, ...] = ("marketing",)

    def to_json(self) -> dict[str, Any]:
        """As plain values, for keeping."""
        document = asdict(self)
        document["complete_through"] = self.complete_through.isoformat() if self.complete_through else None
        for name in _LISTS:
            document[name] = list(document[name])
        document["permission_on"] = self.permission_on.isoformat() if self.permission_on else None
        return document

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> "ImportOptions":
        """Back from `to_json`."""
        days = {
            name: date.fromisoformat(day) if (day := document.get(name)) else None
            for name in ("complete_through", "permission_on")
        }
        lists = {name: tuple(document[name]) for name in _LISTS if document.get(name) is not None}
        return cls(**document | days | lists)


@dataclass(frozen=True)
class Question:
    """Something that only the person can tell: the option that answers it, and the answers to choose from."""

    code: str
    option: str
    choices: tuple[str, ...]
    example: str = ""
    column: str = ""


@dataclass(frozen=True)
class QuestionReading:
    """How the answers to one kind of question are read: their scale, its good end, and how they are added up. `low`
    and `high` are None where each row tells its own scale."""

    question: str
    low: int | None
    high: int | None
    direction: str
    method: str

    def to_json(self) -> dict[str, Any]:
        """As plain values."""
        return asdict(self)


@dataclass(frozen=True)
class Plan:
    """How a file will be read: every decision, and the questions that are left."""

    options: ImportOptions
    columns: tuple[str, ...]
    mapping: dict[str, str]
    date_orders: dict[str, str]
    unit: str
    interval: str
    decimal_mark: str | None
    statuses: dict[str, bool]
    status_counts: dict[str, int]
    kept_columns: tuple[str, ...]
    card_columns: tuple[str, ...]
    left_out_columns: tuple[str, ...]
    missing: tuple[tuple[str, ...], ...]
    questions: tuple[Question, ...]
    found: dict[str, Any]
    system: str | None = None
    sureness: dict[str, float] = field(default_factory=dict)
    suggested: dict[str, str] = field(default_factory=dict)
    # Of a file of answers, by the kind of question; several where each row names its own.
    answers: dict[str, QuestionReading] = field(default_factory=dict)


@dataclass(frozen=True)
class Reject:
    """A row that could not go in: its line, the field and value to blame, why, and what to do."""

    line: int
    field: str
    value: str
    code: str
    params: dict[str, Any]
    cells: tuple[str, ...]
    occurrence: int = 0


@dataclass
class Counts:
    """Rows of the file, by what became of them."""

    new: int = 0
    changed: int = 0
    same: int = 0
    rejected: int = 0

    @property
    def read(self) -> int:
        """All of them."""
        return self.new + self.changed + self.same + self.rejected

    def to_json(self) -> dict[str, int]:
        """As plain values."""
        return {
            "read": self.read, "new": self.new, "changed": self.changed, "same": self.same, "rejected": self.rejected,
        }  # fmt: skip


@dataclass(frozen=True)
class ImportResult:
    """What an import did. Counts are rows of the file; `read` = new + changed + same + rejected."""

    import_id: int | None
    read: int
    new: int
    changed: int
    same: int
    rejected: int
    rejects_file: str | None
    seconds: float
    summary: dict[str, Any]


class Unsettled(str):
    """The text of a date whose order is still asked for."""

    __slots__ = ()


@dataclass(frozen=True)
class PreviewCell:
    """A cell: as it is written, its value in database form, and why it can't be read."""

    text: str
    value: Any
    problem: tuple[str, str] | None = None


@dataclass(frozen=True)
class PreviewRow:
    """A row by field; `problem` is what is wrong with it as a whole: reason and remedy."""

    line: int
    cells: dict[str, PreviewCell]
    problem: tuple[str, str] | None = None


@dataclass(frozen=True)
class Preview:
    """Among the first `looked_at` rows of the file: the first ones, the first bad ones, and how many are bad."""

    rows: list[PreviewRow]
    bad_rows: list[PreviewRow]
    bad: int
    looked_at: int


@dataclass(frozen=True)
class Thing:
    """What came without a file: the fields of its rows (an order has one a line), and fields of the source's own."""

    rows: tuple[dict[str, str], ...]
    custom: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Arrival:
    """Things of one kind from one source. `live` says that others may react to what has just happened."""

    kind: Kind
    source: str
    things: Sequence[Thing]
    live: bool = True
    # Which words for an order's status mean a sale, where the source means them otherwise than usual.
    statuses: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True)
class RowProblem:
    """Why a thing could not go in: which of its rows, which field, a code that never changes, and words."""

    row: int
    field: str
    code: str
    reason: str
    remedy: str


@dataclass
class Outcome:
    """What became of a thing: "new", "changed", "same" or "rejected"; the id of its (first) row, and its customer."""

    state: str
    row: int | None = None
    customer: int | None = None
    problems: list[RowProblem] = field(default_factory=list)
