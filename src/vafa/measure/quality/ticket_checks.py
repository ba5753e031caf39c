"""Checks of tickets."""

from datetime import UTC, datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from vafa.data.interactions.queries import list_ticket_origins
from vafa.lab.service import UNKNOWN
from vafa.measure.quality.looked import Looked
from vafa.measure.quality.types import CheckEntry, Finding, Result

_ANSWERED = f"f.responded_no IS NOT NULL AND f.responded_s <> {UNKNOWN} AND f.responded_s < f.opened_s"
_ENDED = f"f.ended_no IS NOT NULL AND f.ended_s <> {UNKNOWN} AND f.ended_s < f.opened_s"
_FIND = f"FROM tickets AS f WHERE {{mine}} AND f.opened_s <> {UNKNOWN} AND (({_ANSWERED}) OR ({_ENDED}))"


class ImpossibleTimes:
    """Tickets that were answered or solved before they were opened."""

    name: ClassVar[str] = "impossible_times"
    whole_only: ClassVar[bool] = False

    def describe(self) -> CheckEntry:
        """What it is."""
        return CheckEntry(
            self.name,
            _("Tickets with impossible times"),
            _("Tickets whose first answer, or whose solution, lies before their opening."),
            _("Such a time is in no figure of service: neither in the median nor in the mean."),
            _("Look whether a clock or a time zone is wrong in the source, and bring the file in again."),
            "imports",
            "tickets",
            "warning",
            ("customer", "ticket", "opened", "answered", "ended", "note", "staff", "source", "import"),
        )

    def count(self, looked: Looked) -> Result:
        """How many tickets, of all."""
        total = looked.ask_number("SELECT count(*) FROM tickets AS f WHERE {mine}")
        if not total:
            return Result(self.name, None, None, "no_data")
        return Result(self.name, looked.ask_number(f"SELECT count(*) {_FIND}"), total)

    def list_findings(self, looked: Looked, offset: int, limit: int) -> list[Finding]:
        """The tickets, the newest first."""
        rows = looked.ask(
            f"SELECT f.row_id, f.customer_ix, f.agent, f.opened_s, f.responded_s, f.ended_s, ({_ANSWERED}) {_FIND}"
            " ORDER BY f.opened_s DESC, f.row_id LIMIT ? OFFSET ?",
            (limit, offset),
        )
        origins = list_ticket_origins(int(row[0]) for row in rows)
        customers = looked.list_ids([row[1] for row in rows])
        zone = ZoneInfo(looked.business.zone)
        findings = []
        for (row, _ix, agent, opened, answered, ended, is_answer), customer in zip(
            rows, customers, strict=True
        ):
            key, source, import_id = origins.get(int(row), ("", "", None))
            cells = {
                "customer": customer,
                "ticket": key,
                "opened": _read_moment(opened, zone),
                "answered": _read_moment(answered, zone),
                "ended": _read_moment(ended, zone),
                "note": "answered_before_opened" if is_answer else "ended_before_opened",
                "staff": agent,
                "source": source,
                "import": import_id,
            }
            findings.append(Finding(cells))
        return findings


def _read_moment(seconds: int, zone: ZoneInfo) -> datetime | None:
    """A moment in the business's zone; None where it isn't known."""
    return None if seconds == UNKNOWN else datetime.fromtimestamp(int(seconds), UTC).astimezone(zone)
