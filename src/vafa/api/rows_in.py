"""What programs bring, field by field. Days and moments are ISO 8601; a moment without a zone is the business's."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from ninja import Field, Schema
from pydantic import ConfigDict, SkipValidation

Amount = Decimal | None
Custom = dict[str, str | int | float | bool]
Moment = datetime | date
Key = Annotated[str, Field(min_length=1, max_length=200)]


class RowIn(Schema):
    """What every row has."""

    model_config = ConfigDict(extra="forbid")

    source: str = Field(
        "api", min_length=1, max_length=60, description="Who tells: numbers are unique in their source."
    )
    custom: Custom = Field(default_factory=dict, description="Fields of your own.")


class PersonIn(RowIn):
    """Whose a row is: the customer's id in its source, or else e-mail or phone."""

    customer: Key | None = Field(None, description="The customer's id in this source.")
    name: str | None = Field(None, max_length=300)
    email: str | None = Field(None, max_length=320)
    phone: str | None = Field(None, max_length=60)


class CustomerIn(RowIn):
    """A customer. Fields that are not told stay as they are."""

    id: Key | None = Field(None, description="The customer's id in this source.", examples=["c-1001"])
    name: str | None = Field(None, max_length=300, examples=["Sara Rahimi"])
    given_name: str | None = Field(None, max_length=150)
    family_name: str | None = Field(None, max_length=150)
    title: str | None = Field(None, max_length=60)
    email: str | None = Field(None, max_length=320, examples=["sara@example.com"])
    phone: str | None = Field(None, max_length=60, examples=["+989121234567"])
    birthday: date | None = None
    location: str | None = Field(None, max_length=200)
    joined_at: date | None = None
    company: str | None = Field(None, max_length=300)
    tags: list[str] | None = None
    consent_email: bool | None = None
    consent_sms: bool | None = None


class LineIn(Schema):
    """A line of an order. Its money is `amount`, or else `quantity` times `price`."""

    model_config = ConfigDict(extra="forbid")

    product: str | None = Field(None, max_length=300, examples=["tea-500"])
    product_name: str | None = Field(None, max_length=300)
    product_line: str | None = Field(None, max_length=200)
    quantity: Decimal | None = Field(None, examples=[2])
    price: Amount = None
    amount: Amount = Field(None, examples=[900])
    discount: Amount = None
    tax: Amount = None
    shipping: Amount = None


class OrderIn(PersonIn):
    """An order, whole: lines that an earlier telling had and this one lacks are taken away."""

    id: Key = Field(description="The order's number in this source.", examples=["o-7001"])
    at: Moment = Field(examples=["2026-03-21T10:30:00+03:30"])
    status: str | None = Field(None, max_length=60, examples=["completed"])
    currency: str | None = Field(None, max_length=10)
    location: str | None = Field(None, max_length=200)
    lines: list[LineIn] = Field(min_length=1, max_length=500)


class ReturnIn(PersonIn):
    """Goods that came back, or money that was given back."""

    id: Key = Field(description="The return's number in this source.")
    order: str | None = Field(None, max_length=200, description="The number of the order.")
    at: Moment
    product: str | None = Field(None, max_length=300)
    quantity: Decimal | None = None
    amount: Amount = None
    currency: str | None = Field(None, max_length=10)
    reason: str | None = Field(None, max_length=300)


class SubscriptionIn(PersonIn):
    """A subscription from its first day until `ended_at`, which is the first day without it."""

    id: Key
    plan: str | None = Field(None, max_length=200)
    amount: Amount = None
    currency: str | None = Field(None, max_length=10)
    interval: str | None = Field(None, max_length=40, examples=["1 month"])
    started_at: date
    ended_at: date | None = None
    cancel_reason: str | None = Field(None, max_length=300)
    frozen_from: date | None = None
    frozen_until: date | None = None
    sessions: int | None = None
    sessions_used: int | None = None
    last_visit: date | None = None


class EventIn(PersonIn):
    """Something between the business and a customer: a visit, a call, a message, a page seen."""

    id: Key | None = Field(
        None, description="Its number in this source; without it, what it tells makes it one."
    )
    kind: str = Field(min_length=1, max_length=40, examples=["visit"])
    at: Moment
    subject: str | None = Field(None, max_length=300)
    text: str | None = Field(None, max_length=10_000)
    staff: str | None = Field(None, max_length=150)
    outcome: str | None = Field(None, max_length=200)
    duration: int | None = Field(None, ge=0, le=100_000, description="In minutes.")


class NoteIn(PersonIn):
    """A note on a customer."""

    id: Key | None = None
    at: Moment
    text: str = Field(min_length=1, max_length=10_000)
    staff: str | None = Field(None, max_length=150)


class TrackedIn(PersonIn):
    """What somebody did in a shop or an app."""

    id: Key | None = None
    kind: str = Field(min_length=1, max_length=40, examples=["product_seen"])
    at: Moment | None = Field(None, description="Without it: now.")
    subject: str | None = Field(None, max_length=300, examples=["tea-500"])


def build_batch(row: type[Schema], name: str) -> Any:
    """The body that brings many rows. They are looked at one by one, so that a bad one holds no other back."""
    rows = Annotated[list[Annotated[row, SkipValidation]], Field(min_length=1, max_length=1000)]  # type: ignore[valid-type]
    return type(name, (Schema,), {"__annotations__": {"rows": rows}, "__doc__": "At most 1,000 rows."})
