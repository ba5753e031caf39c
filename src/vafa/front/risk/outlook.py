"""What the predictions say at present, as far as they may be told."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from vafa.act.saving.queries import get_horizon_days
from vafa.front.overview.figures import Asker
from vafa.front.risk.lacks import describe_lack
from vafa.kit.locale.formats import Style
from vafa.predict.scores.queries import RISK_BAND, find_standing, get_as_of

Level = Literal["none", "refused", "bands", "percent"]


@dataclass(frozen=True)
class Outlook:
    """Whether the risk is known, and how exactly it may be told: "none" (never predicted yet), "refused" (the data
    don't suffice), "bands" or "percent". `lacks` says in words what is missing to tell more."""

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


def read_outlook(asker: Asker, style: Style) -> Outlook:
    """What may be told at present. One who is limited to own customers is told the same: it is about the business."""
    standing = find_standing()
    if standing is None:
        return Outlook("none", get_horizon_days())
    horizon, level = standing.question.horizon_days, standing.verdict.level
    lacks = tuple(describe_lack(lack, style) for lack in standing.verdict.lacks)
    if level == "refused":
        return Outlook("refused", horizon, standing.as_of, lacks)
    known = asker.snapshot.published(RISK_BAND) is not None
    return Outlook(level if known else "none", horizon, get_as_of(asker.snapshot), lacks)
