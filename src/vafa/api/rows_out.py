"""What the API tells of rows, field by field."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from ninja import Field, Schema

from vafa.api.texts import PARAMETERS


class PageQuery(Schema):
    """Which page. Rows come in the order of their last change, so the last cursor of today is where tomorrow begins."""

    cursor: int = Field(0, ge=0, le=2**62, description=PARAMETERS["cursor"])
    updated_since: int = Field(0, ge=0, le=2**62, description=PARAMETERS["updated_since"])
    limit: int = Field(100, ge=1, le=1000, description=PARAMETERS["limit"])
    source: str | None = Field(None, description=PARAMETERS["source"])
    customer: int | None = Field(None, ge=1, le=2**62, description=PARAMETERS["customer"])
    language: str | None = Field(None, description=PARAMETERS["language"])


class CustomerPageQuery(PageQuery):
    """Which customers."""

    email: str | None = Field(None, description=PARAMETERS["email"])
    phone: str | None = Field(None, description=PARAMETERS["phone"])
    key: str | None = Field(None, description=PARAMETERS["key"])
    tag: str | None = Field(None, description=PARAMETERS["tag"])


class EventPageQuery(PageQuery):
    """Which events."""

    kind: str | None = Field(None, description=PARAMETERS["kind"])


class OrderPageQuery(PageQuery):
    """Which orders."""

    order: str | None = Field(None, description=PARAMETERS["order"])


class KeyOut(Schema):
    """The id by which a source knows somebody."""

    source: str
    key: str


class CustomerRowOut(Schema):
    """A customer. The risk of leaving is null where it is unknown, and `risk` also where only bands may be told. It
    changes without `seq`; the address `/scores` tells everybody's."""

    id: int
    seq: int
    name: str
    title: str
    company: str
    birthday: date | None
    location: str
    joined_at: date | None
    tags: list[Any]
    custom: dict[str, Any]
    owner: int | None
    merged_into: int | None
    emails: list[str]
    phones: list[str]
    keys: list[KeyOut]
    risk_band: Literal["low", "raised", "high"] | None = None
    risk: float | None = None
    risk_horizon_days: int | None = None
    risk_as_of: date | None = None


class LineOut(Schema):
    """A line of an order."""

    row: int
    product: str | None
    product_name: str | None
    product_line: str | None
    quantity: Decimal
    amount: Decimal
    discount: Decimal | None
    tax: Decimal | None
    shipping: Decimal | None


class ReturnRowOut(Schema):
    """Goods that came back."""

    row: int
    seq: int
    source: str
    id: str
    order: str
    customer: int | None
    at: datetime | None
    day: date
    product: str | None
    quantity: Decimal | None
    amount: Decimal | None
    currency: str
    reason: str


class OrderRowOut(Schema):
    """An order with its lines and returns."""

    row: int
    seq: int
    source: str
    id: str
    customer: int | None
    at: datetime | None
    day: date
    status: str
    counts: bool
    currency: str
    location: str | None
    amount: Decimal
    custom: dict[str, Any]
    lines: list[LineOut]
    returns: list[ReturnRowOut]


class SubscriptionRowOut(Schema):
    """A subscription."""

    row: int
    seq: int
    source: str
    id: str
    customer: int
    plan: str
    amount: Decimal | None
    currency: str
    interval: str
    started_at: date
    ended_at: date | None
    cancel_reason: str
    frozen_from: date | None
    frozen_until: date | None
    sessions: int | None
    sessions_used: int | None
    last_visit: date | None
    custom: dict[str, Any]


class EventRowOut(Schema):
    """An event."""

    row: int
    seq: int
    source: str
    id: str
    customer: int
    kind: str
    at: datetime | None
    day: date
    subject: str
    text: str
    staff: str
    outcome: str
    duration: int | None
    custom: dict[str, Any]


class ProblemOfRow(Schema):
    """Why a row can't go in. `pointer` names the field in the request (RFC 6901)."""

    pointer: str
    code: str
    detail: str
    remedy: str


class StoredOut(Schema):
    """What became of a row: `new`, `changed`, `same` or `rejected`; its id, and its customer's."""

    status: str
    row: int | None
    customer: int | None
    problems: list[ProblemOfRow]


class CountsOut(Schema):
    """Rows by what became of them."""

    new: int
    changed: int
    same: int
    rejected: int


class BatchOut(Schema):
    """What became of each row of a batch, in their order."""

    counts: CountsOut
    results: list[StoredOut]


def build_page(row: type[Schema], name: str) -> Any:
    """A page of rows, and where the next one begins (null: that was the last)."""
    fields = {"rows": list[row], "next_cursor": int | None, "last_seq": int}  # type: ignore[valid-type]
    return type(name, (Schema,), {"__annotations__": fields, "__doc__": "A page of rows."})
