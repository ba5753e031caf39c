"""The forms of tasks."""

import re
from datetime import date, time, timedelta
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vafa.act.followups.queries import Task, get_repeat, list_assignable
from vafa.act.followups.types import NORMAL, TaskTold
from vafa.data.customers.queries import find_customer, list_customer_rows, search_customers
from vafa.front.customers.rows import name_customer
from vafa.front.date_field import DayField
from vafa.front.followups.asked import Eyes
from vafa.front.followups.words import (
    list_ahead_choices,
    list_priority_choices,
    list_unit_choices,
)
from vafa.kit.locale.digits import to_latin_digits
from vafa.lab.calendars import CalendarName
from vafa.lab.recurrence import MOST_EVERY, Repeat, RepeatUnit

QUICK_DAYS = (0, 1, 2, 3, 7, 14, 30)
_TIME = re.compile(r"(\d{1,2})[:.٫](\d{2})")
_MOST_CANDIDATES = 8


class TimeField(forms.CharField):
    """A time of day in 24 hours, in any digits."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=8, **kwargs)
        self.widget.attrs |= {"dir": "ltr", "placeholder": "14:30", "autocomplete": "off", "size": "6"}

    def clean(self, value: Any) -> Any:
        text = to_latin_digits(super().clean(value)).strip()
        if not text:
            return None
        match = _TIME.fullmatch(text)
        if match and int(match[1]) < 24 and int(match[2]) < 60:
            return time(int(match[1]), int(match[2]))
        raise ValidationError(_("Not a time. Write hours and minutes, such as 14:30."), code="not_a_time")

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%H:%M}" if isinstance(value, time) else value


class CustomerField(forms.CharField):
    """A customer by name, number, phone or e-mail address, or "id:42"; only those whom this person may see."""

    def __init__(self, *, eyes: Eyes, **kwargs: Any) -> None:
        self.eyes = eyes
        super().__init__(max_length=300, **kwargs)
        self.widget.attrs |= {"autocomplete": "off", "dir": "auto"}

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return self._find(text) if text else None

    def _find(self, text: str) -> int:
        viewer, business = self.eyes.viewer, self.eyes.business
        if text.startswith("id:") and text[3:].isascii() and text[3:].isdigit() and len(text) < 20:
            found = find_customer(int(text[3:]))
            if found is not None and (not viewer.own_only or found.owner_id == viewer.staff_id):
                return found.pk
        owner = viewer.staff_id if viewer.own_only else None
        region = business.phone_region or business.country
        ids = search_customers(text, region=region, limit=_MOST_CANDIDATES + 1, owner_id=owner)
        if len(ids) == 1:
            return ids[0]
        if not ids:
            raise ValidationError(_("Nobody is found by this. Try a phone number or another spelling."))
        listed = [f"{name_customer(row)} (id:{row.id})" for row in list_customer_rows(ids[:_MOST_CANDIDATES])]
        raise ValidationError(
            _("Several are found. Write the id of the one that is meant: %(people)s")
            % {"people": "؛ ".join(listed) if self.eyes.style.is_rtl else "; ".join(listed)}
        )


class TaskForm(forms.Form):
    """Everything that can be said of a task."""

    title = forms.CharField(label=gettext_lazy("What is to be done"), max_length=300)
    notes = forms.CharField(
        label=gettext_lazy("Notes"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, eyes: Eyes, staff: Any, may_assign: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._staff, self._may_assign = staff, may_assign
        calendar = cast("CalendarName", eyes.business.calendar)
        self.fields["customer"] = CustomerField(
            eyes=eyes, label=_("Customer (name, phone or number)"), required=False
        )
        self.fields["due_on"] = DayField(label=_("Day"), calendar=calendar)
        self.fields["due_time"] = TimeField(label=_("Time"), required=False)
        self.fields["priority"] = forms.ChoiceField(label=_("Priority"), choices=list_priority_choices())
        if may_assign:
            people = [("", _("Nobody yet")), *((str(one.pk), str(one)) for one in list_assignable())]
            self.fields["assignee"] = forms.ChoiceField(
                label=_("Who does it"), choices=people, required=False
            )
        self.fields["repeat_every"] = forms.CharField(label=_("Repeated every"), required=False, max_length=6)
        self.fields["repeat_every"].widget.attrs |= {"inputmode": "numeric", "dir": "ltr", "size": "4"}
        self.fields["repeat_unit"] = forms.ChoiceField(
            label=_("Unit of the repetition"), choices=list_unit_choices(), required=False
        )
        for name in ("title", "notes"):
            self.fields[name].widget.attrs["dir"] = "auto"

    def clean_repeat_every(self) -> int | None:
        """How many days, weeks, months or years."""
        text = to_latin_digits(self.cleaned_data["repeat_every"]).strip()
        if not text:
            return None
        if text.isascii() and text.isdigit() and 1 <= int(text) <= MOST_EVERY:
            return int(text)
        raise ValidationError(_("A whole number from 1 to 999."))

    def build_told(self, assignee_id: int | None) -> TaskTold:
        """The task as it was told; `assignee_id` where this person may give it to nobody else."""
        said = self.cleaned_data
        unit = said["repeat_unit"]
        if self._may_assign:
            assignee_id = int(said["assignee"]) if said["assignee"] else None
        return TaskTold(
            title=said["title"],
            notes=said["notes"],
            customer_id=said["customer"],
            due_on=said["due_on"],
            due_time=said["due_time"],
            priority=int(said["priority"]),
            assignee_id=assignee_id,
            repeat=Repeat(cast("RepeatUnit", unit), said["repeat_every"] or 1) if unit else None,
        )


def build_initial(task: Task) -> dict[str, Any]:
    """A task as it stands in its form."""
    repeat = get_repeat(task)
    customer = task.customer
    return {
        "title": task.title,
        "notes": task.notes,
        "customer": f"id:{customer.kept_id or customer.pk}" if customer else "",
        "due_on": task.due_on,
        "due_time": task.due_time,
        "priority": str(task.priority),
        "assignee": str(task.assignee_id or ""),
        "repeat_unit": repeat.unit if repeat else "",
        "repeat_every": str(repeat.every) if repeat else "",
    }


class QuickForm(forms.Form):
    """A task in two fields: what, and in how many days."""

    title = forms.CharField(label=gettext_lazy("What is to be done"), max_length=300)

    def __init__(self, *args: Any, eyes: Eyes, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today: date = eyes.moment.today
        days = list_ahead_choices(QUICK_DAYS, self._today, eyes.style)
        self.fields["ahead"] = forms.ChoiceField(label=_("When"), choices=days, initial="1")
        self.fields["title"].widget.attrs |= {"dir": "auto", "autocomplete": "off"}

    def build_told(self, customer_id: int | None, assignee_id: int | None) -> TaskTold:
        """The task about this customer, or about nobody."""
        due = self._today + timedelta(days=int(self.cleaned_data["ahead"]))
        return TaskTold(
            self.cleaned_data["title"], due, customer_id=customer_id, priority=NORMAL, assignee_id=assignee_id
        )
