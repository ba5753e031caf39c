"""The dictionary of metrics: what each number means, and how it is made. Each family brings its own entries."""

from django.utils.translation import gettext as _

from vafa.kit.errors import AskedWrongly
from vafa.measure.metrics.families import FAMILIES
from vafa.measure.metrics.family import Family
from vafa.measure.metrics.types import MetricEntry


def list_entries() -> list[MetricEntry]:
    """All metrics in the order in which a newcomer reads them, in the active language."""
    return [entry for family in FAMILIES for entry in family.list_entries()]


def list_entries_by_family() -> list[tuple[str, list[MetricEntry]]]:
    """The entries under the headings of their families; families of the same heading stand together."""
    found: dict[str, list[MetricEntry]] = {}
    for family in FAMILIES:
        found.setdefault(family.name(), []).extend(family.list_entries())
    return list(found.items())


def list_metric_names() -> list[str]:
    """The names by which metrics are asked for."""
    return [entry.name for entry in list_entries()]


def get_entry(name: str) -> MetricEntry:
    """One metric's entry. Raises AskedWrongly with the list of names when there is none."""
    return next(entry for entry in get_family(name).list_entries() if entry.name == name)


def can_be_real(name: str) -> bool:
    """Whether a metric is made of money, so that it can be told in real terms."""
    return get_family(name).deflates(name)


def get_family(name: str) -> Family:
    """The family that measures a metric. Raises AskedWrongly with the list of names when there is none."""
    found = next((family for family in FAMILIES if name in family.names), None)
    if found is None:
        names = list_metric_names()
        raise AskedWrongly(
            _("There is no metric named “%(name)s”.") % {"name": name},
            _("The metrics are: %(names)s.") % {"names": ", ".join(names)},
            code="metric_unknown",
            names=names,
        )
    return found
