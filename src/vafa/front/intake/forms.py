"""The form that takes a file."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vafa.front.intake.asked import LONGEST_SOURCE
from vafa.front.intake.labels import KIND_NAMES, list_kinds


class UploadForm(forms.Form):
    """Which kind of rows, from where, and the file."""

    kind = forms.ChoiceField(choices=[])
    source = forms.CharField(
        label=_("Where it comes from"),
        max_length=LONGEST_SOURCE,
        required=False,
        help_text=_(
            "The name of the shop system, the club's software or the till. Rows of one source replace each other when"
            " they come again; ids of customers are its own."
        ),
    )
    file = forms.FileField(
        max_length=255,
        allow_empty_file=True,
        error_messages={"required": _("Choose a file.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind, KIND_NAMES[kind]) for kind in list_kinds()]  # type: ignore[attr-defined]
