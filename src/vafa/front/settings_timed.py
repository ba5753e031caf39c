"""Files by timetable: folders of the server and addresses that are looked at every so often."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from vafa.data.intake.types import KINDS
from vafa.data.timed import actions, queries
from vafa.data.timed.types import TimedUnusable
from vafa.front.intake.labels import KIND_NAMES
from vafa.front.settings_pages import say_saved, show_settings
from vafa.kit import clock
from vafa.kit.permissions import Permission, requires

EVERY = (
    (15, gettext_lazy("Every quarter of an hour")),
    (60, gettext_lazy("Every hour")),
    (360, gettext_lazy("Every six hours")),
    (1440, gettext_lazy("Every day")),
)


class TimedForm(forms.Form):
    """A folder or an address."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    kind = forms.ChoiceField(
        label=gettext_lazy("What its files hold"), choices=[(kind, KIND_NAMES[kind]) for kind in KINDS]
    )
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=60,
        help_text=gettext_lazy(
            "As at an import: numbers are unique in their source. Files are read as the last import of this source was."
        ),
    )
    place = forms.CharField(
        label=gettext_lazy("Folder or address"),
        max_length=1000,
        help_text=gettext_lazy(
            "An address such as https://example.com/orders.csv, or a folder of the server."
        ),
    )
    every = forms.TypedChoiceField(label=gettext_lazy("How often"), choices=EVERY, coerce=int, initial=60)

    place.widget.attrs |= {"dir": "ltr", "autocomplete": "off"}


@requires(Permission.CHANGE_SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def settings_timed(request: HttpRequest) -> HttpResponseBase:
    """All of them; a POST adds one."""
    form = TimedForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = {
            name: value.strip() if isinstance(value, str) else value
            for name, value in form.cleaned_data.items()
        }
        try:
            actions.add_timed(
                said["name"], said["kind"], said["source"], said["place"], int(said["every"]),
                by=request.user, now=clock.now(),
            )  # fmt: skip
        except TimedUnusable as problem:
            form.add_error("place", str(problem))
        else:
            say_saved(request)
            return redirect("settings_timed")
    names = dict(EVERY)
    rows: list[dict[str, Any]] = [
        {"timed": timed, "kind": KIND_NAMES[timed.kind], "every": names.get(timed.every_minutes, "")}
        for timed in queries.list_timed()
    ]
    context = {"form": form, "rows": rows, "root": queries.find_root(), "variable": queries.VARIABLE}
    return show_settings(request, "settings_timed", context, failed=bool(form.errors))


@requires(Permission.CHANGE_SETTINGS)
@require_POST
def change_timed(request: HttpRequest, timed_id: int) -> HttpResponseBase:
    """Look now, stop, go on, or remove."""
    timed, now, asked = queries.find_timed(timed_id), clock.now(), request.POST.get("do", "")
    if timed is None:
        raise Http404
    if asked in ("on", "off"):
        actions.switch_timed(timed, asked == "on", by=request.user, now=now)
    elif asked == "now":
        actions.look_now(timed, by=request.user, now=now)
    elif asked == "remove":
        actions.remove_timed(timed, by=request.user, now=now)
    else:
        raise Http404
    say_saved(request)
    return redirect("settings_timed")
