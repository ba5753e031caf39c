"""What this room holds of a person, and forgetting it."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from vafa.act.automations.models import Code, Run, Step
from vafa.kit.erasing import Collected, Erased, Holder, collect_rows


def collect(customer_ids: Sequence[int]) -> Collected:
    """The automations that a person went through, step by step, and the codes that were given."""
    return {
        "automation_runs": collect_rows(
            Run, customer_ids, only=("automation__name", "state", "entered_at", "ended_at")
        ),
        "automation_steps": collect_rows(
            Step, customer_ids, by="run__customer_id", only=("step", "state", "why", "done_at")
        ),
        "codes": collect_rows(Code, customer_ids, by="run__customer_id", only=("code", "given_at")),
    }


def erase(customer_ids: Sequence[int]) -> Erased:
    """Take a person's runs away with their steps. Codes stay given, to nobody."""
    runs = Run.objects.filter(customer_id__in=list(customer_ids))
    Code.objects.filter(run__in=runs).update(run=None, step="")
    steps, _of = Step.objects.filter(run__in=runs).delete()
    removed = runs.count()
    runs.delete()
    return Erased(removed={"automation_runs": removed, "automation_steps": steps})


HOLDER = Holder(
    room="automations",
    models=("automations.Run", "automations.Step", "automations.Code"),
    names={
        "automation_runs": _("Automations gone through"),
        "automation_steps": _("Steps of automations"),
        "codes": _("Codes that were given"),
    },
    collect=collect,
    erase=erase,
)
