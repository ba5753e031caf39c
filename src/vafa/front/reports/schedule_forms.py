"""The form of a scheduled report: when, to whom, in which language."""

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vafa.data.staff.queries import list_staff
from vafa.front import choices
from vafa.kit.locale.digits import write_digits
from vafa.kit.locale.formats import Style, format_number
from vafa.kit.permissions import Permission, may
from vafa.measure.reports.queries import CADENCES, LAST_MONTH_DAY
from vafa.measure.reports.types import Cadence

if TYPE_CHECKING:
    from vafa.data.business.models import Business

HOURS = range(24)


def write_hour(hour: int, style: Style) -> str:
    """An hour of the clock."""
    return write_digits(f"{hour:02}:00", style.digits)


class ScheduleForm(forms.Form):
    """When a report goes out. Who gets it are fields of their own: `to_<id>` and `language_<id>`."""

    every = forms.ChoiceField(label=gettext_lazy("How often"))
    weekday = forms.ChoiceField(
        label=gettext_lazy("Day of the week"), help_text=gettext_lazy("For a report of every week.")
    )
    month_day = forms.ChoiceField(
        label=gettext_lazy("Day of the month"),
        help_text=gettext_lazy("For a report of every month, in the calendar of the business."),
    )
    hour = forms.ChoiceField(label=gettext_lazy("Hour"))

    def __init__(
        self,
        *args: Any,
        business: "Business",
        style: Style,
        cadence: Cadence | None = None,
        recipients: dict[int, str] | None = None,
        **kwargs: Any,
    ) -> None:
        week_start = business.week_start
        kwargs.setdefault("initial", vars(cadence or Cadence(weekday=cast("Any", week_start))))
        super().__init__(*args, **kwargs)
        self._set("every", [(name, _name_cadence(name)) for name in CADENCES])
        self._set("weekday", choices.list_weekday_choices(style.language, week_start))
        days = [(str(day), format_number(day, style)) for day in range(1, LAST_MONTH_DAY + 1)]
        self._set("month_day", days)
        self._set("hour", [(str(hour), write_hour(hour, style)) for hour in HOURS])
        self._staff = [staff for staff in list_staff() if may(staff, Permission.SEE_FIGURES)]
        chosen = recipients or {}
        for staff in self._staff:
            self.fields[f"to_{staff.pk}"] = forms.BooleanField(
                label=str(staff), required=False, initial=staff.pk in chosen
            )
            self.fields[f"language_{staff.pk}"] = forms.ChoiceField(
                label=_("Language for %(name)s") % {"name": staff},
                required=False,
                choices=[("", _("Their own language")), *choices.list_language_choices()],
                initial=chosen.get(staff.pk, ""),
            )

    def _set(self, name: str, options: list[tuple[str, str]]) -> None:
        cast("forms.ChoiceField", self.fields[name]).choices = options

    @property
    def time_fields(self) -> list[forms.BoundField]:
        """When it goes out."""
        return [self[name] for name in ("every", "weekday", "month_day", "hour")]

    @property
    def people(self) -> list[dict[str, Any]]:
        """Whom it may go to: a box and a language for each."""
        return [
            {
                "staff": staff,
                "to": self[f"to_{staff.pk}"],
                "language": self[f"language_{staff.pk}"],
            }
            for staff in self._staff
        ]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if not self.recipients:
            raise forms.ValidationError(_("Choose at least one member of staff to send it to."))
        return said

    @property
    def recipients(self) -> dict[int, str]:
        """Who gets it, with the language chosen for each."""
        said = self.cleaned_data
        return {
            staff.pk: said.get(f"language_{staff.pk}", "")
            for staff in self._staff
            if said.get(f"to_{staff.pk}")
        }

    def build_cadence(self) -> Cadence:
        """When it is due."""
        said = self.cleaned_data
        return Cadence(said["every"], said["weekday"], int(said["month_day"]), int(said["hour"]))


def _name_cadence(name: str) -> str:
    names = {"day": _("Every day"), "week": _("Every week"), "month": _("Every month")}
    return names[name]


def describe_cadence(cadence: Cadence, style: Style) -> str:
    """When a report is due, in words."""
    hour = write_hour(cadence.hour, style)
    if cadence.every == "day":
        return _("Every day at %(hour)s") % {"hour": hour}
    if cadence.every == "week":
        weekday = dict(choices.list_weekday_choices(style.language))[cadence.weekday]
        return _("Every week on %(weekday)s at %(hour)s") % {"weekday": weekday, "hour": hour}
    day = format_number(cadence.month_day, style)
    return _("Every month on day %(day)s at %(hour)s") % {"day": day, "hour": hour}
