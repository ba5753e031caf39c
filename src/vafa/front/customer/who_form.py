"""The form by which a customer is changed in place, with the business's own fields by their types."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from vafa.data.customers.queries import mark_fields, read_value, write_value
from vafa.data.customers.types import ChangedMeanwhile, ValueUnusable
from vafa.front.choices import list_language_choices
from vafa.front.date_field import DayField, parse_day, write_day
from vafa.kit.locale.style import Style

OWN = "own_"


class WordsField(forms.CharField):
    """Several words, parted by commas."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value) or ""
        for mark in ("؛", "،", "，", ";", "\n"):
            text = text.replace(mark, ",")
        return [word for word in (" ".join(part.split()) for part in text.split(",")) if word]

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value


class WhoForm(forms.Form):
    """Who a customer is. `definitions` are the fields of the business's own, `staff` those who may look after
    somebody (None: whoever asks may not say)."""

    def __init__(
        self,
        *args: Any,
        style: Style,
        region: str,
        today: date,
        definitions: Iterable[Any],
        staff: Iterable[Any] | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.has_clashed = False
        self.style, self.region, self.today = style, region, today
        self.definitions = {f"{OWN}{row.pk}": row for row in definitions}
        self._add_text("title", _("Title"), 60)
        self._add_text("name", _("Name"), 300)
        self._add_text("company", _("Company"), 300)
        self._add_text("location", _("Location"), 200)
        self.fields["birthday"] = DayField(label=_("Birthday"), required=False, calendar=style.calendar)
        self.fields["channel"] = forms.ChoiceField(
            label=_("Preferred channel"), required=False, choices=[("", "—"), *list_channels()]
        )
        self.fields["language"] = forms.ChoiceField(
            label=_("Language"), required=False, choices=[("", "—"), *list_language_choices()]
        )
        self.fields["tags"] = WordsField(
            label=_("Tags"), required=False, max_length=2000, help_text=_("Parted by commas.")
        )
        self.fields["interests"] = WordsField(
            label=_("Interests and preferences"),
            required=False,
            max_length=2000,
            help_text=_("Parted by commas."),
        )
        if staff is not None:
            people = [(str(one.pk), str(one)) for one in staff]
            self.fields["owner"] = forms.ChoiceField(
                label=_("Looked after by"), required=False, choices=[("", _("Nobody")), *people]
            )
        for name, row in self.definitions.items():
            self.fields[name] = self._build_own(row)
        for name in ("title", "name", "company", "location", "tags", "interests"):
            self.fields[name].widget.attrs["dir"] = "auto"

    def list_changed_names(self) -> list[str]:
        """The fields of the form, by the names that `change_customer` knows."""
        plain = [name for name in (*_PLAIN, "owner") if name in self.fields]
        return plain + [f"custom:{row.name}" for row in self.definitions.values()]

    def show_newer(self, problem: ChangedMeanwhile) -> None:
        """Say beside each field what somebody else wrote there, under what stands in the form."""
        self.has_clashed = True
        own = {f"custom:{row.name}": name for name, row in self.definitions.items()}
        self.add_error(None, str(problem))
        for name, value in problem.now_there.items():
            control = own.get(name, name)
            text = _("Meanwhile somebody wrote here: %(text)s") % {"text": self._write_value(control, value)}
            self.add_error(control, text)

    def _write_value(self, control: str, value: Any) -> str:
        if isinstance(value, list):
            return ", ".join(value) or "—"
        row = self.definitions.get(control)
        is_day = control == "birthday" or (row is not None and row.type == "date")
        if is_day and value:
            try:
                return write_day(date.fromisoformat(str(value)), self.style.calendar)
            except ValueError:
                return str(value)
        choices = dict(getattr(self.fields[control], "choices", ()))
        return str(choices.get("" if value is None else str(value), value or "")) or "—"

    def _add_text(self, name: str, label: str, longest: int) -> None:
        self.fields[name] = forms.CharField(label=label, required=False, max_length=longest)

    def _build_own(self, row: Any) -> forms.Field:
        """The control of one of the business's own fields. Values are read by `read_value`, whatever the control."""
        if row.type in ("choice", "yes_no"):
            options = (
                [("yes", _("Yes")), ("no", _("No"))]
                if row.type == "yes_no"
                else [(c, c) for c in row.choices]
            )
            known = {value for value, _title in options}
            kept = self.initial.get(f"{OWN}{row.pk}", "")
            # A choice that was taken out of the list since stays where it is.
            old = [(kept, kept)] if kept and kept not in known else []
            return forms.ChoiceField(label=row.name, required=False, choices=[("", "—"), *options, *old])
        if row.type == "choices":
            return forms.MultipleChoiceField(
                label=row.name,
                required=False,
                choices=[(choice, choice) for choice in row.choices],
                widget=forms.CheckboxSelectMultiple,
            )
        if row.type == "long_text":
            area = forms.Textarea(attrs={"rows": 3, "dir": "auto"})
            return forms.CharField(label=row.name, required=False, max_length=5000, widget=area)
        attributes = {
            "number": {"inputmode": "decimal", "dir": "ltr"},
            "money": {"inputmode": "decimal", "dir": "ltr"},
            "date": {
                "inputmode": "numeric",
                "dir": "ltr",
                "placeholder": write_day(self.today, self.style.calendar),
            },
            "phone": {"inputmode": "tel", "dir": "ltr"},
            "email": {"inputmode": "email", "dir": "ltr"},
            "link": {"inputmode": "url", "dir": "ltr"},
        }.get(row.type, {"dir": "auto"})
        widget = forms.TextInput(attrs=attributes | {"autocomplete": "off"})
        return forms.CharField(label=row.name, required=False, max_length=500, widget=widget)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        for name, row in self.definitions.items():
            if name in said:
                try:
                    said[name] = self._read_own(row, said[name])
                except ValueUnusable as problem:
                    self.add_error(name, str(problem))
        if not (said.get("name") or said.get("company")) and not (
            self.initial.get("name") or self.initial.get("company")
        ):
            return said
        if "name" in said and "company" in said and not (said["name"] or said["company"]):
            self.add_error("name", _("Write a name, or a company."))
        return said

    def _read_own(self, row: Any, value: Any) -> str:
        if isinstance(value, list):
            return write_value(value)
        if row.type == "choice" and value == self.initial.get(f"{OWN}{row.pk}"):
            return str(value)
        return read_value(row.type, str(value), row.choices, region=self.region, read_day=self._read_day)

    def _read_day(self, text: str) -> str:
        try:
            return parse_day(text, self.style.calendar).isoformat()
        except ValidationError as problem:
            raise ValueError(text) from problem

    def clean_birthday(self) -> date | None:
        """A day that has been."""
        day: date | None = self.cleaned_data.get("birthday")
        if day is not None and day > self.today:
            raise forms.ValidationError(_("That day has not come yet."))
        return day

    def build_changes(self) -> dict[str, Any]:
        """What the form says of each field, by the names that `change_customer` knows."""
        said = self.cleaned_data
        told = {name: said[name] for name in _PLAIN if name in said}
        if "owner" in said:
            told["owner"] = int(said["owner"]) if said["owner"] else None
        return told | {f"custom:{row.name}": said[name] for name, row in self.definitions.items()}


_PLAIN = ("title", "name", "company", "location", "birthday", "channel", "language", "tags", "interests")


def write_seen(customer: Any, form: WhoForm) -> str:
    """What the form takes along, to know later which fields have changed since."""
    return json.dumps(mark_fields(customer, form.list_changed_names()), separators=(",", ":"))


def read_seen(text: str) -> dict[str, str] | None:
    """What a form took along; None where it took nothing that can be read."""
    try:
        told = json.loads(text)
    except ValueError:
        return None
    return {str(name): str(mark) for name, mark in told.items()} if isinstance(told, dict) else None


def list_channels() -> list[tuple[str, str]]:
    """The channels that somebody may prefer."""
    return [
        ("phone", _("Phone")),
        ("sms", _("SMS")),
        ("email", _("E-mail")),
        ("whatsapp", _("WhatsApp")),
        ("telegram", _("Telegram")),
        ("visit", _("Visit")),
    ]


def build_initial(customer: Any, profile: Any, definitions: Iterable[Any], style: Style) -> Mapping[str, Any]:
    """A customer as the form shows it."""
    shown = {
        name: getattr(customer, name) for name in ("title", "name", "company", "location", "birthday", "tags")
    }
    shown |= {name: getattr(profile, name) for name in ("channel", "language", "interests")}
    shown["owner"] = str(customer.owner_id or "")
    for row in definitions:
        shown[f"{OWN}{row.pk}"] = show_own_for_edit(row, str(customer.custom.get(row.name, "")), style)
    return shown


def show_own_for_edit(row: Any, text: str, style: Style) -> Any:
    """The value of an own field as its control shows it."""
    if row.type == "choices":
        return [part.strip() for part in text.split(";") if part.strip()]
    if row.type == "date" and text:
        try:
            return write_day(date.fromisoformat(text), style.calendar)
        except ValueError:
            return text
    return text
