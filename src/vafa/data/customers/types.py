"""Values that cross the customers' doors."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple


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
