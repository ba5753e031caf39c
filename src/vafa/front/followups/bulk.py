"""A task for each of the customers who are chosen on their list."""

import secrets
from typing import Any

from django import forms
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from vafa.act.followups.actions import make_batch
from vafa.front.customers.bulk import BulkAction, Done, Work, add_action
from vafa.front.followups.asked import open_eyes
from vafa.front.followups.sharing import ShareForm
from vafa.front.overview.views import Page
from vafa.kit.permissions import Permission


def _build_form(data: Any, request: HttpRequest, _page: Page) -> forms.Form:
    eyes = open_eyes(request)
    start = {"due_on": eyes.moment.today, "days": "1", "priority": "2", "sharing": "owner"}
    return ShareForm(data, initial=start, eyes=eyes)


def _make_tasks(work: Work, _said: dict[str, Any], form: forms.Form) -> Done:
    told = form.build_told(secrets.token_hex(16), "")  # type: ignore[attr-defined]
    batch = make_batch(told, work.ids, by=work.request.user, now=work.now)
    return Done(answer=redirect(f"{reverse('tasks')}?batch={batch.pk}&whose=all"))


def register() -> None:
    """Let the action stand on the list of customers."""
    add_action(
        BulkAction("tasks", lambda: _("Make tasks"), Permission.ASSIGN_TASKS, _build_form, _make_tasks)
    )
