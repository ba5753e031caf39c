"""Taking on customers who are chosen on their list."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from vafa.act.followups.queries import list_assignable
from vafa.act.saving.actions import open_cases
from vafa.act.saving.types import MOST_AT_ONCE, CaseUnusable
from vafa.front.customers.bulk import BulkAction, Done, Work, add_action
from vafa.front.followups.asked import open_eyes
from vafa.front.overview.views import Page
from vafa.front.risk.acting import describe_opened, remember
from vafa.kit.locale.formats import format_number
from vafa.kit.permissions import Permission, may


class SaverForm(forms.Form):
    """Who shall save them."""

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        may_assign = may(request.user, Permission.ASSIGN_TASKS)
        people = [(str(one.pk), str(one)) for one in list_assignable()] if may_assign else []
        self.fields["owner"] = forms.ChoiceField(
            label=_("Who sees to it"),
            required=False,
            choices=[("", _("Who looks after the customer, else I")), *people],
        )


def _build_form(data: Any, request: HttpRequest, _page: Page) -> forms.Form:
    return SaverForm(data, request=request)


def _open(work: Work, said: dict[str, Any], _form: forms.Form) -> Done:
    if len(work.ids) > MOST_AT_ONCE:
        count = format_number(MOST_AT_ONCE, work.page.style)
        raise CaseUnusable(_("At most %(count)s at once: narrow the filter.") % {"count": count})
    owner = int(said["owner"]) if said["owner"] else None
    done = open_cases(
        work.ids, by=work.request.user, now=work.now, owner_id=owner, snapshot=work.page.asker.snapshot
    )
    if not done.count:
        raise CaseUnusable(_("Each of them is taken on already."))
    remember(work.request, done, describe_opened(done, open_eyes(work.request)))
    return Done(answer=redirect("risk"))


def register() -> None:
    """Let the action stand on the list of customers."""
    add_action(
        BulkAction("take_on", lambda: _("Take on as at risk"), Permission.WORK_TASKS, _build_form, _open)
    )
