"""The forms by which the business says who it is; the first steps and the settings share them."""

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from vafa.data.business.queries import CUSTOMER_WORDS, get_style
from vafa.front import choices
from vafa.front.date_field import DayField
from vafa.front.number_field import NumberField
from vafa.kit.locale.countries import WEEKDAYS, list_countries
from vafa.kit.locale.digits import to_latin_digits
from vafa.kit.locale.style import Language, find_language
from vafa.lab.calendars import CalendarName
from vafa.lab.rules import ActivityRule
from vafa.measure.metrics.queries import list_benchmarks, list_industries

if TYPE_CHECKING:
    from vafa.data.business.models import Business

UNNAMED = ("", _("No name: amounts without a currency"))


def get_page_language() -> Language:
    """The language of the page being made."""
    return find_language(translation.get_language()) or "en"


class PlaceForm(forms.Form):
    """Everything that a country settles, to be looked through and changed."""

    zone = forms.ChoiceField(label=_("Time zone"), help_text=_("Days begin and end at midnight there."))
    calendar = forms.ChoiceField(
        label=_("Calendar"), help_text=_("Months, quarters and years are cut in it.")
    )
    week_start = forms.ChoiceField(label=_("The week starts on"))
    digits = forms.ChoiceField(label=_("Digits"), help_text=_("On Persian and Arabic pages."))
    fiscal_first_month = forms.ChoiceField(label=_("The fiscal year starts in"))
    currency = forms.ChoiceField(label=_("Currency"), required=False)
    phone_region = forms.ChoiceField(label=_("Phone numbers without a country code are from"), required=False)

    def __init__(self, *args: Any, business: "Business", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_page_language()
        style = get_style(language, business)
        self._set("zone", choices.list_zone_choices())
        self._set("calendar", choices.list_calendar_choices())
        self._set("week_start", choices.list_week_start_choices(language))
        self._set("digits", choices.list_digit_choices())
        self._set("fiscal_first_month", choices.list_month_choices(style))
        self._set("currency", [cast("tuple[str, str]", UNNAMED), *choices.list_currency_choices(language)])
        self._set("phone_region", [("", "—"), *list_countries(language)])
        for day, name in choices.list_weekday_choices(language, business.week_start):
            self.fields[f"weekend_{day}"] = forms.ChoiceField(
                label=name, required=False, choices=choices.list_day_off_choices()
            )
        for name, value in build_place_values(business).items():
            self.initial.setdefault(name, value)

    def _set(self, name: str, options: list[tuple[str, str]]) -> None:
        cast("forms.ChoiceField", self.fields[name]).choices = options

    @property
    def weekend_fields(self) -> list[forms.BoundField]:
        """The seven days, from the first of the week on."""
        return [self[name] for name in self.fields if name.startswith("weekend_")]

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        """All others."""
        return [self[name] for name in self.fields if not name.startswith("weekend_")]

    def build_changes(self) -> dict[str, Any]:
        """The fields of the business that this form sets."""
        said = self.cleaned_data
        weekend = {day: said[f"weekend_{day}"] for day in WEEKDAYS if said.get(f"weekend_{day}")}
        plain = {
            name: said[name]
            for name in ("zone", "calendar", "week_start", "digits", "currency", "phone_region")
        }
        return plain | {"weekend": weekend, "fiscal_first_month": int(said["fiscal_first_month"])}


def build_place_values(business: "Business") -> dict[str, Any]:
    """The values of a business as PlaceForm shows them."""
    names = ("zone", "calendar", "week_start", "digits", "fiscal_first_month", "currency", "phone_region")
    plain = {name: getattr(business, name) for name in names}
    return plain | {f"weekend_{day}": business.weekend.get(day, "") for day in WEEKDAYS}


class IdentityForm(forms.Form):
    """What the business is called, and what it calls those who buy."""

    language = forms.ChoiceField(
        label=_("Language of the business"), help_text=_("Each person can choose another for themselves.")
    )
    name = forms.CharField(label=_("Name of the business"), max_length=200)
    customer_word = forms.ChoiceField(
        label=_("Whoever buys from you is a …"),
        help_text=_("The pages use this word."),
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ChoiceField", self.fields["language"]).choices = choices.list_language_choices()
        words = [(word.key, str(word.one)) for word in CUSTOMER_WORDS.values()]
        cast("forms.ChoiceField", self.fields["customer_word"]).choices = words


class PostalForm(forms.Form):
    """Where the business can be written to, for the foot of marketing mail."""

    address = forms.CharField(
        label=_("Postal address"),
        max_length=300,
        required=False,
        help_text=_(
            "It stands at the foot of every marketing mail, under the name of the business. The law of many countries "
            "asks for it: street or box, place, and country."
        ),
    )

    address.widget.attrs |= {"dir": "auto", "autocomplete": "off"}

    def clean_address(self) -> str:
        """The address as one line."""
        return " ".join(str(self.cleaned_data["address"]).split())


class IndustryForm(forms.Form):
    """What the business does, for the benchmark beside its rates."""

    industry = forms.ChoiceField(label=_("Your industry"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = self.list_known()
        cast("forms.ChoiceField", self.fields["industry"]).choices = choices.list_industry_choices(known)

    def list_known(self) -> list[tuple[str, str]]:
        """The industries to begin with: those of the articles."""
        return [(row.industry, row.title) for row in list_benchmarks()]


class IndustryLineForm(IndustryForm):
    """The same as one line among other settings, with every industry of which anything is claimed."""

    industry = forms.ChoiceField(label=_("Your industry"))

    def list_known(self) -> list[tuple[str, str]]:
        """All industries with a benchmark."""
        return list_industries()


RULE_CHOICES = [
    ("purchase:auto", _("Purchases, with the window learned from your own data")),
    ("purchase", _("Purchases, with a window that I choose")),
    ("subscription", _("A running subscription or membership")),
]


COUNTS_CHOICES = [
    ("customer", _("People: every customer is counted alone")),
    ("company", _("Companies: the customers of one company are counted as one")),
]


class RuleForm(forms.Form):
    """Who counts as active."""

    kind = forms.ChoiceField(
        label=_("Who counts as active on a day?"), choices=RULE_CHOICES, widget=forms.RadioSelect
    )
    window_days = forms.CharField(
        label=_("Days after a purchase during which somebody still counts"), required=False, max_length=6
    )
    grace_days = forms.CharField(label=_("Days of grace for a late renewal"), required=False, max_length=6)

    window_days.widget.attrs |= {"inputmode": "numeric", "dir": "ltr"}
    grace_days.widget.attrs |= {"inputmode": "numeric", "dir": "ltr"}

    def clean_window_days(self) -> int | None:
        """The window; needed only where it is chosen."""
        return self._read_days("window_days", 1, 3660)

    def clean_grace_days(self) -> int | None:
        """The grace; nothing means none."""
        return self._read_days("grace_days", 0, 366)

    def _read_days(self, name: str, least: int, most: int) -> int | None:
        text = to_latin_digits(str(self.cleaned_data.get(name) or "")).strip()
        if not text:
            return None
        if not text.isdecimal() or not least <= int(text) <= most:
            raise forms.ValidationError(
                _("A whole number of days from %(least)s to %(most)s.") % {"least": least, "most": most}
            )
        return int(text)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if (
            said.get("kind") == "purchase"
            and said.get("window_days") is None
            and "window_days" not in self.errors
        ):
            self.add_error("window_days", _("How many days?"))
        return said

    def build_rule(self) -> ActivityRule:
        """The rule that was chosen."""
        said = self.cleaned_data
        if said["kind"] == "subscription":
            return ActivityRule("subscription", said["grace_days"] or 0)
        return ActivityRule("purchase", said["window_days"] if said["kind"] == "purchase" else None)


class CountedRuleForm(RuleForm):
    """Who counts as active, and what counts as one."""

    counts_as = forms.ChoiceField(
        label=_("What do the figures count?"), choices=COUNTS_CHOICES, widget=forms.RadioSelect
    )


def build_rule_values(rule: ActivityRule | None) -> dict[str, Any]:
    """A rule as RuleForm shows it."""
    if rule is None:
        return {}
    if rule.kind == "subscription":
        return {"kind": "subscription", "grace_days": rule.days or ""}
    return {"kind": "purchase:auto"} if rule.days is None else {"kind": "purchase", "window_days": rule.days}


class MoneyForm(forms.Form):
    """What counts as revenue."""

    less_discount = forms.BooleanField(label=_("Discounts are taken off"), required=False)
    tax = forms.BooleanField(label=_("Tax is part of it"), required=False)
    shipping = forms.BooleanField(label=_("Shipping is part of it"), required=False)


class RateForm(forms.Form):
    """What another currency is worth."""

    currency = forms.ChoiceField(label=_("Currency"))
    rate = NumberField(label=_("One unit is worth"))
    valid_from = DayField(label=_("From the day"))

    def __init__(self, *args: Any, business: "Business", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = choices.list_currency_choices(get_page_language())
        options = [("", "—"), *(pair for pair in others if pair[0] != business.currency)]
        cast("forms.ChoiceField", self.fields["currency"]).choices = options
        self.fields["valid_from"] = DayField(
            label=_("From the day"), calendar=cast("CalendarName", business.calendar)
        )


class PeriodForm(forms.Form):
    """A period that the business names itself."""

    name = forms.CharField(label=_("Name"), max_length=80)

    def __init__(self, *args: Any, business: "Business", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        calendar = cast("CalendarName", business.calendar)
        self.fields["start_on"] = DayField(label=_("First day"), calendar=calendar)
        self.fields["last_on"] = DayField(label=_("Last day"), calendar=calendar)


class CompletenessForm(forms.Form):
    """Through which day a source is complete."""

    def __init__(self, *args: Any, business: "Business", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["complete_through"] = DayField(
            label=_("Complete through"), required=False, calendar=cast("CalendarName", business.calendar)
        )


EXCLUSION_FIELDS = [
    ("tag", _("The tag is")),
    ("email_domain", _("The e-mail address ends with @")),
    ("email", _("The e-mail address is")),
    ("name", _("The name contains")),
    ("company", _("The company contains")),
    ("key_prefix", _("The customer's id in its source begins with")),
]


class ExclusionForm(forms.Form):
    """A rule by which customers are left out of every figure."""

    field = forms.ChoiceField(label=_("Leave out customers of whom this holds"), choices=EXCLUSION_FIELDS)
    value = forms.CharField(label=_("Text"), max_length=200)
