"""The form of the rate page: five counts, a period and an industry, all in the address."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vafa.kit.locale.digits import to_latin_digits
from vafa.lab.errors import LabError
from vafa.lab.from_counts import Counts
from vafa.lab.periods import Every, parse_every
from vafa.measure.metrics.benchmarks import list_benchmarks
from vafa.measure.metrics.counting import (
    MOST_CUSTOMERS,
    RateAnswer,
    Write,
    answer_counts,
    explain_refusal,
    explain_too_many,
)

COUNTS = ("start", "end", "new", "lost", "reactivated")
_SEPARATORS = dict.fromkeys(map(ord, ",٬،'’ \u00a0\u202f\u2009_"), None)


class CountField(forms.Field):
    """A number of customers in any digits, with or without separators between thousands."""

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "dir": "ltr"})
        super().__init__(required=False, widget=widget, **options)

    def to_python(self, value: Any) -> int | None:
        text = to_latin_digits(str(value or "")).translate(_SEPARATORS).replace("−", "-")
        if not text:
            return None
        digits = text.removeprefix("-").removeprefix("+")
        if not (digits.isascii() and digits.isdigit()) or len(text) - len(digits) > 1:
            raise ValidationError(_("Write a whole number of customers."), code="not_a_count")
        return int(text) if len(digits) <= 20 else MOST_CUSTOMERS + 1


class RateForm(forms.Form):
    """Counts in; after `is_valid` the answer is in `answer`. A refusal stands beside its field."""

    start = CountField(
        label=gettext_lazy("Customers at the start"),
        help_text=gettext_lazy("Everybody who was a customer when the period began."),
    )
    end = CountField(
        label=gettext_lazy("Customers at the end"),
        help_text=gettext_lazy("Everybody who is a customer when it ends, newcomers included."),
    )
    new = CountField(
        label=gettext_lazy("New customers"),
        help_text=gettext_lazy("Won in the period, through any channel."),
    )
    lost = CountField(
        label=gettext_lazy("Lost customers"),
        help_text=gettext_lazy("Of those of the start only. With it the rate is exact."),
    )
    reactivated = CountField(
        label=gettext_lazy("Customers who came back"),
        help_text=gettext_lazy("Former customers, won back in the period."),
    )
    period = forms.CharField(
        required=False,
        label=gettext_lazy("Length of the period"),
        help_text=gettext_lazy("For a yearly figure."),
    )

    def __init__(self, *args: Any, write: Write = str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.answer: RateAnswer | None = None
        self._write = write
        self.fields["period"].widget = forms.Select(choices=self._list_periods())
        industries = [(row.industry, row.title) for row in list_benchmarks()]
        self.fields["industry"] = forms.ChoiceField(
            required=False,
            label=_("Industry to compare with"),
            choices=[("", _("None")), *industries],
        )

    def _list_periods(self) -> list[tuple[str, str]]:
        choices = [
            ("", _("Not said")),
            ("month", _("A month")),
            ("quarter", _("A quarter")),
            ("half", _("Half a year")),
            ("year", _("A year")),
            ("week", _("A week")),
        ]
        asked = str(self.data.get("period", ""))
        # A shared address may hold any number of days; the list then offers it too.
        if asked and asked not in dict(choices):
            choices.append((asked, asked))
        return choices

    def clean_period(self) -> Every | int | None:
        """The length of the period, or None where it isn't said."""
        text = str(self.cleaned_data["period"])
        try:
            return parse_every(text) if text else None
        except LabError as error:
            raise ValidationError(explain_refusal(error, self._write).message, code=error.code) from error

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = dict(super().clean() or self.cleaned_data)
        for name in COUNTS:
            if (cleaned.get(name) or 0) > MOST_CUSTOMERS:
                refusal = explain_too_many(name, self._write)
                self.add_error(name, ValidationError(refusal.message, code=refusal.code))
        if not self.errors:
            self._answer(cleaned)
        return cleaned

    def _answer(self, cleaned: dict[str, Any]) -> None:
        counts = Counts(**{name: cleaned.get(name) for name in COUNTS})
        try:
            self.answer = answer_counts(counts, cleaned.get("period"), cleaned.get("industry"))
        except LabError as error:
            refusal = explain_refusal(error, self._write)
            text = _("%(message)s %(remedy)s") % {"message": refusal.message, "remedy": refusal.remedy}
            self.add_error(refusal.field or None, ValidationError(text, code=refusal.code))
