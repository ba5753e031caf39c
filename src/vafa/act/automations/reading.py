"""Automations as pages and programs ask for them: lists, counts, and the log of every step of every customer."""

from collections.abc import Iterable, Sequence

from django.db.models import Count, Q, QuerySet

from vafa.act.automations.coding import read_document
from vafa.act.automations.models import Automation, Run, Step, Version
from vafa.act.automations.types import Counts, Document
from vafa.data.customers.queries import list_ids_of


def list_automations(*, archived: bool = False) -> list[Automation]:
    """The automations, the newest first; or those that were put away."""
    found = Automation.objects.filter(archived_at__isnull=not archived)
    return list(found.select_related("version", "made_by"))


def find_automation(automation_id: int) -> Automation | None:
    """One automation, or None."""
    return Automation.objects.select_related("version", "made_by").filter(pk=automation_id).first()


def find_version(automation_id: int, number: int) -> Version | None:
    """One version, or None."""
    return Version.objects.filter(automation=automation_id, number=number).first()


def list_versions(automation_id: int, owner_id: int | None = None) -> list[Version]:
    """The versions of an automation, the newest first, each with how many entered (`entered`) and are in (`inside`);
    with `owner_id` of that member of staff's customers."""
    found = Version.objects.filter(automation=automation_id).select_related("published_by")
    own = build_own(owner_id, "runs__")
    inside = Count("runs", filter=own & Q(runs__state="running"))
    return list(found.annotate(entered=Count("runs", filter=own), inside=inside))


def get_draft(automation: Automation) -> Document:
    """What is being written."""
    return read_document(automation.draft)


def get_published(automation: Automation) -> Document | None:
    """What runs; None where nothing was published."""
    return None if automation.version is None else read_document(automation.version.document)


def build_own(owner_id: int | None, before: str = "") -> Q:
    """The runs of the customers (as merged) whom one member of staff looks after; all where nobody is named."""
    if owner_id is None:
        return Q(**{f"{before}pk__gt": 0})
    own = Q(**{f"{before}customer__kept": None, f"{before}customer__owner": owner_id})
    return own | Q(**{f"{before}customer__kept__owner": owner_id})


def get_counts(automations: Iterable[int], owner_id: int | None = None) -> dict[int, Counts]:
    """How many entered each automation, and what became of them; with `owner_id` of that member's customers."""
    runs = Run.objects.filter(build_own(owner_id), automation__in=list(automations))
    rows = runs.order_by().values_list("automation_id", "state").annotate(n=Count("pk"))
    told: dict[int, dict[str, int]] = {}
    for automation, state, n in rows:
        told.setdefault(automation, {})[state] = n
    return {pk: Counts(entered=sum(states.values()), **states) for pk, states in told.items()}


def count_at_steps(automation_id: int, owner_id: int | None = None) -> dict[str, int]:
    """How many wait at each step now; with `owner_id` of that member of staff's customers."""
    rows = Step.objects.filter(automation=automation_id, state__in=("waiting", "claimed")).order_by()
    rows = rows if owner_id is None else rows.filter(build_own(owner_id, "run__"))
    return dict(rows.values_list("step").annotate(n=Count("pk")))


def list_runs(
    automation_id: int,
    *,
    state: str = "",
    owner_id: int | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[Run]:
    """The runs of an automation, the latest first, from one on; with `owner_id` only those of that member of staff's
    customers."""  # fmt: skip
    return list(filter_runs(automation_id, state=state, owner_id=owner_id, before=before)[:limit])


def filter_runs(
    automation_id: int, *, state: str = "", owner_id: int | None = None, before: int | None = None
) -> QuerySet[Run]:
    """The runs of `list_runs`, all of them."""
    runs = Run.objects.filter(automation=automation_id).select_related("customer__kept", "version")
    if state:
        runs = runs.filter(state=state)
    if owner_id is not None:
        runs = runs.filter(build_own(owner_id))
    if before is not None:
        runs = runs.filter(pk__lt=before)
    return runs.order_by("-pk")


def list_steps_of(runs: Sequence[Run]) -> dict[int, list[Step]]:
    """The steps of these runs in the order in which they were reached, by run."""
    found: dict[int, list[Step]] = {run.pk: [] for run in runs}
    for step in Step.objects.filter(run__in=list(found)).order_by("pk"):
        found[step.run_id].append(step)
    return found


def list_runs_of(customer_id: int, limit: int = 50) -> list[Run]:
    """The runs of a customer (the kept one) and of those merged into it, the latest first."""
    found = Run.objects.filter(customer__in=list_ids_of(customer_id)).select_related("automation", "version")
    return list(found.order_by("-pk")[:limit])
