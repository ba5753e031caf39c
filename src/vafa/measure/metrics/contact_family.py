"""How long ago the active customers were last in touch."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext as _
from pyroaring import BitMap

from vafa.lab.contact import Silence, build_silence, find_last_contacts
from vafa.lab.rules import ActivityRule
from vafa.measure.metrics.asking import KnownPeriod
from vafa.measure.metrics.definitions import describe_rule
from vafa.measure.metrics.family import Asked, Cell, Family, Fit, Told
from vafa.measure.metrics.membership import is_customer_dimension
from vafa.measure.metrics.types import MetricEntry
from vafa.warehouse.queries import Query, Snapshot
from vafa.warehouse.types import Group

METRIC = "days_since_last_contact"
# What counts as a contact: whatever both sides know of. An invitation that nobody answered is none.
_CONTACTS = """
    SELECT customer_ix, day_no FROM interactions
    UNION ALL SELECT customer_ix, answered_no FROM answers WHERE answered_no IS NOT NULL AND customer_ix IS NOT NULL
    UNION ALL SELECT customer_ix, unnest([day_no, responded_no, solved_no]) FROM tickets WHERE customer_ix IS NOT NULL
"""
_QUARTER, _THREE_QUARTERS = 0.25, 0.75


class ContactFamily(Family):
    """Days since the last contact, of whoever is active when a period ends."""

    names = frozenset((METRIC,))

    def name(self) -> str:
        return _("Service")

    def list_entries(self) -> list[MetricEntry]:
        return [
            MetricEntry(
                METRIC,
                _("Days since the last contact"),
                _(
                    "Half of the customers who are active when the period ends were last in touch no more than so many "
                    "days before: by a call, visit or note, a ticket, or an answer to a survey. Those who never were "
                    "are told apart."
                ),
                "silence = median(end − last contact)",
                "days",
                "down",
                _("Common usage of customer success teams"),
                (
                    "last contact",
                    "silence",
                    "روزهای پس از آخرین تماس",
                    "آخرین تماس",
                    "الأيام منذ آخر تواصل",
                    "آخر تواصل",
                    "距上次联系天数",
                ),
            )
        ]

    def list_kinds(self, metric: str, rule: ActivityRule) -> tuple[str, ...]:
        membership = "orders" if rule.kind == "purchase" else "subscriptions"
        return (membership, "interactions", "answers", "tickets")

    def fits(self, metric: str, rule: ActivityRule) -> tuple[Fit, ...]:
        return ("order" if rule.kind == "purchase" else "subscription", "customer")

    def describe(self, asked: Asked) -> list[str]:
        return [describe_rule(asked.settled.told)]

    def measure(self, asked: Asked) -> Mapping[Cell, Silence]:
        owners, days = get_contacts(asked.snapshot)
        found: dict[Cell, Silence] = {}
        for when, known in enumerate(asked.periods):
            last = find_last_contacts(owners, days, known.end, asked.snapshot.numbers)
            for place, group in enumerate(asked.groups):
                found[place, when] = build_silence(last, _find_active(asked, group, known), known.end)
        return found

    def zero(self, asked: Asked) -> Silence:
        return Silence()

    def tell(self, asked: Asked, partial: Any, group: Group | None, known: KnownPeriod) -> Told:
        days = partial.days
        details = {
            "never": partial.never,
            "quarter": days.find_quantile(_QUARTER),
            "three_quarters": days.find_quantile(_THREE_QUARTERS),
            "mean": days.mean,
        }
        if not days.n:
            reason = "nobody_in_touch" if partial.never else "nobody_active_at_the_end"
            return Told(None, reason=reason, n=0, details=details)
        return Told(days.median, n=days.n, details=details)


def get_contacts(snapshot: Snapshot) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Customers and days of all contacts, in order of the day."""

    def build() -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        rows = snapshot.run_columns(
            Query(
                f"SELECT DISTINCT customer_ix, day_no FROM ({_CONTACTS}) WHERE day_no IS NOT NULL ORDER BY 2, 1"
            )
        )
        return rows["customer_ix"].astype(np.int64), rows["day_no"].astype(np.int64)

    return snapshot.cached(("contacts",), build)


def get_last_contacts(snapshot: Snapshot, before: date = date.max) -> npt.NDArray[np.int64]:
    """Each customer's last day of contact before a day (ordinals), by number; `lab.contact.NEVER` where none was."""

    def build() -> npt.NDArray[np.int64]:
        owners, days = get_contacts(snapshot)
        return find_last_contacts(owners, days, before.toordinal(), snapshot.numbers)

    return snapshot.cached(("last_contacts", before), build)


def _find_active(asked: Asked, group: Group | None, known: KnownPeriod) -> BitMap:
    """Those of a group who are looked at and active when the period ends."""
    end = date.fromordinal(known.end)
    own = None if group is None or is_customer_dimension(group.dimension) else group
    active = asked.snapshot.active(asked.settled.rule, end, own)
    if group is not None and own is None:
        active = active & asked.snapshot.group_members(group)
    members = asked.whose.at(known.period.start)
    return active if members is None else active & members
