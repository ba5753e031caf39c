"""What an address of the risk board asks for."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from django.http import HttpRequest
from pyroaring import BitMap

from vafa.act.followups.types import Viewer
from vafa.act.saving.types import STAGES, CaseFilter, Stage
from vafa.front.customers.filters import read_filter
from vafa.front.followups.asked import Eyes
from vafa.front.overview.figures import Asker
from vafa.front.risk.words import BANDS
from vafa.kit.errors import VafaError
from vafa.kit.ids import read_id
from vafa.measure.segments.queries import get_segment_members

KEPT = ("owner", "band", "segment", "column", "waiting")
# How long a closed case stays on the board.
CLOSED_DAYS = 30

OwnerName = Literal["", "mine", "nobody"]


@dataclass(frozen=True)
class Asked:
    """The filters of the board. `owner` is "mine", "nobody", a member of staff's id or "" for everybody; `column` is
    the one that a small screen shows, `waits_long` whether many of those are listed who wait to be taken on."""

    owner: str = ""
    band: int | None = None
    segment: str = ""
    column: Stage = "at_risk"
    waits_long: bool = False

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is left out."""
        return bool(self.owner or self.band is not None or self.segment)

    def find_staff(self, viewer: Viewer) -> int | None:
        """The member of staff whose cases are asked for; None for everybody's, or nobody's."""
        return viewer.staff_id if self.owner == "mine" else read_id(self.owner)

    def build_filter(self, eyes: Eyes) -> CaseFilter:
        """The cases that are asked for."""
        since = eyes.moment.today - timedelta(days=CLOSED_DAYS)
        return CaseFilter(since, self.find_staff(eyes.viewer), of_nobody=self.owner == "nobody")


def read_asked(request: HttpRequest) -> Asked:
    """The filters of an address; what is unknown in it is left out."""
    told = request.GET
    owner = told.get("owner", "")
    return Asked(
        owner=owner if owner in ("mine", "nobody") or read_id(owner) is not None else "",
        band=next((band for band in BANDS if str(band) == told.get("band")), None),
        segment=read_filter(told.dict(), ()).segment,
        column=next((stage for stage in STAGES if stage == told.get("column")), "at_risk"),
        waits_long=told.get("waiting") == "more",
    )


def find_segment(asker: Asker, asked: Asked) -> BitMap | None:
    """The numbers of who is in the asked segment; None without one, nobody where it has no members."""
    if not asked.segment:
        return None
    try:
        return get_segment_members(asked.segment, asker.snapshot)
    except VafaError:
        return BitMap()
