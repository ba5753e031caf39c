"""Values that cross the customers' doors."""

from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from vafa.kit.errors import VafaError

BulkKind = Literal["tag", "untag", "assign"]


class Told(NamedTuple):
    """What a row of a file tells about whose it is. "" where it tells nothing; birthday is ISO text.

    `email` and `phone` are in normal form (lower case; E.164).
    """

    key: str = ""
    name: str = ""
    email: str = ""
    phone: str = ""
    birthday: str = ""

    @property
    def is_anonymous(self) -> bool:
        """Whether nothing here tells one person from another: a name alone never does."""
        return not (self.key or self.email or self.phone or (self.name and self.birthday))


@dataclass(frozen=True)
class CustomerTold:
    """Everything that a row of a customers file tells. None: the file has no such column, or the cell is blank."""

    told: Told
    title: str | None = None
    company: str | None = None
    location: str | None = None
    joined_on: str | None = None
    tags: tuple[str, ...] | None = None
    custom: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Hit:
    """A customer found by a text: by which of key, phone, email or name, and the number or address that fits ("" for
    a name)."""

    id: int
    by: str
    value: str = ""


FIELD_TYPES = (
    "text", "long_text", "number", "money", "date", "yes_no", "choice", "choices", "link", "phone", "email",
)  # fmt: skip
CHANNELS = ("phone", "sms", "email", "whatsapp", "telegram", "visit")
EDITABLE = (
    "name",
    "title",
    "company",
    "location",
    "birthday",
    "tags",
    "owner",
    "channel",
    "language",
    "interests",
)


class FieldUnusable(VafaError):
    """A field can't be defined so; `details["field"]` names what is wrong."""

    code = "field_unusable"
    exit_status = 2


class ValueUnusable(VafaError):
    """What was written is no value of this field; the code says what it should be."""

    code = "value_unusable"
    exit_status = 2


class PointUnusable(VafaError):
    """An address or number that can't be one, or is there already; `details["field"]` names what is wrong."""

    code = "point_unusable"
    exit_status = 2


class ChangedMeanwhile(VafaError):
    """Somebody else wrote the same fields since the form was opened; `now_there` holds what they wrote."""

    code = "changed_meanwhile"

    def __init__(self, message: str, remedy: str, now_there: dict[str, Any]) -> None:
        super().__init__(message, remedy)
        self.now_there = now_there


class ChangedSince(VafaError):
    """It has changed again since, so undoing it would take away what came later."""

    code = "changed_since"


class PhotoRefused(VafaError):
    """A photo that is too large, or none that pages can show."""

    code = "photo_refused"
    exit_status = 2


class CustomerGone(VafaError):
    """There is no such customer any more."""

    code = "customer_gone"
