"""Erasing several customers at once: chosen on a list, counted, confirmed by typing how many they are."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vafa.data.consent.actions import ask_erasures
from vafa.front.customers.bulk import BulkAction, Done, Work, add_action
from vafa.front.overview.views import Page
from vafa.front.second_step.confirming import is_confirmed, lead_to_confirmation
from vafa.kit.errors import AskedWrongly
from vafa.kit.locale.digits import to_latin_digits
from vafa.kit.locale.formats import format_number
from vafa.kit.permissions import Permission

# What is gone comes back from no backup: more than a person can look through is a mistake.
MOST = 500


class EraseForm(forms.Form):
    """How many they are, typed by hand."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["typed"] = forms.CharField(
            label=_("Type how many customers these are"),
            help_text=_("They are erased for good, with all that is held of them. Nothing brings them back."),
            max_length=10,
        )
        self.fields["typed"].widget.attrs |= {"inputmode": "numeric", "dir": "ltr", "autocomplete": "off"}


def _build_form(data: Any, _request: HttpRequest, _page: Page) -> forms.Form:
    return EraseForm(data)


def _erase(work: Work, said: dict[str, Any], _form: forms.Form) -> Done:
    if not is_confirmed(work.request):
        return Done(answer=lead_to_confirmation(work.request))
    if len(work.ids) > MOST:
        raise AskedWrongly(_("At most %(most)s customers are erased at once.") % {"most": MOST})
    if to_latin_digits(said["typed"]).strip() != str(len(work.ids)):
        raise AskedWrongly(_("Type the number exactly as it stands there."))
    asked = ask_erasures(work.ids, by=work.request.user, now=work.now)
    text = ngettext(
        "%(count)s customer is being erased; the receipt tells how far it is.",
        "%(count)s customers are being erased, one after another; the receipts tell how far it is.",
        len(asked),
    )
    messages.success(work.request, text % {"count": format_number(len(asked), work.page.style)})
    return Done(answer=redirect("erasures"))


def register() -> None:
    """Let the action stand on the list of customers."""
    add_action(
        BulkAction("erase", lambda: _("Erase for good"), Permission.ERASE_CUSTOMERS, _build_form, _erase)
    )
