"""The forms by which margins, marketing spend and months of the price index are told."""

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from vafa.front import choices
from vafa.front.date_field import DayField, MonthField
from vafa.front.number_field import NumberField
from vafa.front.settings_forms import UNNAMED, get_page_language
from vafa.lab.calendars import CalendarName

if TYPE_CHECKING:
    from vafa.data.business.models import Business

LONGEST_SOURCE = 60


class MarginForm(forms.Form):
    """The share of revenue that is left after the cost of the goods."""

    percent = NumberField(label=_("Margin in percent of revenue"), most=Decimal("100.0001"))

    def __init__(self, *args: Any, business: "Business", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["valid_from"] = DayField(
            label=_("From the day"),
            help_text=_("Leave it empty where it holds from the beginning."),
            required=False,
            calendar=cast("CalendarName", business.calendar),
        )

    @property
    def share(self) -> Decimal:
        """The margin as a fraction."""
        return Decimal(self.cleaned_data["percent"]) / 100


class SpendForm(forms.Form):
    """Money spent on winning customers."""

    amount = NumberField(label=_("Amount"))
    currency = forms.ChoiceField(label=_("Currency"), required=False)

    def __init__(self, *args: Any, business: "Business", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        calendar = cast("CalendarName", business.calendar)
        language = get_page_language()
        options = [cast("tuple[str, str]", UNNAMED), *choices.list_currency_choices(language)]
        cast("forms.ChoiceField", self.fields["currency"]).choices = options
        self.initial.setdefault("currency", business.currency)
        self.fields["start_on"] = DayField(label=_("First day"), calendar=calendar)
        self.fields["last_on"] = DayField(label=_("Last day"), calendar=calendar)
        self.fields["channel"] = forms.CharField(
            label=_("Channel"),
            required=False,
            max_length=200,
            help_text=_(
                "A split by a field of your own counts spend whose channel is called like the group."
            ),
        )
        self.fields["location"] = forms.CharField(
            label=_("Location"),
            required=False,
            max_length=200,
            help_text=_("A split by location counts spend of that location."),
        )

    def build_values(self) -> dict[str, Any]:
        """What `add_spend` is told; the end is the first day after."""
        said = self.cleaned_data
        return {
            "start": said["start_on"],
            "end": said["last_on"] + timedelta(days=1),
            "amount": said["amount"],
            "currency": said["currency"],
            "channel": said["channel"].strip(),
            "location": said["location"].strip(),
        }


class PriceForm(forms.Form):
    """A month of the price index."""

    def __init__(self, *args: Any, business: "Business", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"] = MonthField(label=_("Month"), calendar=cast("CalendarName", business.calendar))
        self.fields["value"] = NumberField(label=_("Index"), most=Decimal(10) ** 9)
        self.fields["source"] = forms.CharField(
            label=_("Source"),
            max_length=LONGEST_SOURCE,
            help_text=_("Who publishes the index. One index is kept, of one source."),
        )
