"""The form of the what-if page: today's numbers, what would change, and for how many months; all in the address."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vafa.front.what_if.own_numbers import OwnName
from vafa.kit.locale.formats import Style, format_number, get_currency_decimals, strip_direction_marks
from vafa.kit.locale.reading import NumberUnreadable, read_number
from vafa.lab.errors import WhatIfOutOfBounds
from vafa.lab.whatif import MOST_MONTHS, Change, Course, apply_change, build_cost

USUAL_MONTHS = 12
MOST = Decimal(10) ** 15
TODAY: tuple[OwnName, ...] = ("customers", "new", "churn", "revenue", "margin", "acquisition_cost")
CHANGES = ("churn_to", "points", "points_of", "price", "leaving", "new_to", "acquisition_cost_to")
# Which field of the form holds the number that the lab refuses.
_FIELDS = {
    "churn_rate": "churn_to",
    "crr_points": "points",
    "price_share": "price",
    "leaving_share": "leaving",
    "crr_months": "points_of",
}


class NumberField(forms.Field):
    """A number in any digits; `least` and `most` bound it. A share is typed in percent."""

    def __init__(self, *, least: int = 0, most: Decimal | int = MOST, **options: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "input-ltr"})
        super().__init__(required=False, widget=widget, **options)
        self.least, self.most = least, most
        self.style = Style()

    def to_python(self, value: Any) -> float | None:
        try:
            number = read_number(str(value or ""))
        except NumberUnreadable as error:
            raise ValidationError(_("Write a number."), code="not_a_number") from error
        if number is None:
            return None
        if not self.least <= number <= self.most:
            bounds = {
                "least": format_number(self.least, self.style),
                "most": format_number(self.most, self.style),
            }
            raise ValidationError(
                _("Write a number between %(least)s and %(most)s."), code="out_of_bounds", params=bounds
            )
        return float(number)


@dataclass(frozen=True)
class Asked:
    """What the form asks: both courses and how far to follow them."""

    today: Course
    changed: Course
    change: Change
    months: int


class WhatIfForm(forms.Form):
    """Numbers in; after `is_valid` the question is in `asked` where the customers, newcomers and churn are known."""

    customers = NumberField(label=gettext_lazy("Active customers now"))
    new = NumberField(label=gettext_lazy("Customers won each month"))
    churn = NumberField(label=gettext_lazy("Churn each month, in percent"), most=100)
    revenue = NumberField(label=gettext_lazy("Revenue of a customer each month"))
    margin = NumberField(label=gettext_lazy("Margin, in percent of the revenue"), least=-1000, most=100)
    acquisition_cost = NumberField(label=gettext_lazy("Cost of winning one customer"))
    churn_to = NumberField(
        label=gettext_lazy("Churn each month becomes, in percent"),
        most=100,
        help_text=gettext_lazy("Such as 5 where it is 10 today."),
    )
    points = NumberField(
        label=gettext_lazy("Retention rises by, in percentage points"),
        least=-100,
        most=100,
        help_text=gettext_lazy("Such as 5. Less than zero: it falls."),
    )
    points_of = forms.TypedChoiceField(
        required=False,
        coerce=int,
        label=gettext_lazy("Of the retention of"),
        choices=[(12, gettext_lazy("A year")), (3, gettext_lazy("A quarter")), (1, gettext_lazy("A month"))],
    )
    price = NumberField(
        label=gettext_lazy("The price changes by, in percent"),
        least=-100,
        most=1000,
        help_text=gettext_lazy("What a customer costs you stays as it is."),
    )
    leaving = NumberField(
        label=gettext_lazy("Customers who leave at once, in percent"),
        most=100,
        help_text=gettext_lazy("Because of the new price, or for any other reason."),
    )
    new_to = NumberField(label=gettext_lazy("Customers won each month become"))
    acquisition_cost_to = NumberField(label=gettext_lazy("Cost of winning one customer becomes"))

    def __init__(self, data: Mapping[str, str], own: Mapping[OwnName, float], style: Style) -> None:
        usual = {"points_of": "12", "months": str(USUAL_MONTHS)}
        super().__init__({**self._write_own(own, style), **usual, **self._list_given(data)})
        self.asked: Asked | None = None
        for field in self.fields.values():
            if isinstance(field, NumberField):
                field.style = style
        self.fields["months"] = forms.TypedChoiceField(
            required=False,
            coerce=int,
            label=_("Months to look ahead"),
            choices=[(count, format_number(count, style)) for count in range(1, MOST_MONTHS + 1)],
        )

    def _list_given(self, data: Mapping[str, str]) -> dict[str, str]:
        """What the address says. An emptied number of today is the business's own again."""
        names = {*TODAY, *CHANGES, "months"}
        return {name: text for name, text in data.items() if name in names and text.strip()}

    def _write_own(self, own: Mapping[OwnName, float], style: Style) -> dict[str, str]:
        decimals = {"customers": 0, "new": 1, "churn": 2, "margin": 1}
        money = get_currency_decimals(style.currency)
        shares = ("churn", "margin")
        return {
            name: strip_direction_marks(
                format_number(value * 100 if name in shares else value, style, decimals.get(name, money))
            )
            for name, value in own.items()
        }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = dict(super().clean() or self.cleaned_data)
        if not self.errors:
            self._ask(cleaned)
        return cleaned

    def _ask(self, cleaned: Mapping[str, Any]) -> None:
        if any(cleaned.get(name) is None for name in ("customers", "new", "churn")):
            return
        today = Course(
            customers=cleaned["customers"],
            new=cleaned["new"],
            churn_rate=cleaned["churn"] / 100,
            revenue=cleaned["revenue"],
            cost=build_cost(cleaned["revenue"], _share(cleaned["margin"])),
            acquisition_cost=cleaned["acquisition_cost"],
        )
        change = Change(
            churn_rate=_share(cleaned["churn_to"]),
            crr_points=_share(cleaned["points"]),
            crr_months=cleaned["points_of"],
            price_share=_share(cleaned["price"]),
            acquisition_cost=cleaned["acquisition_cost_to"],
            new=cleaned["new_to"],
            leaving_share=_share(cleaned["leaving"]),
        )
        try:
            self.asked = Asked(today, apply_change(today, change), change, cleaned["months"])
        except WhatIfOutOfBounds as error:  # the fields' own bounds are as narrow; this is for what they miss
            name = str(error.params["name"])
            self.add_error(_FIELDS.get(name), ValidationError(_("Write a number."), code=error.code))


def _share(percent: float | None) -> float | None:
    return None if percent is None else percent / 100
