"""What the predictions say at present, as far as they may be told."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from vafa.act.saving.queries import get_horizon_days
from vafa.front.overview.figures import Asker

Level = Literal["none", "refused", "bands", "percent"]


@dataclass(frozen=True)
class Outlook:
    """Whether the risk is known, and how exactly it may be told: "none" (never predicted yet), "refused" (the data
    don't suffice: `lacks` says what is missing, in words), "bands" or "percent"."""

    level: Level
    horizon_days: int
    as_of: date | None = None
    lacks: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether there is a risk of anybody."""
        return self.level in ("bands", "percent")

    @property
    def in_percent(self) -> bool:
        """Whether a chance may be told as a number."""
        return self.level == "percent"


def read_outlook(asker: Asker) -> Outlook:
    """What may be told at present. One who is limited to own customers is told the same: it is about the business."""
    bands = asker.snapshot.published("risk_band")
    as_of = asker.snapshot.published_as_of("risk_band")
    return Outlook("none" if bands is None else "bands", get_horizon_days(), as_of)
