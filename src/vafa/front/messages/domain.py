"""Whether the domain of a mail account lets it send in its name: SPF, DKIM and DMARC, explained and looked up."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from vafa.act.messaging.actions import keep_selector
from vafa.act.messaging.queries import Account, Domain, Verdict, find_account, get_domain, look_at_domain
from vafa.front.messages.domain_words import explain, explain_problem, name_state
from vafa.front.settings_pages import say_saved, show_settings
from vafa.kit import clock
from vafa.kit.errors import AskedWrongly
from vafa.kit.permissions import Permission, requires


@dataclass(frozen=True)
class Shown:
    """One of the three as it is shown: its name, what it is for, how it stands, and what is to be entered where."""

    title: str
    purpose: str
    state: str
    tone: str
    text: str
    verdict: Verdict


@requires(Permission.MANAGE_SENDING)
@require_http_methods(["GET", "HEAD", "POST"])
def sending_domain(request: HttpRequest, account_id: int) -> HttpResponseBase:
    """`/settings/sending/<id>/domain/`; it looks nothing up itself (`?look=1` does, for pages without scripts). A POST
    says under which name the DKIM key is kept."""
    account, told = _get(account_id)
    if request.method == "POST":
        try:
            keep_selector(account_id, request.POST.get("selector", ""), by=request.user, now=clock.now())
        except AskedWrongly as problem:
            messages.error(request, str(problem))
        else:
            say_saved(request)
        return redirect("sending_domain", account_id)
    context = {"account": account, "told": told, "found": _look(told) if request.GET.get("look") else None}
    return show_settings(request, "settings_sending", context, template="front/settings/domain.html")


@requires(Permission.MANAGE_SENDING)
@require_safe
def look_domain(request: HttpRequest, account_id: int) -> HttpResponseBase:
    """`/settings/sending/<id>/domain/look/`: what the name servers say, as a part of the page."""
    account, told = _get(account_id)
    return render(
        request, "messages/domain_found.html", {"account": account, "told": told, "found": _look(told)}
    )


def _get(account_id: int) -> tuple[Account, Domain]:
    account = find_account(account_id)
    told = get_domain(account) if account is not None else None
    if account is None or told is None:
        raise Http404
    return account, told


def _look(told: Domain) -> dict[str, Any]:
    state = look_at_domain(told)
    return {
        "problem": explain_problem(state.problem) if state.problem else "",
        "shown": [_show(one) for one in state.verdicts],
        "is_good": bool(state.verdicts) and all(one.state in ("good", "advice") for one in state.verdicts),
        "summary": _summarize(state.verdicts),
    }


def _summarize(verdicts: tuple[Verdict, ...]) -> str:
    states = {one.state for one in verdicts}
    if "bad" in states:
        return _("Something is missing or wrong. Until it is mended, part of the mail will end in spam.")
    if "unknown" in states:
        return _("Not all of it could be seen.")
    if "advice" in states:
        return _("The domain lets this account send. Some of it can be better.")
    return _("The domain lets this account send. All is as it should be.")


def _show(verdict: Verdict) -> Shown:
    state, tone = name_state(verdict.state)
    told = explain(verdict)
    return Shown(told.title, told.purpose, state, tone, told.text, verdict)
