"""What this room holds of a person, and forgetting it."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from vafa.act.followups.models import Task
from vafa.kit.erasing import Collected, Erased, Holder, collect_rows

_TOLD = ("title", "notes", "due_on", "due_time", "state", "outcome", "outcome_note", "made_at", "closed_at")


def collect(customer_ids: Sequence[int]) -> Collected:
    """The tasks about a person."""
    return {"tasks": collect_rows(Task, customer_ids, only=_TOLD)}


def erase(customer_ids: Sequence[int]) -> Erased:
    """Take the tasks about a person away, finished ones too: their words are about them."""
    removed, _by_model = Task.objects.filter(customer_id__in=list(customer_ids)).delete()
    return Erased(removed={"tasks": removed})


HOLDER = Holder(
    room="followups",
    models=("followups.Task",),
    names={"tasks": _("Tasks")},
    collect=collect,
    erase=erase,
)
