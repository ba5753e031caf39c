"""What this room holds of a person, and forgetting it."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from vafa.act.followups.models import BirthdayCalendar, Dismissed, Task
from vafa.kit.erasing import Collected, Erased, Holder, collect_rows

_TOLD = ("title", "notes", "due_on", "due_time", "state", "outcome", "outcome_note", "made_at", "closed_at")


def collect(customer_ids: Sequence[int]) -> Collected:
    """The tasks about a person."""
    return {
        "tasks": collect_rows(Task, customer_ids, only=_TOLD),
        "occasions": collect_rows(Dismissed, customer_ids, only=("kind", "on", "at")),
        "birthday_calendar": collect_rows(BirthdayCalendar, customer_ids, only=("calendar",)),
    }


def erase(customer_ids: Sequence[int]) -> Erased:
    """Take the tasks about a person away, finished ones too: their words are about them."""
    removed, _by_model = Task.objects.filter(customer_id__in=list(customer_ids)).delete()
    seen, _by_model = Dismissed.objects.filter(customer_id__in=list(customer_ids)).delete()
    BirthdayCalendar.objects.filter(customer_id__in=list(customer_ids)).delete()
    return Erased(removed={"tasks": removed, "occasions": seen})


HOLDER = Holder(
    room="followups",
    models=("followups.Task", "followups.Dismissed", "followups.BirthdayCalendar"),
    names={
        "tasks": _("Tasks"),
        "occasions": _("Occasions that were seen to"),
        "birthday_calendar": _("Calendar of the birthday"),
    },
    collect=collect,
    erase=erase,
)
