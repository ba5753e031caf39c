"""Forms of the pages around signing in."""

from typing import TYPE_CHECKING

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def _describe_rules() -> str:
    return " ".join(password_validators_help_texts())


describe_rules = lazy(_describe_rules, str)


def build_password_field(label: "StrOrPromise") -> forms.CharField:
    """A field for a new password, with the rules that it must keep."""
    return forms.CharField(
        label=label,
        strip=False,
        max_length=200,
        help_text=describe_rules(),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "dir": "ltr"}),
    )


class OwnerForm(forms.Form):
    """The first owner."""

    name = forms.CharField(label=_("Your name"), max_length=150, required=False)
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "dir": "ltr"}),
    )
    password = build_password_field(_("Password"))

    name.widget.attrs["autocomplete"] = "name"


class AcceptForm(forms.Form):
    """An invited person's name and first password."""

    name = forms.CharField(label=_("Your name"), max_length=150, required=False)
    password = build_password_field(_("Password"))

    name.widget.attrs["autocomplete"] = "name"
