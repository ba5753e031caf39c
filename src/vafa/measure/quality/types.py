"""What may cross this room's door: checks, what they found, and the rows behind."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from vafa.kit.errors import AskedWrongly

Counted = Literal["customers", "lines", "returns", "subscriptions", "tickets", "days"]
Weight = Literal["warning", "info"]
Cell = Literal[
    "customer", "customers", "day", "order", "product", "source", "import", "quantity", "amount", "usual", "currency",
    "plan", "from", "to", "value", "joined", "expected", "times", "lines", "note", "ticket", "opened", "answered",
    "ended", "staff",
]  # fmt: skip


@dataclass(frozen=True)
class CheckEntry:
    """A check in the active language: what it looks for, what it does to the figures, and how it is mended.

    `remedy_page` is the name of the page where it is mended. What is only worth knowing has the weight "info".
    """

    name: str
    title: str
    meaning: str
    effect: str
    remedy: str
    remedy_page: str
    counts: Counted
    weight: Weight
    columns: tuple[Cell, ...]


@dataclass(frozen=True)
class Result:
    """What a check found: `count` of `total`; None where it can't look, with its `reason`.

    `reason` is no_data, or whole_only: it looks at all customers, and the asker may see only own ones.
    """

    name: str
    count: int | None
    total: int | None
    reason: str | None = None

    @property
    def share(self) -> float | None:
        """The share that was found; None where nothing could be looked at."""
        return self.count / self.total if self.count is not None and self.total else None


@dataclass(frozen=True)
class Finding:
    """One row behind a count: plain values by column (days as dates, moments in the business's zone, customers as ids,
    amounts as Decimal).

    `note` is a code; see `notes.explain_note`. `likely` tells which doubles are one person in all likelihood.
    """

    cells: Mapping[str, Any] = field(default_factory=dict)
    likely: bool = False


@dataclass(frozen=True)
class Summary:
    """The newest look at everything: how many checks found something worth a look, and when."""

    warnings: int
    seen_at: datetime


class CheckUnknown(AskedWrongly):
    """There is no check of that name."""

    code = "check_unknown"
