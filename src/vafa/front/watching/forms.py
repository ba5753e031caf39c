"""The forms of targets and marks."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vafa.front.date_field import DayField
from vafa.front.overview.texts import name_every
from vafa.kit.locale.digits import to_latin_digits
from vafa.lab.calendars import CalendarName
from vafa.lab.periods import EVERY
from vafa.measure.metrics.queries import get_entry, list_entries_by_family
from vafa.measure.segments.queries import list_segments
from vafa.measure.watching.types import Figure

if TYPE_CHECKING:
    from vafa.data.business.models import Business


class FigureForm(forms.Form):
    """A figure, what it should be, and whether one wants to be told of it."""

    metric = forms.ChoiceField(label=gettext_lazy("Metric"))
    segment = forms.ChoiceField(label=gettext_lazy("Segment"), required=False)
    every = forms.ChoiceField(label=gettext_lazy("Length of a period"))
    target = forms.CharField(label=gettext_lazy("Target"), max_length=30, required=False)
    watch = forms.BooleanField(
        label=gettext_lazy("Tell me when it leaves its expected range"), required=False
    )
    by_mail = forms.BooleanField(label=gettext_lazy("By mail too"), required=False)

    def __init__(self, *args: Any, business: "Business", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ChoiceField", self.fields["metric"]).choices = [
            (title, [(entry.name, entry.title) for entry in entries])
            for title, entries in list_entries_by_family()
        ]
        cast("forms.ChoiceField", self.fields["segment"]).choices = [
            ("", _("Everybody")),
            *((segment.slug, segment.name) for segment in list_segments()),
        ]
        cast("forms.ChoiceField", self.fields["every"]).choices = [
            (name, name_every(name, business.calendar)) for name in EVERY
        ]
        self.fields["target"].widget.attrs |= {"inputmode": "decimal", "dir": "ltr", "autocomplete": "off"}
        self.fields["target"].help_text = _("In the metric's own unit; shares as a percentage, such as 85.")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if "metric" in said and "every" in said:
            try:
                said["value"] = parse_target(said.get("target", ""), get_entry(said["metric"]).unit)
            except ValueError:
                self.add_error(
                    "target", _("Not a number. Write it such as %(example)s.") % {"example": "85.5"}
                )
            else:
                if said["value"] is None and not said.get("watch"):
                    self.add_error("target", _("Give a target, or choose to be told."))
        return said

    @property
    def figure(self) -> Figure:
        """The figure that was chosen."""
        return Figure(self.cleaned_data["metric"], self.cleaned_data["segment"], self.cleaned_data["every"])


def parse_target(text: str, unit: str) -> float | None:
    """The value that was written, in the metric's unit; None for nothing. Raises ValueError."""
    plain = (
        to_latin_digits(text).replace("٫", ".").replace("٬", "").replace(",", "").replace("−", "-").strip()
    )
    is_percent = plain.endswith(("%", "٪"))
    plain = plain.rstrip("%٪ ")
    if not plain:
        return None
    try:
        value = Decimal(plain)
    except ArithmeticError as error:
        raise ValueError(text) from error
    if not value.is_finite() or (is_percent and unit != "share"):
        raise ValueError(text)
    return float(value / 100) if unit in ("share", "nps") else float(value)


class MarkForm(forms.Form):
    """Something that happened on one or more days."""

    title = forms.CharField(label=gettext_lazy("What happened"), max_length=120)

    def __init__(self, *args: Any, business: "Business", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        calendar = cast("CalendarName", business.calendar)
        self.fields["start_on"] = DayField(label=_("First day"), calendar=calendar)
        self.fields["last_on"] = DayField(label=_("Last day"), calendar=calendar, required=False)
