"""Codes of which each is for one person: pools of them, taken in by pasting or as a file."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from vafa.act.automations import actions, queries
from vafa.act.automations.types import CodesUnusable
from vafa.front.automations.access import open_eyes
from vafa.kit.locale.formats import format_number
from vafa.kit.permissions import Permission, requires

MOST_BYTES = 20 * 1024 * 1024


class CodesForm(forms.Form):
    """Codes, pasted or as a file of one a line."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    codes = forms.CharField(
        label=gettext_lazy("Codes, one a line"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "ltr"}),
    )
    file = forms.FileField(label=gettext_lazy("Or a file with one code a line"), required=False)

    name.widget.attrs["dir"] = "auto"

    def list_codes(self) -> list[str]:
        """All codes that were given. Raises CodesUnusable for a file that is none."""
        found = str(self.cleaned_data["codes"]).splitlines()
        file = self.cleaned_data.get("file")
        if file is not None:
            if file.size > MOST_BYTES:
                raise CodesUnusable(_("The file is too large."), field="file")
            try:
                found += file.read().decode("utf-8-sig").splitlines()
            except UnicodeDecodeError as error:
                raise CodesUnusable(_("The file is no text in UTF-8."), field="file") from error
        return found


@requires(Permission.EDIT_MESSAGES)
@require_http_methods(["GET", "HEAD", "POST"])
def code_pools(request: HttpRequest) -> HttpResponseBase:
    """`/automations/codes/`: the pools, how many of each are left, and the form of a new one or of more codes."""
    eyes = open_eyes(request)
    form = CodesForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and _take(request, form, eyes.now):
        return redirect("code_pools")
    rows = [
        {
            "id": pool.pk,
            "name": pool.name,
            "total": format_number(pool.total, eyes.style),  # type: ignore[attr-defined]
            "left": format_number(pool.left, eyes.style),  # type: ignore[attr-defined]
            "is_empty": not pool.left,  # type: ignore[attr-defined]
        }
        for pool in queries.list_pools()
    ]
    context = {"rows": rows, "form": form}
    return render(request, "automations/codes.html", context, status=422 if form.errors else 200)


def _take(request: HttpRequest, form: CodesForm, now: Any) -> bool:
    name = form.cleaned_data["name"].strip()
    try:
        codes = form.list_codes()
        known = next((pool for pool in queries.list_pools() if pool.name == name), None)
        if known is None and not any(code.strip() for code in codes):
            raise CodesUnusable(_("There is no code in what was given."), field="codes")
        pool = known or actions.create_pool(name, by=request.user, now=now)
        added, already = actions.add_codes(pool.pk, codes, by=request.user, now=now)
    except CodesUnusable as problem:
        form.add_error(problem.field if problem.field in form.fields else None, str(problem))
        return False
    style = open_eyes(request).style
    said = _("%(added)s codes are new; %(already)s were there already.")
    shown = {"added": format_number(added, style), "already": format_number(already, style)}
    messages.success(request, said % shown)
    return True


@requires(Permission.EDIT_MESSAGES)
@require_POST
def change_pool(request: HttpRequest, pool_id: int) -> HttpResponseBase:
    """Put a pool away, or back: `do` says what."""
    if queries.find_pool(pool_id) is None or request.POST.get("do") not in ("archive", "put_back"):
        raise Http404
    archived = request.POST["do"] == "archive"
    actions.archive_pool(pool_id, archived=archived, by=request.user, now=open_eyes(request).now)
    return redirect("code_pools")
