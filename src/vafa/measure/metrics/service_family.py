"""How quickly help comes: the time to the first answer of a ticket, and to its solution."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from vafa.lab.rules import ActivityRule
from vafa.lab.service import ServiceTimes, build_service_times
from vafa.measure.metrics.asking import KnownPeriod
from vafa.measure.metrics.dated_facts import Ints, find_cells
from vafa.measure.metrics.family import Asked, Cell, Family, Fit, Told
from vafa.measure.metrics.tickets import get_events, get_openings
from vafa.measure.metrics.types import MetricEntry
from vafa.warehouse.types import Group

SERVICE_METRICS = ("first_response_time", "resolution_time")


class ServiceFamily(Family):
    """Times of tickets, by the day on which they came to their end."""

    names = frozenset(SERVICE_METRICS)

    def name(self) -> str:
        return _("Service")

    def list_entries(self) -> list[MetricEntry]:
        return list_service_entries()

    def list_kinds(self, metric: str, rule: ActivityRule) -> tuple[str, ...]:
        return ("tickets",)

    def fits(self, metric: str, rule: ActivityRule) -> tuple[Fit, ...]:
        return ("ticket", "customer")

    def describe(self, asked: Asked) -> list[str]:
        return [
            _("Time is told as it passes on the clock, nights and holidays included."),
            _("Impossible times, whose end lies before the opening, are listed and not counted."),
        ]

    def measure(self, asked: Asked) -> Mapping[Cell, ServiceTimes]:
        events, openings = (
            get_events(asked.snapshot, asked.metric, asked.by),
            get_openings(asked.snapshot, asked.metric, asked.by),
        )
        until = openings.columns["until"]

        def list_waiting(known: KnownPeriod) -> Ints:
            """The tickets that had been opened, and had not come to their end, when the period was over."""
            opened = openings.find_places(0, known.end)
            return opened[until[opened] >= known.end]

        waiting = find_cells(asked, openings, list_waiting)
        return {
            cell: build_service_times(
                events.columns["begun"][places], events.columns["ended"][places], len(waiting[cell])
            )
            for cell, places in find_cells(asked, events).items()
        }

    def zero(self, asked: Asked) -> ServiceTimes:
        return ServiceTimes()

    def tell(self, asked: Asked, partial: Any, group: Group | None, known: KnownPeriod) -> Told:
        details = {
            "mean": partial.mean_hours,
            "p90": partial.slow_hours,
            "n": partial.n,
            "open": partial.waiting,
            "impossible": partial.impossible,
            "without_times": partial.untimed,
        }
        if not partial.n:
            found = partial.impossible or partial.untimed
            return Told(
                None, reason="no_ticket_times" if found else _NOTHING[asked.metric], n=0, details=details
            )
        return Told(partial.median_hours, n=partial.n, details=details)


_NOTHING = {"first_response_time": "no_tickets_answered", "resolution_time": "no_tickets_solved"}


def list_service_entries() -> list[MetricEntry]:
    """The dictionary's entries of service."""
    return [
        MetricEntry(
            "first_response_time",
            _("Time to the first answer"),
            _(
                "Half of the tickets that were answered for the first time in the period had waited no longer than so "
                "many hours. A few very long waits do not move it; the mean and the time of the slowest tenth stand "
                "beside it."
            ),
            "first response = median(first answer − opening)",
            "hours",
            "down",
            _("Common usage of help desks"),
            (
                "first response time",
                "FRT",
                "first reply",
                "زمان اولین پاسخ",
                "زمان پاسخ‌گویی",
                "وقت الاستجابة الأولى",
                "زمن الرد الأول",
                "首次响应时间",
            ),
            "ticket",
        ),
        MetricEntry(
            "resolution_time",
            _("Time to the solution"),
            _(
                "Half of the tickets that were solved in the period took no longer than so many hours from the "
                "opening on. A ticket whose solution was not noted counts as solved when it was closed; one that was "
                "opened again, when it was solved for good."
            ),
            "resolution = median(solution − opening)",
            "hours",
            "down",
            _("Common usage of help desks"),
            (
                "resolution time",
                "time to resolve",
                "زمان حل",
                "مدت رسیدگی",
                "وقت الحل",
                "زمن المعالجة",
                "解决时间",
                "解决时长",
            ),
            "ticket",
        ),
    ]
